"""The checker's arithmetic: which values may be added, multiplied and divided, and in which unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, cast

from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.rulebook.units import NUMBER, Unit, unit

Kind = Literal[
    "number", "literal", "condition", "string", "score", "category", "text", "date", "boolean", "money", "ratio", "integer"
]  # fmt: skip

_NAMES = {
    "condition": "a condition or yes/no fact", "string": "a word", "score": "a score", "category": "a category",
    "text": "a text", "date": "a date", "boolean": "a yes/no fact", "number": "a number", "literal": "a number",
}  # fmt: skip

# Ratios are taken to be written with so many decimals: 0.0325 is 3.25 %.
RATIO_DECIMALS = 6


class TypeFault(Exception):
    """A clash of types or units, before its place in the text is known."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True)
class Typed:
    """A term with what the checker knows of it.

    `literal` marks numbers without a unit of their own, which take the unit of what they meet.
    """

    term: t.Term | None
    kind: Kind
    unit: Unit
    name: str = ""
    fact: FactDefinition | None = None
    lag: int = 0

    @property
    def number(self) -> t.Numeric:
        """Give the numeric term, or raise `TypeFault`."""
        if self.kind not in ("number", "literal"):
            raise TypeFault(
                f"{_NAMES[self.kind]} stands where a number is wanted",
                "Use numeric facts and numbers in arithmetic",
            )
        return cast("t.Numeric", self.term)


def scaled(term: t.Numeric, factor: Fraction) -> t.Numeric:
    """Give a unitless term times `factor`, folded into its constants."""
    if factor == 1:
        return term
    match term:
        case t.Number(value):
            return t.Number(value * factor)
        case t.Parameter(name, scale):
            return t.Parameter(name, scale * factor)
        case t.Case(branches, default):
            changed = tuple((condition, scaled(value, factor)) for condition, value in branches)
            return t.Case(changed, None if default is None else scaled(default, factor))
        case _:
            return t.Multiply(t.Number(factor), term)


def unify(values: Sequence[Typed], what: str) -> tuple[list[t.Numeric], Kind, Unit]:
    """Give the terms of `values` in one unit, with kind and unit; raise `TypeFault` when they have two."""
    numbers = [value.number for value in values]
    measured = [value for value in values if value.kind == "number"]
    if not measured:
        return numbers, "literal", NUMBER
    unit = measured[0].unit
    for other in measured[1:]:
        if other.unit.dimensions != unit.dimensions:
            raise TypeFault(
                f"{what} have different units: {unit.written or 'a bare number'} and "
                f"{other.unit.written or 'a bare number'}",
                "Bring both sides to the same kind of quantity",
            )
    adopted = [
        scaled(number, unit.factor) if value.kind == "literal" else number
        for number, value in zip(numbers, values, strict=True)
    ]
    return adopted, "number", unit


def add(left: Typed, right: Typed) -> Typed:
    """Give the sum; both must be of one dimension, a bare number takes the other's unit."""
    numbers, kind, unit = unify([left, right], "the parts of a sum")
    first, second = numbers
    if isinstance(first, t.Number) and isinstance(second, t.Number):
        return Typed(t.Number(first.value + second.value), kind, unit)
    head = first.terms if isinstance(first, t.Add) else (first,)
    return Typed(t.Add((*head, second)), kind, unit)


def negate(value: Typed) -> Typed:
    """Give the value with the opposite sign."""
    number = value.number
    if isinstance(number, t.Number):
        return Typed(t.Number(-number.value), value.kind, value.unit)
    return Typed(t.Multiply(t.Number(Fraction(-1)), number), value.kind, value.unit)


def multiply(left: Typed, right: Typed) -> Typed:
    """Give the product; money times money is refused, for no rule means it."""
    a, b = left.number, right.number
    if left.unit.money and right.unit.money:
        raise TypeFault("money is multiplied by money", "Multiply an amount by a number, a ratio or a count")
    kind: Kind = "literal" if left.kind == right.kind == "literal" else "number"
    if isinstance(a, t.Number) and isinstance(b, t.Number):
        return Typed(t.Number(a.value * b.value), kind, left.unit.times(right.unit))
    return Typed(t.Multiply(a, b), kind, left.unit.times(right.unit))


def divide(left: Typed, right: Typed) -> Typed:
    """Give the quotient; a constant zero as divisor is refused."""
    a, b = left.number, right.number
    if isinstance(b, t.Number) and b.value == 0:
        raise TypeFault("a division by zero", "Divide by a fact or by a number other than 0")
    kind: Kind = "literal" if left.kind == right.kind == "literal" else "number"
    unit = left.unit.times(right.unit, sign=-1)
    if isinstance(b, t.Number):
        if isinstance(a, t.Number):
            return Typed(t.Number(a.value / b.value), kind, unit)
        return Typed(t.Multiply(t.Number(1 / b.value), a), kind, unit)
    return Typed(t.Divide(a, b), kind, unit)


def describe(value: Typed) -> str:
    """Give words for the kind of a value, for messages."""
    return _NAMES[value.kind]


def fact_value(fact: FactDefinition, *, lag: int) -> Typed:
    """Give the typed value of a fact `lag` years before the base year."""
    if fact.numeric:
        written = unit(fact.unit) if fact.type != "ratio" else NUMBER
        # A money column holds fen, every other column the number as it is written.
        scale = Fraction(1, 100) if fact.type == "money" else written.factor
        decimals = {"number": fact.decimals, "ratio": RATIO_DECIMALS}.get(fact.type, 0)
        return Typed(t.Fact(fact.name, lag, scale, 10**decimals), "number", written)
    if fact.type == "boolean":
        return Typed(t.Flag(fact.name, lag), "condition", NUMBER, fact=fact)
    return Typed(None, fact.type, NUMBER, name=fact.name, fact=fact, lag=lag)
