"""The functions of the expression language, each with a defined meaning for unknown values."""

from __future__ import annotations

from collections.abc import Sequence

from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.expression.arithmetic import Typed, TypeFault, fact_value, unify
from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.rulebook.units import NUMBER, unit

FUNCTIONS: dict[str, str] = {
    "prior": "prior(fact, n): the fact n years before the base year",
    "growth": "growth(fact, n): compound yearly growth over n years",
    "years_since": "years_since(date): full years up to the day of the decision",
    "days_since": "days_since(date): days up to the day of the decision",
    "coalesce": "coalesce(a, b, …): the first known value",
    "abs": "abs(x): the absolute value",
    "round_half_up": "round_half_up(x, n): rounded to n decimals, halves away from zero",
    "least_known": "least_known(a, b, …): the least of the known values",
    "greatest_known": "greatest_known(a, b, …): the greatest of the known values",
}
MAX_LAG = 10


def call_function(name: str, fact: FactDefinition | None, arguments: Sequence[Typed]) -> Typed:
    """Give the typed call, or raise `TypeFault`; `fact` is the first argument of functions that take a fact."""
    usage = f"Write {FUNCTIONS[name]}"
    if name in ("prior", "growth"):
        if fact is None or len(arguments) != 1:
            raise TypeFault(f"{name} takes a fact and a number of years", usage)
        years = _whole(arguments[0], usage)
        if fact.period != "year":
            raise TypeFault(f"{fact.zh} is not a yearly fact", f"{name} needs a fact with `period: year`")
        if not 1 <= years <= MAX_LAG:
            raise TypeFault(f"{years} years back is out of range", f"Use 1 to {MAX_LAG} years")
        return fact_value(fact, lag=years) if name == "prior" else _growth(fact, years, usage)
    if name in ("years_since", "days_since"):
        if fact is None or arguments:
            raise TypeFault(f"{name} takes one date fact", usage)
        if fact.type != "date":
            raise TypeFault(f"{fact.zh} is not a date", usage)
        if name == "years_since":
            return Typed(t.Since(fact.name, 0, "years"), "number", unit("年"))
        return Typed(t.Since(fact.name, 0, "days"), "number", unit("天"))
    if name == "abs":
        if len(arguments) != 1:
            raise TypeFault("abs takes one number", usage)
        return Typed(t.Absolute(arguments[0].number), arguments[0].kind, arguments[0].unit)
    if name == "round_half_up":
        return _round(arguments, usage)
    if not arguments:
        raise TypeFault(f"{name} takes at least one number", usage)
    numbers, kind, shared = unify(arguments, f"the arguments of {name}")
    if name == "coalesce":
        return Typed(t.Coalesce(tuple(numbers)), kind, shared)
    return Typed(
        t.KnownExtreme("least" if name == "least_known" else "greatest", tuple(numbers)), kind, shared
    )


def _growth(fact: FactDefinition, years: int, usage: str) -> Typed:
    if not fact.numeric:
        raise TypeFault(f"{fact.zh} is not a number", usage)
    term = fact_value(fact, lag=0).term
    assert isinstance(term, t.Fact)
    return Typed(t.Growth(term, years), "number", NUMBER)


def _round(arguments: Sequence[Typed], usage: str) -> Typed:
    if len(arguments) != 2:
        raise TypeFault("round_half_up takes a number and a number of decimals", usage)
    digits = _whole(arguments[1], usage)
    if not 0 <= digits <= 6:
        raise TypeFault(f"{digits} decimals are out of range", "Use 0 to 6 decimals")
    value = arguments[0]
    return Typed(t.RoundHalfUp(value.number, digits, value.unit.factor), value.kind, value.unit)


def _whole(value: Typed, usage: str) -> int:
    if value.kind != "literal" or not isinstance(value.term, t.Number) or value.term.value.denominator != 1:
        raise TypeFault("a whole number is wanted here", usage)
    return int(value.term.value)
