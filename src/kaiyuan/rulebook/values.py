"""Evaluate nodes and forms: doubles of shape (rows,) with the words of «known»."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from weakref import WeakMethod

import numpy as np

from kaiyuan.rulebook import normal as n
from kaiyuan.rulebook.columns import FactColumns, Floats
from kaiyuan.rulebook.planes import Words, pack, unpack

Known = Words | None
Value = tuple[Floats, Known]

# A decimal × grid is off by two roundings at most, 2⁻⁵³ each.
GRID_TOLERANCE = 2.0**-51
_EPOCH = np.datetime64("1970-01-01", "D")


def quiet() -> np.errstate:
    """Let NumPy compute without warnings: what is not known may hold anything, infinities too."""
    return np.errstate(divide="ignore", invalid="ignore", over="ignore")


class Values:
    """The values of nodes over one batch, each computed once; `formula` gives the pair of a formula by number."""

    def __init__(
        self, columns: FactColumns, registry: n.Registry, on: date, formula: Callable[[int], Words]
    ) -> None:
        self.columns = columns
        self.registry = registry
        self.on = on
        # Weak, for a state owns its values: a circle would keep whole batches alive until the next collection.
        self._formula = WeakMethod(formula)
        self._nodes: dict[int, Value] = {}

    def form(self, form: n.Form) -> Value:
        """Give the value of a linear form."""
        if len(form.terms) == 1 and form.terms[0][0] == 1 and not form.constant:
            return self.node(form.terms[0][1])
        if not form.terms:
            return np.full(self.columns.rows, float(form.constant)), None
        (coefficient, node), *others = form.terms
        total, known = self.node(node)
        with quiet():
            total = _times(total, coefficient)
            for coefficient, node in others:
                values, valid = self.node(node)
                if coefficient == -1:
                    total = total - values
                else:
                    total = total + _times(values, coefficient)
                known = both(known, valid)
            return (total + float(form.constant) if form.constant else total), known

    def node(self, number: int) -> Value:
        """Give the value of a node by its number."""
        value = self._nodes.get(number)
        if value is None:
            with quiet():
                value = self._nodes[number] = self._compute(self.registry.nodes[number])
        return value

    def let_go(self, nodes: Iterable[int]) -> None:
        """Forget the values of nodes that are not needed soon; they are computed again if they are."""
        for number in nodes:
            self._nodes.pop(number, None)

    def _pair(self, formula: int) -> Words:
        pair_of = self._formula()
        assert pair_of is not None, "values are used beyond the life of their state"
        return pair_of(formula)

    def _compute(self, node: n.Node) -> Value:
        match node:
            case n.Column(fact, lag, grid):
                return self._column(fact if lag == 0 else f"{fact}__{lag}", grid)
            case n.Quotient(left, right):
                return self._quotient(self.form(left), self.form(right))
            case n.Product(left, right):
                (a, known_a), (b, known_b) = self.form(left), self.form(right)
                return _finite(a * b, both(known_a, known_b))
            case n.GrowthRatio(fact, years, grid):
                return self._growth(fact, years, grid)
            case n.GrowthRate(fact, years, grid):
                ratio, known = self._growth(fact, years, grid)
                return np.power(ratio, 1.0 / years) - 1.0, known
            case n.Elapsed(fact, lag, unit):
                return self._elapsed(fact if lag == 0 else f"{fact}__{lag}", unit)
            case n.FirstKnown(forms):
                return self._first_known([self.form(form) for form in forms])
            case n.Extreme(kind, forms):
                return self._extreme(kind, [self.form(form) for form in forms])
            case n.Magnitude(form):
                values, known = self.form(form)
                return np.abs(values), known
            case n.Rounded(form, digits, factor):
                values, known = self.form(form)
                return round_half_away(values, factor / 10**digits), known
            case n.Choice(branches, default):
                return self._choice(branches, default)
            case n.Table(fact, entries):
                return self._table(fact, entries)

    def _quotient(self, left: Value, right: Value) -> Value:
        (a, known_a), (b, known_b) = left, right
        # Whatever is divided by 0 is not finite, and so not known.
        return _finite(a / b, both(known_a, known_b))

    def _column(self, name: str, grid: int) -> Value:
        values, known = self.columns.number(name)
        return (values if grid == 1 else on_grid(values, grid)), known

    def _growth(self, fact: str, years: int, grid: int) -> Value:
        now, known_now = self._column(fact, grid)
        before, known_before = self._column(f"{fact}__{years}", grid)
        defined = before > 0.0
        if years > 1:
            defined &= now >= 0.0
        ratio = np.divide(now, before, out=np.zeros_like(now), where=defined)
        return _finite(ratio, both(both(known_now, known_before), pack(defined)))

    def _elapsed(self, name: str, unit: str) -> Value:
        days, known = self.columns.days(name)
        if unit == "days":
            return float((self.on - date(1970, 1, 1)).days) - days.astype(np.float64), known
        dates = days.astype("timedelta64[D]") + _EPOCH
        months = dates.astype("datetime64[M]")
        years = months.astype("datetime64[Y]").astype(np.int64) + 1970
        month = months.astype(np.int64) % 12 + 1
        day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
        full = self.on.year - years
        # A birthday not yet reached this year takes a year off: dates are compared, years are not subtracted.
        full -= (self.on.month * 100 + self.on.day) < (month * 100 + day)
        return full.astype(np.float64), known

    def _first_known(self, parts: list[Value]) -> Value:
        rows = self.columns.rows
        result, known = parts[-1]
        known_bits = None if known is None else unpack(known, rows)
        for values, valid in reversed(parts[:-1]):
            if valid is None:
                result, known_bits = values, None
            else:
                here = unpack(valid, rows)
                result = np.where(here, values, result)
                known_bits = None if known_bits is None else known_bits | here
        return result, None if known_bits is None else pack(known_bits)

    def _extreme(self, kind: str, parts: list[Value]) -> Value:
        rows = self.columns.rows
        neutral = np.inf if kind == "least" else -np.inf
        choose = np.minimum if kind == "least" else np.maximum
        result = np.full(rows, neutral)
        known = np.zeros(rows, np.bool_)
        for values, valid in parts:
            here = np.ones(rows, np.bool_) if valid is None else unpack(valid, rows)
            result = choose(result, np.where(here, values, neutral))
            known |= here
        return np.where(known, result, 0.0), None if known.all() else pack(known)

    def _choice(self, branches: tuple[tuple[int, n.Form], ...], default: n.Form | None) -> Value:
        rows = self.columns.rows
        result = np.zeros(rows)
        known = np.zeros(rows, np.bool_)
        waiting = np.ones(rows, np.bool_)
        for formula, form in branches:
            pair = self._pair(formula)
            certain, possible = unpack(pair[0], rows), unpack(pair[1], rows)
            values, valid = self.form(form)
            taken = waiting & certain
            result = np.where(taken, values, result)
            known |= taken if valid is None else taken & unpack(valid, rows)
            # An unknown branch ends the search without an answer.
            waiting &= ~possible
        if default is not None:
            values, valid = self.form(default)
            result = np.where(waiting, values, result)
            known |= waiting if valid is None else waiting & unpack(valid, rows)
        return result, None if known.all() else pack(known)

    def _table(self, fact: str, entries: tuple[tuple[str, Fraction], ...]) -> Value:
        codes, words, known = self.columns.codes(fact)
        values = np.zeros(max(words.values(), default=0) + 1)
        listed = np.zeros(values.size, np.bool_)
        for word, number in entries:
            if word in words:
                values[words[word]] = float(number)
                listed[words[word]] = True
        safe = np.clip(codes, 0, values.size - 1).astype(np.intp)
        return values[safe], both(known, pack(listed[safe]))


def both(first: Known, second: Known) -> Known:
    """Give where both are known."""
    if first is None:
        return second
    return first if second is None else first & second


def _times(values: Floats, factor: Fraction) -> Floats:
    # Dividing by 100 gives the double nearest to 0.57 for 57; multiplying by 0.01 does not.
    if factor == 1:
        return values
    if abs(factor.numerator) == 1:
        return values / float(factor.denominator * factor.numerator)
    return values * float(factor)


def on_grid(values: Floats, grid: int) -> Floats:
    """Give values × grid, whole where a value is the double nearest to a decimal of that many places."""
    scaled = values * float(grid)
    whole = np.rint(scaled)
    near = np.abs(scaled - whole) <= np.abs(scaled) * GRID_TOLERANCE
    return whole if near.all() else np.where(near, whole, scaled)


def round_half_away(values: Floats, step: Fraction) -> Floats:
    """Give values rounded to multiples of `step`, halves away from zero."""
    if step.denominator == 1:
        return np.copysign(np.floor(np.abs(values) / float(step) + 0.5) * float(step), values)
    scale = float(1 / step)
    scaled = np.floor(np.abs(values) * scale + 0.5)
    return np.copysign(scaled / scale if step.numerator == 1 else scaled * float(step), values)


def _finite(values: Floats, known: Known) -> Value:
    # What is not finite stays in its place: nobody looks at a value that is not known.
    finite = np.isfinite(values)
    return values, known if finite.all() else both(known, pack(finite))
