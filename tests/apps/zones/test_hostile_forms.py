"""Whatever is sent to the pages before login, they answer in words, never with a fault of ours."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

pytestmark = pytest.mark.django_db
TEXTS = [
    *("", " ", "x" * 100_000, "\x00", "a\x00b", "\u202eabc", "'; drop table x;--", "😀" * 99),
    "\ud800".encode("utf-8", "surrogatepass"),
]
CREDENTIALS = [
    "", "x", "null", "[]", "1", '"text"', "{}", '{"response": "x"}', '{"response": null}', '{"response": []}',
    json.dumps({"id": "x", "rawId": "x", "type": "public-key", "response": {}}),
    json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "clientExtensionResults": {},
                "response": {"clientDataJSON": "eA", "authenticatorData": "eA", "signature": "eA", "userHandle": "eA"}}),
    json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": {"userHandle": 5}}),
    "[" * 5000,
]  # fmt: skip
FORMS = {
    "/accounts/login/": ("login", "password"),
    "/accounts/2fa/authenticate/": ("code",),
    "/accounts/password/reset/key/1-set-password/": ("password1", "password2"),
    "/me/display": ("language", "text", "colours"),
}


@pytest.fixture
def client() -> Client:
    """Give a browser that shows a fault as its answer."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", FORMS)
def test_hostile_words_in_a_form_are_answered(client, address):
    for text in TEXTS:
        cache.clear()
        answer = client.post(address, dict.fromkeys(FORMS[address], text))
        assert answer.status_code < 500, text


def test_hostile_passkeys_are_answered(client):
    for credential in CREDENTIALS:
        cache.clear()
        client.get("/accounts/2fa/webauthn/login/")
        answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
        assert answer.status_code < 500, credential[:80]


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/password/reset/key/zzzzzzzzzzzzzzzzzzzzzz-x/",
        "/accounts/password/reset/key/0-/",
        "/accounts/oidc/%00/login/",
        "/people/99999999999999999999999/",
        "/accounts/login/?next=%00",
        "/accounts/login/?next=" + "x" * 5000,
        "/me/display?x=%ff",
    ],
)
def test_hostile_addresses_are_answered(client, address):
    assert client.get(address).status_code < 500
