"""What happened to an enterprise's file, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.wording import type_words
from kaiyuan.sheets.wording import Wording


@dataclass(frozen=True)
class Happened:
    """One event, or several alike by one person within a day, the newest of them first."""

    words: Wording
    who: str
    sequence: int
    at: datetime
    times: int
    legal_basis: str


def happened(events: Sequence[Event]) -> list[Happened]:
    """Give events in words; readings by one person on one day are one line that counts them."""
    lines: list[Happened] = []
    for event in events:
        words = type_words(event.type)
        last = lines[-1] if lines else None
        same = last is not None and (last.words, last.who) == (words, event.actor_label)
        if (
            same
            and last is not None
            and event.type == "facts.read"
            and last.at.date() == event.recorded_at.date()
        ):
            lines[-1] = Happened(
                last.words, last.who, last.sequence, last.at, last.times + 1, last.legal_basis
            )
            continue
        lines.append(
            Happened(words, event.actor_label, event.sequence, event.recorded_at, 1, event.legal_basis)
        )
    return lines
