"""The demonstration as a person starts it, and the system's Chromium to walk around in it.

Used by the browser tests and by docs/screenshots.py.
"""

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
READY_WITHIN = 240.0
Visit = Callable[..., Any]


class DidNotStart(AssertionError):
    """The demonstration or the browser is not there."""


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


@contextmanager
def running(folder: Path, *, enterprises: int) -> Iterator[Site]:
    """Start the demonstration in a folder, wait until it answers, and end it for certain."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "kaiyuan.cli.main", "site", "demo", "--port", str(port)]
    command += ["--data", str(folder), "--enterprises", str(enterprises), "--seconds", "3600"]
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
    raise DidNotStart(
        f"the demonstration did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    )


@contextmanager
def chromium_of_the_system() -> Iterator[Any]:
    """Start the Chromium of the system, with nothing of any user in it."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise DidNotStart("no Chromium: install the package `chromium`")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


_STATES: dict[tuple[str, str], Any] = {}
"""(site, username) → what the browser kept after logging in, so that each person logs in once."""


@contextmanager
def visits(chromium: Any, site: Site) -> Iterator[Visit]:
    """Give `visit(username, …)`: a page in which that person is logged in; all are closed at the end.

    A name without a zone is of the first zone: `officer` is `demo.officer`. What the browser complains about is
    gathered on the page as `complaints`.
    """
    contexts = []

    def open_page(
        username: str | None,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        language: str = "zh-CN",
        script: bool = True,
    ) -> Any:
        if username is not None and "." not in username:
            username = f"demo.{username}"
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=language,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",  # colours are measured at rest
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
            page.locator(f'button[name="persona"][value="{username}"]').click()
            page.wait_for_load_state()
            _STATES[site.address, username] = context.storage_state()
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
