"""The facts of one record batch as NumPy views and validity words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.errors import InputError
from kaiyuan.rulebook.planes import Words, pack, word_count

Floats = npt.NDArray[np.float64]


class FactColumns:
    """Reads columns of one batch; an absent column is unknown for everyone.

    `number` gives doubles of shape (rows,) with the words of «known» (None: all known); `flag`, `codes` and
    `days` the same for yes/no, word and date columns. NaN and infinite numbers are unknown.
    """

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.batch = batch
        self.rows: int = batch.num_rows
        self.words = word_count(self.rows)
        self._indices = {name: index for index, name in enumerate(batch.schema.names)}
        self._codes: dict[str, tuple[npt.NDArray[np.integer[Any]], dict[str, int], Words | None]] = {}

    def _column(self, name: str) -> pa.Array | None:
        index = self._indices.get(name)
        return None if index is None else self.batch.column(index)

    def nothing(self) -> Words:
        """Give the words of «known nowhere»."""
        return np.zeros(self.words, np.uint64)

    def number(self, name: str) -> tuple[Floats, Words | None]:
        """Give a numeric column as doubles, and where it is known."""
        column = self._column(name)
        if column is None or pa.types.is_null(column.type):
            return np.zeros(self.rows), self.nothing()
        if pa.types.is_decimal(column.type):
            column = column.cast(pa.float64())
        if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
            raise InputError(
                f"the column holds {column.type}, wanted is a number",
                text=name,
                remedy="Read the file through `kaiyuan match`, or give the column its type",
            )
        values = _raw(column)
        known = _validity(column, self.words)
        if pa.types.is_floating(column.type):
            finite = np.isfinite(values)
            if not finite.all():
                known = pack(finite) if known is None else known & pack(finite)
                values = np.where(finite, values, 0.0)
        return values.astype(np.float64, copy=False), known

    def known(self, name: str) -> Words | None:
        """Give where a column of any type is known; None means everywhere."""
        column = self._column(name)
        if column is None or pa.types.is_null(column.type):
            return self.nothing()
        if pa.types.is_floating(column.type):
            return self.number(name)[1]
        return self.codes(name)[2] if pa.types.is_dictionary(column.type) else _validity(column, self.words)

    def integers(self, name: str) -> tuple[npt.NDArray[np.int64], Words | None] | None:
        """Give a column of whole numbers as 64-bit integers and where it is known, or None if it holds others."""
        column = self._column(name)
        if column is None or not pa.types.is_integer(column.type):
            return None
        return _raw(column).astype(np.int64, copy=False), _validity(column, self.words)

    def flag(self, name: str) -> tuple[Words, Words | None]:
        """Give a yes/no column as words, and where it is known."""
        column = self._column(name)
        if column is None or pa.types.is_null(column.type):
            return self.nothing(), self.nothing()
        if not pa.types.is_boolean(column.type):
            raise InputError(
                f"the column holds {column.type}, wanted is yes or no",
                text=name,
                remedy="Give 是/否 or true/false",
            )
        return _bits(column.buffers()[1], column.offset, self.rows, self.words), _validity(column, self.words)

    def codes(self, name: str) -> tuple[npt.NDArray[np.integer[Any]], dict[str, int], Words | None]:
        """Give a word column as code numbers, the code of each word, and where it is known."""
        found = self._codes.get(name)
        if found is None:
            found = self._codes[name] = self._encode(name)
        return found

    def _encode(self, name: str) -> tuple[npt.NDArray[np.integer[Any]], dict[str, int], Words | None]:
        column = self._column(name)
        if column is None or pa.types.is_null(column.type):
            return np.zeros(self.rows, np.int8), {}, self.nothing()
        if not pa.types.is_dictionary(column.type):
            if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
                raise InputError(
                    f"the column holds {column.type}, wanted are words", text=name, remedy="Give it as text"
                )
            column = column.dictionary_encode()
        known = _validity(column, self.words)
        codes = _raw(column.indices)
        words: dict[str, int] = {}
        twins: list[tuple[int, int]] = []
        for code, word in enumerate(column.dictionary.to_pylist()):
            if word in words:
                twins.append((code, words[word]))
            elif word is not None:
                words[word] = code
        for twin, code in twins:
            codes = np.where(codes == twin, code, codes)
        if column.dictionary.null_count:
            null_codes = np.flatnonzero(~np.asarray(column.dictionary.is_valid()))
            known_here = pack(~np.isin(codes, null_codes))
            known = known_here if known is None else known & known_here
        if len(words) < 127:
            codes = codes.astype(np.int8, copy=False)
        return codes, words, known

    def days(self, name: str) -> tuple[npt.NDArray[np.int32], Words | None]:
        """Give a date column as days since 1970-01-01, and where it is known."""
        column = self._column(name)
        if column is None or pa.types.is_null(column.type):
            return np.zeros(self.rows, np.int32), self.nothing()
        if pa.types.is_timestamp(column.type):
            column = pc.cast(column, pa.date32())
        if not pa.types.is_date32(column.type):
            raise InputError(
                f"the column holds {column.type}, wanted is a date", text=name, remedy="Give days as dates"
            )
        return _raw(column.view(pa.int32())), _validity(column, self.words)


def narrowed(batch: pa.RecordBatch, names: Sequence[str]) -> pa.RecordBatch:
    """Give the batch with only those of `names` that it has."""
    return batch.select([name for name in batch.schema.names if name in set(names)])


def _raw(column: pa.Array) -> npt.NDArray[Any]:
    # The values buffer as it lies in memory; what stands under a null is masked by the validity words.
    dtype = np.dtype(column.type.to_pandas_dtype())
    buffer = column.buffers()[1]
    if buffer is None:
        return np.zeros(len(column), dtype)
    return np.frombuffer(buffer, dtype, count=len(column), offset=column.offset * dtype.itemsize)


def _validity(column: pa.Array, words: int) -> Words | None:
    if column.null_count == 0:
        return None
    return _bits(column.buffers()[0], column.offset, len(column), words)


def _bits(buffer: pa.Buffer | None, offset: int, rows: int, words: int) -> Words:
    result = np.zeros(words * 8, np.uint8)
    if buffer is None or rows == 0:
        return result.view(np.uint64)
    source = np.frombuffer(buffer, np.uint8)
    first, shift = divmod(offset, 8)
    if shift:
        bits = np.unpackbits(source[first : (offset + rows + 7) // 8], bitorder="little")[
            shift : shift + rows
        ]
        packed = np.packbits(bits, bitorder="little")
    else:
        packed = source[first : first + (rows + 7) // 8]
    result[: packed.size] = packed
    tail = rows % 64
    view: Words = result.view(np.uint64)
    if tail:
        view[rows // 64] &= np.uint64((1 << tail) - 1)
    return view
