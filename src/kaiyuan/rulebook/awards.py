"""Award amounts in whole fen: min(cap, max(floor, rate × base)) − already paid, never below 0, rounded once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kaiyuan.rulebook.exact import Exact, ExactValues, add, aligned
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import Award
from kaiyuan.rulebook.planes import Bools


@dataclass(frozen=True)
class Amounts:
    """Whole fen per subject, shape (rows,), and where they are known."""

    fen: npt.NDArray[np.int64]
    known: Bools


def award_amounts(award: Award, values: ExactValues) -> Amounts:
    """Give what every subject of the batch would get if it were entitled; unknown where any part is unknown."""
    amount = values.value(award.base)
    if award.rate is not None:
        amount = values.value(t.Multiply(award.rate, award.base))
    if award.floor is not None:
        amount = _extreme(amount, values.value(award.floor), greater=True)
    if award.cap is not None:
        amount = _extreme(amount, values.value(award.cap), greater=False)
    if award.already_paid is not None:
        paid = values.value(award.already_paid)
        amount = add(amount, Exact(-paid.numerator, paid.denominator, paid.known))
    fen = _rounded(amount, award)
    return Amounts(fen, amount.known)


def award_columns(award: Award, facts: FactDictionary) -> tuple[str, ...]:
    """Give the columns that an award's formula reads."""
    parts = (award.base, award.rate, award.cap, award.floor, award.already_paid)
    return tuple(
        facts[name].column(lag=lag) for part in parts if part is not None for name, lag in t.facts_used(part)
    )


def _extreme(first: Exact, second: Exact, *, greater: bool) -> Exact:
    a, b = aligned(first, second)
    choose = np.maximum if greater else np.minimum
    # Both must be known: a cap on an unknown base would otherwise pay the full cap.
    return Exact(choose(a.numerator, b.numerator), a.denominator, a.known & b.known)


def _rounded(amount: Exact, award: Award) -> npt.NDArray[np.int64]:
    # value in 元 × 100 fen ÷ step, on Python numbers when 64 bits could overflow
    numerator: npt.NDArray[Any] = np.maximum(amount.numerator, 0)
    divisor = amount.denominator * award.step
    largest = max((abs(int(x)) for x in (numerator.max(initial=0),)), default=0)
    if numerator.dtype != object and largest * 200 + divisor >= 1 << 62:
        numerator = numerator.astype(object)
    if numerator.dtype == object:
        numerator = np.where(amount.known, numerator, 0)
    scaled = numerator * 100
    if award.rounding == "half_up":
        steps = (scaled * 2 + divisor) // (divisor * 2)
    elif award.rounding == "down":
        steps = scaled // divisor
    else:
        steps = -((-scaled) // divisor)
    return (steps * award.step).astype(np.int64)
