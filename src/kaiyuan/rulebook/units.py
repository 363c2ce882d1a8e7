"""Units: what may be added to what, and by which factor a stored number becomes a written one.

A unit is a product of base dimensions with a factor. Money has the dimension 元; its written forms 万元 and
亿元 differ by a factor only; 分 is not among them, for people write it for points. An unknown word (人, 项 …)
is a dimension of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

_FACTORS: dict[str, tuple[str, Fraction]] = {
    "元": ("元", Fraction(1)),
    "百元": ("元", Fraction(100)),
    "千元": ("元", Fraction(1000)),
    "万元": ("元", Fraction(10_000)),
    "亿元": ("元", Fraction(100_000_000)),
    "平方米": ("平方米", Fraction(1)),
    "㎡": ("平方米", Fraction(1)),
    "亩": ("平方米", Fraction(2000, 3)),
    "公顷": ("平方米", Fraction(10_000)),
    "千瓦时": ("千瓦时", Fraction(1)),
    "万千瓦时": ("千瓦时", Fraction(10_000)),
    "吨标准煤": ("吨标准煤", Fraction(1)),
    "tce": ("吨标准煤", Fraction(1)),
    "%": ("", Fraction(1, 100)),
    "人": ("人", Fraction(1)),
}

MONEY = "元"
FEN_PER_YUAN = 100


@dataclass(frozen=True)
class Unit:
    """A product of dimensions, `(("元", 1), ("人", -1))`, and the factor to their base units."""

    dimensions: tuple[tuple[str, int], ...] = ()
    factor: Fraction = Fraction(1)
    written: str = ""

    def __str__(self) -> str:
        return self.written

    @property
    def plain(self) -> bool:
        """Tell whether this is a bare number."""
        return not self.dimensions

    @property
    def money(self) -> bool:
        """Tell whether this is an amount of money and nothing else."""
        return self.dimensions == ((MONEY, 1),)

    def times(self, other: Unit, *, sign: int = 1) -> Unit:
        """Give the unit of a product (`sign=1`) or a quotient (`sign=-1`)."""
        powers = dict(self.dimensions)
        for dimension, power in other.dimensions:
            powers[dimension] = powers.get(dimension, 0) + sign * power
        dimensions = tuple(sorted((d, p) for d, p in powers.items() if p))
        factor = self.factor * other.factor if sign > 0 else self.factor / other.factor
        if not dimensions and self.dimensions:
            factor = Fraction(1)  # 万元 / 亿元 is a pure ratio: 0.03 beside it means 3 %
        return Unit(dimensions, factor, _written(self.written, other.written, sign) if dimensions else "")


NUMBER = Unit()


@cache
def unit(text: str | None) -> Unit:
    """Give the unit written as `text`: 万元, 人, 万元/人, % …; None and "" are a bare number."""
    if not text:
        return NUMBER
    parts = re.split(r"/", text)
    result = _single(parts[0])
    for part in parts[1:]:
        result = result.times(_single(part), sign=-1)
    return Unit(result.dimensions, result.factor, text)


def _single(word: str) -> Unit:
    word = word.strip()
    if not word or word == "1":
        return NUMBER
    dimension, factor = _FACTORS.get(word, (word, Fraction(1)))
    return Unit(((dimension, 1),) if dimension else (), factor, word)


def _written(left: str, right: str, sign: int) -> str:
    if sign < 0:
        return f"{left or '1'}/{right}" if right else left
    return f"{left}·{right}" if left and right else left or right
