"""What every kind of file is brought to before its cells are read: headers, and chunks of raw columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kaiyuan.sheets.reasons import Finding
from kaiyuan.sheets.wording import Wording


@dataclass(frozen=True)
class RawChunk:
    """Some rows as they stand in the file.

    `columns` holds one array per position, text or typed; `lines` the 1-based line (or row) of each row in
    the file. `unaligned` are lines that could not be brought into columns and are no rows here. `merged` says,
    per position, in which rows the value comes from a cell merged over several rows.
    """

    columns: dict[int, pa.Array]
    lines: npt.NDArray[np.int64]
    unaligned: list[Finding] = field(default_factory=list)
    merged: dict[int, npt.NDArray[np.int64]] = field(default_factory=dict)
    bytes_done: int | None = None


@dataclass(frozen=True)
class HeaderBlock:
    """The header of a file: the parts of each column's header from top to bottom, and the lines above it."""

    headers: tuple[tuple[str, ...], ...]
    first: int = 0
    last: int = 0
    titles: tuple[str, ...] = ()
    notes: tuple[Wording, ...] = ()


class RawTable(Protocol):
    """A file opened for reading."""

    file: str
    sheet: str
    format: str
    header: HeaderBlock
    notes: list[Wording]
    total: int | None
    """Rows in the file if known beforehand, or its size in bytes if chunks tell `bytes_done`."""

    def types(self) -> dict[int, pa.Field]:
        """Give the Arrow field of each column that has a type of its own; none for text and workbooks."""

    def chunks(
        self, *, wanted: frozenset[int], ratios: frozenset[int], batch_rows: int
    ) -> Iterator[RawChunk]:
        """Give the rows below the header; `ratios` are columns where a cell's percent format matters."""
