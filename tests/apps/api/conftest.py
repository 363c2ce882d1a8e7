"""What every call of the API meets: a key for checkpoints, and nobody who reads files in behind the answer."""

from __future__ import annotations

import pytest

from kaiyuan.apps.intake import behind
from kaiyuan.apps.journal.signing import make_key


@pytest.fixture(autouse=True)
def signing_key(settings, tmp_path):
    """Give the site a key for checkpoints."""
    settings.CHECKPOINT_KEY = str(tmp_path / "checkpoint.pem")
    make_key(tmp_path / "checkpoint.pem")


@pytest.fixture(autouse=True)
def read_in(monkeypatch) -> list[int]:
    """Give the imports that would be read in; a thread would outlive its test."""
    numbers: list[int] = []
    monkeypatch.setattr(behind, "read_in_behind", lambda number, *, clock: numbers.append(number))
    return numbers
