"""Reading the access table, the addresses of the site, and objects for each address."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver
from tests.apps.world import ABSENT, World, another, key_of, passkey_of
from tests.cast import ELSEWHERE, OTHERS, OWN

from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts.queries import history

TABLE = Path(__file__).with_name("access_table.txt")
ROLES = ("nobody", "agent", "officer", "supervisor", "policy_editor", "auditor", "administrator")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    address: str
    method: str
    own: dict[str, int]
    others: dict[str, int]


def rows() -> list[Row]:
    """Read the table."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("/"):
            continue
        address, methods, *answers = line.split()
        assert len(answers) == len(ROLES), line
        own = {role: int(answer.split("/")[0]) for role, answer in zip(ROLES, answers, strict=True)}
        others = {role: int(answer.split("/")[-1]) for role, answer in zip(ROLES, answers, strict=True)}
        found += [Row(address, method, own, others) for method in methods.split(",")]
    return found


def addresses() -> dict[str, URLPattern]:
    """Give every address of the site as the table writes it, with its pattern."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for each in resolver.url_patterns:
            whole = prefix + str(each.pattern)
            if isinstance(each, URLPattern):
                yield PLAIN.get(whole, whole), each
            else:
                yield from walk(each, whole)

    return dict(walk(get_resolver(), "/"))


WHOSE = ("own", "others", "elsewhere", "absent")


def _firm(world: World, path: str) -> Enterprise:
    """Give the enterprise of a path in the zone that asks; for another zone's or none, one to fill the form with."""
    firms = Enterprise.objects.filter(zone=world.here.zone)
    return firms.filter(code=path.split("/")[2]).first() or firms.get(code=OWN)


def _told(world: World, path: str) -> int:
    return len(history(zone_id=world.here.zone.pk, subject=_firm(world, path).code, fact="staff"))


FORMS: dict[str, dict[str, Any]] = {
    "/me/place": {"membership": lambda world, role, _: world.here.people[role].pk},
    "/people/new/": {
        "name": "wang",
        "full_name": "x",
        "role": "auditor",
        "starts_on": "2026-11-20",
    },
    "/people/<int:membership_id>/place/": {"role": "auditor", "starts_on": "2026-11-20"},
    "/people/<int:membership_id>/end": {"last_day": "2026-11-20", "reason": "x"},
    "/enterprises/<str:code>/note/": {
        "note": "x",
        "version": lambda world, _, path: _firm(world, path).version,
    },
    "/enterprises/<str:code>/facts/<str:name>/": {
        "year": "2025",
        "value": "1",
        "reason": "x",
        "version": lambda world, _, path: _told(world, path),
    },
    "/me/keys/": {"name": "x", "scopes": "read", "days": "30"},
    "/imports/new/": {"as_of": "2026-11-20"},
    "/imports/<int:number>/columns/": {"version": "1"},
    "/imports/<int:number>/start/": {"version": "1"},
    "/imports/<int:number>/undo/": {"version": "3", "reason": "x"},
    "/journal/subscriptions/new/": {"kind": "mail", "target": "a@b.example", "types": "*"},
}
"""What a rightly filled form says, where there is more to say than its key; such a form acts, and is rolled back."""
FILES: dict[str, tuple[str, str, str]] = {
    "/imports/new/": ("file", "x.csv", f"企业名称,统一社会信用代码,从业人员\n甲,{OWN},1\n"),
}
"""The file that a form takes: field, name, content."""
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/members": {
        "name": "wang",
        "full_name": "x",
        "role": "auditor",
        "starts_on": "2026-11-20",
    },
    "/api/v1/members/<number>/places": {"role": "auditor", "starts_on": "2026-11-20"},
    "/api/v1/members/<number>/end": {"last_day": "2026-11-20", "reason": "x"},
    "/api/v1/keys": {"name": "x", "scopes": ["read"], "days": 30},
    "/api/v1/runs": {"as_of": "2026-11-20"},
    "/api/v1/enterprises/<code>/note": {"note": "x"},
    "/api/v1/imports/<number>/columns": {
        "columns": {"A": {"fact": "subject_name"}, "B": {"fact": "subject"}}
    },
    "/api/v1/imports/<number>/undo": {"reason": "x"},
    "/api/v1/journal/subscriptions": {"kind": "mail", "target": "a@b.example", "types": "*"},
    "/api/v1/enterprises/<code>/facts/<name>/corrections": {
        "year": 2025,
        "value": 1,
        "reason": "x",
    },
}
"""The body of a write of the API."""
SEEN: dict[str, str] = {
    "/api/v1/enterprises/<code>/note": "2",
    "/api/v1/enterprises/<code>/facts/<name>/corrections": "0",
    "/api/v1/imports/<number>/columns": "1",
    "/api/v1/imports/<number>/start": "1",
    "/api/v1/imports/<number>/undo": "3",
}
"""The version that a write of the API says it saw."""


def filled(address: str, path: str, *, world: World, role: str) -> dict[str, Any]:
    """Give the arguments of a request: a rightly filled form or body, with a fresh key."""
    if address == "/api/v1/imports":
        file = SimpleUploadedFile("x.csv", f"企业名称,统一社会信用代码,从业人员\n甲,{OWN},1\n".encode())
        return {
            "data": encode_multipart(BOUNDARY, {"as_of": "2026-11-20", "file": file}),
            "content_type": MULTIPART_CONTENT,
            "headers": {"Idempotency-Key": str(uuid4())},
        }
    if address.startswith("/api/"):
        body = json.dumps(BODIES.get(address, {}))
        return {
            "data": body,
            "content_type": "application/json",
            "headers": {
                "Idempotency-Key": str(uuid4()),
                "If-Match": f'"{SEEN[address]}"' if address in SEEN else "",
            },
        }
    form = {
        name: value(world, "officer" if role == "nobody" else role, path) if callable(value) else value
        for name, value in FORMS.get(address, {}).items()
    }
    if address in FILES:
        field, name, content = FILES[address]
        form[field] = SimpleUploadedFile(name, content.encode())
        return {
            "data": encode_multipart(BOUNDARY, {**form, "key": str(uuid4())}),
            "content_type": MULTIPART_CONTENT,
        }
    return {
        "data": urlencode({**form, "key": str(uuid4())}),
        "content_type": "application/x-www-form-urlencoded",
    }


PLAIN = {
    "/accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "/accounts/password/reset/key/1-x-y/",
}
"""Addresses that Django keeps as regular expressions, with values that name nothing."""
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def paths_of(address: str, world: World, role: str) -> dict[str, str]:
    """Give the paths that name one's own object, another's, another zone's and none, as far as there are such."""
    names = _PART.findall(address)
    if not names:
        return {"own": address}
    found = {}
    for whose in WHOSE:
        # The first part says whose it is; what hangs on it is the same for all.
        values = {
            name: _value(address, name)(world, role, "own" if number else whose)
            for number, name in enumerate(names)
        }
        if None not in values.values():
            found[whose] = _PART.sub(lambda part, values=values: str(values[part[1]]), address)
    return found


def _value(address: str, name: str) -> Callable[[World, str, str], Any]:
    return VALUES.get(f"{address} {name}") or VALUES[name]


def _of_role(number: Callable[[Any, str], int]) -> Callable[[World, str, str], int | None]:
    def value(world: World, role: str, whose: str) -> int | None:
        known = "officer" if role == "nobody" else role
        match whose:
            case "own":
                return number(world.here, known)
            case "others":
                return number(world.here, another(known))
            case "elsewhere":
                return number(world.there, known)
        return ABSENT["id"]

    return value


def _one_of(own: Any, others: Any, elsewhere: Any, absent: Any) -> Callable[[World, str, str], Any]:
    """Give values that do not depend on the role; None where there is no such object."""
    answers = {"own": own, "others": others, "elsewhere": elsewhere, "absent": absent}

    def value(world: World, role: str, whose: str) -> Any:
        found = answers[whose]
        return found(world) if callable(found) else found

    return value


def _import(state: str) -> Callable[[World, str, str], Any]:
    return _one_of(
        lambda world: world.imports["east"][state],
        None,
        lambda world: world.imports["west"][state],
        ABSENT["id"],
    )


_MEMBER = _one_of(
    lambda world: world.here.people["officer"].pk,
    None,
    lambda world: world.there.people["officer"].pk,
    ABSENT["id"],
)
_SUBSCRIPTION = _one_of(
    lambda world: world.subscriptions["east"],
    None,
    lambda world: world.subscriptions["west"],
    ABSENT["id"],
)
_RUN = _one_of(lambda world: world.runs["east"], None, lambda world: world.runs["west"], ABSENT["id"])
VALUES: dict[str, Callable[[World, str, str], Any]] = {
    "/api/v1/members/<number> number": _MEMBER,
    "/api/v1/members/<number>/places number": _MEMBER,
    "/api/v1/members/<number>/end number": _MEMBER,
    "/api/v1/members/<number>/link number": _MEMBER,
    "/api/v1/keys/<number>/revoke number": _of_role(key_of),
    "/api/v1/rulebooks/<name> name": _one_of("national.hnte", None, None, ABSENT["name"]),
    "/api/v1/runs/<number> number": _RUN,
    "/api/v1/enterprises/<code>/facts/<name>/corrections name": _one_of(
        "total_assets", None, None, ABSENT["name"]
    ),
    "/api/v1/imports/<number>/undo number": _import("done"),
    "/api/v1/imports/<number>/rejects number": _import("done"),
    "/api/v1/journal/subscriptions/<number> number": _SUBSCRIPTION,
    "/api/v1/journal/subscriptions/<number>/end number": _SUBSCRIPTION,
    "/api/v1/journal/subscriptions/<number>/retry number": _SUBSCRIPTION,
    "number": _import("uploaded"),
    "/imports/<int:number>/undo/ number": _import("done"),
    "/imports/<int:number>/rejects.csv number": _import("done"),
    "membership_id": _MEMBER,
    "key_id": _of_role(key_of),
    "pk": _of_role(passkey_of),
    "sequence": _one_of(1, None, 15, ABSENT["id"]),
    "size": _one_of(
        lambda world: world.checkpoints["east"], None, lambda world: world.checkpoints["west"], ABSENT["id"]
    ),
    "subscription_id": _SUBSCRIPTION,
    "code": _one_of(OWN, OTHERS, ELSEWHERE, ABSENT["code"]),
    "name": _one_of("revenue", None, None, ABSENT["name"]),
    "assessment": _one_of("little_giant", None, None, ABSENT["name"]),
    "/enterprises/<str:code>/facts/<str:name>/ name": _one_of("staff", None, None, ABSENT["name"]),
    "/rules/<str:name>/ name": _one_of("national.hnte", None, None, ABSENT["name"]),
    "provider_id": _one_of("zone", None, None, ABSENT["name"]),
    "app_label": _one_of("zones", None, None, ABSENT["name"]),
}
"""Part of an address, or `address part` where that is more exact → the values it takes."""
