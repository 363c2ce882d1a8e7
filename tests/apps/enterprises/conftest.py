"""The zone of these tests: its own packs, its first facts loaded, its firms registered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from tests.apps.enterprises.facts import FIRST, load_facts
from tests.cast import AT, OTHERS, OWN, Cast

from kaiyuan.apps.enterprises import actions


@pytest.fixture
def zone(cast) -> Cast:
    """Give the cast with facts of two firms, both in the list under their names."""
    load_facts(cast, FIRST, label="年度名单.xlsx", at=AT - timedelta(days=30))
    actions.register(
        by=cast.person("officer"),
        subjects={OWN: "示例精密科技有限公司（合成）", OTHERS: "重庆软件有限公司（合成）"},
        at=AT,
    )
    return cast


@pytest.fixture
def run(zone):
    """Give a run of all rules over the zone."""
    return actions.run_rules(by=zone.person("officer"), as_of=date(2026, 11, 20), known_at=AT, at=AT)


@pytest.fixture
def time_machine_at():
    """Hold the clock a minute after the cast's moment."""
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        yield
