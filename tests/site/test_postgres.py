"""The same tests of the same code, on PostgreSQL. Skipped where there is no server to start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from urllib.parse import quote

import pytest
from tests.conftest import ROOT
from tests.rulebook.postgres_server import USER, binaries, postgres_server

pytestmark = pytest.mark.slow
FEWEST = 40


def address_of(server: str) -> str:
    """Give the address of a server that listens at a socket, as DATABASE_URL writes it."""
    folder = re.search(r"host=(\S+)", server)[1]
    return f"postgresql://{USER}@{quote(folder, safe='')}/postgres"


def test_everything_that_holds_on_sqlite_holds_on_postgresql(tmp_path):
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed here (initdb and postgres)")
    with postgres_server(folder) as server:
        run = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"),
                *("-m", "not browser and (not slow or both_engines)", "tests/apps", "tests/site"),
            ],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
            | {"DATABASE_URL": address_of(server), "KAIYUAN_DATA": str(tmp_path), "KAIYUAN_MODE": "test"},
            capture_output=True,
            text=True,
        )
    told = run.stdout.strip().splitlines()
    assert run.returncode == 0, "\n".join(told[-60:])
    passed = int(re.search(r"(\d+) passed", told[-1])[1])
    assert passed >= FEWEST, told[-1]
