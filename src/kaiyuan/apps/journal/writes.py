"""Every write comes in here, from a page or from an endpoint, so that a second click or a retry does nothing twice.

A page that posts puts `{% once %}` into its form (and a hidden `version` where two people may edit), and ends:

    if form.is_valid():
        return submit(request, lambda call: address_of(actions.note(
            by=call.by, code=code, text=form.cleaned_data["note"], version=call.version, at=call.at, key=call.key)))

The act gives the address to go to; the answer is 303. An endpoint gives the schema that is its answer:

    @router.post("/enterprises/{code}/note", response=EnterpriseOut)
    def note(request: HttpRequest, code: str, body: NoteIn) -> HttpResponse:
        return write(request, lambda call: EnterpriseOut.from_orm(actions.note(
            by=call.by, code=code, text=body.note, version=call.version, at=call.at, key=call.key)))

The act, its event and the answer are one transaction. The same key with the same request gets the answer that was
kept; with another request it raises KeyReused (422). An act that is asked to change what somebody else has changed
meanwhile calls `unchanged(…)`, which raises Stale (a page answers 409, an endpoint 412, both with what changed).
What cannot be done in the present state raises Conflict (409). Refusals leave nothing behind, also not the key.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from pydantic import BaseModel

from kaiyuan.apps.journal.actions import Answer, KeyReused, is_kept, once
from kaiyuan.apps.journal.conflicts import Change as Change
from kaiyuan.apps.journal.conflicts import Conflict as Conflict
from kaiyuan.apps.journal.conflicts import Stale as Stale
from kaiyuan.apps.zones.rights import NotLoggedIn, Person
from kaiyuan.errors import KaiyuanError
from kaiyuan.sheets.wording import Wording

KEY = "Idempotency-Key"
"""The header an endpoint takes the key from; a page takes it from the hidden field `key`."""
_KEY = re.compile(r"[\x21-\x7e]{1,80}", re.ASCII)
_VERSION = re.compile(r'"(\d{1,9})"|(\d{1,9})', re.ASCII)
_OF_THE_FORM = frozenset({"csrfmiddlewaretoken", "key"})


class KeyMissing(KaiyuanError):
    """A write came without an idempotency key, or with one that cannot be one."""


class VersionMissing(KaiyuanError):
    """A write to what two people may edit came without the version it saw (`If-Match`)."""


def unchanged(*, asked: int, now: int, changes: Iterable[Change]) -> None:
    """Raise Stale with what changed unless the version that the writer saw is the version that is."""
    if asked != now:
        raise Stale(
            Wording(
                f"他人已先修改：您看到的是第 {asked} 版，现在是第 {now} 版",
                f"somebody else changed this first: you saw version {asked}, it is at version {now} now",
            ),
            changes=changes,
            remedy="Read it again and decide",
        )


@dataclass(frozen=True)
class Call:
    """What an act needs to know of the call: who, when, under which key, and the version that was seen."""

    by: Person
    at: datetime
    key: str
    seen: int | None = field(default=None)

    @property
    def version(self) -> int:
        """Give the version that the writer saw; raises VersionMissing."""
        if self.seen is None:
            raise VersionMissing(
                "the version you saw is missing", remedy="Send its ETag in the header If-Match"
            )
        return self.seen


def write(
    request: HttpRequest,
    act: Callable[[Call], BaseModel | None],
    *,
    status: int = 200,
    before: Callable[[Call], None] | None = None,
    shown_once: Sequence[str] = (),
) -> HttpResponse:
    """Do an endpoint's act once for its key and answer with what it gives (None: 204); retries get the same answer.

    `before` is work that takes long and writes nothing, such as evaluating a zone: it is done before the
    transaction, and not for a retry. `shown_once` names secrets in the answer: they are not kept, so a retry gets
    null in their place. A `version` in the answer is its ETag. Raises KeyMissing, KeyReused, VersionMissing and what
    the act raises.
    """
    call = _call(request, key=request.headers.get(KEY, ""), version=request.headers.get("If-Match", ""))
    if before is not None and not is_kept(by=call.by, key=call.key):
        before(call)
    shown: list[str] = []

    def answered() -> Answer:
        given = act(call)
        if given is None:
            return Answer(204, "")
        shown.append(given.model_dump_json(by_alias=True))
        kept = given.model_copy(update=dict.fromkeys(shown_once))
        return Answer(status, kept.model_dump_json(by_alias=True) if shown_once else shown[0])

    answer = once(by=call.by, key=call.key, request=_asked(request), at=call.at, act=answered)
    body = shown[0] if shown else answer.body
    response = HttpResponse(body, status=answer.status, content_type="application/json")
    if answer.status == 204:
        del response["Content-Type"]
    elif version := json.loads(answer.body).get("version"):
        response["ETag"] = f'"{version}"'
    if answer.kept:
        response["Idempotent-Replayed"] = "true"
    return response


def submit(
    request: HttpRequest,
    act: Callable[[Call], str],
    *,
    conflict: Callable[[Conflict], HttpResponse] | None = None,
    before: Callable[[Call], None] | None = None,
) -> HttpResponse:
    """Do a page's act once for the key of its form and go (303) to the address it gives; a second click goes there too.

    `conflict` shows the form again with what changed, where a page can do so better than the general page 409, which
    lists the changes and what was typed. `before` is as in `write`. A key that is missing or was used for something
    else answers 422. What else the act raises goes on to the page, to stand beside the field.
    """
    try:
        call = _call(request, key=request.POST.get("key", ""), version=request.POST.get("version", ""))
        if before is not None and not is_kept(by=call.by, key=call.key):
            before(call)
        answer = once(
            by=call.by,
            key=call.key,
            request=_asked(request),
            at=call.at,
            act=lambda: Answer(303, act(call)),
        )
    except Conflict as refusal:
        if conflict is not None:
            response = conflict(refusal)
            response.status_code = 409
            return response
        return _refused(request, refusal, status=409)
    except (KeyMissing, KeyReused) as refusal:
        return _refused(request, refusal, status=422)
    response = HttpResponseRedirect(answer.body)
    response.status_code = answer.status
    return response


def _refused(request: HttpRequest, refusal: KaiyuanError, *, status: int) -> HttpResponse:
    typed = [
        (name, value)
        for name, value in request.POST.items()
        if name not in _OF_THE_FORM | {"version"} and "password" not in name
    ]
    return render(request, f"{status}.html", {"refusal": refusal, "typed": typed}, status=status)


def _call(request: HttpRequest, *, key: str, version: str) -> Call:
    person: Person | None = getattr(request, "person", None)
    if person is None:
        raise NotLoggedIn("nobody is logged in", remedy="Log in first")
    if not _KEY.fullmatch(key):
        raise KeyMissing(
            "a write needs a key of its own, 1 to 80 visible ASCII characters",
            remedy=f"Send a fresh random word in the header {KEY}, and the same one again when you retry",
        )
    seen = _VERSION.fullmatch(version.strip())
    return Call(by=person, at=timezone.now(), key=key, seen=int(seen[1] or seen[2]) if seen else None)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Say what was asked, so that the same key with another request is noticed."""
    if request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        # Boundaries and tokens differ from one sending to the next; what is meant does not.
        fields = [(name, request.POST.getlist(name)) for name in sorted(request.POST.keys() - _OF_THE_FORM)]
        files = [
            (name, [(file.name, _digest(file.chunks())) for file in request.FILES.getlist(name)])
            for name in sorted(request.FILES)
        ]
        body = repr((fields, files))
    else:
        body = _digest([request.body])
    return {
        "method": request.method,
        "path": request.get_full_path(),
        "seen": request.headers.get("If-Match", ""),
        "body": body,
    }


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()
