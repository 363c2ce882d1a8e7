"""Pages of the site itself: the first page, health, and refusals."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kaiyuan.apps.zones.access import page


@page("home.read")
def home(request: HttpRequest) -> HttpResponse:
    """Show what this person can begin with."""
    return render(request, "site/home.html")


def health(request: HttpRequest) -> JsonResponse:
    """Tell that the process answers."""
    return JsonResponse({"status": "ok"})


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


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form came without its token, and what to do."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is absent and what is not for this person with the same bytes."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; without the frame, which may be what broke."""
    return HttpResponse(render(request, "500.html").content, status=500)
