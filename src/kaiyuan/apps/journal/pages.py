"""Pages of the journal: what happened, whether it is still what was recorded, and the checkpoints."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kaiyuan.apps.journal import actions, queries
from kaiyuan.apps.journal.conflicts import Conflict
from kaiyuan.apps.journal.forms import SIZES, AskedForm, VerifyForm
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.notes import NoteError
from kaiyuan.apps.journal.signing import has_key, origin_of, trusted_keys
from kaiyuan.apps.journal.wording import FINDINGS
from kaiyuan.apps.journal.writes import submit
from kaiyuan.apps.zones.access import page, person
from kaiyuan.apps.zones.rights import may, require
from kaiyuan.apps.zones.wording import words


@page("journal.read")
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """List the zone's events, newest first, filtered by the address."""
    form = AskedForm(request.GET)
    size = request.GET.get("size", "")
    shown = queries.events(
        by=person(request),
        asked=form.asked(),
        size=int(size) if size in map(str, SIZES) else SIZES[0],
        before=_number(request, "before"),
        after=_number(request, "after"),
    )
    return render(
        request,
        "journal/events.html",
        {
            "form": form,
            "shown": shown,
            "chain": queries.chain_of(by=person(request)),
            "filtered": any(form.cleaned_data.get(name) for name in form.fields),
            "newer": _further(request, after=shown.newer),
            "older": _further(request, before=shown.older),
            "sizes": [(each, _further(request, size=each)) for each in SIZES],
            "may_verify": may(person(request), "journal.verify"),
        },
    )


@page("journal.read")
@require_GET
def event(request: HttpRequest, sequence: int) -> HttpResponse:
    """Show one event: what it says, how it is tied to the one before, which checkpoint covers it."""
    shown = queries.event(by=person(request), sequence=sequence)
    return render(
        request,
        "journal/event.html",
        {
            "event": shown,
            "payload": [(name, _shown(value)) for name, value in json.loads(shown.payload).items()],
            "fits": queries.fits(shown),
            "covering": queries.covering(by=person(request), sequence=sequence),
        },
    )


@page("journal.read")
@require_GET
def proof(request: HttpRequest, sequence: int) -> HttpResponse:
    """Hand out what shows the event to be under a checkpoint, to be checked without this site."""
    given = queries.proof(by=person(request), sequence=sequence)
    response = JsonResponse(given, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{person(request).zone_code}-{sequence}.json"'
    return response


@page("journal.verify")
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Verify the whole journal on request, and show what the last verification found."""
    by = person(request)
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        try:
            # The walk is long and only reads: it is done before the transaction that records it.
            done = queries.verify(zone_id=by.zone_id, notes=[note] if note.strip() else [])
        except NoteError as error:
            form.add_error("note", words(error.said.zh, error.said.en))
        else:
            return submit(
                request,
                lambda call: _verified(
                    actions.put_verification_down(by=call.by, verified=done, at=call.at, key=call.key)
                ),
            )
    number = _number(request, "done")
    last = queries.event(by=by, sequence=number) if number else queries.last_verified(by=by)
    found = _result(last) if last is not None and last.type == "journal.verified" else None
    status = 422 if form.is_bound else 200
    context = {"form": form, "last": last, "result": found, "chain": queries.chain_of(by=by)}
    return render(request, "journal/verify.html", context, status=status)


@page("journal.read")
@require_http_methods(["GET", "POST"])
def checkpoints(request: HttpRequest) -> HttpResponse:
    """List the checkpoints with their notes; an auditor has a new one signed."""
    by = person(request)
    if request.method == "POST":
        require(by, "checkpoint.make")
        done = queries.verify(zone_id=by.zone_id)
        return submit(
            request,
            lambda call: _made(
                actions.make_checkpoint(by=call.by, verified=done, at=call.at, key=call.key).size
            ),
            conflict=lambda refusal: _checkpoints(request, refusal),
        )
    return _checkpoints(request)


def _checkpoints(request: HttpRequest, refusal: Conflict | None = None) -> HttpResponse:
    by = person(request)
    context = {
        "rows": queries.checkpoints(by=by)[:100],
        "chain": queries.chain_of(by=by),
        "may_make": may(by, "checkpoint.make"),
        "key": trusted_keys()[0].written(origin_of(by.zone_code)) if has_key() else "",
        "refusal": refusal,
        "made": _number(request, "made"),
    }
    return render(request, "journal/checkpoints.html", context)


@page("journal.read")
@require_GET
def note(request: HttpRequest, size: int) -> HttpResponse:
    """Hand out a checkpoint as a file, to be kept outside."""
    given = queries.checkpoint(by=person(request), size=size)
    response = HttpResponse(given.note, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{person(request).zone_code}-{size}.txt"'
    return response


def _verified(event: Event) -> str:
    return f"{reverse('journal:verify')}?done={event.sequence}"


def _made(size: int) -> str:
    return f"{reverse('journal:checkpoints')}?made={size}"


def _result(event: Event) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(event.payload)
    named = [(FINDINGS[each["kind"]], each["sequence"]) for each in said["findings"]]
    return said | {"findings": named, "more": said["findings_count"] - len(named)}


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _further(request: HttpRequest, **changes: int | None) -> str:
    """Give the address with other numbers; nothing if there is nowhere to go."""
    if None in changes.values():
        return ""
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
