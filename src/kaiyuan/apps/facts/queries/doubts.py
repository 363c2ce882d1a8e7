"""Which values are not settled: two sources speak of the same, or one value is only about so much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kaiyuan.apps.facts.models import Observation, Source, Subject
from kaiyuan.apps.facts.queries.counting import counting


@dataclass(frozen=True)
class Inexact:
    """A value that counts with a word before it: about, nearly, expected."""

    subject: str
    fact: str
    year: int | None
    qualifier: str


def contested(*, zone_id: int, known_at: datetime) -> list[str]:
    """Give the codes of subjects of which more than one source speaks that nobody has settled by a correction.

    All sources but the largest are looked through, by the numbers between which their observations lie.
    """
    sources = [
        source
        for source in counting(zone_id=zone_id, known_at=known_at).sources.values()
        if source.kind != "correction" and source.first is not None
    ]
    sources.sort(key=_size)
    found: set[int] = set()
    for source in sources[:-1]:
        rows = Observation.objects.filter(
            zone_id=zone_id, pk__range=(source.first, source.last), source=source
        )
        found.update(rows.order_by().values_list("subject_id", flat=True).distinct())
    return list(
        Subject.objects.filter(zone_id=zone_id, pk__in=found).order_by("code").values_list("code", flat=True)
    )


def inexact(*, zone_id: int, as_of: date, known_at: datetime) -> list[Inexact]:
    """Give the values with a qualifier that corrections and forms put down and that still count."""
    rows = (
        Observation.objects.filter(zone_id=zone_id, kind=0, source__kind__in=("correction", "form"))
        .filter(source__recorded_at__lte=known_at)
        .exclude(source__withdrawn_at__lte=known_at)
        .select_related("subject", "fact", "source")
        .order_by("source__recorded_at", "pk")
    )
    latest: dict[tuple[str, str, int | None], Inexact] = {}
    for row in rows:
        current = row.year < as_of.year if row.year is not None else (row.valid_from or date.max) <= as_of
        if current:
            key = (row.subject.code, row.fact.name, row.year)
            latest[key] = Inexact(*key, row.qualifier)
    return [each for each in latest.values() if each.qualifier]


def _size(source: Source) -> int:
    return (source.last or 0) - (source.first or 0)
