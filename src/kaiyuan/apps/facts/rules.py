"""The rules and the facts' dictionary that a zone lives by: its packs, read once a process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.conf import settings

from kaiyuan.apps.zones.models import Zone
from kaiyuan.packs.loading import LoadedPacks, load
from kaiyuan.rulebook import FactDictionary, RuleSet

_asked: ContextVar[dict[int, str] | None] = ContextVar("packs_of_zones", default=None)


@contextmanager
def zones_asked_once() -> Iterator[None]:
    """Ask the database once a zone which packs it names, as long as the block lasts: one request."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


@cache
def _loaded(packs: tuple[str, ...]) -> LoadedPacks:
    return load(packs)


def packs_of(zone_id: int) -> LoadedPacks:
    """Give the packs of a zone, those of the site if it names none."""
    asked = _asked.get()
    named = asked.get(zone_id) if asked is not None else None
    if named is None:
        named = Zone.objects.values_list("packs", flat=True).get(pk=zone_id)
        if asked is not None:
            asked[zone_id] = named
    return _loaded(tuple(word.strip() for word in named.split(",") if word.strip()) or tuple(settings.PACKS))


def rules_of(zone_id: int) -> RuleSet:
    """Give the published rules of a zone."""
    return packs_of(zone_id).rules


def dictionary_of(zone_id: int) -> FactDictionary:
    """Give the facts that a zone knows, with label, type, unit and class."""
    return rules_of(zone_id).facts
