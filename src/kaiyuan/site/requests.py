"""Each request has an id, a line in the log, and an answer that nobody keeps who should not."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

from kaiyuan.apps.facts.rules import zones_asked_once

_log = structlog.get_logger("kaiyuan.request")


class RequestLog:
    """Name the request, time it, and forbid caches to keep what was shown to a person who is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid4().hex[:16]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        started = perf_counter()
        with zones_asked_once():
            response = self._next(request)
        person = getattr(request, "person", None)
        if person is not None and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        response["X-Request-Id"] = request_id
        # The path without its query: a search may hold a name.
        _log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((perf_counter() - started) * 1000, 1),
            membership=person.membership_id if person is not None else None,
        )
        return response
