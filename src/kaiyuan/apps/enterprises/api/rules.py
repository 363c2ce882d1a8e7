"""Endpoints of the rules as data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from kaiyuan.apps.enterprises import rule_views
from kaiyuan.apps.enterprises.api.words import Text, text_of
from kaiyuan.apps.zones.api_access import caller
from kaiyuan.apps.zones.paging import Day, Name, Page, Paging, slice_of
from kaiyuan.rulebook.model import Rulebook

router = Router(tags=["rules"])


class Document(Schema):
    """The document that a rulebook puts into data."""

    title: str
    number: str
    issuer: str
    url: str


class RulebookLine(Schema):
    """A rulebook in the version of a day."""

    id: str
    pack: str
    title: Text
    document: Document
    effective_from: date | None
    effective_to: date | None
    in_force: bool
    versions: int
    assessments: list[str]


class Rulebooks(Page[RulebookLine]):
    """A page of the rulebooks."""


class Condition(Schema):
    """A condition, or a group with its parts."""

    title: Text
    text: str
    clause: str
    reading: Text
    off: bool
    parts: list[Condition]


class AssessmentOut(Schema):
    """One question that a rulebook asks."""

    id: str
    version: str
    title: Text
    kind: str
    clause: str
    enabled: bool
    requires: Condition | None


class Dated(Schema):
    """A parameter's value from a day on."""

    start: date
    value: Text


class ParameterOut(Schema):
    """A parameter with all its values, the newest first."""

    name: str
    title: Text
    values: list[Dated]


class RulebookOut(Schema):
    """One rulebook in the version of a day."""

    id: str
    pack: str
    title: Text
    document: Document
    effective_from: date | None
    effective_to: date | None
    in_force: bool
    demo: bool
    confidence: str
    assessments: list[AssessmentOut]
    parameters: list[ParameterOut]


@router.get("/rulebooks", response=Rulebooks, summary="The rules")
def rulebooks(request: HttpRequest, paging: Query[Paging], on: Day | None = None) -> Rulebooks:
    """Give every rulebook of the zone in the version of a day (today), else the nearest."""
    packs = rule_views.rulebooks(by=caller(request), on=on or timezone.localdate())
    every = [(pack.pack.name, line) for pack in packs for line in pack.books]
    shown, following = slice_of(every, paging=paging, name="rulebooks")
    return Rulebooks(
        items=[
            RulebookLine(
                **_head(line.book, pack=pack, in_force=line.in_force),
                versions=line.versions,
                assessments=[a.id for a in line.book.assessments],
            )
            for pack, line in shown
        ],
        next=following,
    )


@router.get("/rulebooks/{name}", response=RulebookOut, summary="One rulebook")
def rulebook(request: HttpRequest, name: Name, on: Day | None = None) -> RulebookOut:
    """Give a rulebook in the version of a day (today): its questions with their conditions, and its parameters."""
    view = rule_views.rulebook(by=caller(request), name=name, on=on or timezone.localdate())
    return RulebookOut(
        **_head(view.book, pack=view.pack.name, in_force=view.in_force),
        demo=view.book.demo,
        confidence=view.book.confidence,
        assessments=[_assessment(each) for each in view.assessments],
        parameters=[
            ParameterOut(
                name=each.name,
                title=text_of(each.words),
                values=[Dated(start=value.start, value=text_of(value.words)) for value in each.values],
            )
            for each in view.parameters
        ],
    )


def _head(book: Rulebook, *, pack: str, in_force: bool) -> dict[str, Any]:
    return {
        "id": book.id,
        "pack": pack,
        "title": text_of(book.title),
        "document": Document(
            title=book.document.title,
            number=book.document.number,
            issuer=book.document.issuer,
            url=book.document.url,
        ),
        "effective_from": book.window.start,
        "effective_to": book.window.end,
        "in_force": in_force,
    }


def _assessment(view: rule_views.AssessmentView) -> AssessmentOut:
    source = view.source
    return AssessmentOut(
        id=source.id,
        version=source.version,
        title=text_of(source.title),
        kind=source.kind,
        clause=source.clause,
        enabled=view.enabled,
        requires=None if view.requires is None else _condition(view.requires),
    )


def _condition(branch: rule_views.Branch) -> Condition:
    return Condition(
        title=text_of(branch.words),
        text=branch.text,
        clause=branch.clause,
        reading=text_of(branch.reading),
        off=branch.off,
        parts=[_condition(part) for part in branch.parts],
    )
