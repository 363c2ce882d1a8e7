"""Scoring tables as SQL: a low and a high column for every indicator, group and total.

Tables of bands are added in whole numbers of 1/scale; one with a proportional indicator in doubles, in the
order in which the evaluator adds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from sqlglot import exp

from kaiyuan.rulebook import normal as n
from kaiyuan.rulebook.sql import fragments as f
from kaiyuan.rulebook.sql.fragments import Sql
from kaiyuan.rulebook.sql.layers import Layers
from kaiyuan.rulebook.tables import PlanBand, PlanIndicator, PlanProportional, PlanTable

_INFINITE = "Infinity"


@dataclass(frozen=True)
class Range:
    """The columns of a low and a high score; `whole`: whole numbers of 1/scale, else doubles."""

    low: Sql
    high: Sql
    whole: bool

    def copied(self) -> Range:
        """Give the same columns for use in another expression."""
        return Range(self.low.copy(), self.high.copy(), self.whole)


class ScoreSql:
    """Gives the scores of the tables of a plan; `source` tells what alone decides whether a formula is known."""

    def __init__(
        self,
        *,
        tables: Sequence[PlanTable],
        layers: Layers,
        formula: Callable[[int], Sql],
        form: Callable[[n.Form], Sql],
        source: Callable[[int], object],
    ) -> None:
        self._tables = tables
        self._layers = layers
        self._formula = formula
        self._form = form
        self._source = source
        self._ranges: dict[tuple[int, str], Range] = {}

    def doubles(self, table: int, name: str) -> tuple[Sql, Sql]:
        """Give low and high of a score, group or indicator in points, as doubles."""
        found = self._range(table, name)
        return self._double(found.low, table, found.whole), self._double(found.high, table, found.whole)

    def compare(self, atom: n.ScoreAtom) -> Sql:
        """Give «score op constant»: certain by the low end, possible by the high one."""
        found = self._range(atom.table, atom.name)
        bound = atom.constant * self._tables[atom.table].scale
        if atom.op == "=":
            return self._equal(found, bound if found.whole else atom.constant)
        op: f.Comparison = atom.op
        if found.whole:
            limit, op = f.whole(ceil(bound) if op == ">=" else floor(bound) + 1), ">="
        else:
            limit = f.number(atom.constant)
        return f.when(
            (f.compare(found.low, op, limit), f.truth(True)),
            (f.opposite(f.compare(found.high, op, limit.copy())), f.truth(False)),
        )

    def _equal(self, found: Range, bound: Fraction) -> Sql:
        limit = f.number(bound)
        at_both = [f.compare(end, "=", limit.copy()) for end in (found.low, found.high)]
        outside = [
            f.compare(found.low.copy(), ">", limit.copy()), f.compare(found.high.copy(), "<", limit.copy())
        ]  # fmt: skip
        return f.when((f.every(at_both), f.truth(True)), (f.some(outside), f.truth(False)))

    def _range(self, number: int, name: str) -> Range:
        found = self._ranges.get((number, name))
        if found is None:
            table = self._tables[number]
            indicator = next((i for i in table.indicators if i.id == name), None)
            found = (
                self._sum(number, name)
                if name == "score" or indicator is None
                else self._indicator(number, indicator)
            )
            low = self._column(number, name, "low", found.low)
            high = self._column(number, name, "high", found.high)
            found = self._ranges[number, name] = Range(low, high, found.whole)
        return found.copied()

    def _column(self, number: int, name: str, end: str, value: Sql) -> exp.Column:
        return self._layers.item(f"_points_{number}_{name}_{end}", "points", value)

    def _sum(self, number: int, name: str) -> Range:
        table = self._tables[number]
        if name == "score":
            grouped = {i.id for i in table.indicators if i.group in table.group_max}
            members = [*table.group_max, *(i.id for i in table.indicators if i.id not in grouped)]
            most = table.max
        else:
            members = [i.id for i in table.indicators if i.group == name]
            most = table.group_max[name]
        parts = [self._range(number, member) for member in members]
        whole = all(part.whole for part in parts)
        ends = []
        for values in ([part.low for part in parts], [part.high for part in parts]):
            if whole:
                ends.append(_capped(f.total(values), None if most is None else f.whole(most)))
            else:
                doubles = [self._double(v, number, p.whole) for v, p in zip(values, parts, strict=True)]
                limit = None if most is None else f.number(Fraction(most, table.scale))
                ends.append(_capped(f.total(doubles), limit))
        return Range(ends[0], ends[1], whole)

    def _double(self, value: Sql, table: int, whole: bool) -> Sql:
        if not whole:
            return value
        scale = self._tables[table].scale
        double = f.cast(value, "double")
        return double if scale == 1 else f.over(double, f.whole(scale))

    def _indicator(self, number: int, indicator: PlanIndicator) -> Range:
        if indicator.proportional is not None:
            return self._proportional(number, indicator.id, indicator.proportional, indicator.max)
        if indicator.each:
            low = f.total(
                [f.when((self._test(b), f.whole(b.low)), default=f.whole(0)) for b in indicator.each]
            )
            high = f.total(
                [
                    f.when((f.opposite(self._test(b)), f.whole(0)), default=f.whole(b.high))
                    for b in indicator.each
                ]
            )
        else:
            tables = [self._first_match(bands.bands) for bands in indicator.tables]
            low, high = f.greatest([one for one, _ in tables]), f.greatest([one for _, one in tables])
        most = None if indicator.max is None else f.whole(indicator.max)
        return Range(_capped(low, most), _capped(high, None if most is None else most.copy()), True)

    def _test(self, band: PlanBand) -> Sql:
        return f.truth(True) if band.formula is None else self._formula(band.formula)

    def _first_match(self, bands: Sequence[PlanBand]) -> tuple[Sql, Sql]:
        lows, highs = [band.low for band in bands], [band.high for band in bands]
        sources = {self._source(band.formula) for band in bands if band.formula is not None}
        if not sources:
            return f.whole(lows[0]), f.whole(highs[0])
        if len(sources) == 1 and None not in sources:
            return self._known_together(bands, lows, min(lows)), self._known_together(
                bands, highs, max(highs)
            )
        by_low = sorted(range(len(bands)), key=lambda i: lows[i])
        by_high = sorted(range(len(bands)), key=lambda i: -highs[i])
        return self._reachable(bands, by_low, lows), self._reachable(bands, by_high, highs)

    def _known_together(self, bands: Sequence[PlanBand], points: Sequence[int], unknown: int) -> Sql:
        # All bands look at one thing: where it is missing every band is reachable, else the first that holds counts.
        branches = [(f.is_null(self._test(bands[0])), f.whole(unknown))]
        for band, value in zip(bands, points, strict=True):
            if band.formula is None:
                return f.when(*branches, default=f.whole(value))
            branches.append((self._test(band), f.whole(value)))
        return f.when(*branches, default=f.whole(0))

    def _reachable(self, bands: Sequence[PlanBand], order: Sequence[int], points: Sequence[int]) -> Sql:
        branches: list[tuple[Sql, Sql]] = []
        for index in order:
            band = bands[index]
            tests = [
                f.opposite(f.certain(self._test(earlier)))
                for earlier in bands[:index]
                if earlier.formula is not None
            ]
            if band.formula is not None:
                tests.append(f.possible(self._test(band)))
            branches.append((f.every(tests), f.whole(points[index])))
        return f.when(*branches, default=f.whole(0))

    def _proportional(self, number: int, name: str, source: PlanProportional, most: int | None) -> Range:
        value, benchmark, weight = (
            self._form(source.value),
            self._form(source.benchmark),
            self._form(source.weight),
        )
        known: list[Sql] = [f.compare(benchmark.copy(), ">", f.whole(0))]
        limits: list[Sql] = []
        if source.cap is not None:
            cap = self._form(source.cap)
            known.append(f.is_known(cap))
            infinite = f.cast(f.word(_INFINITE), "double")
            limits.append(exp.Coalesce(this=f.times(cap.copy(), weight.copy()), expressions=[infinite]))
        if most is not None:
            limits.append(f.cast(f.number(Fraction(most, self._tables[number].scale)), "double"))
        limit = f.least(limits) if limits else f.cast(f.word(_INFINITE), "double")
        most_points = self._column(number, name, "most", limit)
        share = f.when((f.every(known), f.times(f.over(value, benchmark), weight)))
        points = self._column(number, name, "share", share)
        reached = f.least([f.greatest([points.copy(), f.whole(0)]), most_points.copy()])
        low = f.when((f.is_null(points), f.whole(0)), default=reached)
        high = f.when((f.is_null(points.copy()), most_points), default=reached.copy())
        return Range(low, high, False)


def _capped(value: Sql, most: Sql | None) -> Sql:
    return value if most is None else f.least([value, most])
