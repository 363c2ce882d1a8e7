"""Runs of all rules over the zone: what the last one counted, the earlier ones, and starting one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kaiyuan.apps.enterprises import actions, queries
from kaiyuan.apps.enterprises.pages.reader import reader
from kaiyuan.apps.enterprises.rule_views import titles_of
from kaiyuan.apps.journal.writes import Call, submit
from kaiyuan.apps.zones.access import page
from kaiyuan.apps.zones.rights import may, require
from kaiyuan.apps.zones.wording import words


@page("run.read")
@require_http_methods(["GET", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """Show the runs; a post starts one for today with everything known now."""
    by = reader(request)
    if request.method == "POST":
        require(by, "run.start")
        at = timezone.now()
        # Read and decided before the transaction, so that nobody waits for the rules.
        evaluated = actions.evaluate_zone(by=by, as_of=timezone.localdate(), known_at=at, at=at)

        def act(call: Call) -> str:
            actions.run_rules(
                by=call.by,
                as_of=evaluated.as_of,
                known_at=evaluated.known_at,
                at=call.at,
                key=call.key,
                evaluated=evaluated,
            )
            messages.success(request, words("测算完成", "The rules have been run"))
            return reverse("enterprises:runs")

        return submit(request, act)
    found = queries.runs(by=by)
    counts = queries.counts_of(found[0]) if found else ()
    titles = dict(titles_of(by.zone_id, counts=counts))
    context = {
        "runs": found,
        "latest": found[0] if found else None,
        "counts": [(count, titles[count.assessment]) for count in counts],
        "may_start": may(by, "run.start"),
        "may_list": may(by, "enterprise.list"),
        "shows_amounts": queries.sees_amounts(by),
    }
    return render(request, "enterprises/runs.html", context)
