"""Settle the parameters of a day: which value is in force, and what an expression becomes with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import floor
from typing import TypeAlias, cast

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import ParameterDefinition
from kaiyuan.rulebook.units import NUMBER, Unit

Bound: TypeAlias = Fraction | t.Lookup | None
"""A parameter's value in its declared unit; a table by category; or None: not in force, hence unknown."""


def declared_unit(definition: ParameterDefinition) -> Unit | None:
    """Give the unit in which a parameter is meant: that of its first dated value."""
    return definition.values[0].unit if definition.values else None


def bind_parameters(
    definitions: Mapping[str, ParameterDefinition],
    *,
    on: date,
    by_fact: Mapping[str, str],
    changes: Mapping[str, Fraction] | None = None,
    kept: Mapping[str, Bound] | None = None,
) -> dict[str, Bound]:
    """Give every parameter's value on a day, with `changes` (in the declared unit) put in their place.

    `by_fact` gives the fact name for the label a table parameter depends on. A change of one entry of a table
    is written `name[word]`. `kept` are values already settled; only the others are worked out. Raises
    `RuleError` on a cycle or an unknown name in `changes`.
    """
    whole, entries = _split_changes(definitions, changes or {})
    bound: dict[str, Bound] = dict(kept or {})
    open_names: list[str] = []

    def settle(name: str) -> Bound:
        if name in bound:
            return bound[name]
        if name in open_names:
            chain = " → ".join([*open_names[open_names.index(name) :], name])
            raise RuleError(
                "parameters refer to each other in a circle",
                file=definitions[name].place.file or None,
                line=definitions[name].place.line or None,
                text=chain,
                remedy="Give one of them a value of its own",
            )
        definition = definitions[name]
        value = definition.on(on)
        open_names.append(name)
        if name in whole:
            result: Bound = whole[name]
        elif value is None:
            result = None
        elif isinstance(value.value, Fraction):
            result = value.value * _conversion(value.unit, declared_unit(definition))
        elif isinstance(value.value, tuple):
            factor = _conversion(value.unit, declared_unit(definition))
            table = {word: number * factor for word, number in value.value} | entries.get(name, {})
            result = t.Lookup(by_fact[definition.by or ""], tuple(table.items()))
        else:
            inner = {used: settle(used) for used in sorted(t.parameters_used(value.value))}
            number, unit = _worked_out(bind(value.value, inner), definition), declared_unit(definition)
            result = None if number is None else number / (unit.factor if unit else 1)
        open_names.pop()
        bound[name] = result
        return result

    for name in [name for name in definitions if name not in bound]:
        settle(name)
    return bound


def _worked_out(term: t.Numeric, definition: ParameterDefinition) -> Fraction | None:
    """Give the number a bound expression over parameters comes to, or None where a part is unknown."""

    def parts(terms: tuple[t.Numeric, ...]) -> list[Fraction | None]:
        return [_worked_out(part, definition) for part in terms]

    match term:
        case t.Number(value):
            return value
        case t.Case((), None):
            return None
        case t.Coalesce(terms):
            return next((value for value in parts(terms) if value is not None), None)
        case t.KnownExtreme(kind, terms):
            known = [value for value in parts(terms) if value is not None]
            return (min(known) if kind == "least" else max(known)) if known else None
        case t.Add(terms):
            values = parts(terms)
            return None if None in values else sum((v for v in values if v is not None), Fraction(0))
        case t.Multiply(left, right):
            a, b = parts((left, right))
            return None if a is None or b is None else a * b
        case t.Divide(left, right):
            a, b = parts((left, right))
            return None if a is None or not b else a / b
        case t.Absolute(inner):
            a = _worked_out(inner, definition)
            return None if a is None else abs(a)
        case t.RoundHalfUp(inner, digits, factor):
            a, step = _worked_out(inner, definition), factor / Fraction(10) ** digits
            if a is None:
                return None
            rounded: Fraction = floor(abs(a) / step + Fraction(1, 2)) * step
            return rounded if a >= 0 else -rounded
    raise RuleError(
        "the value of this parameter is no plain number on that day",
        file=definition.place.file or None,
        line=definition.place.line or None,
        text=definition.name,
        remedy="Use numbers, other parameters without a table, and + - * / here; the rest belongs into the rule",
    )


def _split_changes(
    definitions: Mapping[str, ParameterDefinition], changes: Mapping[str, Fraction]
) -> tuple[dict[str, Fraction], dict[str, dict[str, Fraction]]]:
    whole: dict[str, Fraction] = {}
    entries: dict[str, dict[str, Fraction]] = {}
    for name, value in changes.items():
        base, _, rest = name.partition("[")
        if base not in definitions:
            continue
        if rest:
            entries.setdefault(base, {})[rest.rstrip("]")] = value
        else:
            whole[base] = value
    return whole, entries


def _conversion(unit: Unit | None, declared: Unit | None) -> Fraction:
    if unit is None or declared is None:
        return Fraction(1)
    return unit.factor / declared.factor


def bind(term: t.Numeric, bound: Mapping[str, Bound]) -> t.Numeric:
    """Give a numeric term with its parameters replaced by their values; an unknown one becomes an empty table."""
    return cast("t.Numeric", _bind(term, bound))


def bind_condition(term: t.Condition, bound: Mapping[str, Bound]) -> t.Condition:
    """Give a condition with its parameters replaced by their values."""
    return cast("t.Condition", _bind(term, bound))


def _bind(term: t.Term, bound: Mapping[str, Bound]) -> t.Term:
    if not t.parameters_used(term):
        return term
    match term:
        case t.Parameter(name, scale):
            value = bound.get(name)
            if value is None:
                return t.Case((), None)
            if isinstance(value, t.Lookup):
                return t.Lookup(value.fact, tuple((word, number * scale) for word, number in value.entries))
            return t.Number(value * scale)
        case t.Add(parts):
            return t.Add(tuple(bind(part, bound) for part in parts))
        case t.Multiply(left, right):
            a, b = bind(left, bound), bind(right, bound)
            return (
                t.Number(a.value * b.value)
                if isinstance(a, t.Number) and isinstance(b, t.Number)
                else t.Multiply(a, b)
            )
        case t.Divide(left, right):
            return t.Divide(bind(left, bound), bind(right, bound))
        case t.Coalesce(parts):
            return t.Coalesce(tuple(bind(part, bound) for part in parts))
        case t.KnownExtreme(kind, parts):
            return t.KnownExtreme(kind, tuple(bind(part, bound) for part in parts))
        case t.Absolute(part):
            return t.Absolute(bind(part, bound))
        case t.RoundHalfUp(part, digits, factor):
            return t.RoundHalfUp(bind(part, bound), digits, factor)
        case t.Case(branches, default):
            changed = tuple((bind_condition(test, bound), bind(value, bound)) for test, value in branches)
            return t.Case(changed, None if default is None else bind(default, bound))
        case t.Compare(op, left, right, unit):
            return t.Compare(op, bind(left, bound), bind(right, bound), unit or NUMBER)
        case t.ScoreCompare(score, op, right):
            return t.ScoreCompare(score, op, bind(right, bound))
        case t.And(tests):
            return t.And(tuple(bind_condition(test, bound) for test in tests))
        case t.Or(tests):
            return t.Or(tuple(bind_condition(test, bound) for test in tests))
        case t.Not(test):
            return t.Not(bind_condition(test, bound))
    return term
