"""The observations of a zone as columns of numbers, as they lie in the database, in the order of their writing.

Few are read through Django's cursor. Many are read by an Arrow-native driver (ADBC), which gives whole columns where
a cursor gives millions of Python objects: four times as fast. It reads what is committed, so not inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db import connection

from kaiyuan.apps.facts.models import Observation
from kaiyuan.apps.facts.queries.drivers import from_postgresql, from_sqlite
from kaiyuan.apps.facts.storing import Place, place_of
from kaiyuan.rulebook.facts import FactDefinition

Ints = npt.NDArray[np.signedinteger]
Span = tuple[int, int]
NO_YEAR = 0
# Below this many a driver of its own costs more than it saves.
MANY = 300_000
_DAYS_TO_EPOCH = 719_163
_NUMBERS = ("subject_id", "fact_id", "source_id")
_TYPES = {
    "year": pa.int64(),
    "valid_from": pa.date32(),
    "whole": pa.int64(),
    "real": pa.float64(),
    "words": pa.string(),
}


@dataclass(frozen=True)
class Rows:
    """Observations column by column. `year` 0: a fact of a moment; `since` is its day, counted from 1970-01-01."""

    subject: Ints
    fact: Ints
    year: Ints
    since: Ints
    source: Ints
    held: dict[Place, pa.Array]

    def __len__(self) -> int:
        return len(self.subject)


@dataclass(frozen=True)
class Wanted:
    """Which observations: of a zone, of facts by number, up to a year, of subjects (None: all), between two numbers."""

    zone_id: int
    facts: dict[int, FactDefinition]
    newest_year: int
    span: Span
    subjects: Sequence[int] | None = None

    @property
    def places(self) -> list[Place]:
        """Give the columns that hold values of these facts."""
        return sorted({place_of(definition) for definition in self.facts.values()})

    @property
    def columns(self) -> list[str]:
        """Give the columns to read; those that none of the facts uses are left out."""
        periods = {definition.period for definition in self.facts.values()}
        years = ["year"] if "year" in periods else []
        days = ["valid_from"] if "moment" in periods else []
        return [*_NUMBERS, *years, *days, *self.places]

    def query(self, span: Span) -> str:
        """Give the query for a span of numbers. Nothing but whole numbers of our own goes into it."""
        facts = ", ".join(str(number) for number in self.facts)
        return (
            f"SELECT {', '.join(self.columns)} FROM {Observation._meta.db_table} "
            f"WHERE id BETWEEN {span[0]} AND {span[1]} AND zone_id = {self.zone_id} AND kind = 0 "
            f"AND fact_id IN ({facts}) AND (year IS NULL OR year <= {self.newest_year})"
        )


def read_rows(wanted: Wanted) -> Rows:
    """Give the actual observations that are wanted, in the order of writing."""
    if not wanted.facts or wanted.span[1] < wanted.span[0]:
        return _rows(pa.table({name: pa.array([], _TYPES.get(name, pa.int64())) for name in wanted.columns}))
    many = wanted.subjects is None and wanted.span[1] - wanted.span[0] >= MANY
    if many and not connection.in_atomic_block:
        if connection.vendor == "sqlite" and find_spec("adbc_driver_sqlite") and _is_file(_database()):
            return _rows(
                from_sqlite(path=_database(), queries=[wanted.query(s) for s in _halves(wanted.span)])
            )
        if connection.vendor == "postgresql" and find_spec("adbc_driver_postgresql"):
            parameters = connection.get_connection_params()
            return _rows(from_postgresql(parameters=parameters, query=wanted.query(wanted.span)))
    return _rows(_from_cursor(wanted))


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _is_file(name: str) -> bool:
    return ":memory:" not in name and "mode=memory" not in name


def _halves(span: Span) -> list[Span]:
    middle = (span[0] + span[1]) // 2
    return [(span[0], middle), (middle + 1, span[1])]


def _from_cursor(wanted: Wanted) -> pa.Table:
    rows = Observation.objects.filter(
        zone_id=wanted.zone_id, kind=0, fact_id__in=list(wanted.facts), pk__range=wanted.span
    )
    if wanted.subjects is not None:
        rows = rows.filter(subject_id__in=wanted.subjects)
    rows = rows.exclude(year__gt=wanted.newest_year).order_by("pk")
    cells = list(zip(*rows.values_list(*wanted.columns), strict=True)) or [()] * len(wanted.columns)
    return pa.table(
        {
            name: pa.array(column, _TYPES.get(name, pa.int64()))
            for name, column in zip(wanted.columns, cells, strict=True)
        }
    )


def _rows(table: pa.Table) -> Rows:
    columns = {name: _one(table.column(name)) for name in table.column_names}
    zeros = np.zeros(table.num_rows, np.int32)
    return Rows(
        subject=_ints(columns["subject_id"]),
        fact=_ints(columns["fact_id"]),
        source=_ints(columns["source_id"]),
        year=_ints(columns["year"].fill_null(NO_YEAR)) if "year" in columns else zeros,
        since=_ints(_days(columns["valid_from"]).fill_null(0)) if "valid_from" in columns else zeros,
        held={place: columns[place] for place in ("whole", "real", "words") if place in columns},
    )


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _days(column: pa.Array) -> pa.Array:
    # SQLite keeps days as text.
    days = column.cast(pa.date32()) if pa.types.is_string(column.type) else column
    return days.cast(pa.int32())


def _ints(column: pa.Array) -> Ints:
    numbers: Ints = column.to_numpy(zero_copy_only=False)
    return numbers
