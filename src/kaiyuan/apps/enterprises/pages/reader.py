"""Who reads: the language in which what Python words is written, and the person of the request."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from kaiyuan.apps.zones.rights import Person

_FIRST, _LAST = 1978, 2200


def reader_language() -> str:
    """Give the reader's language: `zh` or `en`."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def reader(request: HttpRequest) -> Person:
    """Give the person of a request that a page has let in."""
    return cast("Person", request.person)  # type: ignore[attr-defined]


def day_asked(request: HttpRequest) -> date:
    """Give the day that an address asks about (`on=2026-11-20`), today where it names none that can be."""
    try:
        asked = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()
    return asked if _FIRST <= asked.year <= _LAST else timezone.localdate()
