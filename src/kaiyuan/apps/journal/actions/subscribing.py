"""Acts on subscriptions: somebody outside is told of events, no longer, or again."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction

from kaiyuan.apps.journal.actions.recording import record
from kaiyuan.apps.journal.models import Chain, Delivery, Subscription
from kaiyuan.apps.journal.outbox.posting import is_outside
from kaiyuan.apps.journal.outbox.signature import new_secret
from kaiyuan.apps.zones.rights import Absent, Person, require
from kaiyuan.errors import InputError
from kaiyuan.sheets.wording import Wording

_TYPE = re.compile(r"\*|[a-z_]{1,40}\.(\*|[a-z_]{1,40})")


class Unusable(InputError):
    """A target or a list of types that cannot be used; says of which field, and why, in both languages."""

    def __init__(self, field: str, said: Wording) -> None:
        super().__init__(said.en)
        self.field = field
        self.said = said


@transaction.atomic
def subscribe(*, by: Person, kind: str, target: str, types: str, at: datetime, key: str = "") -> Subscription:
    """Let somebody outside be told of events from now on; `kind` is webhook or mail. Raises Unusable."""
    require(by, "subscription.write")
    target, types = target.strip(), ", ".join(word.strip() for word in types.split(",") if word.strip())
    _check_target(kind, target)
    _check_types(types)
    chain = Chain.objects.filter(zone_id=by.zone_id).first()
    made = Subscription.objects.create(
        zone_id=by.zone_id,
        kind=kind,
        target=target,
        secret=new_secret() if kind == "webhook" else "",
        types=types,
        created_at=at,
        after=chain.length if chain is not None else 0,
    )
    _told(by, made, "subscription.made", at=at, key=key)
    return made


@transaction.atomic
def end_subscription(*, by: Person, subscription_id: int, at: datetime, key: str = "") -> Subscription:
    """Tell nothing more to a subscription; what was waiting is given up. Ending twice changes nothing."""
    require(by, "subscription.write")
    found = _locked(by, subscription_id)
    if found.ended_at is None:
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        waiting = Delivery.objects.filter(subscription=found, state__in=("waiting", "sending"))
        waiting.update(state="given_up", last_error="ended")
        _told(by, found, "subscription.ended", at=at, key=key)
    return found


@transaction.atomic
def retry_deliveries(*, by: Person, subscription_id: int, at: datetime, key: str = "") -> int:
    """Try again now what was given up or is waiting; give how many."""
    require(by, "subscription.write")
    found = _locked(by, subscription_id)
    if found.ended_at is not None:
        return 0
    rows = Delivery.objects.filter(subscription=found, state__in=("given_up", "waiting"))
    count = rows.update(state="waiting", attempts=0, next_at=at)
    if count:
        _told(by, found, "deliveries.retried", at=at, key=key)
    return count


def _locked(by: Person, subscription_id: int) -> Subscription:
    rows = Subscription.objects.select_for_update().filter(zone_id=by.zone_id, pk=subscription_id)
    found = rows.first()
    if found is None:
        raise Absent("not found")
    return found


def _told(by: Person, subscription: Subscription, type: str, *, at: datetime, key: str) -> None:
    # The whole target may hold a token or a person's name; the journal keeps what says which body it is.
    host = urlsplit(subscription.target).hostname or subscription.target.rpartition("@")[2]
    payload = {"kind": subscription.kind, "host": host, "types": subscription.types}
    record(by=by, type=type, subject=f"subscription:{subscription.pk}", at=at, key=key, payload=payload)


def _check_types(types: str) -> None:
    words = types.split(", ")
    if len(types) > 300 or not all(_TYPE.fullmatch(word) for word in words):
        raise Unusable(
            "types",
            Wording(
                "写事件类型，逗号分隔；enterprise.* 表示一类，* 表示全部。",
                "Write types by commas; enterprise.* or *.",
            ),
        )


def _check_target(kind: str, target: str) -> None:
    if kind == "mail":
        try:
            EmailValidator()(target)
        except ValidationError:
            raise Unusable("target", Wording("这不是邮件地址。", "This is no mail address.")) from None
        return
    schemes = ("https",) if settings.PRODUCTION else ("https", "http")
    try:
        parts = urlsplit(target)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or len(target) > 500 or any(sign.isspace() or not sign.isprintable() for sign in target):
        raise Unusable(
            "target", Wording("写 https:// 开头的地址。", "Write an address that begins with https://.")
        )
    if parts.username is not None or parts.password is not None or parts.fragment or "\\" in target:
        raise Unusable(
            "target", Wording("地址里不能有用户名、口令或片段。", "No user, password or fragment in it.")
        )
    try:
        outside = is_outside(str(parts.hostname))
    except ValueError:
        outside = True  # a name; what it resolves to is looked at before every sending
    if not outside or str(parts.hostname).rstrip(".").endswith("localhost"):
        raise Unusable("target", Wording("不能发往内部地址。", "An inner address is not allowed."))
