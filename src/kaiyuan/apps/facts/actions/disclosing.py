"""Reading a confidential or personal fact is an act: it is put down who read what of whom, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from kaiyuan.apps.facts import queries
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.zones.rights import DISCLOSED, Absent, Person


def disclose(
    *, by: Person, subject: str | None, facts: Iterable[str], purpose: str, at: datetime
) -> Event | None:
    """Put down that one answer shows these facts of a subject (None: of many in the zone); call it once an answer.

    Gives the one event, or None if none of the facts is of a class whose reading is put down.
    """
    dictionary = dictionary_of(by.zone_id)
    told = sorted({name for name in facts if name in dictionary and dictionary[name].privacy in DISCLOSED})
    if not told:
        return None
    with transaction.atomic():
        return record(
            by=by,
            type="facts.read",
            subject=f"zone:{by.zone_code}" if subject is None else f"enterprise:{subject}",
            at=at,
            payload={"facts": told, "purpose": purpose},
        )


def open_values(
    *,
    by: Person,
    subject: str,
    as_of: date,
    known_at: datetime,
    purpose: str,
    at: datetime,
    names: Iterable[str] | None = None,
) -> list[queries.Known]:
    """Give the values of a subject that this person may see, and put the reading down if the journal wants it.

    Raises Absent for a subject that is not there or not for this person.
    """
    queries.subject(by=by, code=subject)
    dictionary = dictionary_of(by.zone_id)
    wanted = None if names is None else set(names)
    shown = [
        known
        for known in queries.values(zone_id=by.zone_id, subject=subject, as_of=as_of, known_at=known_at)
        if (wanted is None or known.fact in wanted) and dictionary[known.fact].privacy in by.classes
    ]
    disclose(by=by, subject=subject, facts={known.fact for known in shown}, purpose=purpose, at=at)
    return shown


def open_history(*, by: Person, subject: str, fact: str, purpose: str, at: datetime) -> list[queries.Told]:
    """Give everything ever said of one fact of a subject, and put the reading down if the journal wants it.

    Raises Absent for a subject or a fact that is not there or not for this person.
    """
    queries.subject(by=by, code=subject)
    if fact not in queries.visible(by):
        raise Absent("not found")
    told = queries.history(zone_id=by.zone_id, subject=subject, fact=fact)
    disclose(by=by, subject=subject, facts={each.known.fact for each in told}, purpose=purpose, at=at)
    return told
