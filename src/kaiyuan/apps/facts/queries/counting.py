"""Which sources count at a moment, and in which order one outweighs another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kaiyuan.apps.facts.models import Source


@dataclass(frozen=True)
class Counting:
    """The sources that count at a moment, by number, the earliest recorded first: a later one outweighs it."""

    sources: dict[int, Source]

    @property
    def ranks(self) -> dict[int, int]:
        """Give the rank of each source by its number."""
        return {number: rank for rank, number in enumerate(self.sources)}

    @property
    def span(self) -> tuple[int, int]:
        """Give the numbers between which all their observations lie; an empty span where there are none."""
        firsts = [source.first for source in self.sources.values() if source.first is not None]
        lasts = [source.last for source in self.sources.values() if source.last is not None]
        return min(firsts, default=1), max(lasts, default=0)

    def turned(self) -> Counting:
        """Give the same sources with the earliest outweighing the others; what was corrected stays corrected."""
        others = [each for each in self.sources.items() if each[1].kind != "correction"]
        settled = [each for each in self.sources.items() if each[1].kind == "correction"]
        return Counting(dict([*reversed(others), *settled]))


def counting(*, zone_id: int, known_at: datetime, only: set[int] | None = None) -> Counting:
    """Give the sources of a zone that were recorded by `known_at` and not withdrawn by then."""
    rows = Source.objects.filter(zone_id=zone_id, recorded_at__lte=known_at).filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=known_at)
    )
    if only is not None:
        rows = rows.filter(pk__in=only)
    return Counting({row.pk: row for row in rows.order_by("recorded_at", "pk")})
