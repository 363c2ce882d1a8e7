"""Pages of the site itself: the first page, health, and refusals."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

import structlog
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kaiyuan.apps.zones.access import page, person
from kaiyuan.site import problems
from kaiyuan.site.api import api, problem
from kaiyuan.site.context import COLOURS, SHEETS, TEXT
from kaiyuan.site.home import home_of
from kaiyuan.site.openapi import operations_of
from kaiyuan.site.samples import samples

API = "/api/"


@page("home.read")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what this person can begin with."""
    home = home_of(person(request), on=timezone.localdate())
    ways = {way.icon: way.url for way in home.ways}
    return render(
        request,
        "site/home.html",
        {"home": home, "list_url": ways.get("case"), "events_url": ways.get("clock")},
    )


@require_POST
@csrf_exempt
def display(request: HttpRequest) -> HttpResponse:
    """Keep how the reader likes pages: language, large text, colours. It tells nothing and needs no login.

    It takes no token: the frame of every page has this form, and pages of refusal must not differ by a byte.
    """
    back = urlsplit(request.headers.get("Referer", ""))
    here = back.netloc in ("", request.get_host())
    response = HttpResponseRedirect(_within(back) if here else "/")
    for name, cookie, among in _DISPLAY:
        value = request.POST.get(name)
        if value in among:
            response.set_cookie(
                cookie, value, max_age=365 * 86400, samesite="Lax", secure=settings.SECURE, httponly=True
            )
    return response


_DISPLAY = (
    ("language", settings.LANGUAGE_COOKIE_NAME, tuple(code for code, _ in settings.LANGUAGES)),
    ("text", TEXT, ("large", "normal")),
    ("colours", COLOURS, ("light", "system")),
)


def _within(back: SplitResult) -> str:
    # Exactly one leading slash: two would name another host.
    return "/" + back.path.lstrip("/") + (f"?{back.query}" if back.query else "")


@page("home.read")
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every part of the design system in its states, for those who build pages."""
    return render(request, "site/components.html", samples())


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Tell that the process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Tell whether the database answers and has every migration; 503 if not."""
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, the answer is "not ready"
        return JsonResponse({"status": "not ready", "database": "no answer"}, status=503)
    status = "ok" if waiting == 0 else "not ready"
    return JsonResponse(
        {"status": status, "migrations_waiting": waiting}, status=200 if waiting == 0 else 503
    )


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show every operation of the API and every problem, from the description itself; readable without a login."""
    description = api.get_openapi_schema()
    return render(
        request,
        "site/api_docs.html",
        {
            "description": description,
            "groups": operations_of(description),
            "problems": problems.PROBLEMS,
        },
    )


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form came without its token, and what to do."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is absent and what is not for this person with the same bytes."""
    if request.path.startswith(API):
        return problem(problems.body_of(problems.ABSENT))
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; without the frame, which may be what broke."""
    if request.path.startswith(API):
        return problem(problems.body_of(problems.BROKEN))
    number = structlog.contextvars.get_contextvars().get("request", "")
    return HttpResponse(render_to_string("500.html", {"sheets": SHEETS, "request_id": number}), status=500)
