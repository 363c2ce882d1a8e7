"""Each peer's own environment below `.env-bench/`, built once from its pinned, hashed requirements."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".env-bench"


def python_of(name: str) -> str:
    """Give the interpreter of an environment, built when it is missing or its requirements changed.

    `kaiyuan` is the environment that runs the benchmark itself: it must have the library installed.
    """
    if name == "kaiyuan":
        return sys.executable
    wanted = ROOT / "bench" / f"requirements-{name}.txt"
    home = HOME / name
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    mark, digest = home / "ready", hashlib.sha256(wanted.read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != digest:
        print(f"installing {name} into {home.relative_to(ROOT)} …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, "--require-hashes", "-r", str(wanted)], check=True)
        mark.write_text(digest)
    return str(python)
