"""A zone begins: made by a command on the server, for there is nobody yet who could do it on a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.zones.models import Department, Zone
from kaiyuan.apps.zones.rights import ADMINISTRATOR, Person
from kaiyuan.errors import InputError

_CODE = re.compile(r"[a-z][a-z0-9-]{0,29}")


@dataclass(frozen=True)
class NewDepartment:
    """A department to be: its code, and its name in both languages."""

    code: str
    zh: str
    en: str


def found_zone(
    *,
    code: str,
    zh: str,
    en: str,
    at: datetime,
    departments: Sequence[NewDepartment] = (),
    demo: bool = False,
) -> Zone:
    """Make a zone with its departments, as the first event of its journal; raises InputError for a code in use."""
    for each in (code, *(department.code for department in departments)):
        if not _CODE.fullmatch(each):
            raise InputError(
                "a code is short and plain",
                text=each,
                remedy="Begin with a letter; use a to z, digits and hyphens, 30 at most",
            )
    if Zone.objects.filter(code=code).exists():
        raise InputError("there is a zone of this code already", text=code, remedy="Choose another code")
    with transaction.atomic():
        zone = Zone.objects.create(code=code, name_zh=zh, name_en=en, demo=demo)
        for department in departments:
            Department.objects.create(
                zone=zone, code=department.code, name_zh=department.zh, name_en=department.en
            )
        record(
            by=command_line(zone),
            type="zone.founded",
            subject=f"zone:{code}",
            at=at,
            payload={"zh": zh, "en": en, "departments": [department.code for department in departments]},
        )
    return zone


def command_line(zone: Zone) -> Person:
    """Give who acts when an administrator of the server uses `kaiyuan site`: the journal names the command."""
    return Person(
        user_id=0,
        membership_id=0,
        zone_id=zone.pk,
        zone_code=zone.code,
        role=ADMINISTRATOR,
        label="kaiyuan site",
        via="command:site",
    )
