"""Endpoints of members, departments and keys for machines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from kaiyuan.apps.journal.writes import Call, write
from kaiyuan.apps.people import actions, queries
from kaiyuan.apps.people.forms import EndForm, InviteForm, PlaceForm
from kaiyuan.apps.people.links import password_link
from kaiyuan.apps.people.queries import KeyLine
from kaiyuan.apps.zones.api_access import caller, person_only
from kaiyuan.apps.zones.api_forms import cleaned
from kaiyuan.apps.zones.models import Membership
from kaiyuan.apps.zones.paging import Day, Number, Page, Paging, Words, page_of, slice_of
from kaiyuan.apps.zones.rights import require

router = Router(tags=["people"])
Role = Literal["agent", "officer", "supervisor", "policy_editor", "auditor", "administrator"]


State = Literal["good", "expired", "revoked"]


class Department(Schema):
    """A department of the zone."""

    id: int
    code: str
    name_zh: str
    name_en: str


class Departments(Page[Department]):
    """A page of the departments."""


class Member(Schema):
    """A person's place in the zone."""

    id: int
    username: str
    full_name: str
    role: Role
    department: int | None
    enterprise: str | None = Field(description="Credit code of the enterprise an agent acts for")
    starts_on: date
    ends_on: date | None = Field(description="Last day")
    active: bool = Field(description="Whether the login is open at all")


class Members(Page[Member]):
    """A page of the members."""


class MembersAsked(Paging):
    """Which members."""

    q: Words = Field("", description="Part of a name, or the code of an enterprise")
    role: Role | Literal[""] = ""
    state: Literal["current", "coming", "ended", "all"] = "current"


class Place(Schema):
    """A role in the zone, where, and since when."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    department: Number | None = Field(None, description="An officer needs one")
    subject: Words = Field("", description="Credit code of the enterprise; an agent needs one")
    starts_on: Day
    ends_on: Day | None = None


class Invited(Place):
    """A new member and the first place."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)
    full_name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")
    sign_on: Words = Field("", description="What the issuer of single sign-on calls this person")


class Ending(Schema):
    """The last day of a place, and why; the reason goes into the journal and stays there."""

    model_config = ConfigDict(extra="forbid")

    last_day: Day
    reason: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")


class Link(Schema):
    """A link by which a member sets a new password, once."""

    username: str
    link: str | None = Field(description="Shown once: null in the answer to a retry")


class Key(Schema):
    """A key for a machine; what it opens with is never shown again."""

    id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    state: State


class Keys(Page[Key]):
    """A page of one's keys, the newest first."""


class NewKey(Schema):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")
    scopes: list[Literal["read", "write"]] = Field(min_length=1, max_length=2)
    days: int = Field(90, ge=1, le=actions.LONGEST_KEY)


class MadeKey(Schema):
    """A key just made."""

    id: int
    prefix: str
    expires_at: datetime
    text: str | None = Field(description="Shown once: null in the answer to a retry")


@router.get("/departments", response=Departments, summary="Departments of the zone")
def departments(request: HttpRequest, paging: Query[Paging]) -> Departments:
    """Give the departments, by code."""
    by = require(caller(request), "member.read")
    rows, following = page_of(queries.departments(by=by), order=("code",), paging=paging, name="departments")
    items = [Department(id=row.pk, code=row.code, name_zh=row.name_zh, name_en=row.name_en) for row in rows]
    return Departments(items=items, next=following)


@router.get("/members", response=Members, summary="Who has a place in the zone")
def members(request: HttpRequest, ask: Query[MembersAsked]) -> Members:
    """Give the places in the zone, by user name."""
    found = queries.members(
        by=caller(request), on=timezone.localdate(), words=ask.q, role=ask.role, state=ask.state
    )
    rows, following = page_of(found, order=("user__username", "pk"), paging=ask, name="members")
    return Members(items=[_member(row) for row in rows], next=following)


@router.get("/members/{number}", response=Member, summary="One place")
def member(request: HttpRequest, number: Number) -> Member:
    """Give one place in the zone."""
    return _member(queries.member(by=caller(request), membership_id=number))


@router.post("/members", response={201: Member}, summary="Invite a member")
def invite(request: HttpRequest, body: Invited) -> HttpResponse:
    """Make a user without a password and give them a place; they come in by a link, or by single sign-on."""
    by = require(caller(request), "member.write")
    form = InviteForm(body.model_dump(), by=by, on=timezone.localdate(), sign_on=bool(settings.ISSUER))

    def act(call: Call) -> Member:
        given = cleaned(form)
        return _member(
            actions.invite(
                by=call.by,
                name=given["name"],
                full_name=given["full_name"],
                sign_on=given.get("sign_on", ""),
                role=given["role"],
                department_id=given["department"].pk if given["department"] else None,
                subject=given["subject"],
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                at=call.at,
                key=call.key,
            )
        )

    return write(request, act, status=201)


@router.post("/members/{number}/places", response={201: Member}, summary="Give a member another place")
def give_place(request: HttpRequest, number: Number, body: Place) -> HttpResponse:
    """Give a member of the zone another role, or the same one again after it has ended."""
    by = require(caller(request), "member.write")
    form = PlaceForm(body.model_dump(), by=by, on=timezone.localdate())

    def act(call: Call) -> Member:
        queries.member(by=call.by, membership_id=number)
        given = cleaned(form)
        return _member(
            actions.give_place(
                by=call.by,
                membership_id=number,
                role=given["role"],
                department_id=given["department"].pk if given["department"] else None,
                subject=given["subject"],
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                at=call.at,
                key=call.key,
            )
        )

    return write(request, act, status=201)


@router.post("/members/{number}/end", response=Member, summary="End a place")
def end(request: HttpRequest, number: Number, body: Ending) -> HttpResponse:
    """End a place after a last day; yesterday ends it at once. Its keys end with it."""

    def act(call: Call) -> Member:
        given = cleaned(EndForm(body.model_dump()))
        return _member(
            actions.end(
                by=call.by,
                membership_id=number,
                last_day=given["last_day"],
                reason=given["reason"],
                at=call.at,
                key=call.key,
            )
        )

    return write(request, act)


@router.post("/members/{number}/link", response={201: Link}, summary="Make a link for a new password")
def link(request: HttpRequest, number: Number) -> HttpResponse:
    """Make a link by which a member sets a password; a person does this, never a key."""
    require(person_only(request), "member.write")

    def act(call: Call) -> Link:
        user = actions.make_link(by=call.by, membership_id=number, at=call.at, key=call.key)
        return Link(username=user.username, link=password_link(user))

    return write(request, act, status=201, shown_once=("link",))


@router.get("/keys", response=Keys, summary="My keys for machines")
def keys(request: HttpRequest, paging: Query[Paging]) -> Keys:
    """Give the keys of the caller's own place."""
    found = queries.keys(by=caller(request), at=timezone.now())
    shown, following = slice_of(found, paging=paging, name="keys")
    return Keys(items=[_key(each) for each in shown], next=following)


@router.post("/keys", response={201: MadeKey}, summary="Make a key for a machine")
def make_key(request: HttpRequest, body: NewKey) -> HttpResponse:
    """Make a key that acts in the caller's own place; a person does this, never a key."""
    person_only(request)

    def act(call: Call) -> MadeKey:
        made, text = actions.make_key(
            by=call.by,
            name=body.name,
            scopes=frozenset(body.scopes),
            days=body.days,
            at=call.at,
            key=call.key,
        )
        return MadeKey(id=made.pk, prefix=made.prefix, expires_at=made.expires_at, text=text)

    return write(request, act, status=201, shown_once=("text",))


@router.post("/keys/{number}/revoke", response=Key, summary="Revoke one of my keys")
def revoke_key(request: HttpRequest, number: Number) -> HttpResponse:
    """End a key of the caller's own place at once."""

    def act(call: Call) -> Key:
        found = actions.revoke_key(by=call.by, key_id=number, at=call.at, key=call.key)
        return _key(KeyLine(found, "revoked"))

    return write(request, act)


def _member(place: Membership) -> Member:
    return Member(
        id=place.pk,
        username=place.user.username,
        full_name=place.user.full_name,
        role=cast("Role", place.role),
        department=place.department_id,
        enterprise=place.subject or None,
        starts_on=place.starts_on,
        ends_on=place.ends_on,
        active=place.user.is_active,
    )


def _key(line: KeyLine) -> Key:
    key = line.key
    return Key(
        id=key.pk,
        name=key.name,
        prefix=key.prefix,
        scopes=key.scopes.split(","),
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        state=cast("State", line.state),
    )
