"""Many writers at a time: no refusal, no gap, no fork; one key, one effect. On SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from tests.conftest import ROOT
from tests.rulebook.postgres_server import binaries, postgres_server
from tests.site.test_postgres import address_of

pytestmark = pytest.mark.slow
Run = Callable[..., list[dict]]


@pytest.fixture(params=["sqlite", "postgresql"])
def run(request, tmp_path) -> Iterator[tuple[str, Run]]:
    """Give a way to run writers, each in a process of its own, on a database of their own."""

    def on(address: str) -> Run:
        around = os.environ | {"DATABASE_URL": address, "KAIYUAN_DATA": str(tmp_path), "KAIYUAN_MODE": "test"}

        def run(*words: str, processes: int = 1) -> list[dict]:
            command = [sys.executable, "-m", "tests.apps.journal.writers", *words]
            around["PYTHONPATH"] = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            started = [subprocess.Popen(command, cwd=ROOT, env=around, **pipes) for _ in range(processes)]
            told = [each.communicate() for each in started]
            assert all(each.returncode == 0 for each in started), told[0][1][-2000:]
            return [json.loads(out.splitlines()[-1]) for out, _ in told]

        run("prepare")
        return run

    if request.param == "sqlite":
        yield "sqlite", on("")
        return
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed here (initdb and postgres)")
    with postgres_server(folder) as server:
        yield "postgresql", on(address_of(server))


def test_eight_processes_that_write_for_half_a_minute_leave_one_whole_chain(run):
    engine, go = run
    seconds = "30" if engine == "sqlite" else "10"
    written = go("write", seconds, processes=8)
    (after,) = go("check")
    done = sum(each["done"] for each in written)
    assert [each["refused"] for each in written] == [0] * 8, "nobody was told that the database is locked"
    assert after == {"whole": True, "counted": done, "length": done, "rows": done, "heads": done}
    assert done > 500, written
    assert all(each["done"] > 0 for each in written), "nobody starved"


def test_one_key_from_many_threads_has_one_effect_and_one_answer(run):
    engine, go = run
    threads = 20 if engine == "sqlite" else 64
    (told,) = go("contend", str(threads))
    assert told["faults"] == []
    assert (told["count"], told["fresh"], told["events"], told["keys"]) == (threads, 1, 1, 1)
    assert told["answers"] == [[201, '{"events": 1}']]
    assert told["changed_body_refused"] is True
