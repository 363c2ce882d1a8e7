"""Pages of members and keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaiyuan.apps.journal.writes import Call, submit
from kaiyuan.apps.people import actions, queries
from kaiyuan.apps.people.forms import ROLES, EndForm, InviteForm, KeyForm, PlaceForm
from kaiyuan.apps.people.links import password_link
from kaiyuan.apps.zones.access import page, person
from kaiyuan.apps.zones.rights import may
from kaiyuan.apps.zones.wording import words

SIZES = (20, 50, 100)
STATES = (
    ("current", words("在任", "In place")),
    ("coming", words("将就任", "To come")),
    ("ended", words("已离任", "Ended")),
    ("all", words("全部", "All")),
)


@page("member.read")
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """List the members of the zone, filtered by the address."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "role", "state")}
    state = asked["state"] if asked["state"] in queries.STATES else "current"
    found = queries.members(
        by=person(request), on=timezone.localdate(), words=asked["q"], role=asked["role"], state=state
    )
    size = request.GET.get("size", "")
    rows = Paginator(found, int(size) if size in map(str, SIZES) else SIZES[0])
    return render(
        request,
        "people/members.html",
        {
            "rows": rows.get_page(request.GET.get("page")),
            "asked": asked | {"state": state},
            "roles": ROLES[1:],
            "states": STATES,
            "today": timezone.localdate(),
            "may_write": may(person(request), "member.write"),
        },
    )


@page("member.read")
@require_safe
def member(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Show one member's place, and what an administrator can do with it."""
    return _member(request, membership_id)


@page("member.write")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make a new member."""
    form = InviteForm(
        request.POST or None, by=person(request), on=timezone.localdate(), sign_on=bool(settings.ISSUER)
    )

    def act(call: Call) -> str:
        given = form.cleaned_data
        made = actions.invite(
            by=call.by,
            name=given["name"],
            full_name=given["full_name"],
            sign_on=given.get("sign_on", ""),
            at=call.at,
            key=call.key,
            **_placing(form),
        )
        return reverse("people:member", args=[made.pk])

    return _tried(request, form, act) or render(request, "people/invite.html", {"form": form})


@page("member.write")
@require_http_methods(["GET", "HEAD", "POST"])
def give_place(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Give a member another place."""
    known = queries.member(by=person(request), membership_id=membership_id)
    form = PlaceForm(request.POST or None, by=person(request), on=timezone.localdate())

    def act(call: Call) -> str:
        given = actions.give_place(
            by=call.by, membership_id=membership_id, at=call.at, key=call.key, **_placing(form)
        )
        return reverse("people:member", args=[given.pk])

    return _tried(request, form, act) or render(request, "people/place.html", {"form": form, "member": known})


@page("member.write")
@require_POST
def end(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End a member's place."""
    queries.member(by=person(request), membership_id=membership_id)
    form = EndForm(request.POST)

    def act(call: Call) -> str:
        given = form.cleaned_data
        last_day = timezone.localdate() - timedelta(days=1) if given["at_once"] else given["last_day"]
        actions.end(
            by=call.by,
            membership_id=membership_id,
            last_day=last_day,
            reason=given["reason"],
            at=call.at,
            key=call.key,
        )
        return reverse("people:member", args=[membership_id])

    return _tried(request, form, act) or _member(request, membership_id, end_form=form)


@page("member.write")
@require_POST
def link(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Make a link for a new password and show it, once."""
    made = []

    def act(call: Call) -> str:
        made.append(actions.make_link(by=call.by, membership_id=membership_id, at=call.at, key=call.key))
        return reverse("people:member", args=[membership_id])

    answer = submit(request, act)
    return _member(request, membership_id, link=password_link(made[0])) if made else answer


@page("api_key.own")
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    """List my keys for machines; make one and show its text, once."""
    form = KeyForm(request.POST or None)
    texts = []

    def act(call: Call) -> str:
        given = form.cleaned_data
        _, text = actions.make_key(
            by=call.by,
            name=given["name"],
            scopes=frozenset(given["scopes"]),
            days=given["days"],
            at=call.at,
            key=call.key,
        )
        texts.append(text)
        return reverse("people:api_keys")

    answer = _tried(request, form, act)
    if answer is not None and not texts:
        return answer
    return render(
        request,
        "people/keys.html",
        {
            "keys": queries.keys(by=person(request), at=timezone.now()),
            "form": KeyForm() if texts else form,
            "text": texts[0] if texts else "",
        },
    )


@page("api_key.own")
@require_POST
def revoke_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """End one of my keys."""

    def act(call: Call) -> str:
        actions.revoke_key(by=call.by, key_id=key_id, at=call.at, key=call.key)
        return reverse("people:api_keys")

    return submit(request, act)


def _member(request: HttpRequest, membership_id: int, **more: Any) -> HttpResponse:
    by = person(request)
    found = queries.member(by=by, membership_id=membership_id)
    context = {
        "member": found,
        "others": queries.other_places(by=by, membership=found),
        "today": timezone.localdate(),
        "may_write": may(by, "member.write"),
        "ours_alone": queries.is_ours_alone(by=by, user_id=found.user_id),
        "end_form": EndForm(initial={"last_day": timezone.localdate()}),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    return render(request, "people/member.html", context | more)


def _tried(request: HttpRequest, form: Form, act: Any) -> HttpResponse | None:
    """Do the act if the form was sent and is right; None if it is to be shown (again), with what is wrong."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return submit(request, act)
    except actions.Unusable as refusal:
        form.add_error(refusal.field, str(words(refusal.said.zh, refusal.said.en)))
        return None


def _placing(form: Form) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "role": given["role"],
        "department_id": given["department"].pk if given["department"] else None,
        "subject": given["subject"],
        "starts_on": given["starts_on"],
        "ends_on": given["ends_on"],
    }
