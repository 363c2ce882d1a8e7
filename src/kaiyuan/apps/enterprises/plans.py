"""The rules of a zone compiled for a day, kept as long as the process lives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from kaiyuan.apps.facts.rules import packs_of
from kaiyuan.packs.loading import LoadedPacks
from kaiyuan.rulebook import Plan, compile_plan


def plan_of(zone_id: int, *, on: date) -> Plan:
    """Give the rules of a zone in force on a day, compiled.

    Budgets are left out: what one enterprise is entitled to is said before a pool is shared among all.
    """
    packs = packs_of(zone_id)
    return _compiled(_Key(packs), on)


class _Key:
    # Packs are read once a process and hold thousands of parts: the object itself is what tells them apart.
    def __init__(self, packs: LoadedPacks) -> None:
        self.packs = packs

    def __hash__(self) -> int:
        return id(self.packs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.packs is self.packs


@lru_cache(maxsize=32)
def _compiled(key: _Key, on: date) -> Plan:
    return replace(compile_plan(rules=key.packs.rules, on=on), budgets=())
