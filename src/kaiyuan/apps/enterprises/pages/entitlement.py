"""What an enterprise is entitled to, and one question with all its reasons."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from kaiyuan.apps.enterprises import actions
from kaiyuan.apps.enterprises.actions import Opened
from kaiyuan.apps.enterprises.entitlements.summary import five_of
from kaiyuan.apps.enterprises.pages.reader import asked_as_of, reader, reader_language
from kaiyuan.apps.zones.access import page
from kaiyuan.apps.zones.rights import may
from kaiyuan.reports.answers import answer_sentence, is_open, score_words
from kaiyuan.reports.coaching import ask_card, ways_panel
from kaiyuan.reports.reason_table import amount_panel, remarks_panel, score_panel, tiers_panel


@page("entitlement.read")
@require_GET
def entitlements(request: HttpRequest, code: str) -> HttpResponse:
    """Show what an enterprise is entitled to now, or was on another day."""
    by, lang, at = reader(request), reader_language(), timezone.now()
    asked = asked_as_of(request, at=at)
    view = actions.open_entitlements(by=by, code=code, on=asked.on, known_at=asked.known_at, at=at, lang=lang)
    context = {
        "view": view,
        "firm": view.firm,
        "five": five_of(view, lang=lang),
        "asked": asked,
        "at": at,
        "own": by.subject == code,
        "may_correct": may(by, "observation.correct", subject=code),
    }
    return render(request, "enterprises/entitlements.html", context)


@page("entitlement.read")
@require_GET
def mine(request: HttpRequest) -> HttpResponseBase:
    """Show an agent what the own enterprise is entitled to."""
    return entitlements(request, reader(request).subject)


@page("entitlement.read")
@require_GET
def reasons(request: HttpRequest, code: str, assessment: str) -> HttpResponse:
    """Show one question with every reason, value, source and clause."""
    by, lang, at = reader(request), reader_language(), timezone.now()
    asked = asked_as_of(request, at=at)
    opened = actions.open_reasons(
        by=by, code=code, assessment=assessment, on=asked.on, known_at=asked.known_at, at=at, lang=lang
    )
    e = opened.item.explanation
    context = {
        "opened": opened,
        "item": opened.item,
        "firm": opened.firm,
        "e": e,
        "asked": asked,
        "at": at,
        "sentence": answer_sentence(e, lang=lang),
        "score": score_words(e.score, lang=lang) if e.score is not None and opened.whole else "",
        "panels": _panels(opened, lang),
        "own": by.subject == code,
        "may_correct": may(by, "observation.correct", subject=code),
    }
    return render(request, "enterprises/reasons.html", context)


def _panels(opened: Opened, lang: str) -> dict[str, str]:
    """Give the panels that the reports room draws: they show values, so only to who may see all of them."""
    e = opened.item.explanation
    drawn = {"remarks": remarks_panel(e, lang=lang)}
    if opened.whole:
        drawn["ways"] = ways_panel(e, lang=lang)
        drawn["ask"] = ask_card(e, lang=lang) if is_open(e) else None
        drawn["score"] = score_panel(e.score, lang=lang) if e.score is not None else None
        drawn["tiers"] = tiers_panel(e, lang=lang) if e.tiers else None
        drawn["amount"] = amount_panel(e.amount, lang=lang) if e.amount is not None else None
    # Built of elements by the reports room, which escapes every text.
    return {name: mark_safe(panel) for name, panel in drawn.items() if panel is not None}
