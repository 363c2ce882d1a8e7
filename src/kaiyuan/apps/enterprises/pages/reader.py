"""Who reads: the language in which what Python words is written, and the person of the request."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.translation import get_language

from kaiyuan.apps.zones.rights import Person


def reader_language() -> str:
    """Give the reader's language: `zh` or `en`."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def reader(request: HttpRequest) -> Person:
    """Give the person of a request that a page has let in."""
    return cast("Person", request.person)  # type: ignore[attr-defined]
