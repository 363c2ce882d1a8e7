"""Correct a fact of an enterprise, where two people may be at it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kaiyuan.apps.enterprises.actions.registering import refresh_profiles
from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts import actions as facts
from kaiyuan.apps.facts.models import Observation
from kaiyuan.apps.facts.queries import Told, history
from kaiyuan.apps.facts.storing import Value
from kaiyuan.apps.journal.writes import Change, unchanged
from kaiyuan.apps.zones.rights import Absent, Person, require
from kaiyuan.sheets.wording import Wording


def correct_fact(
    *,
    by: Person,
    code: str,
    fact: str,
    year: int | None,
    value: Value,
    qualifier: str,
    reason: str,
    version: int,
    at: datetime,
    key: str = "",
    valid_from: date | None = None,
) -> Observation:
    """Say what a fact of an enterprise really is; the list shows it at once.

    `version` counts what had been said of the fact when the writer looked. Raises Stale if more was said meanwhile,
    and what `facts.actions.correct` raises.
    """
    require(by, "observation.correct", subject=code)
    with transaction.atomic():
        # Locked, so that two who saw the same are told of each other.
        if not Enterprise.objects.select_for_update().filter(zone_id=by.zone_id, code=code).exists():
            raise Absent("not found")
        told = history(zone_id=by.zone_id, subject=code, fact=fact)
        made = facts.correct(
            by=by,
            subject=code,
            fact=fact,
            year=year,
            valid_from=valid_from,
            value=value,
            qualifier=qualifier,
            reason=reason,
            at=at,
            key=key,
        )
        # Asked last: who may not see the fact, or names none, is told nothing of it before.
        unchanged(asked=version, now=len(told), changes=_newest(told))
        refresh_profiles(by=by, codes=[code], at=at)
    return made


def _newest(told: list[Told]) -> list[Change]:
    # Who said what from which source, not the value: that would be a reading nobody put down.
    if not told:
        return []
    last = told[0]
    label = Wording(last.known.definition.zh, last.known.definition.en)
    return [Change(last.known.fact, label, last.known.source, last.by, last.known.recorded_at)]
