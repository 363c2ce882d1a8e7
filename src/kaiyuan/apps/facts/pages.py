"""Pages of facts: which can be known, what each means, which rules ask for it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kaiyuan.apps.facts import queries
from kaiyuan.apps.zones.access import page, person
from kaiyuan.apps.zones.rights import Absent

_ROWS = (20, 50, 100)


@page("fact_definition.read")
@require_GET
def definitions(request: HttpRequest) -> HttpResponse:
    """Show the facts that this person may see, by words, class and period."""
    by = person(request)
    asked = {name: request.GET.get(name, "")[:80] for name in ("q", "class", "period")}
    found = queries.found(by=by, words=asked["q"], privacy=asked["class"], period=asked["period"])
    size = request.GET.get("size", "")
    pages = Paginator(found, int(size) if size in map(str, _ROWS) else _ROWS[1])
    return render(
        request,
        "facts/definitions.html",
        {
            "page": pages.get_page(request.GET.get("page")),
            "asked": asked,
            "privacy": asked["class"],
            "classes": sorted(by.classes, key=queries.CLASSES.index),
            "count": len(queries.visible(by)),
            "narrowed": any(asked.values()),
        },
    )


@page("fact_definition.read")
@require_GET
def definition(request: HttpRequest, name: str) -> HttpResponse:
    """Show one fact: what it means, how it is written, and which rules ask for it today."""
    by = person(request)
    fact = queries.visible(by).get(name)
    if fact is None:
        raise Absent("not found")
    rules = queries.asking(zone_id=by.zone_id, fact=name, on=timezone.localdate())
    return render(request, "facts/definition.html", {"fact": fact, "rules": rules})
