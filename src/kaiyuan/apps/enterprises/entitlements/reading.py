"""The facts of one enterprise as the rules read them, each value with its own source and date."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from kaiyuan.apps.enterprises.deciding import Told
from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts.queries import Inexact, Known
from kaiyuan.sheets.stored import KEY_FIELDS, stored_type, stored_unit
from kaiyuan.sheets.wording import Wording

_LINE = Wording("第 {n} 行", "line {n}")


def told_of(firm: Enterprise, values: Sequence[Known], *, base_year: int, lang: str) -> Told:
    """Give what is known of one enterprise, for the rules."""
    inexact = [Inexact(firm.code, v.fact, v.year, v.qualifier) for v in values if v.qualifier]
    return Told(batch_of(firm, values, base_year=base_year, lang=lang), inexact)


def batch_of(firm: Enterprise, values: Sequence[Known], *, base_year: int, lang: str) -> pa.RecordBatch:
    """Give a canonical batch of one enterprise; its columns say where each value comes from, and of which day it is."""
    arrays = [pa.array([firm.code]), pa.array([firm.name]), pa.array([1], pa.int64())]
    fields = list(KEY_FIELDS)
    for value in values:
        definition = value.definition
        metadata = {
            b"source": source_words(value, lang=lang).encode(),
            b"recorded": (value.data_date or value.recorded_at.date()).isoformat().encode(),
            b"unit": stored_unit(definition).encode(),
            b"stored": stored_unit(definition).encode(),
        }
        lag = 0 if value.year is None else base_year - value.year
        arrays.append(pa.array([value.value], stored_type(definition)))
        fields.append(pa.field(definition.column(lag=lag), stored_type(definition), metadata=metadata))
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def source_words(value: Known, *, lang: str) -> str:
    """Give the source of a value as people call it, with its line in a file and the word before an inexact value."""
    line = f" {_LINE.text(lang=lang).format(n=value.line)}" if value.line else ""
    return f"{value.source}{line}" + (f"（{value.qualifier}）" if value.qualifier else "")
