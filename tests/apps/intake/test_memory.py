"""What hostile uploads cost a process that serves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from tests.apps.intake.hostile import HOSTILE
from tests.conftest import ROOT

MOST_MEGABYTES = 300


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_all_hostile_uploads_are_refused_by_a_process_that_stays_below_three_hundred_megabytes(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "KAIYUAN_DATA": str(tmp_path),
        "KAIYUAN_MODE": "test",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    command = [sys.executable, "-m", "tests.apps.intake.served"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as server:
        try:
            port, session, token = server.stdout.readline().split()
            before = peak(server.pid)
            for hostile in HOSTILE:
                status = send(port, session, token, SimpleUploadedFile(hostile.name, hostile.make()))
                assert status == 422, hostile.about
            after = peak(server.pid)
        finally:
            server.terminate()
    assert after < MOST_MEGABYTES, f"{before} MB before, {after} MB after"


def send(port: str, session: str, token: str, file: SimpleUploadedFile) -> int:
    fields = {"csrfmiddlewaretoken": token, "key": uuid4().hex, "as_of": "2026-11-20", "file": file}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/imports/new/",
        data=encode_multipart(BOUNDARY, fields),
        headers={"Content-Type": MULTIPART_CONTENT, "Cookie": f"session={session}; csrf={token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def peak(process: int) -> int:
    """Give the most memory a process has had, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024
