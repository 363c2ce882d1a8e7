"""Endpoints of people: who the caller is."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Field, Router, Schema

from kaiyuan.apps.zones import queries
from kaiyuan.apps.zones.api_access import caller
from kaiyuan.apps.zones.rights import RIGHTS, Person, may, require

router = Router(tags=["people"])


class Me(Schema):
    """The caller: in which place, with which scopes and acts."""

    label: str
    role: str = Field(description="agent, officer, supervisor, policy_editor, auditor or administrator")
    zone: str = Field(description="Code of the zone")
    zone_zh: str
    zone_en: str
    enterprise: str | None = Field(description="Credit code of the enterprise an agent acts for")
    scopes: list[str]
    acts: list[str] = Field(description="What this role may do, as `what.verb`")


@router.get("/me", response=Me, summary="Who am I here")
def me(request: HttpRequest) -> Me:
    """Give the place the caller acts in, and what the caller may do there."""
    return _me(require(caller(request), "home.read"))


def _me(person: Person) -> Me:
    zone = queries.place(person).zone
    return Me(
        label=person.label,
        role=person.role,
        zone=person.zone_code,
        zone_zh=zone.name_zh,
        zone_en=zone.name_en,
        enterprise=person.subject or None,
        scopes=sorted(person.scopes),
        acts=sorted(act for act in RIGHTS if may(person, act)),
    )
