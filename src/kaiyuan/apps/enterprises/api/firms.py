"""Endpoints of the list, of one enterprise, and of the search."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, cast

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from kaiyuan.apps.enterprises import queries
from kaiyuan.apps.enterprises.api.words import Text, text_of
from kaiyuan.apps.enterprises.filters import LONGEST_WORDS, Filters, clean_words
from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.enterprises.queries import Line
from kaiyuan.apps.zones.api_access import caller
from kaiyuan.apps.zones.paging import NO_NUL, Code, Page, Paging
from kaiyuan.apps.zones.rights import Person, may

router = Router(tags=["enterprises"])
Searched = Annotated[str, Field(max_length=LONGEST_WORDS, pattern=NO_NUL)]
Answer = Literal["yes", "maybe", "near", "unknown", "no"]


class Listed(Schema):
    """An enterprise of the list; what no run has decided yet is null."""

    code: str
    name: str
    industry: str
    status: str
    registered_on: date | None
    updated_at: datetime
    entitled: int | None = Field(description="How many answers of the last run are yes")
    near: int | None = Field(description="How many are one condition short")
    amount: int | None = Field(
        description="Proposed awards in fen; null where the caller may not see amounts"
    )
    answer: Answer | None = Field(description="To the assessment that was asked for")
    answer_amount: int | None


class Enterprises(Page[Listed]):
    """A page of the list, by code."""


class EnterprisesAsked(Paging):
    """Which enterprises: the filters of the page."""

    q: str = Field("", max_length=LONGEST_WORDS, pattern=NO_NUL, description="Name, code or pinyin initials")
    industry: str = Field("", max_length=LONGEST_WORDS, pattern=NO_NUL)
    status: str = Field("", max_length=LONGEST_WORDS, pattern=NO_NUL)
    assessment: str = Field("", max_length=64, pattern=NO_NUL)
    answer: Answer | Literal[""] = ""


class EnterpriseOut(Schema):
    """One enterprise; its `version` is its ETag."""

    code: str
    name: str
    industry: str
    status: str
    registered_on: date | None
    note: str | None = Field(description="What officers wrote; null for those who may not see it")
    version: int
    updated_at: datetime


class Asked(Schema):
    """A question that the rules ask, found by words."""

    id: str
    title: Text
    rulebook: str


class Named(Schema):
    """A fact, found by words."""

    name: str
    title: Text


class FirmFound(Schema):
    """An enterprise, found by words."""

    code: str
    name: str


class Search(Schema):
    """What some words found."""

    enterprises: list[FirmFound]
    assessments: list[Asked]
    facts: list[Named]


@router.get("/enterprises", response=Enterprises, summary="The list of enterprises")
def enterprises(request: HttpRequest, ask: Query[EnterprisesAsked]) -> Enterprises:
    """Give the enterprises of the zone that the filters leave, by code."""
    filters = Filters(
        words=clean_words(ask.q),
        industry=ask.industry,
        status=ask.status,
        assessment=ask.assessment,
        answer=ask.answer,
    )
    found, following = queries.lines_after(by=caller(request), filters=filters, paging=ask)
    return Enterprises(items=[_listed(each) for each in found], next=following)


@router.get("/enterprises/{code}", response=EnterpriseOut, summary="One enterprise")
def enterprise(request: HttpRequest, code: Code) -> EnterpriseOut:
    """Give an enterprise by its code; what is known of it is under `/facts`."""
    by = caller(request)
    return enterprise_of(queries.enterprise(by=by, code=code), by=by)


@router.get("/search", response=Search, summary="Find enterprises, rules and facts")
def search(request: HttpRequest, q: Searched = "") -> Search:
    """Give up to twenty of each kind that the words find: names, codes, pinyin initials, titles."""
    found = queries.search(by=caller(request), words=clean_words(q), most=20)
    return Search(
        enterprises=[FirmFound(code=firm.code, name=firm.name) for firm in found.firms],
        assessments=[Asked(id=a.id, title=text_of(a.title), rulebook=a.rulebook) for a in found.rules],
        facts=[Named(name=fact.name, title=Text(zh=fact.zh, en=fact.en)) for fact in found.facts],
    )


def _listed(line: Line) -> Listed:
    return Listed(
        code=line.code,
        name=line.name,
        industry=line.industry,
        status=line.status,
        registered_on=line.registered_on,
        updated_at=line.updated_at,
        entitled=line.entitled,
        near=line.near,
        amount=line.amount,
        answer=None if line.answer is None else cast("Answer", line.answer.name),
        answer_amount=line.answer_amount,
    )


def enterprise_of(firm: Enterprise, *, by: Person) -> EnterpriseOut:
    """Give an enterprise as the API shows it to a person."""
    return EnterpriseOut(
        code=firm.code,
        name=firm.name,
        industry=firm.industry,
        status=firm.status,
        registered_on=firm.registered_on,
        note=firm.note if may(by, "enterprise.list") else None,
        version=firm.version,
        updated_at=firm.updated_at,
    )
