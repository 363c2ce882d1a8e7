"""How an endpoint knows who asks: by an API key, or by the session of the browser.

An endpoint names nothing of this: the API asks `ACCESS` before every call, and `caller(request)` gives the person:

    @router.get("/enterprises/{code}", response=EnterpriseOut)
    def enterprise(request: HttpRequest, code: str) -> Enterprise:
        return queries.enterprise(by=caller(request), code=code)

Rights are decided below, by `require` in queries and actions; Absent becomes a 404, nobody a 401. An endpoint that
writes goes through `kaiyuan.apps.journal.writes.write` besides.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from kaiyuan.apps.zones.keys import person_of_key
from kaiyuan.apps.zones.rights import NotLoggedIn, Person
from kaiyuan.errors import KaiyuanError

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ScopeMissing(KaiyuanError):
    """A key without the scope that a call needs; told openly, for it says something of the key alone."""


class TokenMissing(KaiyuanError):
    """A call that writes by the session of a browser, without the token that shows it came from our pages."""


class ByKey(HttpBearer):
    """`Authorization: Bearer ky_…`: the key of a machine."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """Give the person the key speaks for; raises ScopeMissing for a call outside its scopes."""
        person = person_of_key(text=token, at=timezone.now(), on=timezone.localdate())
        request.person = person  # type: ignore[attr-defined]
        if person is not None and scope_of(request) not in person.scopes:
            raise ScopeMissing(
                f"this key may not {scope_of(request)}",
                remedy="Use a key with that scope",
            )
        return person


class BySession(APIKeyCookie):
    """The session of a browser that is logged in; writes need its CSRF token (`X-CSRFToken`)."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return None if "Authorization" in request.headers else request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        """Give the person of the session; raises TokenMissing for a write that may come from another site."""
        person: Person | None = getattr(request, "person", None)
        if key is None or person is None:
            return None
        if check_csrf(request) is not None:
            raise TokenMissing("the token of the form is missing", remedy="Send the header X-CSRFToken")
        return person


ACCESS = (ByKey(), BySession())
"""What the API asks, in this order; a key that is not good is never replaced by a session."""


def scope_of(request: HttpRequest) -> str:
    """Give the scope that a call needs: `read` or `write`."""
    return "read" if request.method in SAFE else "write"


def caller(request: HttpRequest) -> Person:
    """Give the person who calls; raises NotLoggedIn."""
    person: Person | None = getattr(request, "person", None)
    if person is None:
        raise NotLoggedIn("nobody is logged in", remedy="Send an API key, or log in")
    return person


def person_only(request: HttpRequest) -> Person:
    """Give the person who calls by a session; raises ScopeMissing for a key: none may make what opens a login."""
    person = caller(request)
    if person.via:
        raise ScopeMissing("a key may not make what opens a login", remedy="Log in and do it yourself")
    return person


def language() -> str:
    """Give the caller's language, from Accept-Language or the cookie of the site: `zh` or `en`."""
    return "en" if (get_language() or "").startswith("en") else "zh"
