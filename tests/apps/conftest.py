"""What the tests of the site share: the cast of two zones, and clients that are logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

# isort: off
import tests.site_setup  # noqa: F401 - before anything of Django

# isort: on
from django.test import Client
from tests.apps.asking import ask, world
from tests.cast import ELSEWHERE, OTHERS, OWN, Cast, make_cast

from kaiyuan.apps.zones.access import CHOSEN

__all__ = ["ask", "world"]


@pytest.fixture
def cast(db) -> Cast:
    """Give the zone that most tests play in; its agent acts for the first of its two enterprises."""
    return make_cast(code="east", name="东区", firms=(OWN, OTHERS))


@pytest.fixture
def other_zone(db) -> Cast:
    """Give the zone next door, of which nothing may ever be seen."""
    return make_cast(code="west", name="西区", firms=(ELSEWHERE,))


@pytest.fixture
def client_of() -> Callable[[Cast, str], Client]:
    """Give a browser in which the person in a role is logged in."""

    def log_in(cast: Cast, role: str) -> Client:
        client = Client()
        client.force_login(cast.user(role), backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[CHOSEN] = cast.people[role].pk
        session.save()
        return client

    return log_in
