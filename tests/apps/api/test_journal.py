"""The journal by the API: what happened, proof of it, verification, checkpoints, and who outside is told."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.apps.api.calls import machine, something_happened, subscription

from kaiyuan.apps.journal.models import Delivery, KeptAnswer, Subscription

JOURNAL = "/api/v1/journal"


@pytest.fixture
def client(cast):
    return lambda role: Client(headers=machine(cast, role) | {"Accept-Language": "en"})


def post(client: Client, path: str, body: dict | None = None, key: str = "k"):
    return client.post(f"{JOURNAL}/{path}", body or {}, "application/json", headers={"Idempotency-Key": key})


def test_events_come_newest_first_and_go_on_by_cursor(cast, client):
    for _ in range(5):
        something_happened(cast)
    seen, cursor = [], ""
    while cursor is not None:
        page = client("auditor").get(f"{JOURNAL}/events", {"limit": 2, "cursor": cursor}).json()
        seen += [each["sequence"] for each in page["items"]]
        cursor = page["next"]
    assert seen == [5, 4, 3, 2, 1]
    assert client("auditor").get(f"{JOURNAL}/events", {"type": "rules.*"}).json()["items"] == []
    assert client("officer").get(f"{JOURNAL}/events").status_code == 404


def test_an_event_says_whether_it_is_what_was_recorded_and_proves_itself(cast, client):
    something_happened(cast)
    auditor = client("auditor")
    event = auditor.get(f"{JOURNAL}/events/1").json()
    assert (event["fits"], event["checkpoint"], event["payload"]) == (True, None, {"signs": 1})
    assert auditor.get(f"{JOURNAL}/events/1/proof").status_code == 404
    made = post(auditor, "checkpoints")
    assert (made.status_code, made.json()["size"]) == (201, 1)
    assert auditor.get(f"{JOURNAL}/events/1").json()["checkpoint"] == 1
    proof = auditor.get(f"{JOURNAL}/events/1/proof").json()
    assert (proof["hash"], proof["checkpoint"]) == (event["hash"], made.json()["note"])


def test_a_verification_tells_what_it_found_and_is_put_down(cast, client):
    something_happened(cast)
    auditor = client("auditor")
    assert auditor.get(f"{JOURNAL}/verification").status_code == 404
    found = post(
        auditor, "verification", {"note": post(auditor, "checkpoints").json()["note"]}, key="v"
    ).json()
    assert (found["whole"], found["counted"], found["checkpoints_from_outside"]) == (True, 2, 1)
    assert auditor.get(f"{JOURNAL}/verification").json() == found


def test_a_note_that_is_no_checkpoint_proves_nothing_and_is_refused(cast, client):
    something_happened(cast)
    answer = post(client("auditor"), "verification", {"note": "hello"})
    assert answer.status_code == 422
    assert "checkpoint" in answer.json()["errors"][0]["detail"]


def test_a_site_without_a_key_says_so_and_not_where_it_looked(cast, client, settings):
    settings.CHECKPOINT_KEY = "/nowhere/secret-place.pem"
    something_happened(cast)
    answer = post(client("auditor"), "checkpoints")
    assert answer.status_code == 409
    assert "no key" in answer.json()["detail"]
    assert "secret-place" not in answer.content.decode()


def test_the_secret_of_a_subscription_is_shown_once(client):
    body = {"kind": "webhook", "target": "https://receiver.example/in", "types": "checkpoint.made"}
    administrator = client("administrator")
    made, again = (post(administrator, "subscriptions", body).json() for _ in range(2))
    assert len(made["secret"]) > 20
    assert again == made | {"secret": None}
    assert made["secret"] not in repr(list(KeptAnswer.objects.values()))
    shown = administrator.get(f"{JOURNAL}/subscriptions/{made['id']}")
    assert made["secret"] not in shown.content.decode()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"target": "https://127.0.0.1/in"}, "/body/target"),
        ({"target": "https://[::ffff:10.0.0.1]/in"}, "/body/target"),
        ({"kind": "mail", "target": "nobody"}, "/body/target"),
        ({"types": "everything"}, "/body/types"),
    ],
)
def test_an_inner_address_or_a_type_that_cannot_be_is_refused_at_its_field(client, changes, pointer):
    body = {"kind": "webhook", "target": "https://receiver.example/in", "types": "*"}
    answer = post(client("administrator"), "subscriptions", body | changes)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not Subscription.objects.exists()


def test_a_subscription_tells_of_its_deliveries_is_tried_again_and_ends(cast, client):
    number, administrator = subscription(cast), client("administrator")
    shown = administrator.get(f"{JOURNAL}/subscriptions/{number}").json()
    assert (shown["given_up"], [each["state"] for each in shown["deliveries"]]) == (1, ["given_up"])
    assert post(administrator, f"subscriptions/{number}/retry").json() == {"deliveries": 1}
    ended = post(administrator, f"subscriptions/{number}/end", key="e").json()
    assert ended["ended_at"] is not None
    assert Delivery.objects.get().state == "given_up"
