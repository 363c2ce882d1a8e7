"""Whole columns of clean figures to stored values at once, exactly.

A figure with at most k decimals is a whole number m of 10^-k. Money of the unit 10^k fen is then m fen. A ratio
or number is m·p / (q·10^k); both sides are whole numbers below 2^53, so that one IEEE division gives the double
nearest to the exact value — the same double the decimal text would give.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

EXACT_DOUBLE = 2**53
# Two different decimals of up to 15 digits are two different doubles, so a double names one of them only.
FIFTEEN_DIGITS = 10**15
FRACTION_DIGITS = 8


def power_of_ten(scale: Fraction) -> int | None:
    """Give k where `scale` is 10^k for k ≥ 0, else None."""
    if scale.denominator != 1:
        return None
    text = str(scale.numerator)
    return len(text) - 1 if text.strip("0") == "1" else None


def flags(array: pa.Array) -> Flags:
    """Give a boolean Arrow array as NumPy flags; null counts as false."""
    filled = array.fill_null(False) if array.null_count else array
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=np.bool_)


def known(array: pa.Array) -> Flags:
    """Give which elements of an array are not null."""
    return flags(array.is_valid()) if array.null_count else np.ones(len(array), dtype=np.bool_)


def clean_pattern(*, digits: int, decimals: int) -> str:
    """Give the pattern of plain figures with so many digits before and after the point."""
    fraction = rf"(\.\d{{1,{decimals}}})?" if decimals else ""
    return rf"^[-+]?\d{{1,{digits}}}{fraction}$"


def whole_parts(texts: pa.Array, *, decimals: int) -> tuple[Int64, Flags]:
    """Give plain figures as whole numbers of 10^-decimals, and which of them fit into 62 bits.

    Raises pa.ArrowInvalid when a text is no figure or has more decimals.
    """
    exact = pc.cast(texts, pa.decimal128(38, decimals))
    return _words(exact)


def decimals_as_whole(array: pa.Array, *, decimals: int) -> tuple[Int64, Flags]:
    """Give a decimal array as whole numbers of 10^-decimals; raises pa.ArrowInvalid where that loses digits."""
    return _words(pc.cast(array, pa.decimal128(38, decimals)))


def _words(exact: pa.Array) -> tuple[Int64, Flags]:
    words = np.frombuffer(exact.buffers()[1], dtype="<i8")
    words = words[exact.offset * 2 : (exact.offset + len(exact)) * 2].reshape(-1, 2)
    low, high = words[:, 0], words[:, 1]
    fits = (high == (low >> 63)) & (low < 2**62) & (low > -(2**62))
    if exact.null_count:
        fits = fits & known(exact)
        low = np.where(fits, low, 0)
    return np.ascontiguousarray(low), fits


def doubles_as_whole(values: Float64, *, decimals: int) -> tuple[Int64, Flags]:
    """Give doubles as whole numbers of 10^-decimals, and which of them say exactly such a decimal.

    A double says the decimal m·10^-k when m has at most 15 digits and m / 10^k is that double again; the
    shortest text of the double is then the same decimal.
    """
    factor = float(10**decimals)
    with np.errstate(invalid="ignore", over="ignore"):
        nearest = np.rint(values * factor)
        certain = (np.abs(nearest) < FIFTEEN_DIGITS) & (nearest / factor == values)
    return np.where(certain, nearest, 0.0).astype(np.int64), certain


def doubles_to_nearest(values: Float64, *, decimals: int) -> tuple[Int64, Flags]:
    """Give doubles as the nearest whole numbers of 10^-decimals, and which are sure to be rounded right.

    The product is wrong by less than |y|·2^-51; a value nearer than that to a half is left to be read with care.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        product = np.abs(values) * float(10**decimals)
        floor = np.floor(product)
        certain = (product < 2.0**50) & (np.abs(product - floor - 0.5) > product * 2.0**-50)
        nearest = np.copysign(np.where(product - floor > 0.5, floor + 1, floor), values)
    return np.where(certain, nearest, 0.0).astype(np.int64), certain


def scaled(whole: Int64, fits: Flags, *, decimals: int, scale: Fraction) -> tuple[Float64, Flags]:
    """Give whole·10^-decimals·scale as doubles, each the nearest to the exact value, and where that holds."""
    divisor = scale.denominator * 10**decimals
    limit = EXACT_DOUBLE // max(scale.numerator, 1)
    certain = fits & (np.abs(whole) <= limit) & (divisor < EXACT_DOUBLE)
    return np.where(certain, whole, 0) * float(scale.numerator) / float(divisor), certain


def array_of(values: npt.NDArray[np.generic], valid: Flags) -> pa.Array:
    """Give an Arrow array of NumPy values with nulls where `valid` is false."""
    return pa.array(values, mask=None if valid.all() else ~valid)
