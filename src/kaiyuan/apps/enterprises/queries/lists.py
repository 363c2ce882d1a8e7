"""The list of enterprises as a page of it is shown, and as it is exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.core.paginator import Page, Paginator
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Substr

from kaiyuan.apps.enterprises.answers import BY_LETTER, BY_NAME, Answer
from kaiyuan.apps.enterprises.filters import BY_NAME_OF_COLUMN, Filters
from kaiyuan.apps.enterprises.models import Enterprise, Run, RunCount
from kaiyuan.apps.enterprises.queries.firms import matching
from kaiyuan.apps.enterprises.queries.runs import counts_of, latest_run
from kaiyuan.apps.zones.paging import Paging, page_of
from kaiyuan.apps.zones.rights import Person, may, require

_FETCHED = 2_000


@dataclass(frozen=True)
class Line:
    """One enterprise of the list. What no run has decided yet is None; `answer` is that of the assessment asked."""

    code: str
    name: str
    industry: str
    status: str
    registered_on: date | None
    updated_at: datetime
    entitled: int | None
    near: int | None
    amount: int | None
    answer: Answer | None
    answer_amount: int | None


@dataclass(frozen=True)
class Listing:
    """A page of the list, and the run that its answers are of; `asked` is the assessment whose answer is shown."""

    page: Page[Line]
    filters: Filters
    run: Run | None
    counts: tuple[RunCount, ...]
    asked: RunCount | None
    shows_amounts: bool


def sees_amounts(by: Person) -> bool:
    """Tell whether a person sees amounts of firms: they give away what confidential figures are."""
    return may(by, "entitlement.read") and "confidential" in by.classes


def listing(*, by: Person, filters: Filters) -> Listing:
    """Give a page of the list; a page past the end is the last one."""
    require(by, "enterprise.list")
    run = latest_run(zone_id=by.zone_id)
    counts = counts_of(run)
    asked = next((count for count in counts if count.assessment == filters.assessment), None)
    shows_amounts = sees_amounts(by)
    firms = _ordered(_narrowed(by, filters, run, asked), filters, shows_amounts)
    page = Paginator(firms, filters.size).get_page(filters.page)
    shown = cast("Page[Line]", page)
    shown.object_list = [_line(row, asked, shows_amounts) for row in page.object_list]
    return Listing(shown, filters, run, counts, asked, shows_amounts)


def lines(*, by: Person, filters: Filters) -> Iterator[Line]:
    """Give every enterprise that the filters leave, in their order, a few thousand in memory at a time."""
    require(by, "enterprise.export")
    run = latest_run(zone_id=by.zone_id)
    asked = next((count for count in counts_of(run) if count.assessment == filters.assessment), None)
    shows_amounts = sees_amounts(by)
    rows = _ordered(_narrowed(by, filters, run, asked), filters, shows_amounts)
    for row in rows.iterator(chunk_size=_FETCHED):
        yield _line(row, asked, shows_amounts)


def lines_after(*, by: Person, filters: Filters, paging: Paging) -> tuple[list[Line], str | None]:
    """Give what the filters leave by code, some at a time, and the cursor of what follows; for machines."""
    require(by, "enterprise.list")
    run = latest_run(zone_id=by.zone_id)
    asked = next((count for count in counts_of(run) if count.assessment == filters.assessment), None)
    shows_amounts = sees_amounts(by)
    rows = _ordered(_narrowed(by, filters, run, asked), filters, shows_amounts)
    found, following = page_of(rows, order=("code",), paging=paging, name="enterprises")
    return [_line(row, asked, shows_amounts) for row in found], following


def _narrowed(by: Person, filters: Filters, run: Run | None, asked: RunCount | None) -> QuerySet[Enterprise]:
    firms = matching(Enterprise.objects.filter(zone_id=by.zone_id), filters.words)
    if filters.industry:
        firms = firms.filter(industry=filters.industry)
    if filters.status:
        firms = firms.filter(status=filters.status)
    # Without a run the condition holds for no decision, and every answer is «not yet».
    firms = firms.annotate(
        decided=FilteredRelation("decisions", condition=Q(decisions__run_id=run.pk if run else 0)),
    )
    if asked is None:
        return firms
    firms = firms.annotate(letter=Substr(F("decided__answers"), asked.position + 1, 1))
    if filters.answer:
        firms = firms.filter(letter=BY_NAME[filters.answer].letter)
    return firms


def _ordered(firms: QuerySet[Enterprise], filters: Filters, shows_amounts: bool) -> QuerySet[Enterprise]:
    name = "name" if filters.sort == "amount" and not shows_amounts else filters.sort
    field = F(BY_NAME_OF_COLUMN[name].field)
    order = field.desc(nulls_last=True) if filters.down else field.asc(nulls_last=True)
    # The code settles ties, so that pages never overlap.
    if name == "name":
        ordered = firms.order_by("-name" if filters.down else "name", "code")
    else:
        ordered = firms.order_by(order, "name", "code")
    return ordered.annotate(
        entitled=F("decided__entitled"),
        near_count=F("decided__near"),
        amount=F("decided__amount"),
        amounts=F("decided__amounts"),
    )


def _line(firm: Enterprise, asked: RunCount | None, shows_amounts: bool) -> Line:
    row = firm.__dict__
    letter = row.get("letter") or ""
    amount = None
    if asked is not None and shows_amounts and row["amounts"]:
        amount = json.loads(row["amounts"]).get(asked.assessment)
    return Line(
        code=firm.code,
        name=firm.name,
        industry=firm.industry,
        status=firm.status,
        registered_on=firm.registered_on,
        updated_at=firm.updated_at,
        entitled=row["entitled"],
        near=row["near_count"],
        amount=row["amount"] if shows_amounts else None,
        answer=BY_LETTER.get(letter),
        answer_amount=amount,
    )
