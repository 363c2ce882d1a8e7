"""Rules as data that people can read: all rulebooks, and one with its versions, clauses and parameters."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kaiyuan.apps.enterprises import queries, rule_views
from kaiyuan.apps.enterprises.pages.reader import day_asked, reader
from kaiyuan.apps.zones.access import page
from kaiyuan.apps.zones.rights import Person, may


@page("rule.read")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Show every rulebook by pack, in the version of a day."""
    by = reader(request)
    on = day_asked(request)
    run = _run_for(by)
    packs = rule_views.rulebooks(by=by, on=on, counts=queries.counts_of(run))
    context = {"packs": packs, "run": run, "may_runs": run is not None, **_day(on)}
    return render(request, "enterprises/rules.html", context)


@page("rule.read")
@require_GET
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """Show one rulebook with all its versions."""
    by = reader(request)
    on = day_asked(request)
    view = rule_views.rulebook(by=by, name=name, on=on, counts=queries.counts_of(_run_for(by)))
    context = {"view": view, "may_list": may(by, "enterprise.list"), **_day(on)}
    return render(request, "enterprises/rule.html", context)


def _run_for(by: Person) -> queries.Run | None:
    # How many firms of the zone are entitled is not for those who may not see runs.
    return queries.latest_run(zone_id=by.zone_id) if may(by, "run.read") else None


def _day(on: date) -> dict[str, object]:
    today = timezone.localdate()
    return {"on": on, "on_query": "" if on == today else "?" + urlencode({"on": on.isoformat()})}
