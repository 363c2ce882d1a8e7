"""A site that runs beside the command that started it: begun, waited for, and ended for certain."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kaiyuan.errors import InputError

READY_WITHIN = 60.0


@contextmanager
def served(*, host: str, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the site with this process's settings until the block ends; what it says goes to a file.

    Raises InputError, with the last line of that file, if it does not come up within a minute.
    """
    command = [sys.executable, "-m", "kaiyuan.cli.main", "site", "serve", "--host", host, "--port", str(port)]
    with log.open("ab") as said:
        # A group of its own: Ctrl-C comes to this process alone, which then ends the other in good order.
        server = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
    try:
        _wait_until_ready(server, f"http://{host}:{port}/readyz", log)
        yield server
    finally:
        _end(server)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Turn Ctrl-C, a hang-up and a request to end into KeyboardInterrupt, so that blocks are left in good order."""

    def leave(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    # SIGINT too: a process that was started in the background would ignore it.
    kinds = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {kind: signal.signal(kind, leave) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise InputError("the site did not start", text=lines[-1] if lines else None, remedy=f"See {log}")


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def is_free(host: str, port: int) -> bool:
    """Tell whether one may listen at a port of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as test:
        test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            test.bind((host, port))
        except OSError:
            return False
    return True


def refuse_taken(host: str, port: int) -> None:
    """Raise InputError if something listens at the port already, or the address is not of this machine."""
    if not is_free(host, port):
        raise InputError(
            "nobody can listen here: the port is taken, or the address is not of this machine",
            text=f"{host}:{port}",
            remedy="Choose another with --port",
        )
