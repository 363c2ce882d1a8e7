"""Which values are not settled: two sources speak of the same, or one value is only about so much."""

from __future__ import annotations

from collections.abc import Collection
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


def contested(*, zone_id: int, known_at: datetime, subjects: Collection[str] | None = None) -> list[str]:
    """Give the codes of subjects (None: of all) of which more than one source speaks, corrections not counted.

    Where all are asked, all sources but the largest are looked through, by the numbers of their observations.
    """
    sources = [
        source
        for source in counting(zone_id=zone_id, known_at=known_at).sources.values()
        if source.kind != "correction" and source.first is not None
    ]
    if len(sources) < 2:
        return []
    speakers: dict[str, set[int]] = {}
    rows = Observation.objects.filter(zone_id=zone_id, subject__zone_id=zone_id)
    if subjects is not None:
        told = rows.filter(subject__code__in=list(subjects), source__in=sources)
        for code, source_id in told.order_by().values_list("subject__code", "source_id").distinct():
            speakers.setdefault(code, set()).add(source_id)
        return sorted(code for code, several in speakers.items() if len(several) > 1)
    sources.sort(key=_size)
    found: set[int] = set()
    for source in sources[:-1]:
        part = Observation.objects.filter(
            zone_id=zone_id, pk__range=(source.first, source.last), source=source
        )
        found.update(part.order_by().values_list("subject_id", flat=True).distinct())
    who = Subject.objects.filter(zone_id=zone_id).order_by("code").values_list("pk", "code")
    return [code for number, code in who if number in found]


def inexact(*, zone_id: int, as_of: date, known_at: datetime) -> list[Inexact]:
    """Give the values with a qualifier that corrections and forms put down and that still count, of the whole zone."""
    rows = (
        Observation.objects.filter(zone_id=zone_id, kind=0, source__kind__in=("correction", "form"))
        .filter(source__recorded_at__lte=known_at, subject__zone_id=zone_id)
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
