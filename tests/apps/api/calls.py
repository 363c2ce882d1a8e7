"""One good call of every endpoint that writes; an endpoint without a line here fails the suite."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

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
    `version` is the version to send as If-Match, where the endpoint asks for one.
    """

    role: str
    event: str
    body: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[Cast], dict[str, Any]] = lambda cast: {}
    version: int | None = None


SAMPLES: dict[str, Sample] = {
    "facts_correct": Sample(
        "officer",
        "fact.corrected",
        {"year": 2025, "value": 123_400, "reason": "审计报告"},
        {"value": 123_500},
        lambda cast: {"code": OWN, "name": "revenue"},
    ),
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
    key, now = new_key(), timezone.now()
    ApiKey.objects.create(
        membership=cast.people[role],
        name="machine",
        prefix=key.prefix,
        digest=key.digest,
        scopes=scopes,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    return {"Authorization": f"Bearer {key.text}"}


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
