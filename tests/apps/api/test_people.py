"""Members and keys by the API: forms' own rules, secrets shown once, and nothing a key may make that opens a login."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.apps.api.calls import browser, machine

from kaiyuan.apps.journal.models import KeptAnswer
from kaiyuan.apps.zones.models import ApiKey, Membership

MEMBERS = "/api/v1/members"
KEYED = {"Idempotency-Key": "k", "Accept-Language": "en"}
NEW = {"name": "newcomer", "full_name": "新人", "role": "auditor", "starts_on": "2026-11-20"}


@pytest.fixture
def administrator(cast) -> Client:
    return Client(headers=machine(cast, "administrator") | {"Accept-Language": "en"})


def post(client: Client, path: str, body: dict, key: str = "k"):
    return client.post(path, body, "application/json", headers={"Idempotency-Key": key})


def test_members_are_listed_page_by_page_and_found_by_name(administrator):
    seen, cursor = [], ""
    while cursor is not None:
        page = administrator.get(MEMBERS, {"limit": 4, "cursor": cursor}).json()
        seen += [each["username"] for each in page["items"]]
        cursor = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == 6
    found = administrator.get(MEMBERS, {"q": "officer"}).json()["items"]
    assert [each["role"] for each in found] == ["officer"]


def test_an_invited_member_has_a_place_and_no_password(administrator):
    made = post(administrator, MEMBERS, NEW)
    assert made.status_code == 201
    place = Membership.objects.get(pk=made.json()["id"])
    assert (place.user.username, place.role) == ("east.newcomer", "auditor")
    assert not place.user.has_usable_password()
    assert administrator.get(f"{MEMBERS}/{place.pk}").json() == made.json()


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"role": "agent", "subject": "91370800MA0000015X"}, "/body/subject", "no credit code"),
        ({"role": "agent"}, "/body/subject", "acts for an enterprise"),
        ({"role": "officer"}, "/body/department", "belongs to a department"),
        ({"ends_on": "2026-11-01"}, "/body/ends_on", "before the first day"),
        ({"name": "Capital"}, "/body/name", "not written as it should be"),
    ],
)
def test_what_the_page_would_refuse_the_endpoint_refuses_in_the_same_words(
    administrator, changes, pointer, words
):
    answer = post(administrator, MEMBERS, NEW | changes)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert words in error["detail"]


def test_a_name_that_is_taken_is_told_beside_its_field(administrator):
    post(administrator, MEMBERS, NEW)
    answer = post(administrator, MEMBERS, NEW | {"full_name": "另一个"}, key="other")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/name")


def test_the_last_administrator_stays(cast, administrator):
    number = cast.people["administrator"].pk
    answer = post(administrator, f"{MEMBERS}/{number}/end", {"last_day": "2026-11-20", "reason": "x"})
    assert answer.status_code == 409
    assert "last administrator" in answer.json()["detail"]


def test_a_new_key_is_shown_once_kept_nowhere_and_works(cast):
    person = Client(headers=browser(cast, "officer"))
    body = {"name": "报表", "scopes": ["read"], "days": 30}
    made = post(person, "/api/v1/keys", body).json()
    assert post(person, "/api/v1/keys", body).json() == made | {"text": None}
    assert made["text"] not in repr(list(KeptAnswer.objects.values()) + list(ApiKey.objects.values()))
    used = Client(headers={"Authorization": f"Bearer {made['text']}"}).get("/api/v1/me")
    assert used.json()["scopes"] == ["read"]


def test_a_link_for_a_password_is_made_by_a_person_never_by_a_key(cast, administrator):
    path = f"{MEMBERS}/{cast.people['officer'].pk}/link"
    assert post(administrator, path, {}).status_code == 403
    made = post(Client(headers=browser(cast, "administrator")), path, {})
    assert made.status_code == 201
    page = Client().get(made.json()["link"].partition("8000")[2], follow=True)
    assert page.status_code == 200


def test_a_revoked_key_is_out_at_once(cast):
    headers = machine(cast, "officer")
    person = Client(headers=browser(cast, "officer"))
    (key,) = person.get("/api/v1/keys").json()["items"]
    assert post(person, f"/api/v1/keys/{key['id']}/revoke", {}).json()["state"] == "revoked"
    assert Client(headers=headers).get("/api/v1/me").status_code == 401
    assert post(person, f"/api/v1/keys/{key['id']}/revoke", {}, key="again").status_code == 409


def test_a_write_by_session_needs_the_token_of_our_pages(cast):
    headers = browser(cast, "officer")
    client = Client(enforce_csrf_checks=True)
    body = {"name": "x", "scopes": ["read"]}
    forged = client.post(
        "/api/v1/keys", body, "application/json", headers={"Cookie": headers["Cookie"]} | KEYED
    )
    assert (forged.status_code, forged.json()["type"]) == (403, "/api/v1/docs/#token-missing")
    assert client.post("/api/v1/keys", body, "application/json", headers=headers | KEYED).status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"{", 400, "unreadable"),
        (b"\xff\xfe", 400, "unreadable"),
        (b"[]", 422, "invalid"),
        (b'{"name":"\\ud800"}', 422, "invalid"),
        (b'{"name":"' + b"x" * (2 << 20) + b'"}', 413, "too-large"),
    ],
)
def test_a_body_that_is_no_good_is_refused_as_a_problem(administrator, body, status, name):
    answer = administrator.generic(
        "POST", MEMBERS, body, content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert (answer.status_code, answer.json()["type"]) == (status, f"/api/v1/docs/#{name}")
    assert answer["Content-Type"] == "application/problem+json"
