"""Correct a fact: a new observation with its reason; the old one stays where it is."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from kaiyuan.apps.facts.models import FactName, Observation, Source, Subject
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.facts.storing import Value, place_of, stored
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.zones.rights import Absent, Person, require
from kaiyuan.errors import InputError

_QUALIFIERS = {word for word, _ in Observation.QUALIFIERS}
_FIRST_YEAR = 1949
LONGEST_REASON = 150


def correct(
    *,
    by: Person,
    subject: str,
    fact: str,
    year: int | None,
    value: Value,
    qualifier: str = "",
    reason: str,
    at: datetime,
    key: str = "",
    valid_from: date | None = None,
) -> Observation:
    """Say what a fact of a subject really is; `value` None says that it is unknown.

    Money in fen. A fact of a year takes `year`; one of a moment takes the day since when, `valid_from`, which is
    the day of the act if left out. Raises Absent for a subject or fact that is not there or not for this person,
    and InputError for a value, year or reason that cannot be.
    """
    require(by, "observation.correct", subject=subject)
    definition = dictionary_of(by.zone_id).get(fact)
    if definition is None or definition.privacy not in by.classes:
        raise Absent("not found")
    yearly, today = definition.period == "year", localtime(at).date()
    if yearly and (year is None or not _FIRST_YEAR <= year <= today.year):
        raise InputError("a fact of a year needs its year", text=str(year), remedy="Write it as 2025")
    if qualifier not in _QUALIFIERS:
        raise InputError(
            "there is no such qualifier", text=qualifier, remedy="One of 约 超 近 预计 力争, or nothing"
        )
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InputError("a correction needs a reason", text=reason, remedy="Write up to 150 signs")
    held = {place_of(definition): stored(definition, value)}
    with transaction.atomic():
        row = Subject.objects.filter(zone_id=by.zone_id, code=subject).first()
        if row is None:
            raise Absent("not found")
        source = Source.objects.create(
            zone_id=by.zone_id,
            kind="correction",
            label=reason,
            data_date=today,
            begun_at=at,
            recorded_by_id=by.membership_id,
        )
        observation = Observation.objects.create(
            zone_id=by.zone_id,
            subject=row,
            fact=FactName.objects.get_or_create(name=fact)[0],
            year=year if yearly else None,
            valid_from=None if yearly else valid_from or today,
            qualifier=qualifier,
            source=source,
            **held,
        )
        source.first, source.last, source.recorded_at = observation.pk, observation.pk, at
        source.save(update_fields=["first", "last", "recorded_at"])
        # The journal says that it was corrected and why, never what the value is: auditors read it too.
        record(
            by=by,
            type="fact.corrected",
            subject=f"enterprise:{subject}",
            at=at,
            key=key,
            payload={
                "fact": fact,
                "year": observation.year,
                "valid_from": observation.valid_from,
                "observation": observation.pk,
                "source": source.pk,
                "reason": reason,
            },
        )
    return observation
