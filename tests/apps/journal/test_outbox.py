"""What is recorded reaches those who subscribed: all of it, in order, whatever breaks on the way."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta

import pytest
from django.core import mail
from tests.apps.journal.tampering import fill
from tests.cast import AT

from kaiyuan.apps.journal.actions import (
    Unusable,
    end_subscription,
    make_checkpoint,
    retry_deliveries,
    subscribe,
)
from kaiyuan.apps.journal.models import Delivery, Event, Subscription
from kaiyuan.apps.journal.outbox import delivering
from kaiyuan.apps.journal.outbox.delivering import LEASE, WAITS, claim, gather, send_due, wants
from kaiyuan.apps.journal.outbox.envelope import body_of, cloud_event
from kaiyuan.apps.journal.queries import verify
from kaiyuan.apps.journal.signing import make_key
from kaiyuan.apps.zones.rights import Absent
from kaiyuan.errors import InputError


class Clock:
    """A clock that stands still until it is put forward."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


class Receiver:
    """Somebody outside: keeps what came, and answers as told."""

    def __init__(self) -> None:
        self.came: list[int] = []
        self.error = ""

    def __call__(self, delivery: Delivery, at: datetime) -> str:
        if not self.error:
            self.came.append(delivery.event.sequence)
        return self.error


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def receiver():
    return Receiver()


def subscribed(cast, types: str = "enterprise.*", **more) -> Subscription:
    given = {"kind": "webhook", "target": "https://receiver.example/in"} | more
    return subscribe(by=cast.person("administrator"), types=types, at=AT, **given)


def test_what_is_recorded_after_the_subscription_is_delivered_in_order_and_once(cast, clock, receiver):
    fill(cast, 3)
    subscribed(cast)  # event 4 tells of it
    fill(cast, 5)
    tally = send_due(clock=clock, send=receiver)
    assert (receiver.came, tally.delivered) == ([5, 6, 7, 8, 9], 5)
    send_due(clock=clock, send=receiver)
    assert receiver.came == [5, 6, 7, 8, 9]


def test_a_subscription_gets_its_types_and_its_zone_alone(cast, other_zone, clock, receiver):
    subscribed(cast, types="facts.read, subscription.*")
    fill(cast, 3)
    fill(other_zone, 3)
    send_due(clock=clock, send=receiver)
    assert receiver.came == [1], "that it was made itself, which shows that the way is open"
    subscribed(cast, types="*")
    send_due(clock=clock, send=receiver)
    assert receiver.came == [1, 5, 5], "both are told of the second"


@pytest.mark.parametrize(
    ("types", "type", "wanted"),
    [
        ("*", "a.b", True),
        ("a.b", "a.b", True),
        ("a.*", "a.b", True),
        ("c.d, a.*", "a.b", True),
        ("a.*", "ab.c", False),
        ("a.b", "a.bc", False),
        ("", "a.b", False),
    ],
)
def test_types_are_chosen_by_name_or_by_family(types, type, wanted):
    assert wants(types, type) is wanted


def test_a_receiver_that_is_down_for_a_day_gets_everything_afterwards_in_order(cast, clock, receiver):
    subscribed(cast)
    fill(cast, 4)
    receiver.error = "unreachable"
    tries = 0
    while clock.now < AT + timedelta(hours=24):
        tries += send_due(clock=clock, send=receiver).failed
        clock.now += timedelta(minutes=20)
    assert 8 <= tries <= 14, "the waits grow"
    receiver.error = ""
    clock.now += timedelta(hours=8)
    send_due(clock=clock, send=receiver)
    assert receiver.came == [2, 3, 4, 5]


def test_a_delivery_is_given_up_after_three_days_and_the_next_ones_go_on(cast, clock, receiver):
    made = subscribed(cast)
    fill(cast, 1)
    receiver.error = "http:500"
    for _ in range(len(WAITS) + 1):
        send_due(clock=clock, send=receiver)
        clock.now += timedelta(hours=8)
    assert sum(WAITS) > 3 * 86_400
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error, delivery.error.zh) == (
        "given_up",
        "http:500",
        "对方回答 500",
    )
    receiver.error = ""
    fill(cast, 1)
    send_due(clock=clock, send=receiver)
    assert receiver.came == [3]
    assert retry_deliveries(by=cast.person("administrator"), subscription_id=made.pk, at=clock.now) == 1
    send_due(clock=clock, send=receiver)
    assert receiver.came == [3, 2]


def test_one_receiver_that_is_down_holds_nobody_else_back(cast, clock):
    broken, whole = subscribed(cast), subscribed(cast)
    fill(cast, 3)
    came = []

    def send(delivery: Delivery, at: datetime) -> str:
        if delivery.subscription_id == broken.pk:
            return "timeout"
        came.append(delivery.event.sequence)
        return ""

    send_due(clock=clock, send=send)
    assert came == [3, 4, 5]
    assert whole.pk != broken.pk


def test_two_senders_never_hold_the_same_delivery(cast):
    made = subscribed(cast)
    fill(cast, 2)
    gather(at=AT)
    first = claim(subscription_id=made.pk, at=AT)
    assert first is not None
    assert claim(subscription_id=made.pk, at=AT) is None, "not the same, and not the one behind it"


def test_a_sender_that_was_cut_off_is_taken_over_and_its_late_word_changes_nothing(cast, clock, receiver):
    made = subscribed(cast)
    fill(cast, 2)
    gather(at=AT)
    lost = claim(subscription_id=made.pk, at=AT)
    send_due(clock=clock, send=receiver)
    assert receiver.came == [], "held until the lease is over"
    clock.now += LEASE + timedelta(seconds=1)
    send_due(clock=clock, send=receiver)
    assert receiver.came == [2, 3]
    delivering.put_down(lost, error="timeout", at=clock.now, tally=delivering.Tally())
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


class Killed(BaseException):
    """The sender is killed: nothing after this happens."""


def test_a_sender_killed_anywhere_loses_nothing_and_disorders_nothing(cast, clock, monkeypatch):
    subscribed(cast)
    chance = random.Random(11)
    came: list[int] = []

    def falls(seldom: int) -> None:
        if chance.randrange(seldom) == 0:
            raise Killed

    def send(delivery: Delivery, at: datetime) -> str:
        falls(6)
        came.append(delivery.event.sequence)
        falls(6)
        return ""

    plain_claim, plain_word, plain_slice = delivering.claim, delivering.put_down, delivering._gather_slice

    def claim_or_fall(**given):
        falls(12)
        claimed = plain_claim(**given)
        falls(12)
        return claimed

    def word_or_fall(delivery, **given):
        falls(12)
        plain_word(delivery, **given)
        falls(12)

    def slice_or_fall(*given):
        falls(4)
        made = plain_slice(*given)
        falls(4)
        return made

    monkeypatch.setattr(delivering, "claim", claim_or_fall)
    monkeypatch.setattr(delivering, "put_down", word_or_fall)
    monkeypatch.setattr(delivering, "_gather_slice", slice_or_fall)
    kills = 0
    fill(cast, 40)
    for _ in range(120):
        try:
            send_due(clock=clock, send=send)
        except Killed:
            kills += 1
        clock.now += LEASE + timedelta(seconds=1)
    first_time = list(dict.fromkeys(came))
    assert kills > 20
    assert first_time == list(range(2, 42)), "none is missing, none out of order"
    assert came == sorted(came), "only the same one may come again, before any later one"


def test_the_envelope_is_a_cloud_event_and_keeps_names_and_payloads_here(cast, settings):
    settings.ADDRESS = "https://kaiyuan.example"
    fill(cast, 1)
    event = Event.objects.get()
    told = cloud_event(event, zone_code="east")
    assert {name: told[name] for name in ("specversion", "id", "source", "type", "subject", "time")} == {
        "specversion": "1.0",
        "id": "east-1",
        "source": "https://kaiyuan.example/journal/east",
        "type": "org.kaiyuan.enterprise.noted.v1",
        "subject": "enterprise:91370800MA0000015H",
        "time": "2026-11-20T01:12:00.000000Z",
    }
    assert told["data"]["address"] == "https://kaiyuan.example/journal/1/"
    body = body_of(event, zone_code="east").decode()
    for secret in ("营业收入已核对", event.actor_label, event.actor, event.idempotency_key):
        assert secret not in body


def test_a_checkpoint_travels_whole_so_that_the_receiver_is_a_witness(cast, settings, tmp_path):
    settings.CHECKPOINT_KEY = str(tmp_path / "key.pem")
    make_key(tmp_path / "key.pem")
    fill(cast, 1)
    made = make_checkpoint(by=cast.person("auditor"), verified=verify(zone_id=cast.zone.pk), at=AT)
    told = json.loads(body_of(Event.objects.get(sequence=2), zone_code="east"))
    assert told["data"]["payload"]["note"] == made.note


def test_mail_says_what_happened_in_both_languages_and_where_to_read_it(cast, clock, settings):
    settings.ADDRESS = "https://kaiyuan.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    subscribed(cast, kind="mail", target="watch@receiver.example")
    fill(cast, 1)
    send_due(clock=clock)
    (sent,) = mail.outbox
    assert sent.to == ["watch@receiver.example"]
    assert sent.subject == "[开园] 修改企业备注 · Note of an enterprise changed (east 2)"
    assert sent.body.splitlines()[-1] == "https://kaiyuan.example/journal/2/"
    assert sent.extra_headers["Message-ID"] == "<east-2@kaiyuan.example>"
    assert "营业收入" not in sent.body


def test_mail_that_cannot_be_sent_waits(cast, clock, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    subscribed(cast, kind="mail", target="watch@receiver.example")
    fill(cast, 1)
    assert send_due(clock=clock).failed == 1
    assert Delivery.objects.get().last_error == "mail"


def test_an_ended_subscription_gets_nothing_more(cast, clock, receiver):
    made = subscribed(cast)
    fill(cast, 2)
    gather(at=AT)
    end_subscription(by=cast.person("administrator"), subscription_id=made.pk, at=AT)
    end_subscription(by=cast.person("administrator"), subscription_id=made.pk, at=AT)
    fill(cast, 2)
    send_due(clock=clock, send=receiver)
    assert receiver.came == []
    assert retry_deliveries(by=cast.person("administrator"), subscription_id=made.pk, at=AT) == 0
    assert list(Event.objects.filter(type="subscription.ended").values_list("subject", flat=True)) == [
        f"subscription:{made.pk}"
    ]


@pytest.mark.parametrize(
    ("kind", "target", "said"),
    [
        ("webhook", "receiver.example", "写 https:// 开头的地址。"),
        ("webhook", "ftp://receiver.example/", "写 https:// 开头的地址。"),
        ("webhook", "https://", "写 https:// 开头的地址。"),
        ("webhook", "https://a b.example/", "写 https:// 开头的地址。"),
        ("webhook", "https://receiver.example:99999/", "写 https:// 开头的地址。"),
        ("webhook", "https://user:word@receiver.example/", "地址里不能有用户名、口令或片段。"),
        ("webhook", "https://receiver.example/#x", "地址里不能有用户名、口令或片段。"),
        ("webhook", "https://10.0.0.1/", "不能发往内部地址。"),
        ("webhook", "https://[::1]/", "不能发往内部地址。"),
        ("webhook", "https://localhost/", "不能发往内部地址。"),
        ("mail", "nobody", "这不是邮件地址。"),
        ("mail", "a@b.example\nBcc: c@d.example", "这不是邮件地址。"),
    ],
)
def test_a_target_that_cannot_be_used_is_refused_beside_its_field(cast, kind, target, said):
    with pytest.raises(Unusable) as refused:
        subscribed(cast, kind=kind, target=target)
    assert (refused.value.field, refused.value.said.zh) == ("target", said)


def test_production_speaks_https_alone(cast, settings):
    assert subscribed(cast, target="http://receiver.example/").pk
    settings.PRODUCTION = True
    with pytest.raises(Unusable, match="begins with https"):
        subscribed(cast, target="http://receiver.example/")


@pytest.mark.parametrize("types", ["", "everything", "a.b.c", "a b", "A.b", "a.b,*x", "x." + "y" * 300])
def test_types_that_are_none_are_refused(cast, types):
    with pytest.raises(Unusable) as refused:
        subscribed(cast, types=types)
    assert refused.value.field == "types"


def test_only_an_administrator_of_the_zone_touches_subscriptions(cast, other_zone):
    made = subscribed(cast)
    for role in ("auditor", "supervisor", "officer"):
        with pytest.raises(Absent):
            end_subscription(by=cast.person(role), subscription_id=made.pk, at=AT)
    with pytest.raises(Absent):
        end_subscription(by=other_zone.person("administrator"), subscription_id=made.pk, at=AT)
    with pytest.raises(Absent):
        retry_deliveries(by=other_zone.person("administrator"), subscription_id=made.pk, at=AT)
    assert Subscription.objects.get().ended_at is None


def test_the_journal_names_the_host_of_a_target_and_not_its_token_or_person(cast):
    subscribed(cast, target="https://receiver.example/in/token123?key=456")
    subscribed(cast, kind="mail", target="zhang.san@receiver.example")
    said = " ".join(Event.objects.values_list("payload", flat=True))
    assert "receiver.example" in said
    assert not any(secret in said for secret in ("token123", "456", "zhang.san"))
    assert issubclass(Unusable, InputError)
