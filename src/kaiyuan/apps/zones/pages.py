"""Pages of coming in, of one's own place, and of how one wants to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from allauth.account.views import LoginView
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from kaiyuan.apps.zones import queries
from kaiyuan.apps.zones.access import CHOSEN, page, person
from kaiyuan.apps.zones.rights import Absent

_log = structlog.get_logger("kaiyuan.login")
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Login(LoginView):  # type: ignore[misc]
    """The login page; in a demonstration it offers the people of the demonstration besides."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the personas, in a demonstration only."""
        more = {"personas": queries.personas(on=timezone.localdate())} if settings.DEMO else {}
        return {**super().get_context_data(**kwargs), **more}


def sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the issuer of single sign-on; say so if it does not answer."""
    return _with_issuer(views.login, request, provider_id)


def signed_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the issuer; say so if it breaks off."""
    return _with_issuer(views.callback, request, provider_id)


def _with_issuer(view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view(request, provider_id)
    except (RequestException, KeyError, ValueError):
        # What an issuer may do: be away, break off, or answer what is no configuration.
        _log.warning("the issuer of single sign-on did not answer rightly", exc_info=True)
        return render(request, "socialaccount/authentication_error.html", status=401)


@require_POST
def demo_enter(request: HttpRequest) -> HttpResponse:
    """Log in as a person of the demonstration, by one click; anywhere else this address is not there."""
    if not settings.DEMO:
        raise Absent("not found")
    place = queries.persona(username=request.POST.get("persona", ""), on=timezone.localdate())
    login(request, place.user, backend=BACKEND)
    request.session[CHOSEN] = place.pk
    return redirect(_back(request))


@page("home.read")
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show who I am here, my places, how I read, and what keeps my login safe."""
    own = person(request)
    places = queries.memberships(user_id=own.user_id, on=timezone.localdate())
    return render(
        request,
        "zones/me.html",
        {"places": places, "languages": settings.LANGUAGES, "sign_on": bool(settings.ISSUER)},
    )


@page("home.read")
@require_POST
def choose_place(request: HttpRequest) -> HttpResponse:
    """Go on in another of my places."""
    own = person(request)
    place = queries.own_place(
        user_id=own.user_id, membership=request.POST.get("membership", ""), on=timezone.localdate()
    )
    request.session[CHOSEN] = place.pk
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Give the page to go back to: of this site only."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else "/"
