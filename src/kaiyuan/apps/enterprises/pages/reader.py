"""Who reads: the language in which what Python words is written, and the person of the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from urllib.parse import urlencode

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


@dataclass(frozen=True)
class AsOf:
    """The day that is asked about and the moment up to which facts were known; `back` when it is not now."""

    on: date
    known_at: datetime
    back: bool
    other_day: bool = False

    @property
    def query(self) -> str:
        """Give what an address says of it, empty for now."""
        if not self.back:
            return ""
        known = timezone.localtime(self.known_at).strftime("%Y-%m-%dT%H:%M")
        return "?" + urlencode({"on": self.on.isoformat(), "known": known})

    @property
    def rule_query(self) -> str:
        """Give what an address of a rule says of the day, empty for today."""
        return "?" + urlencode({"on": self.on.isoformat()}) if self.other_day else ""


def asked_as_of(request: HttpRequest, *, at: datetime) -> AsOf:
    """Give the day (`on`) and the moment (`known`) that an address asks about; what cannot be is now."""
    on = day_asked(request)
    try:
        known = timezone.make_aware(datetime.fromisoformat(request.GET.get("known", "")).replace(tzinfo=None))
    except (ValueError, OverflowError):
        known = at
    known = known if known.year >= _FIRST and known <= at else at
    other_day = on != timezone.localdate()
    return AsOf(on, known, back=other_day or known != at, other_day=other_day)
