"""Many generated pairs made one: for engines in which every query costs much, whatever it asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tests.rulebook.generate import Pair


def merged(pairs: Iterable[Pair]) -> Pair:
    """Give one pair with all rulebooks and all subjects of some pairs of one day.

    Rulebooks and assessments get the number of their pair, and changed parameters are left as they are written.
    Every rulebook then meets the subjects of every pair.
    """
    some = list(pairs)
    books = [_numbered(book, at) for at, pair in enumerate(some) for book in pair.rulebooks]
    facts = tuple(subject for pair in some for subject in pair.facts)
    (on,) = {pair.on for pair in some}
    return Pair(tuple(books), on, facts, {})


def _numbered(book: dict[str, Any], at: int) -> dict[str, Any]:
    assessments = {f"{name}_{at}": data for name, data in book["assessments"].items()}
    return {**book, "rulebook": f"{book['rulebook']}_{at}", "assessments": assessments}


def by_day(pairs: Iterable[Pair], size: int) -> Iterator[list[Pair]]:
    """Sort pairs by day and give them in groups of `size`; what does not fill a group is left out."""
    days: dict[date, list[Pair]] = {}
    for pair in pairs:
        days.setdefault(pair.on, []).append(pair)
    for some in days.values():
        for first in range(0, len(some) - size + 1, size):
            yield some[first : first + size]
