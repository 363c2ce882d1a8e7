"""What is known of one subject, value by value, each with its source; and everything ever said of one fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kaiyuan.apps.facts.models import Observation, Source
from kaiyuan.apps.facts.queries.counting import counting
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.facts.storing import Value, read_back
from kaiyuan.rulebook.facts import FactDefinition, FactDictionary

_KINDS = dict(Observation.KINDS)
ACTUAL = "actual"


@dataclass(frozen=True)
class Known:
    """One value that counts. Money is in fen; None means: known to be unknown."""

    fact: str
    definition: FactDefinition
    year: int | None
    valid_from: date | None
    value: Value
    qualifier: str
    kind: str
    source: str
    source_id: int
    data_date: date | None
    line: int | None
    recorded_at: datetime


@dataclass(frozen=True)
class Told:
    """One value that was said at some time, whether it counts or not."""

    known: Known
    source: Source
    counts: bool

    @property
    def by(self) -> str:
        """Give who recorded it, empty where nobody in person did."""
        return str(self.source.recorded_by.user) if self.source.recorded_by else ""


def values(*, zone_id: int, subject: str, as_of: date, known_at: datetime, kind: str = ACTUAL) -> list[Known]:
    """Give what counts of a subject: each fact of a year up to the base year of `as_of`, the newest year first,
    and each fact of a moment as it holds on that day.
    """
    return [
        told.known
        for told in _told(zone_id=zone_id, subject=subject, known_at=known_at, as_of=as_of)
        if told.counts and told.known.kind == kind
    ]


def history(*, zone_id: int, subject: str, fact: str) -> list[Told]:
    """Give everything ever said of one fact of a subject, of whatever period, the latest recorded first.

    `counts` tells which of them count today for their own period.
    """
    told = _told(zone_id=zone_id, subject=subject, fact=fact)
    return sorted(told, key=lambda each: (each.known.recorded_at, each.known.source_id), reverse=True)


def _told(
    *,
    zone_id: int,
    subject: str,
    fact: str | None = None,
    known_at: datetime | None = None,
    as_of: date | None = None,
) -> list[Told]:
    dictionary = dictionary_of(zone_id)
    rows = Observation.objects.filter(
        zone_id=zone_id, subject__zone_id=zone_id, subject__code=subject, source__recorded_at__isnull=False
    ).select_related("fact", "source__recorded_by__user")
    if fact is not None:
        rows = rows.filter(fact__name=fact)
    if known_at is not None:
        ranks = counting(zone_id=zone_id, known_at=known_at).ranks
    else:
        by_time = sorted(
            {row.source_id: row.source for row in rows if row.source.withdrawn_at is None}.values(),
            key=lambda source: (source.recorded_at, source.pk),
        )
        ranks = {source.pk: rank for rank, source in enumerate(by_time)}
    best: dict[tuple[str, int, int | date | None], tuple[tuple[date, int, int], int]] = {}
    held: list[Observation] = []
    for row in rows:
        if row.fact.name not in dictionary:
            continue
        held.append(row)
        if row.source_id not in ranks:
            continue
        if as_of is not None and not _is_of(row, as_of):
            continue
        weight = (row.valid_from or date.min, ranks[row.source_id], row.pk)
        period = row.year if as_of is not None else row.year or row.valid_from
        place = (row.fact.name, row.kind, period)
        if place not in best or best[place][0] < weight:
            best[place] = (weight, row.pk)
    winners = {number for _, number in best.values()}
    told = [Told(_known(row, dictionary), row.source, row.pk in winners) for row in held]
    order = {name: place for place, name in enumerate(dictionary)}
    told.sort(key=lambda each: (order[each.known.fact], -(each.known.year or 0)))
    return told


def _is_of(row: Observation, as_of: date) -> bool:
    if row.year is not None:
        return row.year < as_of.year
    return row.valid_from is not None and row.valid_from <= as_of


def _known(row: Observation, dictionary: FactDictionary) -> Known:
    definition, source = dictionary[row.fact.name], row.source
    assert source.recorded_at is not None
    return Known(
        fact=row.fact.name,
        definition=definition,
        year=row.year,
        valid_from=row.valid_from,
        value=read_back(definition, whole=row.whole, real=row.real, words=row.words),
        qualifier=row.qualifier,
        kind=_KINDS[row.kind],
        source=source.label,
        source_id=source.pk,
        data_date=source.data_date,
        line=row.line,
        recorded_at=source.recorded_at,
    )
