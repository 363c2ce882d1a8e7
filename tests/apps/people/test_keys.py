"""Keys for machines: made and shown once, good within their scopes, ended at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import AT

from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.people import actions, queries
from kaiyuan.apps.zones.models import ApiKey, Membership
from kaiyuan.apps.zones.rights import Absent

pytestmark = pytest.mark.django_db
FORM = {"name": "填报系统", "scopes": ["read"], "days": "30", "key": "k-1"}


def made(client: Client, **more) -> str:
    page = client.post("/me/keys/", {**FORM, **more}).content.decode()
    return re.search(r"<code>(ky_[^<]+)</code>", page)[1]


def test_a_key_is_shown_once_and_only_its_digest_is_kept(cast, client_of):
    client = client_of(cast, "officer")
    text = made(client)
    key = ApiKey.objects.get()
    secret = text.split("_", 2)[2]
    assert secret not in client.get("/me/keys/").content.decode()
    assert secret not in key.digest and key.prefix in text
    event = Event.objects.get(type="api_key.made")
    assert secret not in event.payload
    again = client.post("/me/keys/", FORM)
    assert again.status_code == 303 and ApiKey.objects.count() == 1


def test_a_key_opens_the_api_until_it_is_revoked(cast, client_of):
    client = client_of(cast, "officer")
    header = {"authorization": f"Bearer {made(client)}"}
    assert Client().get("/api/v1/me", headers=header).json()["role"] == "officer"
    key = ApiKey.objects.get()
    assert client.post(f"/me/keys/{key.pk}/revoke", {"key": "k-2"}).status_code == 303
    assert Client().get("/api/v1/me", headers=header).status_code == 401
    assert Event.objects.filter(type="api_key.revoked").count() == 1
    assert client.post(f"/me/keys/{key.pk}/revoke", {"key": "k-3"}).status_code == 409


def test_a_key_ends_with_the_place_it_speaks_for(cast, client_of):
    header = {"authorization": f"Bearer {made(client_of(cast, 'officer'))}"}
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(pk=cast.people["officer"].pk).update(ends_on=yesterday)
    assert Client().get("/api/v1/me", headers=header).status_code == 401


def test_keys_of_others_are_not_there(cast, client_of):
    made(client_of(cast, "officer"))
    key = ApiKey.objects.get()
    auditor = client_of(cast, "auditor")
    assert auditor.post(f"/me/keys/{key.pk}/revoke", {"key": "k"}).status_code == 404
    assert key.prefix not in auditor.get("/me/keys/").content.decode()
    with pytest.raises(Absent):
        actions.revoke_key(by=cast.person("auditor"), key_id=key.pk, at=AT)


@pytest.mark.parametrize(
    ("wrong", "field"), [({"name": ""}, "name"), ({"scopes": []}, "scopes"), ({"days": "9999"}, "days")]
)
def test_what_is_wrong_with_a_new_key_stands_beside_its_field(cast, client_of, wrong, field):
    page = client_of(cast, "officer").post("/me/keys/", {**FORM, **wrong})
    assert list(page.context["form"].errors) == [field]
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("scopes", "days"), [({"read", "everything"}, 30), (set(), 30), ({"read"}, 0), ({"read"}, 366)]
)
def test_no_way_leads_to_a_key_with_strange_scopes_or_without_end(cast, scopes, days):
    with pytest.raises(actions.Unusable):
        actions.make_key(by=cast.person("officer"), name="x", scopes=frozenset(scopes), days=days, at=AT)


def test_the_state_of_a_key_is_told(cast):
    by = cast.person("officer")
    actions.make_key(by=by, name="old", scopes=frozenset({"read"}), days=1, at=AT)
    actions.make_key(by=by, name="new", scopes=frozenset({"read"}), days=30, at=AT)
    later = AT + timedelta(days=2)
    assert {line.key.name: line.state for line in queries.keys(by=by, at=later)} == {
        "old": "expired",
        "new": "good",
    }
