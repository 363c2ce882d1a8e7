"""A passkey lets in its owner alone, once for each question, and nobody who only has a copy of an answer."""

from __future__ import annotations

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.cache import cache
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from tests.cast import PASSWORD

LOGIN, ADD = "/accounts/2fa/webauthn/login/", "/accounts/2fa/webauthn/add/"
ORIGIN = "http://testserver"
SEEN = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class SoftKey:
    """A passkey made of software: it registers, and answers questions."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.identity = hashlib.sha256(b"soft key").digest()
        self.owner = b""

    def registers(self, options: dict) -> str:
        """Give what a browser says when it registers this key."""
        asked = options["publicKey"]
        self.owner = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.private.public_key())
        data = AuthenticatorData.create(
            self._site(asked["rp"]["id"]),
            SEEN | AuthenticatorData.FLAG.AT,
            0,
            AttestedCredentialData.create(bytes(16), self.identity, public),
        )
        told = self._told(CollectedClientData.TYPE.CREATE, asked["challenge"])
        return self._said(clientDataJSON=told, attestationObject=AttestationObject.create("none", data, {}))

    def answers(self, options: dict, *, origin: str = ORIGIN) -> str:
        """Give what a browser says when this key is asked."""
        asked = options["publicKey"]
        data = AuthenticatorData.create(self._site(asked["rpId"]), SEEN, 1)
        told = self._told(CollectedClientData.TYPE.GET, asked["challenge"], origin)
        signature = self.private.sign(data + told.hash, ec.ECDSA(SHA256()))
        return self._said(
            clientDataJSON=told, authenticatorData=data, signature=signature, userHandle=self.owner
        )

    def _said(self, **response: bytes) -> str:
        identity = websafe_encode(self.identity)
        return json.dumps(
            {
                "id": identity,
                "rawId": identity,
                "type": "public-key",
                "clientExtensionResults": {"credProps": {"rk": True}},
                "response": {name: websafe_encode(value) for name, value in response.items()},
            }
        )

    @staticmethod
    def _site(name: str) -> bytes:
        return hashlib.sha256(name.encode()).digest()

    @staticmethod
    def _told(kind: str, challenge: str, origin: str = ORIGIN) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(challenge), origin)


@pytest.fixture
def key(cast) -> SoftKey:
    """Give a passkey that the officer of the cast has registered, good to log in alone."""
    cache.clear()
    client = Client()
    client.post("/accounts/login/", {"login": "east-officer", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    made = SoftKey()
    options = client.get(ADD).context["js_data"]["creation_options"]
    form = {"name": "我的电脑", "passwordless": "on", "credential": made.registers(options)}
    assert client.post(ADD, form).status_code == 302
    assert "我的电脑" in client.get("/accounts/2fa/webauthn/").content.decode()
    return made


def asked(client: Client) -> dict:
    return client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]


def test_a_passkey_lets_in_without_a_password(key):
    client = Client()
    assert client.post(LOGIN, {"credential": key.answers(asked(client))}).url == "/"
    assert client.get("/me/").context["place"].user.username == "east-officer"


def test_a_passkey_is_asked_for_as_second_factor(key):
    client = Client()
    answer = client.post("/accounts/login/", {"login": "east-officer", "password": PASSWORD})
    assert answer.url == "/accounts/2fa/authenticate/"
    assert client.get("/").url.startswith("/accounts/login/")
    options = client.get(answer.url).context["js_data"]["request_options"]
    assert client.post(answer.url, {"credential": key.answers(options)}).url == "/"


def test_an_answer_is_good_once_and_in_its_own_browser_alone(key):
    client, thief = Client(), Client()
    answer = key.answers(asked(client))
    asked(thief)
    assert thief.post(LOGIN, {"credential": answer}).url == "/accounts/login/"
    assert client.post(LOGIN, {"credential": answer}).url == "/"
    client.post("/accounts/logout/")
    assert client.post(LOGIN, {"credential": answer}).url == "/accounts/login/"


def test_a_key_that_only_has_the_same_name_is_refused_in_words(key):
    forged = SoftKey()
    forged.owner = key.owner
    client = Client()
    assert client.post(LOGIN, {"credential": forged.answers(asked(client))}).url == "/accounts/login/"
    assert "验证码不对" in client.get("/accounts/login/").content.decode()
    assert client.get("/").url.startswith("/accounts/login/")


def test_a_disabled_user_does_not_come_in_by_passkey(key, cast):
    officer = cast.user("officer")
    officer.is_active = False
    officer.save()
    client = Client()
    client.post(LOGIN, {"credential": key.answers(asked(client))})
    assert client.get("/").url.startswith("/accounts/login/")
