"""One good call of every endpoint that writes; an endpoint without a line here fails the suite."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.cast import OWN, Cast

from kaiyuan.apps.zones.keys import new_key
from kaiyuan.apps.zones.models import ApiKey
from kaiyuan.site.api import api

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Sample:
    """A call that succeeds: who makes it, where, with what, and the event that it leaves.

    `before` makes what the call needs and gives the names of the path; `changed` is what another body says.
    `version` is the version to send as If-Match, where the endpoint asks for one. `by_session`: a person calls, for
    a key may not. `shown_once` names what a retry does not get again.
    """

    role: str
    event: str
    body: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[Cast], dict[str, Any]] = lambda cast: {}
    version: int | None = None
    by_session: bool = False
    shown_once: str = ""


def made_key(cast: Cast, role: str, *, scopes: str) -> tuple[ApiKey, str]:
    """Make a key for the person in a role; give it with its text."""
    key, now = new_key(), timezone.now()
    made = ApiKey.objects.create(
        membership=cast.people[role],
        name="machine",
        prefix=key.prefix,
        digest=key.digest,
        scopes=scopes,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    return made, key.text


def old_key(cast: Cast, role: str) -> int:
    """Make a key that may be revoked; give its number."""
    return made_key(cast, role, scopes="read")[0].pk


SAMPLES: dict[str, Sample] = {
    "facts_correct": Sample(
        "officer",
        "fact.corrected",
        {"year": 2025, "value": 123_400, "reason": "审计报告"},
        {"value": 123_500},
        lambda cast: {"code": OWN, "name": "revenue"},
    ),
    "people_invite": Sample(
        "administrator",
        "member.invited",
        {"name": "newcomer", "full_name": "新人", "role": "auditor", "starts_on": "2026-11-20"},
        {"full_name": "另一个人"},
    ),
    "people_give_place": Sample(
        "administrator",
        "member.place_given",
        {"role": "policy_editor", "starts_on": "2026-11-20"},
        {"starts_on": "2026-11-21"},
        lambda cast: {"number": cast.people["supervisor"].pk},
    ),
    "people_end": Sample(
        "administrator",
        "member.ended",
        {"last_day": "2027-12-31", "reason": "调离"},
        {"reason": "退休"},
        lambda cast: {"number": cast.people["supervisor"].pk},
    ),
    "people_link": Sample(
        "administrator",
        "member.link_made",
        before=lambda cast: {"number": cast.people["officer"].pk},
        by_session=True,
        shown_once="link",
    ),
    "people_make_key": Sample(
        "officer",
        "api_key.made",
        {"name": "报表系统", "scopes": ["read"], "days": 30},
        {"days": 31},
        by_session=True,
        shown_once="text",
    ),
    "people_revoke_key": Sample(
        "officer", "api_key.revoked", before=lambda cast: {"number": old_key(cast, "officer")}
    ),
    "enterprises_start_run": Sample("officer", "rules.run", {"as_of": "2026-11-20"}, {"as_of": "2026-11-19"}),
}


@cache
def description() -> dict[str, Any]:
    """Give the description of the API."""
    return api.get_openapi_schema(path_prefix=f"{PREFIX}/")


def operations() -> dict[str, tuple[str, str]]:
    """Give the method and the path of each operation by its name."""
    return {
        operation["operationId"]: (method, path)
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
    }


def writing() -> list[str]:
    """Give the names of the operations that write."""
    return sorted(name for name, (method, _) in operations().items() if method != "get")


def machine(cast: Cast, role: str, *, scopes: str = "read,write") -> dict[str, str]:
    """Make a key for the person in a role and give the header that it is sent in."""
    return {"Authorization": f"Bearer {made_key(cast, role, scopes=scopes)[1]}"}


TOKEN = "t" * 32
"""The token of forms, as the cookie and as the header."""


def cookies(cast: Cast, role: str) -> dict[str, str]:
    """Log the person in a role in and give the cookies of the session."""
    client = Client()
    client.force_login(cast.user(role), backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN}


def browser(cast: Cast, role: str) -> dict[str, str]:
    """Log the person in a role in and give the headers of a page of ours."""
    held = "; ".join(f"{name}={value}" for name, value in cookies(cast, role).items())
    return {"Cookie": held, "X-CSRFToken": TOKEN}


def caller_of(cast: Cast, name: str) -> dict[str, str]:
    """Give the headers of whoever makes a sample's call."""
    sample = SAMPLES[name]
    return browser(cast, sample.role) if sample.by_session else machine(cast, sample.role)


def send(
    name: str,
    names: Mapping[str, Any],
    *,
    headers: Mapping[str, str],
    changes: Mapping[str, Any] | None = None,
):
    """Make the sample's call; `changes` alter its body."""
    sample, (method, path) = SAMPLES[name], operations()[name]
    sent = dict(headers)
    if sample.version is not None:
        sent.setdefault("If-Match", f'"{sample.version}"')
    return Client(raise_request_exception=True).generic(
        method.upper(),
        path.format(**names),
        json.dumps({**sample.body, **(changes or {})}),
        content_type="application/json",
        headers=sent,
    )
