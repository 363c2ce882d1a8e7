"""From the journal to those who subscribed: gather, claim, send, put down. Every step may be cut off and done again.

One subscription is served in order: the first delivery that is not done holds the others back, until it is delivered
or given up. Two senders never hold the same delivery: a claim is one conditional update.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from kaiyuan.apps.journal.models import Chain, Delivery, Event, Subscription
from kaiyuan.apps.journal.outbox.envelope import MEDIA_TYPE, body_of, event_id
from kaiyuan.apps.journal.outbox.mailing import mail
from kaiyuan.apps.journal.outbox.posting import post
from kaiyuan.apps.journal.outbox.signature import signed_headers

SLICE = 200
AT_ONCE = 100
"""Deliveries to one subscription before the next one has its turn."""
LEASE = timedelta(minutes=2)
"""After so long a claimed delivery is taken from a sender that was cut off; longer than one try can last."""
_HOUR = 3600
WAITS = (10, 30, 60, 300, 900, _HOUR, *(3 * _HOUR,) * 2, *(6 * _HOUR,) * 12)
"""Seconds before the second, third … try; after the last one, more than three days on, a delivery is given up."""

_NO_MORE = 2**62

Send = Callable[[Delivery, datetime], str]


@dataclass
class Tally:
    """How many deliveries were made, failed for now, and were given up."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0


def wants(types: str, type: str) -> bool:
    """Tell whether a subscription's list of types (`a.b, c.*` or `*`) wants a type of event."""
    for wanted in (word.strip() for word in types.split(",")):
        if wanted in ("*", type) or (wanted.endswith(".*") and type.startswith(wanted[:-1])):
            return True
    return False


def gather(*, at: datetime) -> int:
    """Make a delivery for every new event that a subscription wants; give how many."""
    made = 0
    for subscription in Subscription.objects.filter(ended_at=None):
        length = Chain.objects.filter(zone_id=subscription.zone_id).values_list("length", flat=True).first()
        after = subscription.after
        while length is not None and after < length:
            after, fresh = _gather_slice(subscription.pk, at)
            made += fresh
    return made


@transaction.atomic
def _gather_slice(subscription_id: int, at: datetime) -> tuple[int, int]:
    subscription = Subscription.objects.select_for_update().filter(pk=subscription_id, ended_at=None).first()
    if subscription is None:
        return _NO_MORE, 0
    events = list(
        Event.objects.filter(chain__zone_id=subscription.zone_id, sequence__gt=subscription.after)
        .order_by("sequence")
        .only("sequence", "type")[:SLICE]
    )
    wanted = [event for event in events if wants(subscription.types, event.type)]
    Delivery.objects.bulk_create(
        Delivery(subscription=subscription, event=event, next_at=at) for event in wanted
    )
    if events:
        subscription.after = events[-1].sequence
        subscription.save(update_fields=["after"])
    return (subscription.after if events else _NO_MORE), len(wanted)


def send_due(*, clock: Callable[[], datetime], send: Send | None = None) -> Tally:
    """Gather and send all that is due, subscription by subscription; give what came of it.

    `send` makes one delivery and gives an empty text or a code of what was wrong; tests put another in its place.
    """
    tally = Tally()
    gather(at=clock())
    going = True
    while going:
        going = False
        for subscription_id in Subscription.objects.filter(ended_at=None).values_list("pk", flat=True):
            going = _serve(subscription_id, clock, send or send_out, tally) or going
    return tally


def _serve(subscription_id: int, clock: Callable[[], datetime], send: Send, tally: Tally) -> bool:
    """Serve one subscription in its turn; tell whether there may be more."""
    for _ in range(AT_ONCE):
        delivery = claim(subscription_id=subscription_id, at=clock())
        if delivery is None:
            return False
        error = send(delivery, clock())
        put_down(delivery, error=error, at=clock(), tally=tally)
        if error:
            return False
    return True


def claim(*, subscription_id: int, at: datetime) -> Delivery | None:
    """Claim the first delivery of a subscription that is not done, if it is due and nobody else has it."""
    first = (
        Delivery.objects.filter(subscription_id=subscription_id, state__in=("waiting", "sending"))
        .select_related("event", "subscription__zone")
        .order_by("pk")
        .first()
    )
    if first is None:
        return None
    if first.state == "waiting" and first.next_at > at:
        return None
    if first.state == "sending" and first.claimed_at is not None and first.claimed_at > at - LEASE:
        return None
    # The count of attempts is the version: whoever raises it has the claim.
    mine = Delivery.objects.filter(pk=first.pk, state=first.state, attempts=first.attempts)
    if not mine.update(state="sending", claimed_at=at, attempts=F("attempts") + 1):
        return None
    first.attempts += 1
    return first


def put_down(delivery: Delivery, *, error: str, at: datetime, tally: Tally) -> None:
    """Write down what came of a claimed delivery; nothing if somebody else has taken it over meanwhile."""
    mine = Delivery.objects.filter(pk=delivery.pk, state="sending", attempts=delivery.attempts)
    if not error:
        tally.delivered += mine.update(state="delivered", delivered_at=at, last_error="")
    elif delivery.attempts > len(WAITS):
        tally.given_up += mine.update(state="given_up", last_error=error)
    else:
        next_at = at + timedelta(seconds=wait_before_next(delivery.pk, delivery.attempts))
        tally.failed += mine.update(state="waiting", next_at=next_at, last_error=error)


def wait_before_next(delivery_id: int, attempts: int) -> float:
    """Give the seconds to wait after that many attempts, a fifth more or less, so that not all come at one moment."""
    spread = hashlib.sha256(f"{delivery_id}.{attempts}".encode()).digest()[0] / 255
    return WAITS[attempts - 1] * (0.8 + 0.4 * spread)


def send_out(delivery: Delivery, at: datetime) -> str:
    """Make one delivery, by web or by mail; give an empty text or a code of what was wrong."""
    subscription, event = delivery.subscription, delivery.event
    zone = subscription.zone
    if subscription.kind == "mail":
        return mail(subscription.target, event, zone=zone)
    body = body_of(event, zone_code=zone.code)
    signed = signed_headers(
        secret=subscription.secret, id=event_id(event, zone.code), seconds=int(at.timestamp()), body=body
    )
    return post(subscription.target, body=body, headers={"Content-Type": MEDIA_TYPE, **signed})
