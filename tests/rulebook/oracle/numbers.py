"""Exact numbers that remember whether a machine's doubles may differ from them.

The oracle reckons in fractions. The evaluator promises exactness for linear forms of facts, for what coalesce,
abs, CASE, rounding and the like make of them, and for one ratio compared with a constant; elsewhere it uses
doubles. A number therefore carries its kind; a comparison of other kinds closer than one part in a thousand
million is doubtful, and the subject judges nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

NEAR = Fraction(1, 10**9)


class Kind(Enum):
    """How a number came about."""

    CONSTANT = "constant"  # no fact in it
    TABLE = "table"  # a constant that depends on a category
    LINEAR = "linear"  # facts times constants, added up, chosen among, rounded
    STORED = "stored"  # one fact with more decimals than declared, scaled or shifted by constants
    RATIO = "ratio"  # one quotient of linear forms, scaled or shifted by constants
    DOUBLE = "double"  # anything else


AFFINE = (Kind.TABLE, Kind.LINEAR, Kind.STORED, Kind.RATIO)


@dataclass(frozen=True)
class Number:
    """An exact value in the written unit of its expression."""

    value: Fraction
    kind: Kind = Kind.CONSTANT
    whole: bool = True  # every step so far is exact in doubles as well


def exact(value: object) -> Fraction:
    """Give a number as it was written: 0.1 is one tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal | Fraction):
        raise TypeError(f"not a number: {value!r}")
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def dyadic(value: Fraction) -> bool:
    """Tell whether any order of double arithmetic keeps this value exact at the sizes of these tests."""
    denominator = value.denominator
    return denominator <= 1024 and denominator & (denominator - 1) == 0 and abs(value) < 2**40


def arithmetic(sign: str, left: Number, right: Number, scale: Fraction = Fraction(1)) -> Number | None:
    """Give left `sign` right; `scale` brings the right side to the left's unit. 0 as divisor gives None."""
    value = _value(sign, left.value, right.value * scale)
    if value is None:
        return None
    whole = left.whole and right.whole and scale == 1 and dyadic(value)
    return Number(value, _kind(sign, left.kind, right.kind), whole)


def _kind(sign: str, left: Kind, right: Kind) -> Kind:
    """Scaling and shifting by constants keeps a kind; sums and quotients of linear forms are the others."""
    kinds = {left, right}
    if kinds == {Kind.CONSTANT}:
        return Kind.CONSTANT
    if sign in "+-" and kinds <= {Kind.CONSTANT, Kind.TABLE, Kind.LINEAR}:
        return Kind.LINEAR
    if right is Kind.CONSTANT and left in AFFINE:
        return Kind.LINEAR if left is Kind.TABLE else left
    if left is Kind.CONSTANT and sign != "/" and right in AFFINE:
        return Kind.LINEAR if right is Kind.TABLE else right
    if sign == "/" and kinds <= {Kind.CONSTANT, Kind.LINEAR}:
        return Kind.RATIO
    return Kind.DOUBLE


def _value(sign: str, left: Fraction, right: Fraction) -> Fraction | None:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right if right else None
    raise ValueError(f"no such sign: {sign}")


def close(left: Fraction, right: Fraction) -> bool:
    """Tell whether two values are within one part in a thousand million of each other, or both tiny."""
    return abs(left - right) <= NEAR * max(abs(left), abs(right), NEAR)


def safe(left: Number, right: Number, scale: Fraction = Fraction(1)) -> bool:
    """Tell whether comparing the two must give the same answer in every engine."""
    kinds = {left.kind, right.kind}
    if kinds <= {Kind.CONSTANT, Kind.TABLE, Kind.LINEAR}:
        return True
    if kinds & {Kind.RATIO, Kind.STORED} and kinds & {Kind.CONSTANT, Kind.TABLE}:
        return True
    if left.whole and right.whole and scale == 1:
        return True
    return not close(left.value, right.value * scale)


def half_up(value: Fraction, step: Fraction) -> Fraction:
    """Round to a multiple of `step`, halves away from zero."""
    steps = abs(value) / step
    rounded = Fraction(int(steps + Fraction(1, 2))) * step
    return rounded if value >= 0 else -rounded


def root(value: Fraction, n: int) -> Fraction:
    """Give the n-th root of a value ≥ 0 to 24 digits."""
    scaled = value.numerator * 10 ** (24 * n) // value.denominator
    low, high = 0, max(1, scaled)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**n <= scaled:
            low = middle
        else:
            high = middle - 1
    return Fraction(low, 10**24)
