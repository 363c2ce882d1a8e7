"""The judge of the peers: three-valued verdicts by exact arithmetic, slow and plain.

Conditions are decided row by row with Python integers and fractions; groups by counting. Shares nothing with the
engines it judges. Codes: 0 no, 1 unknown, 2 yes.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from bench.model import (
    Among,
    Between,
    Flag,
    Group,
    Indicator,
    Leaf,
    Limit,
    Linear,
    Quotient,
    ScoreAtLeast,
    Term,
    Workload,
    bare,
    distinct_leaves,
)

NO, UNKNOWN, YES = 0, 1, 2
Codes = npt.NDArray[np.uint8]
Number = int | Fraction | None
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def judge(*, work: Workload, facts: Path, rows: int) -> tuple[dict[str, Codes], npt.NDArray[np.bool_]]:
    """Give each policy's codes on the first `rows` enterprises, and which rows are complete.

    A row is complete when no fact is missing and no divisor is zero: engines without unknowns are judged there.
    """
    batch = next(pq.ParquetFile(facts).iter_batches(batch_size=rows))
    columns = {term.column: batch.column(term.column).to_pylist() for term in work.columns}
    complete = np.array(
        [all(value is not None for value in row) for row in zip(*columns.values(), strict=True)]
    )
    complete &= np.array([value != 0 for value in columns["land_area"]])
    reader = _Reader(work, columns, len(complete))
    leaves = {leaf: reader.leaf(leaf) for leaf in distinct_leaves(work.policies)}
    return {policy.id: _tree(policy.tree, leaves) for policy in work.policies}, complete


def compare(*, work: Workload, facts: Path, rows: int, found: bytes) -> tuple[bool, str]:
    """Compare an engine's codes with the judge's: tell whether they agree, and say it.

    An engine may have answered for all rows or for the complete ones only. On incomplete rows an engine without
    unknowns may answer yes or no where the honest answer is unknown; that share is told, not counted as a difference.
    """
    judged, complete = judge(work=work, facts=facts, rows=rows)
    wanted = np.stack([judged[policy.id] for policy in work.policies])
    codes = np.frombuffer(found, np.uint8).reshape(len(work.policies), -1)
    if codes.shape[1] == complete.sum():
        return bool(
            (codes == wanted[:, complete]).all()
        ), f"agrees on all {codes.size:,} verdicts of complete rows"
    unlike = codes != wanted
    if not unlike.any():
        return True, f"agrees on all {codes.size:,} verdicts, unknowns included"
    if unlike[:, complete].any() or (unlike & (wanted != UNKNOWN)).any() or (codes == UNKNOWN).any():
        return False, f"{int(unlike.sum()):,} of {codes.size:,} verdicts differ"
    return True, (
        f"agrees on all {wanted[:, complete].size:,} verdicts of complete rows; of all {codes.size:,} it "
        f"answers yes or no to {unlike.mean():.1%} that are unknown"
    )


class _Reader:
    """Decides conditions over columns of Python values."""

    def __init__(self, work: Workload, columns: dict[str, list[object]], rows: int) -> None:
        self.work, self.columns, self.rows = work, columns, rows

    def leaf(self, leaf: Leaf) -> Codes:
        match leaf:
            case Limit(value=value):
                limit = self.constant(leaf.constant, value)
                return self.compare(self.numbers(value), COMPARE[leaf.operator], limit)
            case Linear(plus=plus, minus=minus):
                return self.compare(
                    self.sums(plus, minus), COMPARE[leaf.operator], self.constant(leaf.constant, plus[0])
                )
            case Between(value=value):
                low, high = self.constant(leaf.low, value), self.constant(leaf.high, value)
                return np.array(
                    [UNKNOWN if x is None else YES * (low <= x <= high) for x in self.numbers(value)],
                    np.uint8,
                )
            case Among(value=value, words=words):
                return np.array(
                    [UNKNOWN if x is None else YES * (x in words) for x in self.columns[value.column]],
                    np.uint8,
                )
            case Flag(value=value):
                return np.array(
                    [UNKNOWN if x is None else YES * bool(x) for x in self.columns[value.column]], np.uint8
                )
            case ScoreAtLeast():
                return self.score(leaf)
        raise ValueError(f"no such condition: {leaf!r}")

    def score(self, leaf: ScoreAtLeast) -> Codes:
        low, high = np.zeros(self.rows, np.int64), np.zeros(self.rows, np.int64)
        for line in leaf.indicators:
            points = [
                _points(line, x, [self.constant(minimum, line.value) for minimum, _ in line.bands])
                for x in self.numbers(line.value)
            ]
            low += [0 if given is None else given for given in points]
            high += [line.most if given is None else given for given in points]
        return np.where(low >= leaf.mark, YES, np.where(high < leaf.mark, NO, UNKNOWN)).astype(np.uint8)

    def compare(self, numbers: list[Number], test: Callable[[Any, Any], bool], limit: Fraction) -> Codes:
        return np.array([UNKNOWN if x is None else YES * test(x, limit) for x in numbers], np.uint8)

    def constant(self, constant: Decimal, value: Term | Quotient) -> Fraction:
        exact = Fraction(constant) * Fraction(self.work.scale(value))
        if isinstance(value, Term) and self.work.dictionary[value.fact].type in ("ratio", "number"):
            return Fraction(float(exact))  # such facts are doubles, so 0.6 is the double nearest to 0.6
        return exact

    def numbers(self, value: Term | Quotient) -> list[Number]:
        if isinstance(value, Term):
            return [_exact(x) for x in self.columns[value.column]]
        above, below = self.numbers(value.above), self.numbers(value.below)
        return [
            None if x is None or y is None or y == 0 else Fraction(x) / y
            for x, y in zip(above, below, strict=True)
        ]

    def sums(self, plus: tuple[Term, ...], minus: tuple[Term, ...]) -> list[Number]:
        added = [self.numbers(term) for term in plus]
        taken = [[None if x is None else -x for x in self.numbers(term)] for term in minus]
        return [
            None if None in row else sum(x for x in row if x is not None)
            for row in zip(*added, *taken, strict=True)
        ]


def _exact(value: Any) -> Number:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return value if isinstance(value, int) else Fraction(value)


def _points(line: Indicator, value: Number, minimums: list[Fraction]) -> int | None:
    if value is None:
        return None
    return next(
        (points for limit, (_, points) in zip(minimums, line.bands, strict=True) if value >= limit), 0
    )


def _tree(node: Group | Leaf, leaves: dict[Leaf, Codes]) -> Codes:
    if not isinstance(node, Group):
        return leaves[bare(node)]
    members = np.stack([_tree(member, leaves) for member in node.members])
    if node.kind == "none":
        return (YES - members.max(axis=0)).astype(np.uint8)
    needed = {"all": len(members), "any": 1, "at_least": node.n}[node.kind]
    true, false = (members == YES).sum(axis=0), (members == NO).sum(axis=0)
    return np.where(true >= needed, YES, np.where(len(members) - false < needed, NO, UNKNOWN)).astype(
        np.uint8
    )
