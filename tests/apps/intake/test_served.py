"""Imports through a process that serves: what hostile uploads cost it, and a file that is read in behind the page."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from tests.apps.intake.hostile import HOSTILE
from tests.cast import OWN
from tests.conftest import ROOT

MOST_MEGABYTES = 300
PATIENCE = 60
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc"),
]


@dataclass(frozen=True)
class Site:
    """A site that runs, and the session of an officer there."""

    process: int
    port: int
    session: str
    token: str

    def ask(self, path: str, data: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        """Give status, where it leads, and the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": f"session={self.session}; csrf={self.token}", "Content-Type": kind}
        connection.request("POST" if data is not None else "GET", path, body=data, headers=headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("Location", ""), page

    def upload(self, file: SimpleUploadedFile) -> tuple[int, str, str]:
        """Send a file."""
        fields = {"csrfmiddlewaretoken": self.token, "key": uuid4().hex, "as_of": "2026-11-20", "file": file}
        return self.ask("/imports/new/", encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT)

    def post(self, path: str, **fields: str) -> tuple[int, str, str]:
        """Send a form."""
        data = urlencode({"csrfmiddlewaretoken": self.token, "key": uuid4().hex, **fields}).encode()
        return self.ask(path, data, "application/x-www-form-urlencoded")

    @property
    def peak(self) -> int:
        """Give the most memory the process has had, in megabytes."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    """Let a site run on a database file of its own."""
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
            yield Site(server.pid, int(port), session, token)
        finally:
            server.terminate()


def test_all_hostile_uploads_are_refused_by_a_process_that_stays_below_three_hundred_megabytes(site):
    before = site.peak
    for hostile in HOSTILE:
        status, _, _ = site.upload(SimpleUploadedFile(hostile.name, hostile.make()))
        assert status == 422, hostile.about
    assert site.peak < MOST_MEGABYTES, f"{before} MB before, {site.peak} MB after"


def test_a_file_is_read_in_behind_the_page_and_the_page_tells_how_far_it_is(site):
    rows = "".join(f"企业{number}（合成）,{number}\n" for number in range(12_000))
    status, place, _ = site.upload(SimpleUploadedFile("大.csv", f"企业名称,从业人员\n{rows}".encode()))
    assert status == 303
    assert site.post(f"{place}start/", version="1")[0] == 303
    seen, until = set(), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page = site.ask(f"{place}progress/")[2]
        seen.add(re.search(r'width="(\d+)%"', page.partition("fg")[2])[1])
        if "已读入 12,000 个观测值" in re.sub(r"<[^>]*>", "", site.ask(place)[2]):
            break
        time.sleep(0.05)
    else:
        pytest.fail(f"not read in within {PATIENCE} s: {seen}")
    assert "已读入" in site.ask("/imports/")[2]


def test_other_pages_answer_while_a_file_is_read_in(site):
    rows = "".join(f"企业{number}（合成）,{number}\n" for number in range(12_000))
    _, place, _ = site.upload(SimpleUploadedFile("大.csv", f"企业名称,从业人员\n{rows}".encode()))
    site.post(f"{place}start/", version="1")
    small = SimpleUploadedFile("小.csv", f"企业名称,统一社会信用代码,从业人员\n甲,{OWN},1\n".encode())
    began = time.monotonic()
    assert site.upload(small)[0] == 303
    assert time.monotonic() - began < 10, "a write waits for a slice, not for the file"
