"""The wheel carries what an installation without a checkout needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_the_wheel_carries_the_packs_the_types_and_the_command(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry_points = next(name for name in names if name.endswith("entry_points.txt"))
        assert "kaiyuan = kaiyuan.cli.main:run" in archive.read(entry_points).decode()
    assert "kaiyuan/py.typed" in names
    for pack in (ROOT / "packs").glob("*/pack.yaml"):
        assert f"kaiyuan/_packs/{pack.parent.name}/pack.yaml" in names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "bench/"))]
