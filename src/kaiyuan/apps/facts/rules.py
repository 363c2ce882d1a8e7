"""The rules and the facts' dictionary that a zone lives by: its packs, read once a process."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from kaiyuan.apps.zones.models import Zone
from kaiyuan.packs.loading import LoadedPacks, load
from kaiyuan.rulebook import FactDictionary, RuleSet


@cache
def _loaded(packs: tuple[str, ...]) -> LoadedPacks:
    return load(packs)


def packs_of(zone_id: int) -> LoadedPacks:
    """Give the packs of a zone, those of the site if it names none."""
    named = Zone.objects.values_list("packs", flat=True).get(pk=zone_id)
    return _loaded(tuple(word.strip() for word in named.split(",") if word.strip()) or tuple(settings.PACKS))


def rules_of(zone_id: int) -> RuleSet:
    """Give the published rules of a zone."""
    return packs_of(zone_id).rules


def dictionary_of(zone_id: int) -> FactDictionary:
    """Give the facts that a zone knows, with label, type, unit and class."""
    return rules_of(zone_id).facts
