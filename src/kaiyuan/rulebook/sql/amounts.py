"""Award amounts as SQL on whole numbers, where that is exact.

A value is a whole numerator over a constant denominator, as in the evaluator, in the widest whole type of the
dialect. Money in fen, counts, days, constants and tables by category can be written so, with sums, products,
CASE, coalesce, least and greatest over them. A fact with decimals, a quotient of facts and a rate of growth can
not, in the types that all engines share: such an award is left to the evaluator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from sqlglot import exp

from kaiyuan.rulebook import normal as n
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import Award
from kaiyuan.rulebook.normalise import form_of, formula_of
from kaiyuan.rulebook.sql import fragments as f
from kaiyuan.rulebook.sql.dialects import Dialect
from kaiyuan.rulebook.sql.facts import FactSql
from kaiyuan.rulebook.sql.fragments import Sql
from kaiyuan.rulebook.sql.layers import Layers
from kaiyuan.rulebook.sql.values import choice, extreme_known

_WHOLE_TYPES = frozenset({"money", "integer"})
_FARTHEST = 10**30


def whole_award(award: Award, facts: FactDictionary) -> bool:
    """Tell whether an award can be computed on whole numbers."""
    parts = (award.base, award.rate, award.cap, award.floor, award.already_paid)
    return all(_whole_term(part, facts) for part in parts if part is not None)


def _whole_term(term: t.Numeric, facts: FactDictionary) -> bool:
    match term:
        case t.Fact(name, _, _):
            return facts[name].type in _WHOLE_TYPES
        case t.Growth():
            return False
        case t.Divide(left, t.Number()):
            return _whole_term(left, facts)
        case t.Divide():
            return False
        case t.Case(branches, default):
            values = [value for _, value in branches] + ([] if default is None else [default])
            return all(_whole_term(value, facts) for value in values)
        case t.Add(parts) | t.Coalesce(parts) | t.KnownExtreme(_, parts):
            return all(_whole_term(part, facts) for part in parts)
        case t.Multiply(left, right):
            return _whole_term(left, facts) and _whole_term(right, facts)
        case t.Absolute(part) | t.RoundHalfUp(part, _, _):
            return _whole_term(part, facts)
    return True


@dataclass(frozen=True)
class WholeValue:
    """A whole number (NULL where unknown) over a denominator."""

    numerator: Sql
    denominator: int


class AmountSql:
    """Gives award amounts in whole fen."""

    def __init__(
        self,
        *,
        dialect: Dialect,
        registry: n.Registry,
        facts: FactSql,
        layers: Layers,
        form: Callable[[n.Form], Sql],
        formula: Callable[[int], Sql],
    ) -> None:
        self._dialect = dialect
        self._registry = registry
        self._facts = facts
        self._layers = layers
        self._form = form
        self._formula = formula
        self._steps = 0

    def amount(self, award: Award, entitled: Sql) -> Sql:
        """Give what an entitled subject would get, in fen; NULL for others and where it is unknown."""
        term = award.base if award.rate is None else t.Multiply(award.rate, award.base)
        value = self._value(term)
        if award.floor is not None:
            value = self._bounded(value, self._value(award.floor), ">=")
        if award.cap is not None:
            value = self._bounded(value, self._value(award.cap), "<=")
        if award.already_paid is not None:
            value = self._sum([value, self._times(self._value(award.already_paid), Fraction(-1))])
        value = self._column(value)
        steps = self._rounded(value, award)
        fen = f.cast(steps if award.step == 1 else f.times(steps, f.whole(award.step)), "bigint")
        nothing_left = f.compare(value.numerator.copy(), "<=", f.whole(0))
        return f.when((f.every([entitled, nothing_left]), f.whole(0)), (entitled.copy(), fen))

    def _rounded(self, value: WholeValue, award: Award) -> Sql:
        # numerator ÷ denominator is in 元: × 100 fen ÷ step. Only positive numbers come here.
        ratio = Fraction(100, value.denominator * award.step)
        scaled = self._scaled(value.numerator, ratio.numerator)
        divisor = ratio.denominator
        if divisor == 1:
            return scaled
        if award.rounding == "half_up":
            return self._divided(f.plus(self._scaled(scaled, 2), f.whole(divisor)), divisor * 2)
        if award.rounding == "up":
            scaled = f.plus(scaled, f.whole(divisor - 1))
        return self._divided(scaled, divisor)

    def _scaled(self, value: Sql, factor: int) -> Sql:
        if factor == -1:
            return exp.Neg(this=f.bracketed(value))
        return value if factor == 1 else f.times(value, self._constant(factor))

    def _divided(self, value: Sql, divisor: int) -> Sql:
        """Give the whole part of a quotient of numbers of 0 or more."""
        if divisor == 1:
            return value
        by = f.whole(divisor)
        if self._dialect.division == "function":
            return exp.Anonymous(this="intDiv", expressions=[value, by])
        if self._dialect.division == "operator":
            return exp.IntDiv(this=f.bracketed(value), expression=by)
        # Without a whole division of wide numbers: what is left after the remainder divides evenly.
        rest = exp.Mod(this=f.bracketed(value), expression=by)
        return f.over(exp.Sub(this=f.bracketed(value.copy()), expression=rest), by.copy())

    def _constant(self, value: int) -> Sql:
        return f.whole(value) if abs(value) < 1 << 31 else f.cast(f.whole(value), self._dialect.whole)

    def _value(self, term: t.Numeric) -> WholeValue:
        match term:
            case t.Number(value):
                return WholeValue(f.cast(f.whole(value.numerator), self._dialect.whole), value.denominator)
            case t.Fact(name, lag, scale):
                return self._times(WholeValue(self._facts.whole(name, lag, self._dialect.whole), 1), scale)
            case t.Add(parts):
                return self._sum([self._value(part) for part in parts])
            case t.Multiply(t.Number(value), other) | t.Multiply(other, t.Number(value)):
                return self._times(self._value(other), value)
            case t.Multiply(left, right):
                a, b = self._value(left), self._value(right)
                return WholeValue(f.times(a.numerator, b.numerator), a.denominator * b.denominator)
            case t.Divide(left, t.Number(value)):
                if value == 0:
                    return WholeValue(f.nothing(self._dialect.whole), 1)
                return self._times(self._value(left), 1 / value)
            case t.Lookup(fact, entries):
                return self._lookup(fact, entries)
            case t.Coalesce(parts):
                (first, *others), denominator = self._aligned([self._value(part) for part in parts])
                return WholeValue(exp.Coalesce(this=first, expressions=others), denominator)
            case t.KnownExtreme(kind, parts):
                values, denominator = self._aligned([self._value(part) for part in parts])
                farthest = f.cast(f.word(str(_FARTHEST)), self._dialect.whole)
                return WholeValue(extreme_known(kind, values, farthest), denominator)
            case t.Case(branches, default):
                return self._case(branches, default)
            case t.Absolute(part):
                inner = self._value(part)
                return WholeValue(exp.Abs(this=inner.numerator), inner.denominator)
            case t.RoundHalfUp(part, digits, factor):
                return self._half_up(self._value(part), factor / 10**digits)
        # Full years or days: whole numbers, computed as doubles.
        return WholeValue(f.cast(self._form(form_of(term, self._registry)), self._dialect.whole), 1)

    def _times(self, value: WholeValue, factor: Fraction) -> WholeValue:
        product = Fraction(factor.numerator, value.denominator * factor.denominator)
        return WholeValue(self._scaled(value.numerator, product.numerator), product.denominator)

    def _sum(self, parts: list[WholeValue]) -> WholeValue:
        values, denominator = self._aligned(parts)
        return WholeValue(f.total(values), denominator)

    def _aligned(self, parts: list[WholeValue]) -> tuple[list[Sql], int]:
        common = lcm(*(part.denominator for part in parts))
        return [self._scaled(part.numerator, common // part.denominator) for part in parts], common

    def _bounded(self, value: WholeValue, bound: WholeValue, keeps: f.Comparison) -> WholeValue:
        # Both must be known: LEAST(NULL, cap) would pay the full cap in four engines.
        value = self._column(value)
        (a, b), denominator = self._aligned([value, self._column(bound)])
        kept = f.compare(a, keeps, b)
        branches = ((kept, a.copy()), (f.opposite(kept.copy()), b.copy()))
        return WholeValue(f.when(*branches), denominator)

    def _lookup(self, fact: str, entries: tuple[tuple[str, Fraction], ...]) -> WholeValue:
        if not entries:
            return WholeValue(f.nothing(self._dialect.whole), 1)
        scale = lcm(*(value.denominator for _, value in entries))
        column = self._facts.word(fact, 0)
        branches = [
            (f.compare(column.copy(), "=", f.word(text)), f.whole(int(v * scale))) for text, v in entries
        ]
        return WholeValue(f.cast(f.when(*branches), self._dialect.whole), scale)

    def _case(
        self, branches: tuple[tuple[t.Condition, t.Numeric], ...], default: t.Numeric | None
    ) -> WholeValue:
        tests = [self._formula(formula_of(test, self._registry)) for test, _ in branches]
        terms = [value for _, value in branches] + ([] if default is None else [default])
        if not terms:
            return WholeValue(f.nothing(self._dialect.whole), 1)
        values, denominator = self._aligned([self._value(term) for term in terms])
        last = values.pop() if default is not None else None
        return WholeValue(
            choice(list(zip(tests, values, strict=True)), last, self._dialect.whole), denominator
        )

    def _half_up(self, value: WholeValue, step: Fraction) -> WholeValue:
        column = self._column(self._times(value, 1 / step))
        doubled = f.plus(self._scaled(exp.Abs(this=column.numerator), 2), f.whole(column.denominator))
        size = self._divided(doubled, 2 * column.denominator)
        below = f.compare(column.numerator.copy(), "<", f.whole(0))
        signed = f.when((below, exp.Neg(this=f.bracketed(size.copy()))), default=size)
        return self._times(WholeValue(f.cast(signed, self._dialect.whole), 1), step)

    def _column(self, value: WholeValue) -> WholeValue:
        """Give a value as a column of its own, so that it may be used several times."""
        if isinstance(value.numerator, exp.Column):
            return WholeValue(value.numerator.copy(), value.denominator)
        self._steps += 1
        return WholeValue(
            self._layers.item(f"_amount_{self._steps}", "amounts", value.numerator), value.denominator
        )
