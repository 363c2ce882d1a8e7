"""What every page's frame needs: who is here, in which zone, and the way around."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from kaiyuan import __version__
from kaiyuan.apps.zones import queries
from kaiyuan.apps.zones.rights import Person, may
from kaiyuan.site.menu import menu_of

SHEETS = tuple(
    f"kaiyuan/{name}.css"
    for name in (
        "tokens", "base", "shell", "components", "tables", "forms", "charts", "clock", "rules",
        "entitlement", "widths", "print",
    )
)  # fmt: skip
"""The design system's files, in the order in which they apply."""
TEXT, COLOURS = f"{settings.COOKIE_PREFIX}kaiyuan-text", f"{settings.COOKIE_PREFIX}kaiyuan-colours"
"""Cookies of the reader's display: `large` text, `light` colours whatever the system prefers."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give the frame's words: zone, person, menu, sheets, large text, demo ribbon."""
    person = getattr(request, "person", None)
    place = queries.place(person) if person is not None else None
    return {
        "person": person,
        "place": place,
        "menu": menu_of(person, path=request.path) if person is not None else (),
        "sheets": (*SHEETS, *theme_of(place.zone.code if place is not None else "")),
        "search_url": _address(person, "enterprises:search", "enterprise.list"),
        "me_url": _address(person, "zones:me", "home.read"),
        "large_text": request.COOKIES.get(TEXT) == "large",
        "light": request.COOKIES.get(COLOURS) == "light",
        "demo": settings.DEMO,
        "version": __version__,
    }


@cache
def theme_of(zone_code: str) -> tuple[str, ...]:
    """Give the zone's own sheet of colours, `kaiyuan/themes/<code>.css`, if there is one."""
    name = f"kaiyuan/themes/{zone_code}.css"
    return (name,) if zone_code and finders.find(name) else ()


def _address(person: Person | None, name: str, act: str) -> str:
    if not may(person, act):
        return ""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
