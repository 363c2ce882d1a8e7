"""Endpoints of subscriptions: who outside is told of what, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from kaiyuan.apps.journal import actions, queries
from kaiyuan.apps.journal.models import Delivery, Subscription
from kaiyuan.apps.journal.writes import Call, write
from kaiyuan.apps.zones.api_access import caller
from kaiyuan.apps.zones.paging import NO_NUL, Number, Page, Paging, page_of

router = Router(tags=["journal"])
Kind = Literal["webhook", "mail"]


class SubscriptionOut(Schema):
    """Somebody outside who is told of events."""

    id: int
    kind: Kind
    target: str
    types: str
    created_at: datetime
    ended_at: datetime | None
    delivered: int
    waiting: int
    given_up: int
    last_delivered: datetime | None
    next_try: datetime | None


class Subscriptions(Page[SubscriptionOut]):
    """A page of the subscriptions."""


class DeliveryOut(Schema):
    """One event on its way."""

    event: int
    state: Literal["waiting", "sending", "delivered", "given_up"]
    attempts: int
    next_at: datetime
    delivered_at: datetime | None
    last_error: str


class SubscriptionWhole(SubscriptionOut):
    """A subscription with its newest deliveries."""

    deliveries: list[DeliveryOut]


class NewSubscription(Schema):
    """Who is to be told of what."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    target: str = Field(
        min_length=1,
        max_length=500,
        pattern=NO_NUL,
        description="An outside https address, or a mail address",
    )
    types: str = Field(
        min_length=1, max_length=300, pattern=NO_NUL, description="Types by commas; `enterprise.*` or `*`"
    )


class MadeSubscription(Schema):
    """A subscription just made."""

    id: int
    kind: Kind
    target: str
    types: str
    secret: str | None = Field(
        description="Deliveries are signed with it. Shown once: null in the answer to a retry, and for mail"
    )


class Retried(Schema):
    """How many deliveries are tried again."""

    deliveries: int


@router.get("/journal/subscriptions", response=Subscriptions, summary="Who outside is told")
def subscriptions(request: HttpRequest, paging: Query[Paging]) -> Subscriptions:
    """Give the subscriptions of the zone with the state of what was and is to be delivered."""
    found = queries.subscriptions(by=caller(request))
    rows, following = page_of(found, order=("pk",), paging=paging, name="subscriptions")
    return Subscriptions(items=[SubscriptionOut(**_subscription(row)) for row in rows], next=following)


@router.get("/journal/subscriptions/{number}", response=SubscriptionWhole, summary="One subscription")
def subscription(request: HttpRequest, number: Number) -> SubscriptionWhole:
    """Give a subscription with its newest deliveries."""
    by = caller(request)
    found = queries.subscription(by=by, subscription_id=number)
    rows = queries.deliveries(by=by, subscription_id=number)
    return SubscriptionWhole(**_subscription(found), deliveries=[_delivery(row) for row in rows])


@router.post("/journal/subscriptions", response={201: MadeSubscription}, summary="Tell somebody outside")
def subscribe(request: HttpRequest, body: NewSubscription) -> HttpResponse:
    """Let somebody outside be told of events from now on."""

    def act(call: Call) -> MadeSubscription:
        made = actions.subscribe(
            by=call.by, kind=body.kind, target=body.target, types=body.types, at=call.at, key=call.key
        )
        return MadeSubscription(
            id=made.pk,
            kind=cast("Kind", made.kind),
            target=made.target,
            types=made.types,
            secret=made.secret or None,
        )

    return write(request, act, status=201, shown_once=("secret",))


@router.post("/journal/subscriptions/{number}/end", response=SubscriptionOut, summary="Tell nothing more")
def end_subscription(request: HttpRequest, number: Number) -> HttpResponse:
    """Tell nothing more; what was waiting is given up."""

    def act(call: Call) -> SubscriptionOut:
        actions.end_subscription(by=call.by, subscription_id=number, at=call.at, key=call.key)
        return SubscriptionOut(**_subscription(queries.subscription(by=call.by, subscription_id=number)))

    return write(request, act)


@router.post("/journal/subscriptions/{number}/retry", response=Retried, summary="Deliver again")
def retry_deliveries(request: HttpRequest, number: Number) -> HttpResponse:
    """Try again now what was given up or waits."""

    def act(call: Call) -> Retried:
        count = actions.retry_deliveries(by=call.by, subscription_id=number, at=call.at, key=call.key)
        return Retried(deliveries=count)

    return write(request, act)


def _subscription(row: Subscription) -> dict[str, Any]:
    names = ("kind", "target", "types", "created_at", "ended_at")
    counted = ("delivered", "waiting", "given_up", "last_delivered", "next_try")
    return {"id": row.pk} | {name: getattr(row, name) for name in (*names, *counted)}


def _delivery(row: Delivery) -> DeliveryOut:
    return DeliveryOut(
        event=row.event.sequence,
        state=cast("Any", row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        delivered_at=row.delivered_at,
        last_error=row.last_error,
    )
