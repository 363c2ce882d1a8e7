"""The list of variables is whole: nothing is read that is not in it, nothing is in it that is not read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kaiyuan
from kaiyuan.errors import InputError
from kaiyuan.site import env

PACKAGE = Path(kaiyuan.__file__).parent
# Of the command line, before any setting is read.
OF_THE_COMMAND_LINE = {"KAIYUAN_DEBUG"}


def named_in_the_code() -> set[str]:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name != "env.py":
            found |= set(re.findall(r"\b(KAIYUAN_[A-Z_]+|DATABASE_URL)\b", path.read_text(encoding="utf-8")))
    return found - OF_THE_COMMAND_LINE


def test_every_variable_that_the_code_names_is_in_the_list_and_the_other_way_round():
    listed = [variable.name for variable in env.VARIABLES]
    assert len(listed) == len(set(listed))
    assert named_in_the_code() == set(listed)


def test_every_variable_is_explained_in_both_languages():
    for variable in env.VARIABLES:
        assert re.search(r"[\u4e00-\u9fff]", variable.zh) and re.search(r"[a-z]{3}", variable.en), (
            variable.name
        )


def test_nothing_else_is_read_from_the_environment_below_the_command_line():
    reads = re.compile(r"os\.environ\b(?!\.setdefault|\[\"DJANGO_SETTINGS_MODULE\"\] =)|os\.getenv")
    found = [
        str(path.relative_to(PACKAGE))
        for path in [*(PACKAGE / "apps").rglob("*.py"), *(PACKAGE / "site").rglob("*.py")]
        if path.name != "env.py" and reads.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_number_that_is_none_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("KAIYUAN_WORKERS", "two")
    with pytest.raises(InputError) as refused:
        env.whole("KAIYUAN_WORKERS")
    assert str(refused.value) == "KAIYUAN_WORKERS is not a whole number: 'two'. Write digits only"


def test_a_word_that_is_not_offered_is_refused_with_those_that_are(monkeypatch):
    monkeypatch.setenv("KAIYUAN_MODE", "live")
    with pytest.raises(InputError) as refused:
        env.choice("KAIYUAN_MODE", env.MODES)
    assert (
        str(refused.value) == "KAIYUAN_MODE has no such value: 'live'. Write one of: demo, test, production"
    )


def test_the_settings_file_stays_under_two_hundred_lines():
    lines = (PACKAGE / "site" / "settings.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 200
