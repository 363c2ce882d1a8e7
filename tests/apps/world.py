"""Two zones with one of everything, so that every address has an object of one's own, another's and another zone's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from tests.apps.facts_of_cast import FIRST, put_in
from tests.apps.intake_files import put_import
from tests.cast import AT, ELSEWHERE, ON, Cast

from kaiyuan.apps.enterprises.models import Run
from kaiyuan.apps.journal.actions import make_checkpoint, record, subscribe
from kaiyuan.apps.journal.queries import verify
from kaiyuan.apps.zones.keys import new_key
from kaiyuan.apps.zones.models import ROLES, ApiKey

ABSENT = {"id": 999_999, "code": "91110108MA01ABCD6L", "name": "no_such_thing"}
ROLE_NAMES = tuple(role for role, _ in ROLES)


@dataclass(frozen=True)
class World:
    """The zone that tries, and the zone of which it may see nothing."""

    here: Cast
    there: Cast
    checkpoints: dict[str, int]
    imports: dict[str, dict[str, int]]
    subscriptions: dict[str, int]
    runs: dict[str, int]


def make_world(here: Cast, there: Cast) -> World:
    """Put one of everything into both zones; there is more in the other, so that its numbers are absent here."""
    put_in(here, **FIRST)
    for cast in (here, there):
        for role, place in cast.people.items():
            new = new_key()
            ApiKey.objects.create(
                membership=place,
                name=f"key of {role}",
                prefix=new.prefix,
                digest=new.digest,
                scopes="read",
                created_at=AT,
                expires_at=AT + timedelta(days=3650),
            )
            Authenticator.objects.create(
                user=place.user,
                type=Authenticator.Type.WEBAUTHN,
                data={"name": f"passkey of {role}", "credential": registered(f"{cast.zone.code} {role}")},
            )
    for _ in range(20):
        with transaction.atomic():
            record(
                by=there.person("officer"),
                type="enterprise.noted",
                subject=f"enterprise:{ELSEWHERE}",
                at=AT,
                payload={},
            )
    return World(
        here,
        there,
        checkpoints={cast.zone.code: _checkpoint(cast) for cast in (here, there)},
        subscriptions={cast.zone.code: _subscription(cast) for cast in (here, there)},
        runs={cast.zone.code: _run(cast) for cast in (here, there)},
        imports={
            cast.zone.code: {"uploaded": put_import(cast, done=False), "done": _import_of_all(cast)}
            for cast in (here, there)
        },
    )


def _import_of_all(cast: Cast) -> int:
    """Read a file in that speaks of every enterprise alike, so that one's own and another's are of one version."""
    lines = [f"{firm.name}的新名称,{firm.code},12" for firm in cast.firms]
    text = "\n".join(["企业名称,统一社会信用代码,从业人员", *lines, "乙（合成）,91X,3"])
    return put_import(cast, done=True, text=text + "\n")


def _run(cast: Cast) -> int:
    made = Run.objects.create(
        zone=cast.zone,
        started_by=cast.people["officer"],
        as_of=ON,
        known_at=AT,
        started_at=AT,
        finished_at=AT,
    )
    return made.pk


def _subscription(cast: Cast) -> int:
    by = cast.person("administrator")
    return subscribe(by=by, kind="mail", target="watch@receiver.example", types="facts.*", at=AT).pk


def _checkpoint(cast: Cast) -> int:
    verified = verify(zone_id=cast.zone.pk)
    return make_checkpoint(by=cast.person("auditor"), verified=verified, at=AT).size


def registered(name: str) -> dict[str, object]:
    """Give what a browser says when it registers a passkey that nobody has the private key of."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    identity = hashlib.sha256(name.encode()).digest()
    data = AuthenticatorData.create(
        hashlib.sha256(b"testserver").digest(),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(bytes(16), identity, public),
    )
    told = CollectedClientData.create(CollectedClientData.TYPE.CREATE, bytes(32), "http://testserver")
    return {
        "id": websafe_encode(identity),
        "rawId": websafe_encode(identity),
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": websafe_encode(told),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }


def passkey_of(cast: Cast, role: str) -> int:
    """Give the number of a person's passkey."""
    return Authenticator.objects.get(user=cast.user(role), type=Authenticator.Type.WEBAUTHN).pk


def key_of(cast: Cast, role: str) -> int:
    """Give the number of a person's API key."""
    return ApiKey.objects.get(membership=cast.people[role]).pk


def another(role: str) -> str:
    """Give another role of the same zone."""
    return ROLE_NAMES[(ROLE_NAMES.index(role) + 1) % len(ROLE_NAMES)]
