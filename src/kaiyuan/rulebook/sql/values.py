"""Nodes and linear forms of the normal form as SQL doubles: NULL exactly where they are unknown.

Every sum and product stands in the order in which the evaluator computes it, so that the doubles agree to the
last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from sqlglot import exp

from kaiyuan.rulebook import normal as n
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.sql import fragments as f
from kaiyuan.rulebook.sql.dialects import Dialect
from kaiyuan.rulebook.sql.facts import FactSql
from kaiyuan.rulebook.sql.fragments import Sql
from kaiyuan.rulebook.sql.layers import Layers
from kaiyuan.rulebook.values import GRID_TOLERANCE

# Columns of these types hold whole numbers below 2^63: a product or quotient of two cannot overflow.
_BOUNDED = frozenset({"money", "integer"})
_FARTHEST = Fraction(float.fromhex("0x1.fffffffffffffp+1023"))


class ValueSql:
    """Gives nodes and forms as expressions; `formula` gives the condition of a formula by number."""

    def __init__(
        self,
        *,
        dialect: Dialect,
        registry: n.Registry,
        dictionary: FactDictionary,
        on: date,
        facts: FactSql,
        layers: Layers,
        formula: Callable[[int], Sql],
    ) -> None:
        self._dialect = dialect
        self.registry = registry
        self._dictionary = dictionary
        self._on = on
        self._facts = facts
        self._layers = layers
        self._formula = formula

    def form(self, form: n.Form) -> Sql:
        """Give the value of a linear form."""
        if not form.terms:
            return f.cast(f.number(form.constant), "double")
        result: Sql | None = None
        for coefficient, node in form.terms:
            value = self.node(node)
            if result is None:
                result = _times(value, coefficient)
            elif coefficient < 0:
                result = exp.Sub(this=result, expression=_times(value, -coefficient))
            else:
                result = exp.Add(this=result, expression=_times(value, coefficient))
        assert result is not None
        return f.plus(result, f.number(form.constant)) if form.constant else result

    def node(self, number: int) -> exp.Column:
        """Give the column of a node by its number."""
        node = self.registry.nodes[number]
        if isinstance(node, n.Column):
            return self._stored(node.fact, node.lag, node.grid)
        name = f"_value_{number}"
        if (found := self._layers.found(name)) is not None:
            return found
        return self._layers.item(name, "quantities", self._compute(number, node))

    def _compute(self, number: int, node: n.Node) -> Sql:
        match node:
            case n.Column(fact, lag, grid):
                return self._stored(fact, lag, grid)
            case n.Quotient(left, right):
                divisor = exp.Nullif(this=self.form(right), expression=f.whole(0))
                return self._guarded(f.over(self.form(left), divisor), left, right)
            case n.Product(left, right):
                return self._guarded(f.times(self.form(left), self.form(right)), left, right)
            case n.GrowthRatio(fact, years, grid):
                return self._growth(fact, years, grid)
            case n.GrowthRate(fact, years, grid):
                growth = self._growth(fact, years, grid)
                ratio = self._layers.item(f"_growth_{years}_{fact}", "quantities", growth)
                root = ratio if years == 1 else exp.Pow(this=ratio, expression=f.number(1.0 / years))
                return exp.Sub(this=root, expression=f.whole(1))
            case n.Elapsed(fact, lag, unit):
                return self._elapsed(self._facts.day(fact, lag), unit)
            case n.FirstKnown(forms):
                first, *others = (self.form(form) for form in forms)
                return exp.Coalesce(this=first, expressions=others)
            case n.Extreme(kind, forms):
                return extreme_known(kind, [self.form(form) for form in forms], f.number(_FARTHEST))
            case n.Magnitude(form):
                return exp.Abs(this=self.form(form))
            case n.Rounded(form, digits, factor):
                return _rounded(self._column(form, f"_unrounded_{number}"), factor / 10**digits)
            case n.Choice(branches, default):
                return choice(
                    [(self._formula(test), self.form(form)) for test, form in branches],
                    None if default is None else self.form(default),
                    "double",
                )
            case n.Table(fact, entries):
                column = self._facts.word(fact, 0)
                return f.when(
                    *((f.compare(column.copy(), "=", f.word(text)), _double(value)) for text, value in entries)
                ) if entries else f.nothing("double")  # fmt: skip

    def _column(self, form: n.Form, name: str) -> exp.Column:
        """Give a form as a column, so that it may be used several times."""
        value = self.form(form)
        return value if isinstance(value, exp.Column) else self._layers.item(name, "quantities", value)

    def _guarded(self, value: Sql, *forms: n.Form) -> Sql:
        return value if all(map(self._bounded, forms)) else f.finite(value)

    def _bounded(self, form: n.Form) -> bool:
        nodes = [self.registry.nodes[number] for _, number in form.terms]
        return all(isinstance(x, n.Column) and self._dictionary[x.fact].type in _BOUNDED for x in nodes)

    def _stored(self, fact: str, lag: int, grid: int) -> exp.Column:
        column = self._facts.number(fact, lag)
        if grid == 1:
            return column
        scaled = f.times(column, f.cast(f.whole(grid), "double"))
        scaled = self._layers.item(f"_scaled_{column.name}", "quantities", scaled)
        return self._layers.item(f"_grid_{column.name}", "quantities", _on_grid(scaled))

    def _growth(self, fact: str, years: int, grid: int) -> Sql:
        now, before = self._stored(fact, 0, grid), self._stored(fact, years, grid)
        defined: Sql = f.compare(before.copy(), ">", f.whole(0))
        if years > 1:
            defined = f.every([defined, f.compare(now.copy(), ">=", f.whole(0))])
        ratio = f.over(now, before)
        return f.when((defined, ratio if self._dictionary[fact].type in _BOUNDED else f.finite(ratio)))

    def _elapsed(self, column: exp.Column, unit: str) -> Sql:
        if unit == "days":
            today = f.day(self._on)
            days: Sql = exp.DateDiff(this=today, expression=column, unit=exp.var("DAY"))
            return f.cast(f.minus(today, column) if self._dialect.subtracts_days else days, "double")
        # Full years: a birthday not yet reached this year takes one off; dates are compared, not years subtracted.
        month_and_day = exp.Add(
            this=exp.Mul(this=exp.Month(this=column.copy()), expression=f.whole(100)),
            expression=exp.Day(this=column.copy()),
        )
        ahead = f.compare(month_and_day, ">", f.whole(self._on.month * 100 + self._on.day))
        years = exp.Sub(this=f.whole(self._on.year), expression=exp.Year(this=column.copy()))
        return f.cast(
            exp.Sub(this=years, expression=f.when((ahead, f.whole(1)), default=f.whole(0))), "double"
        )


def choice(branches: Sequence[tuple[Sql, Sql]], default: Sql | None, kind: str) -> Sql:
    """Give the value of the first branch that holds; an unknown one ends the search without an answer."""
    tests: list[tuple[Sql, Sql]] = []
    for test, value in branches:
        tests += [(test, value), (f.is_null(test.copy()), exp.Null())]
    if not tests:
        return f.nothing(kind) if default is None else default
    return f.when(*tests, default=default)


def extreme_known(kind: str, values: Sequence[Sql], farthest: Sql) -> Sql:
    """Give the least or greatest of the known values. LEAST over NULL differs from engine to engine, so none is met."""
    if len(values) == 1:
        return values[0]
    neutral = farthest if kind == "least" else exp.Neg(this=farthest)
    filled = [exp.Coalesce(this=value, expressions=[neutral.copy()]) for value in values]
    known = exp.Coalesce(this=values[0].copy(), expressions=[value.copy() for value in values[1:]])
    chosen = f.least(filled) if kind == "least" else f.greatest(filled)
    return f.when((f.is_known(known), chosen))


def _times(value: Sql, factor: Fraction) -> Sql:
    if factor == 1:
        return value
    if factor.numerator == 1:
        return f.over(value, f.number(factor.denominator))
    if factor.numerator == -1:
        return exp.Neg(this=f.bracketed(f.over(value, f.number(factor.denominator))))
    return f.times(f.number(factor), value)


def _on_grid(scaled: exp.Column) -> Sql:
    # As the evaluator does: whole where the value is a decimal of that many places.
    whole = f.cast(exp.Floor(this=f.plus(scaled.copy(), f.number(Fraction(1, 2)))), "double")
    off = exp.Abs(this=exp.Sub(this=scaled.copy(), expression=whole.copy()))
    tolerance = f.times(exp.Abs(this=scaled.copy()), f.number(GRID_TOLERANCE))
    return f.when((f.compare(off, "<=", tolerance), whole), default=scaled.copy())


def _double(value: Fraction) -> Sql:
    return f.cast(f.number(value), "double")


def _rounded(value: exp.Column, step: Fraction) -> Sql:
    # Halves away from zero; ROUND goes to the even neighbour in some engines.
    away = exp.Abs(this=value)
    share = f.over(away, f.number(step)) if step.denominator == 1 else f.times(away, f.number(1 / step))
    scaled = f.plus(share, f.number(Fraction(1, 2)))
    steps = f.cast(exp.Floor(this=scaled), "double")
    size = f.over(steps, f.number(1 / step)) if step.numerator == 1 else f.times(steps, f.number(step))
    below = f.compare(value.copy(), "<", f.whole(0))
    return f.when((below, exp.Neg(this=f.bracketed(size.copy()))), default=size)
