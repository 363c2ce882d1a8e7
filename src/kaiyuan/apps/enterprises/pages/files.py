"""The file of an enterprise, the history of a fact with its correction, the note, the timeline."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kaiyuan.apps.enterprises import actions, queries
from kaiyuan.apps.enterprises.forms import CorrectionForm, NoteForm
from kaiyuan.apps.enterprises.pages.reader import asked_as_of, reader, reader_language
from kaiyuan.apps.enterprises.shown import by_years, value_shown
from kaiyuan.apps.enterprises.timeline import happened
from kaiyuan.apps.facts import actions as facts
from kaiyuan.apps.facts.queries import Told
from kaiyuan.apps.journal.queries import of_subject
from kaiyuan.apps.journal.writes import Call, submit
from kaiyuan.apps.zones.access import page
from kaiyuan.apps.zones.rights import may, require
from kaiyuan.apps.zones.wording import words
from kaiyuan.rulebook import FactDefinition

MOST_EVENTS = 200
_YEARS_BACK = 12


@page("enterprise.read")
@require_GET
def file(request: HttpRequest, code: str) -> HttpResponse:
    """Show everything known of an enterprise."""
    by, lang, at = reader(request), reader_language(), timezone.now()
    asked = asked_as_of(request, at=at)
    opened = actions.open_file(by=by, code=code, on=asked.on, known_at=asked.known_at, at=at, lang=lang)
    context = {
        "opened": opened,
        "firm": opened.firm,
        "view": opened.view,
        "events": happened(opened.events),
        "asked": asked,
        "at": at,
        "own": by.subject == code,
        "may_edit": may(by, "enterprise.edit", subject=code),
        "may_entitle": may(by, "entitlement.read", subject=code),
    }
    return render(request, "enterprises/file.html", context)


@page("enterprise.read")
@require_GET
def my_file(request: HttpRequest) -> HttpResponseBase:
    """Show an agent the file of the own enterprise; to others there is none."""
    return file(request, reader(request).subject)


@page("enterprise.read")
@require_GET
def timeline(request: HttpRequest, code: str) -> HttpResponse:
    """Show what happened to an enterprise's file, newest first."""
    by = reader(request)
    firm = queries.enterprise(by=by, code=code)
    events = happened(of_subject(by=by, subject=code, most=MOST_EVENTS))
    context = {
        "firm": firm,
        "events": events,
        "most": MOST_EVENTS,
        "own": by.subject == code,
        "may_journal": may(by, "journal.read"),
    }
    return render(request, "enterprises/timeline.html", context)


@page("enterprise.edit")
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form of the note, and write it."""
    by = reader(request)
    firm = queries.enterprise(by=by, code=code)
    form = NoteForm(request.POST or None, initial={"note": firm.note})
    if request.method == "POST" and form.is_valid():

        def act(call: Call) -> str:
            actions.write_note(
                by=call.by,
                code=code,
                note=form.cleaned_data["note"],
                version=call.version,
                at=call.at,
                key=call.key,
            )
            messages.success(request, words("备注已保存", "The note is saved"))
            return reverse("enterprises:file", args=[code])

        return submit(request, act)
    status = 422 if request.method == "POST" else 200
    return render(request, "enterprises/note.html", {"firm": firm, "form": form}, status=status)


@page("observation.read")
@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Show everything ever said of one fact of an enterprise; an officer corrects it here."""
    by, lang, at = reader(request), reader_language(), timezone.now()
    firm = queries.enterprise(by=by, code=code)
    form = None
    if request.method == "POST" or may(by, "observation.correct", subject=code):
        require(by, "observation.correct", subject=code)
        definition = queries.fact(by=by, name=name)
        years = range(at.year - _YEARS_BACK, at.year)
        form = CorrectionForm(request.POST or None, definition=definition, years=years)
        if request.method == "POST" and form.is_valid():
            return _correct(request, code, form)
    told = facts.open_history(by=by, subject=code, fact=name, purpose="history", at=at)
    definition = queries.fact(by=by, name=name)
    context = {
        "firm": firm,
        "fact": definition,
        "told": [(each, value_shown(each.known, lang=lang)) for each in told],
        "seen": len(told),
        "chart": _chart(definition, told, at, lang),
        "form": form,
        "own": by.subject == code,
    }
    return render(request, "enterprises/fact.html", context, status=422 if form and form.errors else 200)


def _correct(request: HttpRequest, code: str, form: CorrectionForm) -> HttpResponse:
    name = form.definition.name

    def act(call: Call) -> str:
        actions.correct_fact(
            by=call.by,
            code=code,
            fact=name,
            year=form.cleaned_data.get("year"),
            value=form.stored(),
            qualifier=form.cleaned_data["qualifier"],
            reason=form.cleaned_data["reason"],
            version=call.version,
            at=call.at,
            key=call.key,
        )
        messages.success(
            request, words("已更正，原来的说法仍然保留", "Corrected; what was said before is kept")
        )
        return reverse("enterprises:fact", args=[code, name])

    return submit(request, act)


def _chart(definition: FactDefinition, told: list[Told], at: datetime, lang: str) -> object:
    counted = [each.known for each in told if each.counts and each.known.year is not None]
    if not definition.numeric or len(counted) < 2:
        return None
    last = max(each.year or 0 for each in counted)
    first = min(each.year or last for each in counted)
    return by_years(definition, counted, last=last, count=min(max(last - first + 1, 3), 6), lang=lang)
