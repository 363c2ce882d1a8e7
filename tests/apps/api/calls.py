"""One good call of every endpoint that writes; an endpoint without a line here fails the suite."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from tests.apps.intake_files import LIST, put_import
from tests.cast import AT, OWN, Cast

from kaiyuan.apps.journal.actions import record, subscribe
from kaiyuan.apps.journal.models import Delivery, Event
from kaiyuan.apps.zones.keys import new_key
from kaiyuan.apps.zones.models import ApiKey
from kaiyuan.site.api import api

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Sample:
    """A call that succeeds: who makes it, where, with what, and the event that it leaves.

    `before` makes what the call needs and gives the names of the path; `changed` is what another body says.
    `version` is the version to send as If-Match, where the endpoint asks for one. `by_session`: a person calls, for
    a key may not. `file` is sent in a form with the body. `shown_once` names what a retry does not get again.
    """

    role: str
    event: str
    body: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[Cast], dict[str, Any]] = lambda cast: {}
    version: int | None = None
    file: tuple[str, str, str] | None = None
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


def something_happened(cast: Cast) -> dict[str, Any]:
    """Put an event down, so that there is a chain."""
    with transaction.atomic():
        record(
            by=cast.person("officer"),
            type="enterprise.noted",
            subject=f"enterprise:{OWN}",
            at=AT,
            payload={"signs": 1},
        )
    return {}


def subscription(cast: Cast) -> int:
    """Make a subscription with a delivery that was given up; give its number."""
    by = cast.person("administrator")
    made = subscribe(by=by, kind="mail", target="watch@receiver.example", types="*", at=AT)
    something_happened(cast)
    event = Event.objects.filter(chain__zone=cast.zone).latest("sequence")
    Delivery.objects.create(subscription=made, event=event, state="given_up", next_at=AT)
    return made.pk


SAMPLES: dict[str, Sample] = {
    "enterprises_correct": Sample(
        "officer",
        "fact.corrected",
        {"year": 2025, "value": 123_400, "reason": "审计报告"},
        {"value": 123_500},
        lambda cast: {"code": OWN, "name": "total_assets"},
        version=0,
    ),
    "enterprises_note": Sample(
        "officer",
        "enterprise.noted",
        {"note": "重点联系"},
        {"note": "x"},
        lambda cast: {"code": OWN},
        version=1,
    ),
    "intake_upload": Sample(
        "officer",
        "import.uploaded",
        {"as_of": "2026-11-20", "data_date": "2026-10-31"},
        {"as_of": "2026-11-19"},
        file=("file", "名单.csv", LIST),
    ),
    "intake_columns": Sample(
        "officer",
        "import.mapped",
        {"columns": {"A": {"fact": "subject_name"}, "B": {"fact": "subject"}, "C": {"fact": "staff"}}},
        {"columns": {"A": {"fact": "subject_name"}, "B": {"fact": "subject"}}},
        lambda cast: {"number": put_import(cast, done=False)},
        version=1,
    ),
    "intake_start": Sample(
        "officer",
        "import.started",
        before=lambda cast: {"number": put_import(cast, done=False)},
        version=1,
    ),
    "intake_undo": Sample(
        "officer",
        "source.withdrawn",
        {"reason": "文件有误"},
        {"reason": "x"},
        lambda cast: {"number": put_import(cast, done=True)},
        version=3,
    ),
    "journal_verify": Sample(
        "auditor", "journal.verified", {"note": ""}, {"note": " "}, lambda cast: something_happened(cast)
    ),
    "journal_make_checkpoint": Sample(
        "auditor", "checkpoint.made", before=lambda cast: something_happened(cast)
    ),
    "journal_subscribe": Sample(
        "administrator",
        "subscription.made",
        {"kind": "webhook", "target": "https://receiver.example/events", "types": "checkpoint.made"},
        {"types": "*"},
        shown_once="secret",
    ),
    "journal_end_subscription": Sample(
        "administrator", "subscription.ended", before=lambda cast: {"number": subscription(cast)}
    ),
    "journal_retry_deliveries": Sample(
        "administrator", "deliveries.retried", before=lambda cast: {"number": subscription(cast)}
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
    body = {**sample.body, **(changes or {})}
    data, kind = json.dumps(body), "application/json"
    if sample.file is not None:
        field, called, content = sample.file
        upload = SimpleUploadedFile(called, content.encode("utf-8-sig"))
        data, kind = encode_multipart(BOUNDARY, {**body, field: upload}), MULTIPART_CONTENT
    return Client().generic(method.upper(), path.format(**names), data, content_type=kind, headers=sent)
