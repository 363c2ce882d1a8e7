"""The commands of the site start it, or say in one sentence why not; without its packages the others still work."""

import os
import socket
import subprocess
import sys

import pytest

from kaiyuan.cli import site_process, site_setup
from kaiyuan.errors import InputError


def kaiyuan(*arguments, **environment):
    """Run the command line in a process of its own, as settings are read once a process."""
    done = subprocess.run(
        [sys.executable, "-m", "kaiyuan.cli.main", *arguments],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "NO_COLOR": "1"} | environment,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_site_whose_packages_are_not_installed_says_which_command_installs_them(monkeypatch):
    monkeypatch.setattr(site_setup, "find_spec", lambda name: None)
    with pytest.raises(InputError) as refused:
        site_setup.set_up()
    assert str(refused.value) == (
        "the site needs packages that are not installed: django, ninja, allauth, granian, structlog. "
        "Run: pip install 'kaiyuan[site]'"
    )


def test_the_command_line_starts_without_anything_of_the_site():
    loaded = "import sys, kaiyuan.cli.main; print([m for m in ('django', 'kaiyuan.site.settings') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", loaded],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_a_site_without_its_tables_is_not_served_until_they_are_made(tmp_path):
    pytest.importorskip("django", reason="the site is not installed")
    place = {"KAIYUAN_MODE": "test", "KAIYUAN_DATA": str(tmp_path)}
    code, _, said = kaiyuan("site", "serve", **place)
    assert code == 2
    assert said.startswith("error the database lacks ") and said.endswith(
        "Run `kaiyuan site migrate` first\n"
    )
    code, shown, _ = kaiyuan("site", "migrate", **place)
    assert code == 0 and shown.endswith(" migrations applied\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"KAIYUAN_MODE": "production", "KAIYUAN_SECRET_KEY": ""}, "KAIYUAN_SECRET_KEY is empty"),
        ({"DATABASE_URL": "nonsense"}, "the site cannot start with these settings: Scheme"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "the database does not answer"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(tmp_path, environment, sentence):
    pytest.importorskip("django", reason="the site is not installed")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    place = {"KAIYUAN_MODE": "test", "KAIYUAN_DATA": str(tmp_path)} | environment
    code, shown, said = kaiyuan("site", "migrate", **place)
    assert code == 2 and shown == ""
    assert sentence in said and said.count("\n") == 1


def test_a_port_that_is_taken_is_refused_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"the port is taken.*{port}.*--port"):
            site_process.refuse_taken("127.0.0.1", port)
    assert site_process.is_free("127.0.0.1", port)
