"""Endpoints of facts: what can be known, what is known of an enterprise and since when, and corrections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from kaiyuan.apps.facts import actions, queries
from kaiyuan.apps.facts.queries import Known, Told
from kaiyuan.apps.zones.api_access import caller
from kaiyuan.apps.zones.paging import Code, Day, Moment, Name, Page, Paging, Words, slice_of
from kaiyuan.apps.zones.rights import Absent, require
from kaiyuan.rulebook.facts import FactDefinition

router = Router(tags=["facts"])
PURPOSE = "接口读取"


class Choice(Schema):
    """A word that a fact may take."""

    zh: str
    en: str


class Definition(Schema):
    """A fact that can be known: what it is called, its type and unit, and who may see it."""

    name: str
    zh: str
    en: str
    type: Literal["money", "number", "ratio", "integer", "boolean", "category", "text", "date"]
    unit: str | None = Field(description="The unit people write it in; money is whole fen here all the same")
    period: Literal["year", "moment"]
    privacy: Literal["public", "internal", "confidential", "personal"]
    values: list[Choice]
    note_zh: str
    note_en: str


class Definitions(Page[Definition]):
    """A page of the facts that can be known."""


class ValueOut(Schema):
    """A value that counts. Money is in fen, days are ISO 8601, null: known to be unknown."""

    fact: str
    year: int | None
    valid_from: date | None
    value: bool | int | float | str | None
    qualifier: str = Field(description="Empty, or 约 超 近 预计 力争")
    kind: str
    source: str
    source_id: int
    data_date: date | None
    line: int | None = Field(description="Line of the file")
    recorded_at: datetime


class Values(Schema):
    """What counts of one enterprise, for a day, as it was known at a moment."""

    enterprise: str
    as_of: date
    known_at: datetime
    items: list[ValueOut]


class Said(ValueOut):
    """A value that was said at some time."""

    counts: bool = Field(description="Whether it counts today for its period")
    withdrawn_at: datetime | None
    by: str = Field(description="Who recorded it; empty where nobody in person did")


class History(Schema):
    """Everything ever said of one fact of an enterprise, the latest recorded first; a correction sends its `version`."""

    enterprise: str
    fact: str
    version: int = Field(description="How many values were said; the ETag")
    items: list[Said]


class AsOf(Schema):
    """For which day, and as known when; without them: today, and what is known now."""

    as_of: Day | None = Field(
        None, description="The day the facts are for; yearly facts: up to the year before"
    )
    known_at: Moment | None = Field(None, description="What was known at this moment")
    purpose: Words = Field(PURPOSE, description="Why it is read; confidential readings are put down with it")


@router.get("/facts", response=Definitions, summary="Which facts there are")
def definitions(request: HttpRequest, paging: Query[Paging]) -> Definitions:
    """Give the facts whose class the caller may see, in the order of the packs."""
    by = require(caller(request), "fact_definition.read")
    shown, following = slice_of(list(queries.visible(by).values()), paging=paging, name="facts")
    return Definitions(items=[_definition(each) for each in shown], next=following)


@router.get("/facts/{name}", response=Definition, summary="One fact's definition")
def definition(request: HttpRequest, name: Name) -> Definition:
    """Give a fact by its name."""
    by = require(caller(request), "fact_definition.read")
    found = queries.visible(by).get(name)
    if found is None:
        raise Absent("not found")
    return _definition(found)


@router.get("/enterprises/{code}/facts", response=Values, summary="What is known of an enterprise")
def values(request: HttpRequest, code: Code, ask: Query[AsOf]) -> Values:
    """Give the facts that count of an enterprise; the reading of confidential ones is put down in the journal."""
    at = timezone.now()
    as_of, known_at = ask.as_of or timezone.localdate(), ask.known_at or at
    shown = actions.open_values(
        by=caller(request), subject=code, as_of=as_of, known_at=known_at, purpose=ask.purpose, at=at
    )
    return Values(
        enterprise=code, as_of=as_of, known_at=known_at, items=[ValueOut(**_known(each)) for each in shown]
    )


@router.get("/enterprises/{code}/facts/{name}", response=History, summary="Everything ever said of a fact")
def history(request: HttpRequest, *, code: Code, name: Name, purpose: Words = PURPOSE) -> History:
    """Give every value ever recorded for a fact, what counts and what does not; the reading is put down."""
    told = actions.open_history(
        by=caller(request), subject=code, fact=name, purpose=purpose, at=timezone.now()
    )
    return History(enterprise=code, fact=name, version=len(told), items=[_said(each) for each in told])


def _definition(of: FactDefinition) -> Definition:
    return Definition(
        name=of.name,
        zh=of.zh,
        en=of.en,
        type=of.type,
        unit=of.unit,
        period=of.period,
        privacy=of.privacy,
        values=[Choice(zh=value.zh, en=value.en) for value in of.values],
        note_zh=of.note_zh,
        note_en=of.note_en,
    )


def _known(known: Known) -> dict[str, Any]:
    return {
        "fact": known.fact,
        "year": known.year,
        "valid_from": known.valid_from,
        "value": known.value.isoformat() if isinstance(known.value, date) else known.value,
        "qualifier": known.qualifier,
        "kind": known.kind,
        "source": known.source,
        "source_id": known.source_id,
        "data_date": known.data_date,
        "line": known.line,
        "recorded_at": known.recorded_at,
    }


def _said(told: Told) -> Said:
    known = _known(told.known)
    return Said(**known, counts=told.counts, withdrawn_at=told.source.withdrawn_at, by=told.by)
