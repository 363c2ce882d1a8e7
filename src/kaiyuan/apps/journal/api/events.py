"""Endpoints of events."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from kaiyuan.apps.journal import queries
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.queries import Asked, type_words
from kaiyuan.apps.zones.api_access import caller
from kaiyuan.apps.zones.paging import NO_NUL, Day, Number, Page, Paging, cursor_after, seen_number

router = Router(tags=["journal"])


class EventOut(Schema):
    """One act, as it was recorded."""

    sequence: int
    type: str
    zh: str
    en: str
    subject: str = Field(description="kind:id of what it happened to")
    case: str
    effective_at: datetime
    recorded_at: datetime
    actor: str
    actor_label: str
    legal_basis: str
    payload: dict[str, Any]
    prev_hash: str
    hash: str


class Events(Page[EventOut]):
    """A page of the events, the newest first."""


class EventWhole(EventOut):
    """An event, and whether it still is what was recorded."""

    fits: bool = Field(description="Whether it has the hash that it was recorded with")
    checkpoint: int | None = Field(description="Size of the first checkpoint that covers it")


class Proof(Schema):
    """What shows an event to be under a signed checkpoint, to be checked without this site (RFC 6962)."""

    algorithm: str
    event: list[Any] = Field(description="The event as it was hashed")
    hash: str
    checkpoint: str = Field(description="The signed note")
    path: list[str] = Field(description="Hashes from the event to the root")


class EventsAsked(Paging):
    """Which events."""

    type: str = Field("", max_length=60, pattern=NO_NUL, description="A type, or a family: `enterprise.*`")
    subject: str = Field("", max_length=80, pattern=NO_NUL, description="kind:id, or a credit code")
    actor: str = Field("", max_length=120, pattern=NO_NUL)
    since: Day | None = None
    until: Day | None = None


@router.get("/journal/events", response=Events, summary="What happened")
def events(request: HttpRequest, ask: Query[EventsAsked]) -> Events:
    """Give the events of the zone, the newest first."""
    shown = queries.events(
        by=caller(request),
        asked=Asked(type=ask.type, subject=ask.subject, actor=ask.actor, since=ask.since, until=ask.until),
        size=ask.limit,
        before=seen_number(ask, name="events"),
    )
    return Events(
        items=[EventOut(**_event(each)) for each in shown.events],
        next=cursor_after(shown.older, name="events"),
    )


@router.get("/journal/events/{sequence}", response=EventWhole, summary="One event")
def event(request: HttpRequest, sequence: Number) -> EventWhole:
    """Give an event by its number, and whether it still is what was recorded."""
    by = caller(request)
    found = queries.event(by=by, sequence=sequence)
    over = queries.covering(by=by, sequence=sequence)
    return EventWhole(
        **_event(found), fits=queries.fits(found), checkpoint=over.size if over is not None else None
    )


@router.get("/journal/events/{sequence}/proof", response=Proof, summary="Proof of one event")
def proof(request: HttpRequest, sequence: Number) -> Proof:
    """Give what shows an event to be under the first checkpoint that covers it; 404 if none does yet."""
    return Proof(**queries.proof(by=caller(request), sequence=sequence))


def _event(event: Event) -> dict[str, Any]:
    words = type_words(event.type)
    return {
        "sequence": event.sequence,
        "type": event.type,
        "zh": words.zh,
        "en": words.en,
        "subject": event.subject,
        "case": event.case_key,
        "effective_at": event.effective_at,
        "recorded_at": event.recorded_at,
        "actor": event.actor,
        "actor_label": event.actor_label,
        "legal_basis": event.legal_basis,
        "payload": json.loads(event.payload),
        "prev_hash": event.prev_hash,
        "hash": event.hash,
    }
