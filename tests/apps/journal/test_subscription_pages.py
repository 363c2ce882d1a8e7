"""The pages of the outbox: an administrator tells somebody outside, an auditor sees what came of it."""

from __future__ import annotations

import pytest
from tests.cast import AT

from kaiyuan.apps.journal.actions import subscribe
from kaiyuan.apps.journal.models import Delivery, Event, Subscription
from kaiyuan.apps.journal.outbox.delivering import gather, send_due

NEW = "/journal/subscriptions/new/"
GIVEN = {
    "kind": "webhook",
    "target": "https://receiver.example/in",
    "types": "checkpoint.made,enterprise.*",
    "key": "k",
}


@pytest.fixture
def administrator(cast, client_of):
    return client_of(cast, "administrator")


def text(response) -> str:
    return response.content.decode()


def test_a_new_subscription_shows_its_secret_once(administrator):
    answer = administrator.post(NEW, GIVEN)
    made = Subscription.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/journal/subscriptions/{made.pk}/")
    assert made.types == "checkpoint.made, enterprise.*"
    assert made.secret in text(administrator.get(answer["Location"]))
    assert made.secret not in text(administrator.get(answer["Location"]))


def test_a_second_click_makes_no_second_subscription(administrator):
    for _ in range(2):
        assert administrator.post(NEW, GIVEN).status_code == 303
    assert (Subscription.objects.count(), Event.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        ({"target": "https://127.0.0.1/"}, "不能发往内部地址。", "An inner address is not allowed."),
        ({"types": "everything"}, "写事件类型，逗号分隔", "Write types by commas"),
        ({"target": ""}, "请填写。", "Fill this in."),
        ({"kind": "pigeon"}, "请选择一项。", "Choose one."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_in_the_reader_s_language(administrator, change, zh, en):
    for language, said in (("zh-hans", zh), ("en", en)):
        answer = administrator.post(NEW, GIVEN | change, headers={"Accept-Language": language})
        assert answer.status_code == 422
        assert said in text(answer)
    assert Subscription.objects.count() == 0


def test_an_auditor_sees_what_came_of_it_but_changes_nothing(cast, administrator, client_of):
    made = subscribe(
        by=cast.person("administrator"), kind="webhook", target="https://a.example/", types="*", at=AT
    )
    send_due(clock=lambda: AT, send=lambda delivery, at: "http:503")
    auditor = client_of(cast, "auditor")
    shown = text(auditor.get(f"/journal/subscriptions/{made.pk}/"))
    assert "对方回答 503" in shown
    assert "answered 503" in text(
        auditor.get(f"/journal/subscriptions/{made.pk}/", headers={"Accept-Language": "en"})
    )
    assert made.secret not in shown
    assert "停止外发" not in shown
    assert "https://a.example/" in text(auditor.get("/journal/subscriptions/"))
    for act in ("end", "retry"):
        assert auditor.post(f"/journal/subscriptions/{made.pk}/{act}", {"key": "k"}).status_code == 404
    assert auditor.get(NEW).status_code == 404


def test_an_administrator_tries_again_and_ends_it(cast, administrator):
    made = subscribe(
        by=cast.person("administrator"), kind="webhook", target="https://a.example/", types="*", at=AT
    )
    gather(at=AT)
    Delivery.objects.update(state="given_up", last_error="timeout", attempts=19)
    assert "对方没有及时回答" in text(administrator.get(f"/journal/subscriptions/{made.pk}/"))
    administrator.post(f"/journal/subscriptions/{made.pk}/retry", {"key": "k1"})
    assert set(Delivery.objects.values_list("state", "attempts")) == {("waiting", 0)}
    administrator.post(f"/journal/subscriptions/{made.pk}/end", {"key": "k2"})
    shown = text(administrator.get(f"/journal/subscriptions/{made.pk}/"))
    assert "已停止" in shown
    assert "订阅已停止" in shown
    types = list(Event.objects.order_by("sequence").values_list("type", flat=True))
    assert types == ["subscription.made", "deliveries.retried", "subscription.ended"]


def test_another_zone_s_subscription_is_not_there(cast, other_zone, administrator):
    made = subscribe(
        by=other_zone.person("administrator"), kind="webhook", target="https://a.example/", types="*", at=AT
    )
    assert administrator.get(f"/journal/subscriptions/{made.pk}/").status_code == 404
    assert administrator.post(f"/journal/subscriptions/{made.pk}/end", {"key": "k"}).status_code == 404
    assert "a.example" not in text(administrator.get("/journal/subscriptions/"))
