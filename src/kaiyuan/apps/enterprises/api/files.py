"""Endpoints that change the file of an enterprise, and of what happened to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema
from pydantic import ConfigDict, StrictBool, StrictFloat, StrictInt

from kaiyuan.apps.enterprises import actions, queries
from kaiyuan.apps.enterprises.actions.noting import LONGEST_NOTE
from kaiyuan.apps.enterprises.api.firms import EnterpriseOut, enterprise_of
from kaiyuan.apps.enterprises.timeline import Happened, happened
from kaiyuan.apps.facts.queries import history, visible
from kaiyuan.apps.facts.storing import Value
from kaiyuan.apps.journal.queries import of_subject
from kaiyuan.apps.journal.writes import Call, write
from kaiyuan.apps.zones.api_access import caller
from kaiyuan.apps.zones.paging import NO_NUL, Code, Day, Name, Words
from kaiyuan.errors import InputError
from kaiyuan.rulebook.facts import FactDefinition

router = Router(tags=["enterprises"])
VERSIONED = {"x-versioned": True}
MOST_EVENTS = 200


class Note(Schema):
    """What officers write on an enterprise."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(max_length=LONGEST_NOTE, pattern=NO_NUL)


class Correction(Schema):
    """What a fact really is. One of a year takes `year`, one of a moment the day since when (today if left out)."""

    model_config = ConfigDict(extra="forbid")

    year: int | None = Field(None, ge=1949, le=2999)
    valid_from: Day | None = None
    value: StrictBool | StrictInt | StrictFloat | Words | None = Field(
        description="Money in fen, a day as ISO 8601, null: it is unknown"
    )
    qualifier: Literal["", "约", "超", "近", "预计", "力争"] = ""
    reason: str = Field(min_length=1, max_length=150, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")


class Corrected(Schema):
    """A correction, as it was taken."""

    observation: int
    source: int
    enterprise: str
    fact: str
    year: int | None
    valid_from: date | None
    version: int = Field(description="How many values were said of the fact now")


class HappenedOut(Schema):
    """One thing that happened, or several readings by one person on one day."""

    sequence: int
    zh: str
    en: str
    who: str
    at: datetime
    times: int
    legal_basis: str


class Timeline(Schema):
    """What happened to the file of an enterprise, the newest first."""

    enterprise: str
    items: list[HappenedOut]


@router.put(
    "/enterprises/{code}/note", response=EnterpriseOut, summary="Write the note", openapi_extra=VERSIONED
)
def note(request: HttpRequest, code: Code, body: Note) -> HttpResponse:
    """Write what officers note on an enterprise; `If-Match` is the ETag of the enterprise."""

    def act(call: Call) -> EnterpriseOut:
        firm = actions.write_note(
            by=call.by, code=code, note=body.note, version=call.version, at=call.at, key=call.key
        )
        return enterprise_of(firm, by=call.by)

    return write(request, act)


@router.post(
    "/enterprises/{code}/facts/{name}/corrections",
    response={201: Corrected},
    summary="Correct a fact",
    openapi_extra=VERSIONED,
)
def correct(request: HttpRequest, *, code: Code, name: Name, body: Correction) -> HttpResponse:
    """Say what a fact really is, and why; what was said before stays. `If-Match` is the ETag of its history."""

    def act(call: Call) -> Corrected:
        made = actions.correct_fact(
            by=call.by,
            code=code,
            fact=name,
            year=body.year,
            valid_from=body.valid_from,
            value=_value(body.value, visible(call.by).get(name)),
            qualifier=body.qualifier,
            reason=body.reason,
            version=call.version,
            at=call.at,
            key=call.key,
        )
        return Corrected(
            observation=made.pk,
            source=made.source_id,
            enterprise=code,
            fact=name,
            year=made.year,
            valid_from=made.valid_from,
            version=len(history(zone_id=call.by.zone_id, subject=code, fact=name)),
        )

    return write(request, act, status=201)


@router.get("/enterprises/{code}/timeline", response=Timeline, summary="What happened to its file")
def timeline(request: HttpRequest, code: Code) -> Timeline:
    """Give the newest things that happened to an enterprise's file."""
    by = caller(request)
    firm = queries.enterprise(by=by, code=code)
    events = of_subject(by=by, subject=firm.code, most=MOST_EVENTS)
    return Timeline(enterprise=code, items=[_happened(each) for each in happened(events)])


def _happened(line: Happened) -> HappenedOut:
    return HappenedOut(
        sequence=line.sequence,
        zh=line.words.zh,
        en=line.words.en,
        who=line.who,
        at=line.at,
        times=line.times,
        legal_basis=line.legal_basis,
    )


def _value(value: bool | int | float | str | None, definition: FactDefinition | None) -> Value:
    if definition is None or definition.type != "date" or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InputError("this is not a day", text=value, remedy="Write it as 2026-11-20") from None
