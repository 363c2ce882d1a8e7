"""Every test here begins with the first facts of the cast."""

from __future__ import annotations

import pytest
from tests.apps.facts_of_cast import FIRST, put_in

from kaiyuan.apps.facts.actions import Loaded


@pytest.fixture
def loaded(cast) -> Loaded:
    """Load the first facts of the zone."""
    return put_in(cast, **FIRST)
