"""Units as people write them, reduced to what the oracle needs: dimensions and a factor."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

YUAN = {"分": Fraction(1, 100), "元": 1, "百元": 100, "千元": 1000, "万元": 10_000, "亿元": 100_000_000}
AREA = {"平方米": 1, "亩": Fraction(2000, 3), "公顷": 10_000}
POWER = {"千瓦时": 1, "万千瓦时": 10_000}


@dataclass(frozen=True)
class Written:
    """A unit: how often each base dimension occurs in it, and what one of it is in base units."""

    dimensions: tuple[tuple[str, int], ...]
    factor: Fraction

    @property
    def money(self) -> bool:
        """Tell whether this is an amount of money."""
        return self.dimensions == (("元", 1),)


PLAIN = Written((), Fraction(1))


def written(word: str | None) -> Written:
    """Give the unit of a word: 万元, 人, 亩 …; None is a plain number."""
    if not word:
        return PLAIN
    if word == "%":
        return Written((), Fraction(1, 100))
    for base, factors in (("元", YUAN), ("平方米", AREA), ("千瓦时", POWER)):
        if word in factors:
            return Written(((base, 1),), Fraction(factors[word]))
    return Written(((word, 1),), Fraction(1))


def combined(left: Written, right: Written, sign: int) -> tuple[Written, Fraction]:
    """Give the unit of a product (1) or quotient (-1), and the factor of its value if dimensions vanish."""
    powers = dict(left.dimensions)
    for dimension, power in right.dimensions:
        powers[dimension] = powers.get(dimension, 0) + sign * power
    kept = tuple(sorted((dimension, power) for dimension, power in powers.items() if power))
    factor = left.factor * right.factor**sign
    return (Written(kept, factor), Fraction(1)) if kept else (PLAIN, factor)
