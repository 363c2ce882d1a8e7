"""What every test shares: reproducible properties, and no network."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
# The library and the command line need no Django; where it is not installed, tests of the site are left out.
collect_ignore = [] if find_spec("django") else ["apps", "journeys", "site"]

# `fast` is what `make test` runs: the same examples every time, few of them, and no failure because a machine
# was busy. `deep` is for the slow marker and for hunting: KAIYUAN_HYPOTHESIS=deep.
settings.register_profile("fast", max_examples=60, derandomize=True, deadline=None)
settings.register_profile(
    "deep", max_examples=2_000, derandomize=False, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("KAIYUAN_HYPOTHESIS", "fast"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """Give the root of the repository."""
    return ROOT
