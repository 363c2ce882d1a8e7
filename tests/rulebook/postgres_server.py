"""A PostgreSQL server for tests: in a folder of its own, on a socket only, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

USER = "kaiyuan"
SERVER_FLAGS = ("-c", "fsync=off", "-c", "listen_addresses=", "-c", "shared_buffers=64MB", "-c", "jit=off")


def binaries() -> Path | None:
    """Give the folder with the newest initdb and postgres on this machine, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    usable = [folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return usable[-1] if usable else None


@contextmanager
def postgres_server(folder_of_binaries: Path) -> Iterator[str]:
    """Start a server; give the connection string. PostgreSQL refuses to run as root, so root hands it to nobody."""
    folder = Path(tempfile.mkdtemp(prefix="kaiyuan-postgres-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        other: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
            other = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        data = folder / "data"
        subprocess.run(
            [
                folder_of_binaries / "initdb",
                "-D",
                data,
                "-U",
                USER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **other,
        )
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [folder_of_binaries / "postgres", "-D", data, "-k", folder, *SERVER_FLAGS],
                stdout=log,
                stderr=log,
                cwd=folder,
                **other,
            )
        address = f"host={folder} user={USER} dbname=postgres"
        _wait_until_ready(folder_of_binaries, folder, server)
        yield address
    finally:
        if server is not None:
            server.terminate()
            server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(folder_of_binaries: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError((folder / "log").read_text(encoding="utf-8"))
        ready = subprocess.run(
            [folder_of_binaries / "pg_isready", "-q", "-h", folder, "-U", USER],
            check=False,
            capture_output=True,
        )
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start within 30 seconds")
