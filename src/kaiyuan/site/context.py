"""What every page's frame needs: who is here, in which zone, and the way around."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kaiyuan.apps.zones import queries
from kaiyuan.site.menu import menu_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give the frame's words: zone, person, menu, large text, demo ribbon."""
    person = getattr(request, "person", None)
    return {
        "person": person,
        "place": queries.place(person) if person is not None else None,
        "menu": menu_of(person, path=request.path) if person is not None else (),
        "large_text": request.COOKIES.get("kaiyuan-text") == "large",
        "demo": settings.DEMO,
    }
