"""What browser tests share: the demonstration as a person starts it, and Chromium to walk around in it."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ENTERPRISES = 200
READY_WITHIN = 240.0


@dataclass(frozen=True)
class Site:
    """The demonstration that runs: its address, and its database to look names up in."""

    address: str
    folder: Path

    def one(self, query: str) -> Any:
        """Give the first value that a query finds."""
        return self.all(query)[0]

    def all(self, query: str) -> list[Any]:
        """Give the first column of what a query finds, which must be something."""
        with sqlite3.connect(f"file:{self.folder / 'site.sqlite3'}?mode=ro", uri=True) as database:
            found = [row[0] for row in database.execute(query)]
        assert found, f"nothing found by {query}"
        return found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start the demonstration with a few enterprises, in a folder of its own, and end it afterwards."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kaiyuan.cli.main", "site", "demo", "--port", str(port)]
    command += ["--data", str(folder), "--enterprises", str(ENTERPRISES), "--seconds", "3600"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KAIYUAN_")}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
    environment.pop("DATABASE_URL", None)
    log = folder.parent / "demo.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment, cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(process, f"{address}/readyz", log)
        yield Site(address, folder)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(
        f"the demonstration did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    )


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start the Chromium of the system, with nothing of any user in it."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "no Chromium: install the package `chromium`"
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


Visit = Callable[..., Any]


@pytest.fixture
def visit(chromium: Any, site: Site) -> Iterator[Visit]:
    """Give `visit(username, width=1280, dark=False, language="zh-CN")`: a page in which that person is logged in.

    A name without a zone is of the first zone: `officer` is `demo.officer`.

    What the browser complains about is gathered on the page as `complaints`.
    """
    with _visits(chromium, site) as open_page:
        yield open_page


_STATES: dict[tuple[str, str], Any] = {}
"""(site, username) → what the browser kept after logging in, so that each person logs in once."""


@contextmanager
def _visits(chromium: Any, site: Site) -> Iterator[Visit]:
    contexts = []

    def open_page(
        username: str | None,
        *,
        width: int = 1280,
        dark: bool = False,
        language: str = "zh-CN",
        script: bool = True,
    ) -> Any:
        if username is not None and "." not in username:
            username = f"demo.{username}"
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale=language,
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            storage_state=_STATES.get((site.address, username or "")),
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
        if username is not None and (site.address, username) not in _STATES:
            page.goto("/accounts/login/")
            # Names without a zone are of the first zone.
            name = username if "." in username else f"demo.{username}"
            page.locator(f'button[name="persona"][value="{name}"]').click()
            page.wait_for_load_state()
            _STATES[site.address, username] = context.storage_state()
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
