"""How a page knows who asks: the person of the request, and the act that the page needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from kaiyuan.apps.zones import queries
from kaiyuan.apps.zones.rights import Absent, NotLoggedIn, Person, require

Page = Callable[..., HttpResponseBase]
CHOSEN = "membership"
"""The key of the session under which the chosen membership lies."""


class PersonMiddleware:
    """Put the person, or None, on each request, and turn refusals into the answers people see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = person_of(request)  # type: ignore[attr-defined]
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what is absent or forbidden alike, and send nobody to the login page."""
        if isinstance(error, NotLoggedIn):
            # A form that was sent cannot be sent again by going back to its address.
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if isinstance(error, Absent):
            raise Http404 from error
        return None


def person_of(request: HttpRequest) -> Person | None:
    """Give the person of the session in the chosen place, or in the first place they have today.

    Who has no place left is logged out: a session is worth nothing without one.
    """
    if not request.user.is_authenticated:
        return None
    found = queries.person(
        user_id=request.user.pk,
        membership_id=request.session.get(CHOSEN),
        on=timezone.localdate(),
    )
    if found is None:
        logout(request)
    return found


def person(request: HttpRequest) -> Person:
    """Give the person of a request to a page that only people see; raises NotLoggedIn."""
    found: Person | None = request.person  # type: ignore[attr-defined]
    if found is None:
        raise NotLoggedIn("nobody is logged in", remedy="Log in first")
    return found


def page(act: str) -> Callable[[Page], Page]:
    """Make a page that only those see who have the act; it finds the person as `request.person`."""

    def decorate(view: Page) -> Page:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request.person, act)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        return guarded

    return decorate
