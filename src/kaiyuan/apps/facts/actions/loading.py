"""Load canonical batches as observations of one source: slice by slice, and known all at once at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from kaiyuan.apps.facts.models import FactName, Observation, Source, Subject
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.facts.storing import LONGEST_WORDS, place_of
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.zones.rights import Person, require
from kaiyuan.rulebook.facts import FactDefinition, FactDictionary
from kaiyuan.sheets.stored import KEY_FIELDS

_KEYS = {field.name for field in KEY_FIELDS}
# So many observations go into one transaction: other writers wait a twentieth of a second for them, not minutes.
SLICE = 20_000
_COLUMNS = (
    "zone_id, subject_id, fact_id, year, valid_from, kind, whole, real, words, qualifier, source_id, line"
)


@dataclass(frozen=True)
class NewSource:
    """A source to be: its kind, what people call it, the day its data speak of, the file's SHA-256."""

    kind: str
    label: str
    data_date: date | None = None
    digest: str = ""


@dataclass(frozen=True)
class Loaded:
    """What came of a load: its source, how many observations, and every subject with the name it was given."""

    source: Source
    observations: int
    subjects: dict[str, str]


class Loading:
    """One source being filled. What it holds counts from `finish` on, and all of it from the same moment."""

    def __init__(self, *, source: Source, on: date) -> None:
        self.source, self.observations = source, 0
        self.subjects: dict[str, str] = {}
        self._base_year, self._since = on.year - 1, source.data_date or on
        self._dictionary = dictionary_of(source.zone_id)
        self._facts: dict[str, int] = {}

    @classmethod
    def begin(cls, *, by: Person, source: NewSource, on: date, at: datetime) -> Loading:
        """Put the source down and give the loading; `on` decides which year the base year is."""
        require(by, "import.write")
        row = Source.objects.create(
            zone_id=by.zone_id,
            kind=source.kind,
            label=source.label[:200],
            data_date=source.data_date,
            digest=source.digest,
            begun_at=at,
            recorded_by_id=by.membership_id,
        )
        return cls(source=row, on=on)

    @classmethod
    def resume(cls, *, source: Source, on: date, observations: int) -> Loading:
        """Go on with a source that was begun; `observations` is how many of it are written."""
        loading = cls(source=source, on=on)
        loading.observations = observations
        return loading

    def meet(self, batch: pa.RecordBatch) -> None:
        """Take note of the subjects of a batch that is written already."""
        self.subjects.update(_called(batch))

    def add(self, batch: pa.RecordBatch) -> int:
        """Write the observations of a batch, in transactions of some twenty thousand; give how many there were."""
        columns = list(_fact_columns(batch, self._dictionary))
        rows = max(SLICE // max(len(columns), 1), 1)
        before = self.observations
        for start in range(0, batch.num_rows, rows):
            with transaction.atomic():
                self._slice(batch.slice(start, rows), columns)
        return self.observations - before

    def finish(self, *, by: Person, at: datetime, key: str = "", case_key: str = "") -> Loaded:
        """Make the source count from `at` on, with its event."""
        with transaction.atomic():
            source = Source.objects.select_for_update().get(pk=self.source.pk, zone_id=by.zone_id)
            source.recorded_at = at
            source.save(update_fields=["recorded_at"])
            record(
                by=by,
                type="facts.loaded",
                subject=f"source:{source.pk}",
                at=at,
                key=key,
                case_key=case_key,
                payload={
                    "kind": source.kind,
                    "label": source.label,
                    "data_date": source.data_date,
                    "sha256": source.digest,
                    "subjects": len(self.subjects),
                    "observations": self.observations,
                },
            )
        self.source = source
        return Loaded(source, self.observations, self.subjects)

    def _slice(self, batch: pa.RecordBatch, columns: list[tuple[str, FactDefinition, int]]) -> None:
        subjects = self._subject_ids(batch)
        lines = batch.column("source_line").to_numpy() if "source_line" in batch.schema.names else None
        first = _last_number() + 1
        written = 0
        with connection.cursor() as cursor:
            for column, definition, lag in columns:
                known, values = _known(batch.column(column), definition)
                if not len(known):
                    continue
                place = place_of(definition)
                yearly = definition.period == "year"
                cells: Any = zip(
                    repeat(self.source.zone_id),
                    subjects[known].tolist(),
                    repeat(self._fact_id(definition)),
                    repeat(self._base_year - lag if yearly else None),
                    repeat(None if yearly else self._since),
                    repeat(0),
                    values if place == "whole" else repeat(None),
                    values if place == "real" else repeat(None),
                    values if place == "words" else repeat(None),
                    repeat(""),
                    repeat(self.source.pk),
                    repeat(None) if lines is None else lines[known].tolist(),
                )
                cursor.executemany(_INSERT, cells)
                written += len(known)
        if written:
            source = self.source
            source.first = first if source.first is None else min(source.first, first)
            source.last = _last_number()
            source.save(update_fields=["first", "last"])
            self.observations += written

    def _fact_id(self, definition: FactDefinition) -> int:
        if definition.name not in self._facts:
            self._facts[definition.name] = FactName.objects.get_or_create(name=definition.name)[0].pk
        return self._facts[definition.name]

    def _subject_ids(self, batch: pa.RecordBatch) -> np.ndarray[Any, np.dtype[np.int64]]:
        called = _called(batch)
        self.subjects.update(called)
        zone_id = self.source.zone_id
        there = {row.code: row for row in Subject.objects.filter(zone_id=zone_id, code__in=list(called))}
        Subject.objects.bulk_create(
            [
                Subject(zone_id=zone_id, code=code, name=name)
                for code, name in called.items()
                if code not in there
            ],
            ignore_conflicts=True,
        )
        renamed = [row for code, row in there.items() if called[code] and row.name != called[code]]
        for row in renamed:
            row.name = called[row.code]
        Subject.objects.bulk_update(renamed, ["name"], batch_size=200)
        ids = dict(Subject.objects.filter(zone_id=zone_id, code__in=list(called)).values_list("code", "pk"))
        return np.array([ids[code] for code in batch.column("subject").to_pylist()], np.int64)


def load(
    *,
    by: Person,
    batches: Iterable[pa.RecordBatch],
    source: NewSource,
    on: date,
    at: datetime,
    key: str = "",
) -> Loaded:
    """Load canonical batches (money in fen, `revenue__1` the year before the base year of `on`) as one source.

    An empty cell says nothing, so it hides nothing that was known before. Facts of a moment hold since the day the
    source's data speak of. Nothing is known of any of it before the last batch is written.
    """
    loading = Loading.begin(by=by, source=source, on=on, at=at)
    for batch in batches:
        loading.add(batch)
    return loading.finish(by=by, at=at, key=key)


_INSERT = (
    f"INSERT INTO {Observation._meta.db_table} ({_COLUMNS}) "
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS.split(',')))})"
)


def _called(batch: pa.RecordBatch) -> dict[str, str]:
    codes = batch.column("subject").to_pylist()
    names = batch.column("subject_name").to_pylist() if "subject_name" in batch.schema.names else codes
    return {code: (name or "")[:200] for code, name in zip(codes, names, strict=True)}


def _fact_columns(
    batch: pa.RecordBatch, dictionary: FactDictionary
) -> Iterator[tuple[str, FactDefinition, int]]:
    for column in batch.schema.names:
        name, _, lag = column.partition("__")
        if column not in _KEYS and name in dictionary:
            yield column, dictionary[name], int(lag or 0)


def _known(array: pa.Array, definition: FactDefinition) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """Give the rows with a value, and the values as the observations hold them; NaN is unknown."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if place_of(definition) == "real":
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    rows = np.flatnonzero(array.is_valid().to_numpy(zero_copy_only=False))
    known = array.drop_null()
    if place_of(definition) == "words":
        return rows, [word[:LONGEST_WORDS] for word in known.to_pylist()]
    if pa.types.is_date32(known.type):
        known = known.cast(pa.int32())
    if pa.types.is_boolean(known.type):
        known = known.cast(pa.int8())
    return rows, known.to_numpy(zero_copy_only=False).tolist()


def _last_number() -> int:
    """Give the number that the last observation written here has; all written from now on have higher ones."""
    table = Observation._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute(
                "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM " + f"{table}_id_seq"
            )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
