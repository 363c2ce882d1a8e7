"""Columns that arrive with a type — Parquet, Arrow, numbers of a workbook — to stored values.

What is already stored as it should be passes through without a copy. A double is taken for the shortest
decimal that names it (0.1 is a tenth), never for its binary expansion.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.sheets import exact
from kaiyuan.sheets.cells import INT64_MAX, LARGEST_PLAIN_RATIO
from kaiyuan.sheets.convert import Converted, Remark, TextConverter, plausible_days
from kaiyuan.sheets.dates import from_serial, is_serial
from kaiyuan.sheets.exact import Flags


def readable(kind: str, dtype: pa.DataType) -> bool:
    """Tell whether a column of this Arrow type can give a fact of this type at all."""
    if pa.types.is_dictionary(dtype):
        return readable(kind, dtype.value_type)
    if pa.types.is_null(dtype) or _is_text(dtype):
        return True
    whole, figure = pa.types.is_integer(dtype), pa.types.is_floating(dtype) or pa.types.is_decimal(dtype)
    fits = {
        "text": whole,
        "category": whole,
        "boolean": whole or figure or pa.types.is_boolean(dtype),
        "date": whole or figure or pa.types.is_date(dtype) or pa.types.is_timestamp(dtype),
    }
    return bool(fits.get(kind, whole or figure))


def as_text(array: pa.Array) -> pa.Array:
    """Give any array that holds text, or numbers that stand for text, as a string array."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if array.type == pa.string():
        return array
    if pa.types.is_floating(array.type):
        return pa.array([None if value is None else shown(value) for value in array.to_pylist()], pa.string())
    return pc.cast(array, pa.string())


def shown(value: float) -> str:
    """Give a number as a person would type it: without .0, in full up to fifteen digits."""
    if value == int(value) if abs(value) < exact.FIFTEEN_DIGITS else False:
        return str(int(value))
    return repr(value)


class ColumnConverter:
    """Converts one column of a file, whatever type its chunks have.

    `stored` says that the values are those of the canonical table already (money in fen).
    """

    def __init__(self, text: TextConverter, *, stored: bool = False) -> None:
        self._text = text
        self._stored = stored

    def convert(self, array: pa.Array) -> Converted:
        """Give the stored values and the remarks on the cells."""
        if pa.types.is_null(array.type):
            return Converted(pa.nulls(len(array), self._text.type))
        if _is_text(array.type) or pa.types.is_dictionary(array.type):
            return self._text.convert(as_text(array))
        if array.type == pa.uint64():
            array = pc.cast(array, pa.decimal128(20, 0))
        if self._stored and array.type == self._text.type and self._text.kind != "date":
            return Converted(_without_nan(array))
        match self._text.kind:
            case "money":
                return self._money(array)
            case "integer":
                return self._integers(array)
            case "number" | "ratio":
                return self._doubles(array)
            case "boolean":
                return self._booleans(array)
            case "date":
                return self._dates(array)
            case _:
                return self._text.convert(as_text(array))

    # ---- figures

    def _money(self, array: pa.Array) -> Converted:
        scale = self._text.column.scale
        if pa.types.is_integer(array.type) and scale.denominator == 1:
            values = _int64(array)
            fits = exact.known(array) & _within(values, INT64_MAX // scale.numerator)
            fen = np.where(fits, values, 0) * np.int64(scale.numerator)
            return self._rest(array, Converted(exact.array_of(fen, fits)), ~fits)
        decimals = exact.power_of_ten(scale)
        if decimals is not None:
            if pa.types.is_floating(array.type):
                return self._money_of_doubles(array, decimals)
            fen, fits = self._whole(array, decimals)
            return self._rest(array, Converted(exact.array_of(fen, fits)), ~fits)
        return self._rest(array, Converted(pa.nulls(len(array), pa.int64())), np.ones(len(array), bool))

    def _money_of_doubles(self, array: pa.Array, decimals: int) -> Converted:
        doubles = _doubles(array)
        fen, said = exact.doubles_as_whole(doubles, decimals=decimals)
        if (said | np.isnan(doubles)).all():
            return Converted(exact.array_of(fen, said))
        nearest, certain = exact.doubles_to_nearest(doubles, decimals=decimals)
        rounded = certain & ~said
        miss = np.abs(doubles * float(10**decimals) - nearest)
        noise = np.maximum(1e-4, np.abs(nearest) * 2.0**-49)
        # 1234.5600000000001 is a sheet's own arithmetic, not a figure below one fen.
        counted = {"rounded": np.flatnonzero(rounded & (miss > noise))} if rounded.any() else {}
        done = Converted(exact.array_of(np.where(said, fen, nearest), said | certain), counted=counted)
        return self._rest(array, done, ~(said | certain))

    def _integers(self, array: pa.Array) -> Converted:
        if pa.types.is_signed_integer(array.type) and self._text.column.scale == 1:
            return Converted(array if array.type == pa.int64() else pc.cast(array, pa.int64()))
        if self._text.column.scale == 1:
            whole, fits = self._whole(array, 0)
            return self._rest(array, Converted(exact.array_of(whole, fits)), ~fits)
        return self._rest(array, Converted(pa.nulls(len(array), pa.int64())), np.ones(len(array), bool))

    def _doubles(self, array: pa.Array) -> Converted:
        column = self._text.column
        if column.scale == 1 and (pa.types.is_floating(array.type) or pa.types.is_integer(array.type)):
            plain = _without_nan(array if array.type == pa.float64() else pc.cast(array, pa.float64()))
            result = self._rest(array, Converted(plain), _infinite(plain))
        else:
            whole, fits = self._whole(array, exact.FRACTION_DIGITS)
            values, fits = exact.scaled(whole, fits, decimals=exact.FRACTION_DIGITS, scale=column.scale)
            result = self._rest(array, Converted(exact.array_of(values, fits)), ~fits)
        return result if self._text.kind == "number" or column.unit_said else self._plain_ratios(result)

    def _plain_ratios(self, result: Converted) -> Converted:
        values = result.array.fill_null(0.0).to_numpy(zero_copy_only=False)
        large = np.abs(values) > float(LARGEST_PLAIN_RATIO)
        if not large.any() and not self._text.percent_suspected:
            return result
        array = pc.if_else(pa.array(large), pa.scalar(None, pa.float64()), result.array)
        remarks = [Remark(row, "ratio_without_percent") for row in np.flatnonzero(large).tolist()]
        marked = Converted(array, [*result.remarks, *remarks], result.counted)
        return self._text.doubt_percentages(marked, plain=values != 0, large=large)

    def _whole(self, array: pa.Array, decimals: int) -> tuple[exact.Int64, Flags]:
        """Give figures as whole numbers of 10^-decimals, and where that says them exactly."""
        if pa.types.is_decimal(array.type):
            try:
                return exact.decimals_as_whole(array, decimals=decimals)
            except pa.ArrowInvalid:
                return np.zeros(len(array), np.int64), np.zeros(len(array), bool)
        if pa.types.is_integer(array.type):
            values = _int64(array)
            fits = exact.known(array) & _within(values, INT64_MAX // 10**decimals)
            return np.where(fits, values, 0) * np.int64(10**decimals), fits
        return exact.doubles_as_whole(_doubles(array), decimals=decimals)

    def _rest(self, array: pa.Array, done: Converted, rest: Flags) -> Converted:
        """Read the known cells flagged in `rest` one by one, from the shortest text that names them."""
        rows = np.flatnonzero(rest & exact.known(_without_nan(array)))
        if not len(rows):
            return done
        texts = as_text(array.take(pa.array(rows)))
        single = self._text.read_singly(texts, rows, done.array)
        return Converted(single.array, single.remarks, done.counted | single.counted)

    # ---- words and days

    def _booleans(self, array: pa.Array) -> Converted:
        if pa.types.is_boolean(array.type):
            return Converted(array)
        return self._text.convert(as_text(array))

    def _dates(self, array: pa.Array) -> Converted:
        if pa.types.is_date32(array.type):
            return plausible_days(array)
        if pa.types.is_temporal(array.type):
            zoned = pa.types.is_timestamp(array.type) and array.type.tz is not None
            # Midnight in Shanghai is still yesterday in UTC: the day is that of the column's own zone.
            local = pc.local_timestamp(array) if zoned else array
            return plausible_days(pc.cast(local, pa.date32(), safe=False))
        return self._day_numbers(array)

    def _day_numbers(self, array: pa.Array) -> Converted:
        days: list[date | None] = []
        remarks, serial = [], []
        for row, number in enumerate(array.to_pylist()):
            if number is None or number != number:
                days.append(None)
            elif is_serial(number):
                days.append(from_serial(int(number)))
                serial.append(row)
            else:
                cell = self._text.convert(pa.array([shown(number)]))
                days.append(cell.array[0].as_py())
                remarks += [Remark(row, remark.kind, remark.detail) for remark in cell.remarks]
        counted = {"serial_date": np.array(serial)} if serial else {}
        return Converted(pa.array(days, pa.date32()), remarks, counted)


def _is_text(dtype: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(dtype) or pa.types.is_large_string(dtype) or pa.types.is_string_view(dtype)
    )


def _int64(array: pa.Array) -> exact.Int64:
    filled = array.fill_null(0) if array.null_count else array
    return np.asarray(pc.cast(filled, pa.int64(), safe=False).to_numpy(zero_copy_only=False))


def _within(values: exact.Int64, limit: int) -> Flags:
    # Not by abs(): the smallest of all whole numbers has none.
    return np.asarray((values <= limit) & (values >= -limit))


def _doubles(array: pa.Array) -> exact.Float64:
    filled = pc.cast(array, pa.float64()).fill_null(float("nan"))
    return np.asarray(filled.to_numpy(zero_copy_only=False))


def _without_nan(array: pa.Array) -> pa.Array:
    if not pa.types.is_floating(array.type):
        return array
    unknown = pc.is_nan(array)
    if not pc.any(unknown).as_py():
        return array
    return pc.if_else(unknown, pa.scalar(None, array.type), array)


def _infinite(array: pa.Array) -> Flags:
    return exact.flags(pc.is_inf(array))
