"""Amounts of money, in exact fen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.rulebook.oracle.expressions import number, unit_of
from tests.rulebook.oracle.subject import Subject
from tests.rulebook.oracle.written_units import written

STEPS = {"分": 1, "元": 100, "百元": 10_000, "千元": 100_000, "万元": 1_000_000}


def award(data: Mapping[str, Any], subject: Subject) -> int | None:
    """Give min(cap, max(floor, amount)) − already paid, at least 0, rounded; in fen, None if unknown."""
    if "amount" in data:
        amount = _fen(data["amount"], data, subject)
    else:
        amount = _fen(f"({data['rate']}) * ({data['base']})", data, subject)
    floor = _fen(data["floor"], data, subject) if "floor" in data else amount
    cap = _fen(data["cap"], data, subject) if "cap" in data else None
    paid = _fen(data["already_paid"], data, subject) if "already_paid" in data else Fraction(0)
    if amount is None or floor is None or paid is None or ("cap" in data and cap is None):
        return None
    value = max(amount, floor)
    value = min(value, cap) if cap is not None else value
    value = max(value - paid, Fraction(0))
    return rounded(value, data.get("round") or {})


def rounded(value: Fraction, how: Mapping[str, Any]) -> int:
    """Round fen to the step and in the mode of a `round:` mapping. Money is never reckoned in doubles."""
    step = STEPS[how.get("to", "分")]
    steps = value / step
    match how.get("mode", "half_up"):
        case "down":
            return math.floor(steps) * step
        case "up":
            return math.ceil(steps) * step
    return math.floor(steps + Fraction(1, 2)) * step


def _fen(text: object, data: Mapping[str, Any], subject: Subject) -> Fraction | None:
    value = number(text, subject)
    unit = unit_of(text, subject) or written(data["unit"])
    assert unit.money, text
    return None if value is None else value.value * unit.factor * 100
