"""What cannot be done as things stand now, said in both languages with what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kaiyuan.errors import KaiyuanError
from kaiyuan.sheets.wording import Wording


@dataclass(frozen=True)
class Change:
    """One thing that is not as the writer saw it: its name and words, how it is now, who changed it and when."""

    name: str
    label: Wording
    now: str
    by: str = ""
    at: datetime | None = None


class Conflict(KaiyuanError):
    """The act cannot be done as things stand now; says why in both languages, and what changed."""

    def __init__(self, said: Wording, *, changes: Iterable[Change] = (), remedy: str | None = None) -> None:
        super().__init__(said.en, remedy=remedy)
        self.said = said
        self.changes = tuple(changes)


class Stale(Conflict):
    """Somebody else changed it since the writer read it."""
