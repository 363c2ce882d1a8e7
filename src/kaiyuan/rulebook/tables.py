"""Scoring tables ready for the planes: points as whole numbers, tests as formula numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.binding import Bound, bind, bind_condition
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import Band, Score
from kaiyuan.rulebook.normal import Form, Registry
from kaiyuan.rulebook.normalise import form_of, formula_of
from kaiyuan.rulebook.reach import bands_of


@dataclass(frozen=True)
class PlanBand:
    """A band: the number of its formula (None: otherwise) and its points, in the table's whole units."""

    formula: int | None
    low: int
    high: int


@dataclass(frozen=True)
class PlanProportional:
    """A proportional indicator as forms."""

    value: Form
    benchmark: Form
    weight: Form
    cap: Form | None


@dataclass(frozen=True)
class PlanIndicator:
    """An indicator of a scoring table, ready for the planes."""

    id: str
    group: str
    max: int | None
    tables: tuple[tuple[PlanBand, ...], ...] = ()
    each: tuple[PlanBand, ...] = ()
    proportional: PlanProportional | None = None


@dataclass(frozen=True)
class PlanTable:
    """A scoring table; points are whole numbers of 1/scale."""

    scale: int
    indicators: tuple[PlanIndicator, ...]
    group_max: Mapping[str, int | None]
    max: int | None

    @property
    def exact(self) -> bool:
        """Tell whether all points are whole numbers, so that bit numbers can hold them."""
        return all(indicator.proportional is None for indicator in self.indicators)


def plan_table(score: Score, *, registry: Registry, bound: Mapping[str, Bound], used: set[str]) -> PlanTable:
    """Give a scoring table with its parameters settled; their names go into `used`.

    Raises `RuleError` on points below 0.
    """
    points = [p for i in score.indicators for band in bands_of(i) for p in (band.low, band.high)]
    limits = [
        limit
        for limit in (score.max, *(g.max for g in score.groups), *(i.max for i in score.indicators))
        if limit
    ]
    if any(point < 0 for point in points):
        raise RuleError("points below 0", text=str(min(points)), remedy="Give points of 0 or more")
    scale = lcm(*(number.denominator for number in (*points, *limits)))

    def whole(value: Fraction | None) -> int | None:
        return None if value is None else int(value * scale)

    def band(source: Band) -> PlanBand:
        formula = None
        if source.test is not None:
            used.update(t.parameters_used(source.test))
            formula = formula_of(bind_condition(source.test, bound), registry)
        return PlanBand(formula, int(source.low * scale), int(source.high * scale))

    def form(term: t.Numeric) -> Form:
        used.update(t.parameters_used(term))
        return form_of(bind(term, bound), registry)

    indicators = []
    for i in score.indicators:
        p = i.proportional
        indicators.append(
            PlanIndicator(
                i.id,
                i.group,
                whole(i.max),
                tuple(tuple(band(b) for b in bands.bands) for bands in i.tables),
                tuple(band(b) for b in i.each),
                None
                if p is None
                else PlanProportional(
                    form(p.value), form(p.benchmark), form(p.weight), None if p.cap is None else form(p.cap)
                ),
            )
        )
    return PlanTable(scale, tuple(indicators), {g.id: whole(g.max) for g in score.groups}, whole(score.max))
