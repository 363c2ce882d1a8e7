"""Endpoints of what an enterprise is entitled to, and why; texts are in the caller's language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from kaiyuan.apps.enterprises import actions
from kaiyuan.apps.enterprises.api.words import Text, text_of
from kaiyuan.apps.enterprises.entitlements.coaching import Card
from kaiyuan.apps.enterprises.entitlements.items import Item
from kaiyuan.apps.enterprises.entitlements.lines import Line
from kaiyuan.apps.zones.api_access import caller, language
from kaiyuan.apps.zones.paging import Code, Day, Moment, Name

router = Router(tags=["entitlements"])
Answer = Literal["yes", "maybe", "near", "unknown", "no"]


class AskedOf(Schema):
    """For which day, and as known when; without them: today, and what is known now."""

    as_of: Day | None = None
    known_at: Moment | None = None


class Missing(Schema):
    """A fact that is not known."""

    fact: str
    year: int | None


class GapOut(Schema):
    """One comparison that fails: what is, what is needed, and what is lacking, in words."""

    has: str
    needed: str
    short: str


class Way(Schema):
    """One condition that alone stands in the way."""

    label: str
    clause: str
    worked_on: bool = Field(description="Whether a figure can be worked on")
    gaps: list[GapOut]


class ItemOut(Schema):
    """One question with its answer. Amounts are in fen, null is unknown, or kept back (`withheld`)."""

    assessment: str
    version: str
    title: Text
    kind: Literal["title", "size", "threshold", "grade", "entitlement"]
    clause: str
    answer: Answer
    why: str
    tier: str
    paid: bool = Field(description="Whether the question is about money")
    low: int | None
    high: int | None
    withheld: bool
    changed_by: str = Field(description="The rule on stacking that changed what is granted")
    doubts: list[str]
    missing: list[Missing]
    ways: list[Way]


class GroupOut(Schema):
    """The items of one answer, in the order in which they are worth reading."""

    answer: Answer
    low: int
    high: int
    unknown_amounts: int
    items: list[ItemOut]


class SourceOut(Schema):
    """A source of the enterprise's facts: how many of its values count."""

    label: str
    day: date
    values: int


class StepOut(Schema):
    """Something worth doing now: it moves `kind` answers; `fact` is what to supply or to verify."""

    kind: Answer
    assessment: str | None
    fact: str
    label: str
    settles: int


class EntitlementsOut(Schema):
    """What one enterprise is entitled to, for a day, from what was known at a moment. An estimate, no decision."""

    enterprise: str
    as_of: date
    known_at: datetime
    shows_amounts: bool
    groups: list[GroupOut]
    steps: list[StepOut]
    sources: list[SourceOut]


class UsedOut(Schema):
    """A fact that a condition looks at, with its source."""

    fact: str
    label: str
    value: str
    source: str
    recorded: str
    known: bool
    withheld: bool


class LineOut(Schema):
    """One line of the reason table."""

    shape: Literal["row", "many", "part", "group"]
    depth: int
    label: str
    sub: str
    actual: str
    needed: str
    gap: str
    clause: str
    result: str
    used: list[UsedOut]


class ReasonsOut(ItemOut):
    """One question with every reason, value, source and clause."""

    enterprise: str
    as_of: date
    known_at: datetime
    document: str
    open: list[LineOut] = Field(description="What is not met or not known")
    passed: list[LineOut] = Field(description="What is met")


@router.get("/enterprises/{code}/entitlements", response=EntitlementsOut, summary="What it is entitled to")
def entitlements(request: HttpRequest, code: Code, ask: Query[AskedOf]) -> EntitlementsOut:
    """Give every answer with amounts and what to do next; the reading of confidential facts is put down."""
    at = timezone.now()
    view = actions.open_entitlements(
        by=caller(request),
        code=code,
        on=ask.as_of or timezone.localdate(),
        known_at=ask.known_at or at,
        at=at,
        lang=language(),
    )
    return EntitlementsOut(
        enterprise=code,
        as_of=view.on,
        known_at=view.known_at,
        shows_amounts=view.shows_amounts,
        groups=[
            GroupOut(
                answer=cast("Answer", group.answer.name),
                low=group.low,
                high=group.high,
                unknown_amounts=group.unknown_amounts,
                items=[ItemOut(**_item(each)) for each in group.items],
            )
            for group in view.groups
        ],
        steps=[
            StepOut(
                kind=cast("Answer", step.kind),
                assessment=step.item.id if step.item is not None else None,
                fact=step.fact,
                label=step.label,
                settles=step.settles,
            )
            for step in view.steps
        ],
        sources=[SourceOut(label=each.label, day=each.day, values=each.values) for each in view.sources],
    )


@router.get(
    "/enterprises/{code}/entitlements/{assessment}", response=ReasonsOut, summary="One question, every reason"
)
def reasons(request: HttpRequest, *, code: Code, assessment: Name, ask: Query[AskedOf]) -> ReasonsOut:
    """Give one question with its whole table of reasons; the reading of confidential facts is put down."""
    at = timezone.now()
    opened = actions.open_reasons(
        by=caller(request),
        code=code,
        assessment=assessment,
        on=ask.as_of or timezone.localdate(),
        known_at=ask.known_at or at,
        at=at,
        lang=language(),
    )
    item = opened.item
    return ReasonsOut(
        **_item(item),
        enterprise=code,
        as_of=opened.on,
        known_at=opened.known_at,
        document=f"《{item.source.document.title}》{item.source.document.number}",
        open=[_line(line) for line in item.open_lines],
        passed=[_line(line) for line in item.passed_lines],
    )


def _item(item: Item) -> dict[str, Any]:
    return {
        "assessment": item.id,
        "version": item.source.version,
        "title": text_of(item.title),
        "kind": item.source.kind,
        "clause": item.source.clause,
        "answer": item.answer.name,
        "why": item.why,
        "tier": item.tier,
        "paid": item.paid,
        "low": item.amount.low if item.amount is not None else None,
        "high": item.amount.high if item.amount is not None else None,
        "withheld": item.withheld,
        "changed_by": item.changed_by,
        "doubts": [doubt.words for doubt in item.doubts],
        "missing": [Missing(fact=fact.name, year=fact.year) for fact in item.missing],
        "ways": [_way(card) for card in item.cards],
    }


def _way(card: Card) -> Way:
    gaps = [GapOut(has=gap.has, needed=gap.needed, short=gap.short) for gap in card.gaps]
    return Way(label=card.label, clause=card.clause, worked_on=card.worked_on, gaps=gaps)


def _line(line: Line) -> LineOut:
    return LineOut(
        shape=cast("Any", line.shape),
        depth=line.depth,
        label=line.label,
        sub=line.sub,
        actual=line.actual,
        needed=line.needed,
        gap=line.gap,
        clause=line.clause,
        result=line.result,
        used=[
            UsedOut(
                fact=each.name,
                label=each.label,
                value=each.value,
                source=each.source,
                recorded=each.recorded,
                known=each.known,
                withheld=each.withheld,
            )
            for each in line.used
        ],
    )
