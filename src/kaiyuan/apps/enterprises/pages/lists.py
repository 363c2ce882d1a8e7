"""The list of enterprises, its export, and the search of the whole site."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kaiyuan.apps.enterprises import actions, queries
from kaiyuan.apps.enterprises.answers import ANSWERS, Answer
from kaiyuan.apps.enterprises.filters import COLUMNS, Filters, clean_words
from kaiyuan.apps.enterprises.pages.reader import reader, reader_language
from kaiyuan.apps.enterprises.profiles import choices_of
from kaiyuan.apps.enterprises.rule_views import titles_of
from kaiyuan.apps.zones.access import page
from kaiyuan.apps.zones.rights import may

SUGGESTED, FOUND = 8, 50
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("enterprise.list")
@require_GET
def enterprises(request: HttpRequest) -> HttpResponse:
    """Show the list of enterprises as its address says."""
    by = reader(request)
    filters = Filters.of(request.GET, columns=request.GET.getlist("col"))
    shown = queries.listing(by=by, filters=filters)
    titles = titles_of(by.zone_id, counts=shown.counts)
    columns = [column for column in COLUMNS if shown.shows_amounts or not column.money]
    context = {
        "shown": shown,
        "filters": filters,
        "columns": [column for column in columns if column.name in filters.columns],
        "all_columns": columns,
        "answers": ANSWERS,
        "choices": choices_of(by.zone_id),
        "titles": titles,
        "asked_title": dict(titles).get(filters.assessment),
        "tally": _tally(shown),
        "kept": [(name, value) for name, value in filters.pairs() if name in ("sort", "size")],
        "may_export": may(by, "enterprise.export"),
        "export_query": filters.address(),
    }
    return render(request, "enterprises/list.html", context)


@dataclass(frozen=True)
class Tallied:
    """How many enterprises have one of the answers, and the address that shows them."""

    answer: Answer
    count: int
    address: str


def _tally(shown: queries.Listing) -> list[Tallied]:
    if shown.asked is None:
        return []
    return [
        Tallied(answer, getattr(shown.asked, answer.name), shown.filters.address(answer=answer.name))
        for answer in ANSWERS
    ]


@page("enterprise.export")
@require_GET
def export(request: HttpRequest) -> FileResponse:
    """Give the whole of what the filters leave as a workbook."""
    at = timezone.now()
    filters = Filters.of(request.GET, columns=request.GET.getlist("col"))
    file = actions.export(by=reader(request), filters=filters, at=at, lang=reader_language())
    name = f"enterprises-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_WORKBOOK)


@page("search.read")
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find enterprises, rules and facts; a field that asks while somebody types gets a few lines only."""
    by = reader(request)
    words = clean_words(request.GET.get("q"))
    typing = request.headers.get("HX-Request") == "true"
    found = queries.search(by=by, words=words, most=SUGGESTED if typing else FOUND)
    template = "enterprises/suggestions.html" if typing else "enterprises/search.html"
    return render(request, template, {"words": words, "found": found})
