"""The facts of one enterprise as the rules read them, each value with its own source and date."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from kaiyuan.apps.facts.queries import Known
from kaiyuan.sheets.wording import Wording

_LINE = Wording("第 {n} 行", "line {n}")


def with_sources(
    batch: pa.RecordBatch, values: Sequence[Known], *, base_year: int, lang: str
) -> pa.RecordBatch:
    """Give a batch of one enterprise whose columns say where each value comes from, and of which day it is."""
    told = {value.definition.column(lag=_lag(value, base_year)): value for value in values}
    fields = []
    for field in batch.schema:
        value = told.get(field.name)
        if value is None:
            fields.append(field)
            continue
        metadata = {
            **(field.metadata or {}),
            b"source": source_words(value, lang=lang).encode(),
            b"recorded": (value.data_date or value.recorded_at.date()).isoformat().encode(),
        }
        fields.append(field.with_metadata(metadata))
    return pa.RecordBatch.from_arrays(batch.columns, schema=pa.schema(fields))


def source_words(value: Known, *, lang: str) -> str:
    """Give the source of a value as people call it, with its line in a file and the word before an inexact value."""
    line = f" {_LINE.text(lang=lang).format(n=value.line)}" if value.line else ""
    return f"{value.source}{line}" + (f"（{value.qualifier}）" if value.qualifier else "")


def _lag(value: Known, base_year: int) -> int:
    return 0 if value.year is None else base_year - value.year
