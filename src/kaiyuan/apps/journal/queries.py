"""Reads of the journal: the door for pages, endpoints and other apps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from kaiyuan.apps.journal.chain import event_hash, hashed_bytes
from kaiyuan.apps.journal.merkle import inclusion_proof
from kaiyuan.apps.journal.models import Chain, Checkpoint, Delivery, Event, Subscription
from kaiyuan.apps.journal.notes import verifier_key, zone_code_of
from kaiyuan.apps.journal.verification import CheckedNote, Finding, Verification, verify
from kaiyuan.apps.journal.wording import type_words
from kaiyuan.apps.zones.rights import Absent, Person, require

__all__ = [
    "Asked",
    "CheckedNote",
    "Finding",
    "Leaf",
    "Verification",
    "chain_of",
    "checkpoint",
    "checkpoints",
    "covering",
    "deliveries",
    "event",
    "events",
    "fits",
    "last_verified",
    "of_subject",
    "proof",
    "subscription",
    "subscriptions",
    "type_words",
    "verifier_key",
    "verify",
    "zone_code_of",
]
HASHES = 5_000


@dataclass(frozen=True)
class Asked:
    """Which events are wanted: of a type or a family (`enterprise.*`), of a subject, of an actor, of some days."""

    type: str = ""
    subject: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Leaf:
    """A page of events, newest first; `newer` and `older` are the numbers to go on from, None at an end."""

    events: list[Event]
    newer: int | None
    older: int | None


def chain_of(*, by: Person) -> Chain | None:
    """Give the chain of the person's zone, None before its first event."""
    require(by, "journal.read")
    return Chain.objects.filter(zone_id=by.zone_id).first()


def events(
    *, by: Person, asked: Asked, size: int, before: int | None = None, after: int | None = None
) -> Leaf:
    """Give a page of the zone's events: those before a number, those after a number, or the newest."""
    require(by, "journal.read")
    found = _asked(Event.objects.filter(chain__zone_id=by.zone_id), asked)
    if after is not None:
        rows = list(found.filter(sequence__gt=after).order_by("sequence")[: size + 1])
        beyond, rows = len(rows) > size, rows[:size][::-1]
        return Leaf(rows, rows[0].sequence if beyond else None, rows[-1].sequence if rows else None)
    if before is not None:
        found = found.filter(sequence__lt=before)
    rows = list(found.order_by("-sequence")[: size + 1])
    beyond, rows = len(rows) > size, rows[:size]
    newer = rows[0].sequence if rows and before is not None else None
    return Leaf(rows, newer, rows[-1].sequence if beyond else None)


def _asked(rows: QuerySet[Event], asked: Asked) -> QuerySet[Event]:
    if asked.type.endswith("*"):
        rows = rows.filter(type__startswith=asked.type.rstrip("*"))
    elif asked.type:
        rows = rows.filter(type=asked.type)
    if asked.subject:
        # People know a firm by its code, the journal by its kind as well.
        rows = rows.filter(subject__in=(asked.subject, f"enterprise:{asked.subject}"))
    if asked.actor:
        rows = rows.filter(Q(actor=asked.actor) | Q(actor_label=asked.actor))
    if asked.since:
        rows = rows.filter(recorded_at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(recorded_at__lt=_midnight(asked.until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def event(*, by: Person, sequence: int) -> Event:
    """Give one event of the zone by its number; raises Absent."""
    require(by, "journal.read")
    found = Event.objects.filter(chain__zone_id=by.zone_id, sequence=sequence).select_related("chain").first()
    if found is None:
        raise Absent("not found")
    return found


def fits(event: Event) -> bool:
    """Tell whether an event still has the hash that it was recorded with."""
    return event_hash(event, algorithm=event.chain.algorithm) == event.hash


def of_subject(*, by: Person, subject: str, most: int = 50) -> list[Event]:
    """Give the newest events of an enterprise, without their payload, for its timeline."""
    require(by, "enterprise.read", subject=subject)
    rows = Event.objects.filter(chain__zone_id=by.zone_id, subject=f"enterprise:{subject}")
    return list(rows.defer("payload").order_by("-sequence")[:most])


def last_verified(*, by: Person) -> Event | None:
    """Give the event of the last verification of the zone's journal, None if there was none."""
    require(by, "journal.verify")
    rows = Event.objects.filter(chain__zone_id=by.zone_id, type="journal.verified")
    return rows.order_by("-sequence").first()


def checkpoints(*, by: Person) -> QuerySet[Checkpoint]:
    """Give the checkpoints of the zone's journal, newest first."""
    require(by, "journal.read")
    return Checkpoint.objects.filter(chain__zone_id=by.zone_id).order_by("-size")


def checkpoint(*, by: Person, size: int) -> Checkpoint:
    """Give the checkpoint over that many events; raises Absent."""
    found = checkpoints(by=by).filter(size=size).first()
    if found is None:
        raise Absent("not found")
    return found


def covering(*, by: Person, sequence: int) -> Checkpoint | None:
    """Give the first checkpoint that covers an event, None if it is newer than all of them."""
    return checkpoints(by=by).filter(size__gte=sequence).order_by("size").first()


def proof(*, by: Person, sequence: int) -> dict[str, Any]:
    """Give what shows an event to be under the first checkpoint that covers it, without this site.

    The event as it was hashed, the signed note, and the hashes that lead from one to the other (RFC 6962). Raises
    Absent if no checkpoint covers it yet.
    """
    shown, over = event(by=by, sequence=sequence), covering(by=by, sequence=sequence)
    if over is None:
        raise Absent("not found")
    rows = Event.objects.filter(chain=shown.chain, sequence__lte=over.size).order_by("sequence")
    hashes = (bytes.fromhex(each) for each in rows.values_list("hash", flat=True).iterator(HASHES))
    path = inclusion_proof(hashes, index=sequence - 1, size=over.size, algorithm=shown.chain.algorithm)
    return {
        "algorithm": shown.chain.algorithm,
        "event": json.loads(hashed_bytes(shown)),
        "hash": shown.hash,
        "checkpoint": over.note,
        "path": [step.hex() for step in path],
    }


def subscriptions(*, by: Person) -> QuerySet[Subscription]:
    """Give the subscriptions of the zone with the state of what was and is to be delivered."""
    require(by, "subscription.read")
    waiting = Q(deliveries__state__in=("waiting", "sending"))
    return (
        Subscription.objects.filter(zone_id=by.zone_id)
        .annotate(
            delivered=Count("deliveries", filter=Q(deliveries__state="delivered")),
            waiting=Count("deliveries", filter=waiting),
            given_up=Count("deliveries", filter=Q(deliveries__state="given_up")),
            last_delivered=Max("deliveries__delivered_at"),
            next_try=Min("deliveries__next_at", filter=waiting),
        )
        .order_by("ended_at", "pk")
    )


def subscription(*, by: Person, subscription_id: int) -> Subscription:
    """Give one subscription of the zone with its figures; raises Absent."""
    found = subscriptions(by=by).filter(pk=subscription_id).first()
    if found is None:
        raise Absent("not found")
    return found


def deliveries(*, by: Person, subscription_id: int, most: int = 20) -> list[Delivery]:
    """Give the newest deliveries of a subscription of the zone."""
    require(by, "subscription.read")
    rows = Delivery.objects.filter(subscription__zone_id=by.zone_id, subscription_id=subscription_id)
    return list(rows.select_related("event").order_by("-pk")[:most])
