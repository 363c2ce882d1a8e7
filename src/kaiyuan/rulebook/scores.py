"""Scoring tables on planes: every subject's low and high score at once.

A missing fact leaves several bands of a table reachable; the low track takes the fewest points among them, the
high track the most. Points are small whole numbers held as bit numbers, added by carrying; a table with
proportional indicators is computed in doubles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import numpy as np

from kaiyuan.rulebook import planes as pl
from kaiyuan.rulebook.columns import Floats
from kaiyuan.rulebook.normal import AtomOp, Form
from kaiyuan.rulebook.planes import BitNumber, Words
from kaiyuan.rulebook.tables import PlanBand, PlanBands, PlanIndicator, PlanProportional, PlanTable
from kaiyuan.rulebook.values import Value, quiet

GetFormula = Callable[[int], Words]
GetForm = Callable[[Form], Value]


@dataclass(frozen=True)
class TableScores:
    """The scores of one table by name: bit numbers of 1/scale, or (low, high) doubles."""

    scale: int
    words: int
    rows: int
    whole: dict[str, BitNumber]
    limits: dict[str, int]  # what each whole number can come to at most
    real: dict[str, tuple[Floats, Floats]]

    @classmethod
    def of(cls, table: PlanTable, words: int, rows: int, formula: GetFormula, form: GetForm) -> TableScores:
        """Compute all indicators, groups and the total of a table."""
        whole: dict[str, BitNumber] = {}
        limits: dict[str, int] = {}
        real: dict[str, tuple[Floats, Floats]] = {}
        for indicator in table.indicators:
            if indicator.proportional is None:
                whole[indicator.id], limits[indicator.id] = _points(indicator, words, formula)
            else:
                with quiet():
                    real[indicator.id] = _proportional(
                        indicator.proportional, indicator.max, table.scale, rows, form
                    )
        scores = cls(table.scale, words, rows, whole, limits, real)
        for group, most in table.group_max.items():
            scores._sum(group, [i.id for i in table.indicators if i.group == group], most)
        scores._sum("score", [i.id for i in table.indicators], table.max, groups=table)
        return scores

    def _sum(
        self, name: str, members: Sequence[str], most: int | None, groups: PlanTable | None = None
    ) -> None:
        if groups is not None and groups.group_max:
            grouped = {i.id for i in groups.indicators if i.group in groups.group_max}
            members = [*groups.group_max, *(member for member in members if member not in grouped)]
        if all(member in self.whole for member in members):
            total: BitNumber = []
            for member in members:
                total = pl.add_numbers(total, self.whole[member])
            limit = sum(self.limits[member] for member in members)
            self.whole[name], self.limits[name] = _capped(total, limit, most, self.words)
            return
        low, high = np.zeros(self.rows), np.zeros(self.rows)
        for member in members:
            part = self.range(member)
            low, high = low + part[0], high + part[1]
        if most is not None:
            low, high = np.minimum(low, most / self.scale), np.minimum(high, most / self.scale)
        self.real[name] = (low, high)

    def range(self, name: str) -> tuple[Floats, Floats]:
        """Give the low and high values of a score, group or indicator as doubles of shape (rows,)."""
        if name in self.real:
            return self.real[name]
        number = self.whole[name]
        low = pl.number_values(number, 0, self.rows) / self.scale
        high = pl.number_values(number, 1, self.rows) / self.scale
        return low, high

    def compare(self, name: str, op: AtomOp, constant: Fraction) -> Words:
        """Give the pair of «score op constant»."""
        if name in self.real:
            return self._compare_real(name, op, float(constant))
        number, bound = self.whole[name], constant * self.scale
        if op == ">=":
            return pl.number_at_least(number, ceil(bound), self.words)
        if op == ">":
            return pl.number_at_least(number, floor(bound) + 1, self.words)
        reached = pl.number_at_least(number, ceil(bound), self.words)
        passed = pl.number_at_least(number, floor(bound) + 1, self.words)
        # Equal for certain when low reaches it and high does not pass it; possibly the other way round.
        return np.stack([reached[0] & ~passed[1], reached[1] & ~passed[0]])

    def _compare_real(self, name: str, op: AtomOp, bound: float) -> Words:
        low, high = self.real[name]
        if op == ">=":
            return np.stack([pl.pack(low >= bound), pl.pack(high >= bound)])
        if op == ">":
            return np.stack([pl.pack(low > bound), pl.pack(high > bound)])
        return np.stack(
            [pl.pack((low == bound) & (high == bound)), pl.pack((low <= bound) & (high >= bound))]
        )


def _capped(number: BitNumber, limit: int, most: int | None, words: int) -> tuple[BitNumber, int]:
    """Give a number that comes to `limit` at most, cut at `most`, and what it can then come to."""
    # Most tables have the points of their bands for a maximum: then there is nothing to cut.
    if most is None or limit <= most:
        return number, limit
    return pl.capped_number(number, most, words), most


def _points(indicator: PlanIndicator, words: int, formula: GetFormula) -> tuple[BitNumber, int]:
    if indicator.each:
        number: BitNumber = []
        for band in indicator.each:
            assert band.formula is not None
            pair = formula(band.formula)
            number = pl.add_numbers(number, _times(pair, band))
    else:
        number = _first_match(indicator.tables[0], words, formula)
        for table in indicator.tables[1:]:
            number = pl.greater_number(number, _first_match(table, words, formula), words)
    return _capped(number, indicator.uncapped, indicator.max, words)


def _times(pair: Words, band: PlanBand) -> BitNumber:
    nothing = np.zeros(pair.shape[-1], np.uint64)
    return [
        np.stack([pair[0] if band.low >> k & 1 else nothing, pair[1] if band.high >> k & 1 else nothing])
        for k in range(max(band.low, band.high).bit_length())
    ]


def _first_match(table: PlanBands, words: int, formula: GetFormula) -> BitNumber:
    bands = table.bands
    if table.nested:
        return _nested_match(bands, words, formula)
    reachable: list[Words] = []
    taken = np.zeros(words, np.uint64)
    for band in bands:
        if band.formula is None:
            reachable.append(~taken)
            break
        pair = formula(band.formula)
        reachable.append(pair[1] & ~taken)
        taken = taken | pair[0]
    width = max(max(band.low, band.high) for band in bands).bit_length()
    number = [np.zeros((2, words), np.uint64) for _ in range(width)]
    order = range(len(reachable))
    _exclusive(number, 0, reachable, sorted(order, key=lambda i: bands[i].low), [band.low for band in bands])
    _exclusive(
        number, 1, reachable, sorted(order, key=lambda i: -bands[i].high), [band.high for band in bands]
    )
    return number


def _nested_match(bands: Sequence[PlanBand], words: int, formula: GetFormula) -> BitNumber:
    # From one band to the next a digit of the points stays or turns; where it turns, the next test's plane enters.
    # Certain planes give the low track, possible ones the high track, for points fall from band to band.
    number: BitNumber = []
    for k in range(max(band.high for band in bands).bit_length()):
        turns = [
            formula(band.formula)
            for band, following in pairwise(bands)
            if band.formula is not None and (band.high ^ following.high) >> k & 1
        ]
        if bands[-1].high >> k & 1:
            turns.append(pl.ones(words))
        number.append(pl.odd_of(turns, words))
    return number


def _exclusive(
    number: BitNumber, track: int, reachable: Sequence[Words], order: Sequence[int], points: Sequence[int]
) -> None:
    seen = np.zeros(number[0].shape[-1], np.uint64) if number else None
    for index in order:
        if seen is None:
            return
        chosen = reachable[index] & ~seen
        seen = seen | reachable[index]
        for k in range(points[index].bit_length()):
            if points[index] >> k & 1:
                np.bitwise_or(number[k][track], chosen, out=number[k][track])


def _proportional(
    source: PlanProportional, most: int | None, scale: int, rows: int, form: GetForm
) -> tuple[Floats, Floats]:
    (value, known), (benchmark, known_b), (weight, known_w) = (
        form(source.value),
        form(source.benchmark),
        form(source.weight),
    )
    defined = benchmark > 0
    for words in (known, known_b, known_w):
        if words is not None:
            defined = defined & pl.unpack(words, rows)
    points = np.maximum(np.divide(value, benchmark, out=np.zeros(rows), where=defined) * weight, 0.0)
    weighted = np.ones(rows, np.bool_) if known_w is None else pl.unpack(known_w, rows)
    limit = np.full(rows, np.inf)
    if source.cap is not None:
        cap, known_c = form(source.cap)
        capped = np.ones(rows, np.bool_) if known_c is None else pl.unpack(known_c, rows)
        # A weight or cap that is not known limits nothing.
        limit = np.where(capped & weighted, cap * weight, limit)
        defined = defined & capped
    if most is not None:
        limit = np.minimum(limit, most / scale)
    points = np.minimum(points, limit)
    return np.where(defined, points, 0.0), np.where(defined, points, limit)
