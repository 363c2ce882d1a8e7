"""Exact arithmetic for money: whole numbers over one denominator, per subject.

Amounts are never computed in binary floating point. A value is `numerator ÷ denominator` with whole 64-bit
numerators; where a product could overflow, or a quotient of facts is needed, Python's own whole numbers and
fractions take over, slower and as exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.normalise import form_of, formula_of
from kaiyuan.rulebook.planes import Bools, Words, unpack
from kaiyuan.rulebook.state import BatchState

Numbers = npt.NDArray[Any]
_LIMIT = 1 << 62
_RATIO_DECIMALS = 6


@dataclass(frozen=True)
class Exact:
    """numerator (shape (rows,), int64 or Python numbers) ÷ denominator, where known."""

    numerator: Numbers
    denominator: int
    known: Bools


class ExactValues:
    """Evaluates bound numeric terms exactly over the batch of a state."""

    def __init__(self, state: BatchState, facts: FactDictionary) -> None:
        self.state = state
        self.facts = facts

    @property
    def rows(self) -> int:
        """Give the number of subjects."""
        return self.state.rows

    def value(self, term: t.Numeric) -> Exact:
        """Give the exact value of a bound term, in base units."""
        match term:
            case t.Number(value):
                return self.constant(value)
            case t.Fact(name, lag, scale):
                return _times(self._column(name, lag), scale)
            case t.Add(parts):
                total = self.value(parts[0])
                for part in parts[1:]:
                    total = add(total, self.value(part))
                return total
            case t.Multiply(t.Number(value), other) | t.Multiply(other, t.Number(value)):
                return _times(self.value(other), value)
            case t.Multiply(left, right):
                return _product(self.value(left), self.value(right))
            case t.Divide(left, right):
                return _quotient(self.value(left), self.value(right))
            case t.Lookup(fact, entries):
                return self._lookup(fact, entries)
            case t.Coalesce(parts):
                return self._first_known([self.value(part) for part in parts])
            case t.KnownExtreme(kind, parts):
                return self._extreme(kind, [self.value(part) for part in parts])
            case t.Case(branches, default):
                return self._case(branches, default)
            case t.Absolute(part):
                inner = self.value(part)
                return Exact(np.abs(inner.numerator), inner.denominator, inner.known)
            case t.RoundHalfUp(part, digits, factor):
                return _rounded(self.value(part), factor / 10**digits)
        return self._from_doubles(term)

    def constant(self, value: Fraction) -> Exact:
        """Give the same value for every subject."""
        dtype: Any = np.int64 if abs(value.numerator) < _LIMIT else object
        return Exact(
            np.full(self.rows, value.numerator, dtype), value.denominator, np.ones(self.rows, np.bool_)
        )

    def _column(self, name: str, lag: int) -> Exact:
        fact = self.facts[name]
        column = fact.column(lag=lag)
        whole = self.state.columns.integers(column)
        if whole is not None:
            return Exact(whole[0], 1, _bits(whole[1], self.rows))
        values, known = self.state.columns.number(column)
        decimals = fact.decimals if fact.type == "number" else _RATIO_DECIMALS
        scaled = values * 10.0**decimals
        rounded = np.floor(scaled + 0.5)
        if np.abs(scaled).max(initial=0.0) < 2**52 and np.allclose(scaled, rounded, rtol=0.0, atol=1e-5):
            return Exact(rounded.astype(np.int64), 10**decimals, _bits(known, self.rows))
        return Exact(_fractions(values), 1, _bits(known, self.rows))

    def _from_doubles(self, term: t.Numeric) -> Exact:
        values, known = self.state.values.form(form_of(term, self.state.plan.registry))
        # What is not known may be infinite, which no fraction is.
        values = np.where(np.isfinite(values), values, 0.0)
        return Exact(_fractions(values), 1, _bits(known, self.rows))

    def _lookup(self, fact: str, entries: tuple[tuple[str, Fraction], ...]) -> Exact:
        codes, words, known = self.state.columns.codes(fact)
        scale = lcm(*(number.denominator for _, number in entries)) if entries else 1
        table = np.zeros(max(words.values(), default=0) + 1, np.int64)
        listed = np.zeros(table.size, np.bool_)
        for word, number in entries:
            if word in words:
                table[words[word]] = int(number * scale)
                listed[words[word]] = True
        safe = np.clip(codes, 0, table.size - 1).astype(np.intp)
        return Exact(table[safe], scale, _bits(known, self.rows) & listed[safe])

    def _first_known(self, parts: list[Exact]) -> Exact:
        result = parts[0]
        for part in parts[1:]:
            a, b = aligned(result, part)
            chosen = np.where(result.known, a.numerator, b.numerator)
            result = Exact(chosen, a.denominator, result.known | part.known)
        return result

    def _extreme(self, kind: str, parts: list[Exact]) -> Exact:
        result = parts[0]
        for part in parts[1:]:
            a, b = aligned(result, part)
            first = a.numerator <= b.numerator if kind == "least" else a.numerator >= b.numerator
            use_first = a.known & (~b.known | first.astype(np.bool_))
            result = Exact(np.where(use_first, a.numerator, b.numerator), a.denominator, a.known | b.known)
        return result

    def _case(self, branches: tuple[tuple[t.Condition, t.Numeric], ...], default: t.Numeric | None) -> Exact:
        result = Exact(np.zeros(self.rows, np.int64), 1, np.zeros(self.rows, np.bool_))
        waiting = np.ones(self.rows, np.bool_)
        for test, term in branches:
            pair = self.state.formula(formula_of(test, self.state.plan.registry))
            certain, possible = unpack(pair[0], self.rows), unpack(pair[1], self.rows)
            result = _overlay(result, self.value(term), waiting & certain)
            waiting = waiting & ~possible
        return result if default is None else _overlay(result, self.value(default), waiting)


def aligned(first: Exact, second: Exact) -> tuple[Exact, Exact]:
    """Give both values over one denominator."""
    if first.denominator == second.denominator:
        return first, second
    common = lcm(first.denominator, second.denominator)
    return _over(first, common), _over(second, common)


def add(first: Exact, second: Exact) -> Exact:
    """Give the sum, known where both are."""
    a, b = aligned(first, second)
    if _largest(a.numerator) + _largest(b.numerator) >= _LIMIT:
        a, b = _wide(a), _wide(b)
    return Exact(a.numerator + b.numerator, a.denominator, a.known & b.known)


def _over(value: Exact, denominator: int) -> Exact:
    factor = denominator // value.denominator
    if _largest(value.numerator) * factor >= _LIMIT:
        value = _wide(value)
    return Exact(value.numerator * factor, denominator, value.known)


def _times(value: Exact, factor: Fraction) -> Exact:
    if _largest(value.numerator) * abs(factor.numerator) >= _LIMIT:
        value = _wide(value)
    return Exact(value.numerator * factor.numerator, value.denominator * factor.denominator, value.known)


def _rounded(value: Exact, step: Fraction) -> Exact:
    # Halves away from zero, on the magnitude.
    steps = _times(value, 1 / step)
    doubled = _times(Exact(np.abs(steps.numerator), 1, steps.known), Fraction(2))
    whole = (doubled.numerator + steps.denominator) // (2 * steps.denominator)
    signed = np.where((steps.numerator < 0).astype(np.bool_), -whole, whole)
    return _times(Exact(signed, 1, value.known), step)


def _product(first: Exact, second: Exact) -> Exact:
    if _largest(first.numerator) * _largest(second.numerator) >= _LIMIT:
        first, second = _wide(first), _wide(second)
    return Exact(
        first.numerator * second.numerator, first.denominator * second.denominator, first.known & second.known
    )


def _quotient(first: Exact, second: Exact) -> Exact:
    known = first.known & second.known & (second.numerator != 0).astype(np.bool_)
    result = np.zeros(known.size, object)
    for row in np.flatnonzero(known):
        result[row] = (
            python_number(first.numerator[row])
            * second.denominator
            / (python_number(second.numerator[row]) * first.denominator)
        )
    return Exact(result, 1, known)


def python_number(value: Any) -> Fraction:
    """Give a numerator as a fraction of Python's own whole numbers: a NumPy integer inside would overflow."""
    return value if isinstance(value, Fraction) else Fraction(int(value))


def _overlay(below: Exact, above: Exact, taken: Bools) -> Exact:
    a, b = aligned(below, above)
    return Exact(np.where(taken, b.numerator, a.numerator), a.denominator, np.where(taken, b.known, a.known))


def _largest(numbers: Numbers) -> int:
    if numbers.size == 0 or numbers.dtype == object:
        return 0 if numbers.size == 0 else _LIMIT
    return int(max(abs(int(numbers.max())), abs(int(numbers.min()))))


def _wide(value: Exact) -> Exact:
    return Exact(value.numerator.astype(object), value.denominator, value.known)


def _fractions(values: npt.NDArray[np.float64]) -> Numbers:
    result = np.empty(values.size, object)
    result[:] = [Fraction(repr(float(value))) for value in values]
    return result


def _bits(known: Words | None, rows: int) -> Bools:
    return np.ones(rows, np.bool_) if known is None else unpack(known, rows)
