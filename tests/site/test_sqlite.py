"""The embedded database runs as promised, and every kind of worker's connection says so itself."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from tests.site.pragmas import said

from kaiyuan.site.sqlite import is_mended

if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
    pytest.skip("this run is on another engine", allow_module_level=True)

# The timeout is in seconds in the settings and in milliseconds in SQLite; 2 is FULL.
PROMISED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "journal_size_limit": 67_108_864,
    "busy_timeout": 20_000,
}


def assert_as_promised(answers):
    version = answers.pop("version")
    assert answers == PROMISED
    assert is_mended(tuple(int(part) for part in version.split("."))), version


@pytest.mark.django_db(transaction=True)
def test_the_connection_of_a_request_runs_as_promised():
    assert_as_promised(said())


@pytest.mark.django_db(transaction=True)
def test_the_connection_of_a_background_thread_runs_as_promised():
    answers = []

    def ask():
        try:
            answers.append(said())
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert_as_promised(answers[0])


@pytest.mark.slow
def test_the_connection_of_a_command_runs_as_promised(tmp_path):
    asked = subprocess.run(
        [sys.executable, "-m", "tests.site.pragmas"],
        env=os.environ | {"KAIYUAN_DATA": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert_as_promised(json.loads(asked.stdout))


@pytest.mark.slow
def test_the_connection_of_a_web_server_runs_as_promised(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)),
            "tests.site.pragmas:application",
        ],
        env=os.environ | {"KAIYUAN_DATA": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                    assert_as_promised(json.load(answer))
                    return
            except OSError:
                time.sleep(0.1)
        pytest.fail("the server did not answer within ten seconds")
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_takes_the_lock_when_it_begins_not_when_it_first_writes():
    other = connection.copy()
    other.settings_dict["OPTIONS"] = {**other.settings_dict["OPTIONS"], "timeout": 0}
    with transaction.atomic():
        # Nothing was written yet, and nobody else can begin to: so nobody works on what is about to change.
        try:
            with pytest.raises(OperationalError, match="locked"), other.cursor() as cursor:
                cursor.execute("BEGIN IMMEDIATE")
        finally:
            other.close()


@pytest.mark.parametrize(
    ("version", "mended"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 4), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_a_version_with_the_fault_in_its_write_ahead_log_is_told_from_a_mended_one(version, mended):
    assert is_mended(version) is mended
