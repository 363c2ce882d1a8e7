"""Run a plan in DuckDB, in this process: over a Parquet file or Arrow data larger than memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kaiyuan.errors import InputError
from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.plan import Plan
from kaiyuan.rulebook.sql.stream import EngineRun

BATCH_ROWS = 131_072
_TABLE = "kaiyuan_source"

Source: TypeAlias = Path | pa.Table | pa.RecordBatch | pa.RecordBatchReader


def run_duckdb(
    plan: Plan, source: Source, *, answers: Answers | None = None, threads: int = 2
) -> Iterator[pa.RecordBatch]:
    """Give the decisions on canonical facts, as `evaluate` would, computed by DuckDB.

    `source` is a Parquet file or Arrow data with the columns of the canonical table. Batches come in the order
    of the source. Raises `InputError` when the file is no Parquet.
    """
    # A column of nothing but nulls has no type to compare with: it counts as absent.
    columns = [field.name for field in _schema(source) if not pa.types.is_null(field.type)]
    compiled = EngineRun.of(
        plan, dialect="duckdb", table=_TABLE, columns=columns, answers=answers or Answers()
    )
    connection = duckdb.connect(config={"threads": threads})
    try:
        if isinstance(source, Path):
            connection.read_parquet(str(source)).create_view(_TABLE)
        else:
            connection.register(_TABLE, source)
        rows = connection.sql(compiled.query.text(pretty=False)).to_arrow_reader(BATCH_ROWS)
        yield from map(compiled.decisions, rows)
    finally:
        connection.close()


def _schema(source: Source) -> pa.Schema:
    if not isinstance(source, Path):
        return source.schema
    try:
        return pq.read_schema(source)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            "this is not a readable Parquet file",
            file=str(source),
            remedy="Write it again; it may have been cut off",
        ) from error
