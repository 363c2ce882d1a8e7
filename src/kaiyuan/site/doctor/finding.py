"""What the doctor says of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from kaiyuan.sheets.wording import Wording

Grade = Literal["good", "look", "unsafe"]
NOTHING = Wording("", "")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it stands, what was seen, and what to do."""

    grade: Grade
    name: str
    seen: Wording
    remedy: Wording = NOTHING


def good(name: str, zh: str, en: str) -> Finding:
    """Say that something is as it should be."""
    return Finding("good", name, Wording(zh, en))


def unsafe(name: str, seen: tuple[str, str], remedy: tuple[str, str]) -> Finding:
    """Say that something stops production, and what to do; elsewhere it is only told."""
    # A demonstration on one's own machine may be what production may not.
    return Finding("unsafe" if settings.PRODUCTION else "look", name, Wording(*seen), Wording(*remedy))


def look(name: str, seen: tuple[str, str], remedy: tuple[str, str]) -> Finding:
    """Say that something is worth a look, and what to do."""
    return Finding("look", name, Wording(*seen), Wording(*remedy))
