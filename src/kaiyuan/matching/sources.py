"""Canonical facts on disk, read in large pieces on the threads that evaluate them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kaiyuan.errors import InputError
from kaiyuan.matching.run import BATCH_ROWS, ReadBatch


def parquet_batches(
    path: Path, *, columns: Sequence[str] | None = None, words: Sequence[str] = ()
) -> Iterator[ReadBatch]:
    """Give one function per piece of a canonical Parquet file; each reads its piece when called.

    A piece is a run of whole row groups of about `BATCH_ROWS` rows. `columns` narrows what is read; `words` names
    text columns worth reading as codes. Raises `InputError` when the file is no Parquet.
    """
    try:
        metadata = pq.read_metadata(path)
        names = set(pq.read_schema(path).names)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            "this is not a readable Parquet file",
            file=str(path),
            remedy="Write it again; it may have been cut off",
        ) from error
    wanted = [name for name in (columns if columns is not None else sorted(names)) if name in names]
    group: list[int] = []
    rows = 0
    for index in range(metadata.num_row_groups):
        here = metadata.row_group(index).num_rows
        if group and rows + here > BATCH_ROWS:
            yield _reader(path, tuple(group), wanted, words)
            group, rows = [], 0
        group.append(index)
        rows += here
    if group:
        yield _reader(path, tuple(group), wanted, words)


def _reader(path: Path, groups: Sequence[int], columns: Sequence[str], words: Sequence[str]) -> ReadBatch:
    def read() -> pa.RecordBatch:
        # A handle of its own per piece: handles are not safe to share between threads.
        with pq.ParquetFile(path, read_dictionary=list(words), memory_map=True, pre_buffer=False) as file:
            table = file.read_row_groups(list(groups), columns=list(columns), use_threads=False)
        return one_batch(table)

    return read


def arrow_batches(path: Path, *, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Give the batches of a canonical Arrow IPC file, mapped into memory and not copied, at most `BATCH_ROWS` each.

    `columns` narrows them. Raises `InputError` when the file is no Arrow IPC file.
    """
    try:
        reader = pa.ipc.open_file(pa.memory_map(str(path)))
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            "this is not a readable Arrow file",
            file=str(path),
            remedy="Write it again; it may have been cut off",
        ) from error
    wanted = None if columns is None else set(columns)
    for index in range(reader.num_record_batches):
        batch = reader.get_batch(index)
        if wanted is not None:
            batch = batch.select([name for name in batch.schema.names if name in wanted])
        for start in range(0, batch.num_rows, BATCH_ROWS):
            yield batch.slice(start, BATCH_ROWS)


def one_batch(table: pa.Table) -> pa.RecordBatch:
    """Give a table as one record batch."""
    arrays = [
        column.chunk(0)
        if column.num_chunks == 1
        else pa.concat_arrays(column.unify_dictionaries().chunks)
        if column.num_chunks
        else pa.array([], column.type)
        for column in table.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)
