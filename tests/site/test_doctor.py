"""The doctor sees what is unsafe, and production does not start with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from tests.cast import OWN, make_cast

from kaiyuan.site.doctor import Unsafe, examine, installation, refuse_unsafe, storage

LIVE = {
    "PRODUCTION": True,
    "DEMO": False,
    "MODE": "production",
    "SECURE": True,
    "ADDRESS": "https://zone.example",
    "ALLOWED_HOSTS": ["zone.example"],
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz" * 2,
    "SECURE_HSTS_SECONDS": 63_072_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SECURE_SSL_REDIRECT": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}


def grades(check, **changed) -> list[tuple[str, str]]:
    with override_settings(**{**LIVE, **changed}):
        return [(finding.grade, finding.name) for finding in check()]


def test_settings_that_are_safe_are_found_good(db):
    for check in (installation.mode, installation.secret_key, installation.address, installation.deployment):
        assert {grade for grade, _ in grades(check)} == {"good"}


@pytest.mark.parametrize(
    ("check", "changed"),
    [
        (installation.mode, {"DEBUG": True}),
        (installation.mode, {"DEMO": True}),
        (installation.secret_key, {"SECRET_KEY": "short"}),
        (installation.secret_key, {"SECRET_KEY": "a" * 60}),
        (installation.secret_key, {"SECRET_KEY": "kaiyuan-demo-" + "0123456789abcdef" * 4}),
        (installation.address, {"SECURE": False}),
        (installation.address, {"ALLOWED_HOSTS": ["*"]}),
        (installation.address, {"ALLOWED_HOSTS": ["elsewhere.example"]}),
        (installation.deployment, {"SECURE_HSTS_SECONDS": 0}),
        (installation.deployment, {"SESSION_COOKIE_SECURE": False}),
        (installation.deployment, {"CSRF_COOKIE_SECURE": False}),
        (installation.packs, {"PACKS": ["no-such-pack"]}),
        (storage.shared_cache, {"WORKERS": 4}),
        (
            storage.shared_cache,
            {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}},
        ),
    ],
)
def test_each_unsafe_setting_is_seen(db, check, changed):
    assert "unsafe" in {grade for grade, _ in grades(check, **changed)}


def test_what_is_unsafe_in_production_is_only_told_elsewhere(db):
    assert grades(installation.secret_key, SECRET_KEY="short", PRODUCTION=False) == [("look", "secret key")]


def test_a_worn_sqlite_is_unsafe_for_several_processes_and_told_for_one(db, monkeypatch):
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(storage.sqlite3, "sqlite_version_info", (3, 40, 1))
    assert ("unsafe", "sqlite") in grades(storage.engine, WORKERS=2)
    assert ("look", "sqlite") in grades(storage.engine, WORKERS=1)


def test_a_pragma_that_would_lose_data_is_seen(db, monkeypatch):
    if connection.vendor != "sqlite":
        return
    # Within a transaction the PRAGMA itself cannot be changed; what is wanted is changed instead.
    monkeypatch.setitem(storage.PRAGMAS, "synchronous", 3)
    assert ("unsafe", "sqlite synchronous") in grades(storage.engine)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/site.sqlite3", "nfs4"),
        ("/data/with space/x", "cifs"),
        ("/srv/x", "ext4"),
        ("/database/x", "ext4"),
    ],
)
def test_the_file_system_of_the_database_is_known(tmp_path, path, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/a / ext4 rw 0 0\nhost:/x /data nfs4 rw 0 0\n//h/y /data/with\\040space cifs rw 0 0\n"
    )
    assert storage.file_system(Path(path), mounts) == kind


def test_zones_of_a_demonstration_and_people_without_second_factor_are_seen(db):
    make_cast(code="east", name="东区", firms=(OWN,))
    assert grades(installation.demonstration) == [("unsafe", "demo zones")]
    assert grades(installation.second_factors) == [("look", "second factor")]


def test_an_open_data_folder_is_seen(tmp_path):
    tmp_path.chmod(0o755)
    assert ("look", "data folder") in grades(installation.data_folder, DATA=tmp_path)
    tmp_path.chmod(0o700)
    assert ("good", "data folder") in grades(installation.data_folder, DATA=tmp_path)


def test_every_finding_speaks_both_languages_and_says_what_to_do(db):
    with override_settings(**{**LIVE, "SECURE": False, "ALLOWED_HOSTS": ["*"], "WORKERS": 3}):
        findings = examine()
    assert len(findings) >= len(["mode", "secret key", "address", "database", "cache", "packs"])
    for finding in findings:
        assert finding.seen.zh and finding.seen.en, finding
        if finding.grade == "unsafe":
            assert finding.remedy.zh and finding.remedy.en, finding


def test_production_refuses_to_start_with_what_is_unsafe(db):
    with override_settings(**{**LIVE, "SECRET_KEY": "short"}), pytest.raises(Unsafe, match="secret key"):
        refuse_unsafe()
    assert not settings.PRODUCTION
    refuse_unsafe()


def kaiyuan(folder: Path, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
    live = {
        "KAIYUAN_MODE": "production",
        "KAIYUAN_DATA": str(folder),
        "KAIYUAN_ADDRESS": "https://zone.example",
        "KAIYUAN_HOSTS": "zone.example",
        "KAIYUAN_PROXIES": "1",
        "KAIYUAN_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
        "DATABASE_URL": "",
    }
    return subprocess.run(
        [sys.executable, "-m", "kaiyuan.cli.main", *words],
        env={**os.environ, **live, **changed},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.slow
def test_an_installation_in_production_is_whole_once_it_is_migrated(tmp_path):
    folder = tmp_path / "site"
    before = kaiyuan(folder, "doctor")
    assert before.returncode == 1 and "migrations" in before.stdout
    assert folder.stat().st_mode & 0o077 == 0, "the data folder is its owner's alone"
    assert kaiyuan(folder, "site", "migrate").returncode == 0
    after = kaiyuan(folder, "doctor")
    assert (after.returncode, "✗" in after.stdout) == (0, False), after.stdout
    refused = kaiyuan(folder, "site", "serve", "--port", "1", KAIYUAN_ADDRESS="http://zone.example")
    assert refused.returncode == 2 and "not safe for production" in refused.stderr
    keyless = kaiyuan(folder, "doctor", KAIYUAN_SECRET_KEY="")
    assert keyless.returncode == 2 and "KAIYUAN_SECRET_KEY is empty" in keyless.stderr
