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
from kaiyuan.rulebook.normal import CompareAtom, Form, Registry, Signed
from kaiyuan.rulebook.normalise import form_of, formula_of
from kaiyuan.rulebook.reach import bands_of


@dataclass(frozen=True)
class PlanBand:
    """A band: the number of its formula (None: otherwise) and its points, in the table's whole units."""

    formula: int | None
    low: int
    high: int


@dataclass(frozen=True)
class PlanBands:
    """A table of bands, first match first.

    `nested` marks the common case: thresholds on one value, each band wider than the one before it, points falling.
    Then the planes of the tests are nested, and a point's binary digits follow from them by exclusive or.
    """

    bands: tuple[PlanBand, ...]
    nested: bool


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
    tables: tuple[PlanBands, ...] = ()
    each: tuple[PlanBand, ...] = ()
    proportional: PlanProportional | None = None

    @property
    def uncapped(self) -> int:
        """Give the most points its bands can come to, before its maximum limits them."""
        best = max((band.high for table in self.tables for band in table.bands), default=0)
        return sum(band.high for band in self.each) if self.each else best


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
                tuple(_bands(tuple(band(b) for b in bands.bands), registry) for bands in i.tables),
                tuple(band(b) for b in i.each),
                None
                if p is None
                else PlanProportional(
                    form(p.value), form(p.benchmark), form(p.weight), None if p.cap is None else form(p.cap)
                ),
            )
        )
    return PlanTable(scale, tuple(indicators), {g.id: whole(g.max) for g in score.groups}, whole(score.max))


def _bands(bands: tuple[PlanBand, ...], registry: Registry) -> PlanBands:
    return PlanBands(bands, _nested(bands, registry))


def _nested(bands: tuple[PlanBand, ...], registry: Registry) -> bool:
    """Tell whether each test holds wherever the one before it holds, and points only fall from band to band."""
    points = [(band.low, band.high) for band in bands]
    if any(low != high for low, high in points) or points != sorted(points, reverse=True):
        return False
    numbers = [band.formula for band in bands[:-1]]
    formulas = [registry.formulas[number] for number in numbers if number is not None]
    if bands[-1].formula is not None or len(formulas) != len(numbers):
        return False
    signed = [formula for formula in formulas if isinstance(formula, Signed)]
    atoms = [
        atom for f in signed if isinstance(atom := registry.atoms[f.atom], CompareAtom) and atom.op != "="
    ]
    if len(atoms) != len(formulas):
        return False
    if len({(f.negated, a.form, a.op) for f, a in zip(signed, atoms, strict=True)}) > 1:
        return False
    bounds = [atom.constant for atom in atoms]
    # «at least» widens as the threshold falls, its opposite as it rises.
    return bounds == sorted(bounds, reverse=not (signed and signed[0].negated))
