"""The facts of a zone as the canonical table: one row a subject, one column a fact and year.

Read the observations in the order of writing, let those of later sources come later, and write each into its
place: the last one written stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.timezone import localtime

from kaiyuan.apps.facts.models import FactName, Source, Subject
from kaiyuan.apps.facts.queries.counting import counting
from kaiyuan.apps.facts.queries.rows import NO_YEAR, Ints, Rows, Wanted, read_rows
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.facts.storing import place_of
from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.sheets.stored import KEY_FIELDS, stored_type, stored_unit

_DAYS_TO_EPOCH = 719_163
_FEW_COLUMNS = 65_536


def table(
    *,
    zone_id: int,
    as_of: date,
    known_at: datetime,
    subjects: Collection[str] | None = None,
    names: Collection[str] | None = None,
    rival: bool = False,
) -> pa.RecordBatch:
    """Give the canonical table of a zone for a day, from what was known at a moment.

    Rows are the subjects (None: all enterprises of the zone) in the order of their codes, each with or without
    facts; columns those of `names` (`revenue`: all its years; `revenue__1`: that column; None: all) that anything
    is known of. `source_line` counts the rows. Fields carry `source`, `recorded`, `unit` as those of a sheet do;
    where a column comes from several sources they are counted. `rival`: where two sources speak of the same period
    the earliest is believed instead of the latest, so that what rests on their disagreement comes to light.
    """
    base_year = as_of.year - 1
    who = _subjects(zone_id, subjects)
    facts = _facts(zone_id, names)
    sources = counting(zone_id=zone_id, known_at=known_at)
    if rival:
        sources = sources.turned()
    rows = read_rows(
        Wanted(
            zone_id=zone_id,
            facts=facts,
            newest_year=base_year,
            span=sources.span,
            subjects=None if subjects is None else [number for number, _, _ in who],
        )
    )
    order, place, rank = _counted(rows, who, sources.ranks, as_of)
    in_order = list(sources.sources.values())
    arrays: list[pa.Array] = [
        pa.array([code for _, code, _ in who], pa.string()),
        pa.array([name or None for _, _, name in who], pa.string()),
        pa.array(np.arange(1, len(who) + 1, dtype=np.int64)),
    ]
    fields: list[pa.Field] = list(KEY_FIELDS)
    for definition, lag, picked in _columns(rows, order, facts, base_year):
        column = definition.column(lag=lag)
        if names is not None and definition.name not in names and column not in names:
            continue
        array, stayed = _column(definition, rows, picked, place[picked], len(who))
        arrays.append(array)
        told = [in_order[number] for number in np.flatnonzero(np.bincount(rank[stayed])).tolist()]
        fields.append(pa.field(column, stored_type(definition), metadata=_metadata(definition, told)))
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _subjects(zone_id: int, codes: Collection[str] | None) -> list[tuple[int, str, str]]:
    rows = Subject.objects.filter(zone_id=zone_id, type="enterprise").order_by("code")
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    return list(rows.values_list("pk", "code", "name"))


def _facts(zone_id: int, names: Collection[str] | None) -> dict[int, FactDefinition]:
    dictionary = dictionary_of(zone_id)
    wanted = None if names is None else {name.partition("__")[0] for name in names}
    numbers = dict(FactName.objects.values_list("name", "pk"))
    return {
        numbers[name]: definition
        for name, definition in dictionary.items()
        if name in numbers and (wanted is None or name in wanted)
    }


def _counted(
    rows: Rows, who: Sequence[tuple[int, str, str]], ranks: dict[int, int], as_of: date
) -> tuple[Ints, Ints, Ints]:
    """Give the rows that count, the weightier ones later; and for every row its subject's place, its source's rank."""
    place = _looked_up(rows.subject, {number: place for place, (number, _, _) in enumerate(who)})
    rank = _looked_up(rows.source, ranks)
    today = as_of.toordinal() - _DAYS_TO_EPOCH
    order: Ints = np.flatnonzero((place >= 0) & (rank >= 0) & (rows.since <= today))
    for weight in (rank, rows.since):
        mine = weight[order]
        if (mine[1:] < mine[:-1]).any():
            order = order[np.argsort(mine, kind="stable")]
    return order, place, rank


def _looked_up(keys: Ints, values: dict[int, int]) -> Ints:
    """Give the value of each key, -1 where it has none. Keys are numbers of rows, so a plain list will do."""
    answers = np.full(max([*values, int(keys.max(initial=0))], default=0) + 1, -1, np.int32)
    answers[list(values.keys())] = list(values.values())
    return answers[keys]


def _columns(
    rows: Rows, order: Ints, facts: dict[int, FactDefinition], base_year: int
) -> list[tuple[FactDefinition, int, Ints]]:
    """Give each column with the rows that speak of it: in the order of the dictionary, the newest year first."""
    if not order.size:
        return []
    lag = np.where(rows.year == NO_YEAR, 0, base_year - rows.year)
    position = {number: place for place, number in enumerate(facts)}
    width = int(lag.max(initial=0)) + 1
    column = (_looked_up(rows.fact, position) * width + lag)[order].astype(np.int32)
    if len(facts) * width < _FEW_COLUMNS:
        column = column.astype(np.uint16)  # so that it is sorted by counting, not by comparing
    sequence = np.argsort(column, kind="stable")
    ends = np.flatnonzero(np.diff(column[sequence])) + 1
    found = []
    for picked in np.split(order[sequence], ends):
        first = picked[0]
        found.append((facts[int(rows.fact[first])], int(lag[first]), picked))
    return found


def _column(
    definition: FactDefinition, rows: Rows, picked: Ints, place: Ints, length: int
) -> tuple[pa.Array, Ints]:
    """Write the values into their places, the last one stays; give the rows that stayed too."""
    last = np.full(length, -1, np.int64)
    last[place] = picked
    array = rows.held[place_of(definition)].take(pa.array(last, mask=last < 0))
    kind = stored_type(definition)
    if kind == pa.date32():
        array = array.cast(pa.int32()).cast(kind)
    elif kind == pa.bool_():
        array = pc.not_equal(array, 0)
    return array, last[last >= 0]


def _metadata(definition: FactDefinition, told: Sequence[Source]) -> dict[bytes, bytes]:
    if len(told) == 1:
        label = told[0].label
    else:
        label = f"{len(told)} 个来源 / {len(told)} sources"
    recorded = max((source.recorded_at for source in told if source.recorded_at), default=None)
    unit = stored_unit(definition)
    return {
        b"source": label.encode(),
        b"recorded": b"" if recorded is None else localtime(recorded).date().isoformat().encode(),
        b"unit": unit.encode(),
        b"stored": unit.encode(),
    }
