"""Parquet and Arrow files: columns with types, streamed batch by batch, without a copy where that can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kaiyuan.errors import InputError
from kaiyuan.sheets.formats import FileFormat
from kaiyuan.sheets.table import HeaderBlock, RawChunk
from kaiyuan.sheets.wording import Wording

Batches = Callable[[list[int], int], Iterator[pa.RecordBatch]]


class ColumnarTable:
    """A Parquet or Arrow file opened for reading."""

    def __init__(self, path: Path, *, fmt: FileFormat) -> None:
        self._path = path
        self.file, self.sheet = path.name, ""
        self.notes: list[Wording] = []
        try:
            self._schema, self.total, self._batches = _OPENERS[fmt.kind](path)
            self.header = HeaderBlock(tuple((field.name,) for field in self._schema), last=-1)
        except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
            raise _damaged(path, fmt) from error
        if self.total == 0:
            raise InputError("the file has columns but no rows", file=str(path), remedy="Export the rows too")
        if not len(self._schema):
            raise InputError("the file has no columns", file=str(path), remedy="Export the table again")
        self.format = fmt.shown
        self._fmt = fmt

    def types(self) -> dict[int, pa.Field]:
        """Give the field of every column by position."""
        return dict(enumerate(self._schema))

    def chunks(
        self, *, wanted: frozenset[int], ratios: frozenset[int], batch_rows: int
    ) -> Iterator[RawChunk]:
        """Give the rows, only the columns wanted; rows are numbered from 1.

        Raises InputError where the file is damaged further on.
        """
        row = 1
        positions = sorted(wanted)
        try:
            for batch in self._batches(positions, batch_rows):
                # Arrow trusts what it reads: a damaged offset would end the process, so it is looked at first.
                batch.validate(full=True)
                lines = np.arange(row, row + len(batch), dtype=np.int64)
                yield RawChunk(dict(zip(positions, batch.columns, strict=True)), lines)
                row += len(batch)
        except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
            raise _damaged(self._path, self._fmt) from error
        if row == 1:
            raise InputError(
                "the file has columns but no rows", file=str(self._path), remedy="Export the rows"
            )


def _parquet(path: Path) -> tuple[pa.Schema, int | None, Batches]:
    # Neither mapped nor buffered ahead: both would hold the whole file by its end.
    file = pq.ParquetFile(path, pre_buffer=False)
    schema = file.schema_arrow

    def batches(positions: list[int], rows: int) -> Iterator[pa.RecordBatch]:
        names = [schema.field(position).name for position in positions]
        order = None
        for batch in file.iter_batches(batch_size=rows, columns=names):
            if order is None:
                order = [batch.schema.get_field_index(name) for name in names]
            yield batch.select(order) if order != list(range(len(names))) else batch

    return schema, file.metadata.num_rows, batches


def _arrow_file(path: Path) -> tuple[pa.Schema, int | None, Batches]:
    reader = pa.ipc.open_file(pa.memory_map(str(path)))

    def batches(positions: list[int], rows: int) -> Iterator[pa.RecordBatch]:
        for number in range(reader.num_record_batches):
            yield from _sliced(reader.get_batch(number), positions, rows)

    total = sum(reader.get_batch(number).num_rows for number in range(reader.num_record_batches))
    return reader.schema, total, batches


def _arrow_stream(path: Path) -> tuple[pa.Schema, int | None, Batches]:
    def batches(positions: list[int], rows: int) -> Iterator[pa.RecordBatch]:
        with pa.memory_map(str(path)) as source:
            for batch in pa.ipc.open_stream(source):
                yield from _sliced(batch, positions, rows)

    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_stream(source).schema, None, batches


def _sliced(batch: pa.RecordBatch, positions: list[int], rows: int) -> Iterator[pa.RecordBatch]:
    chosen = batch.select(positions)
    for start in range(0, len(chosen), rows):
        yield chosen.slice(start, rows)


_OPENERS: dict[str, Callable[[Path], tuple[pa.Schema, int | None, Batches]]] = {
    "parquet": _parquet,
    "arrow_file": _arrow_file,
    "arrow_stream": _arrow_stream,
}


def _damaged(path: Path, fmt: FileFormat) -> InputError:
    return InputError(
        f"the file ({fmt.shown}) is damaged or cut short",
        file=str(path),
        remedy="Copy or export it once more",
    )
