"""Amounts of money, in exact fen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.rulebook.oracle.expressions import number, unit_of
from tests.rulebook.oracle.numbers import Kind, Number
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
    paid = _fen(data["already_paid"], data, subject) if "already_paid" in data else Number(Fraction(0))
    if amount is None or floor is None or paid is None or ("cap" in data and cap is None):
        return None
    value = max(amount.value, floor.value)
    value = min(value, cap.value) if cap is not None else value
    value = max(value - paid.value, Fraction(0))
    exactly = all(
        one is None or one.kind is not Kind.DOUBLE or one.whole for one in (amount, floor, cap, paid)
    )
    return rounded(value, data.get("round") or {}, subject, exactly)


def rounded(value: Fraction, how: Mapping[str, Any], subject: Subject, exactly: bool = True) -> int:
    """Round fen as a `round:` mapping says; the subject is doubtful if doubles could round otherwise."""
    step = STEPS[how.get("to", "分")]
    mode = how.get("mode", "half_up")
    steps = value / step
    edge = Fraction(1, 2) if mode == "half_up" else Fraction(0)
    away = abs((steps - edge) - round(steps - edge))
    if not exactly and away < max(Fraction(1, 10**6), steps / 10**9):
        subject.doubtful = True
    if mode == "half_up":
        return math.floor(steps + Fraction(1, 2)) * step
    return (math.floor(steps) if mode == "down" else math.ceil(steps)) * step


def _fen(text: object, data: Mapping[str, Any], subject: Subject) -> Number | None:
    value = number(text, subject)
    unit = unit_of(text, subject) or written(data["unit"])
    assert unit.money, text
    return value and Number(value.value * unit.factor * 100, value.kind, value.whole)
