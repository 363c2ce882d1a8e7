"""One batch under evaluation: atoms, formulas, trees, ladders, scores and tiers, each computed at most once.

Everything is keyed by its number in the registry, so that a plan with one changed parameter evaluated on the
same state computes only what is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import numpy as np
import pyarrow as pa

from kaiyuan.rulebook import normal as n
from kaiyuan.rulebook import planes as pl
from kaiyuan.rulebook.columns import FactColumns
from kaiyuan.rulebook.plan import Plan, PlanAssessment
from kaiyuan.rulebook.planes import Words
from kaiyuan.rulebook.scores import TableScores
from kaiyuan.rulebook.trees import Joint, Leaf, Tree, literal_of
from kaiyuan.rulebook.values import Values

_EPOCH = date(1970, 1, 1)
# So many rows at a time are compared with all thresholds of a form. Short strips fit the second-level cache, which
# spares one thread a tenth of its time; long calls, in which another thread may have the interpreter, spare two a fifth.
_SHORT, _LONG = 32_768, 262_144
_COMPARE = {">=": np.greater_equal, ">": np.greater, "=": np.equal}


class BatchState:
    """The planes of one batch. `plan` may be replaced by another plan that shares its registry and tables."""

    def __init__(self, plan: Plan, batch: pa.RecordBatch, *, alone: bool = True) -> None:
        """Start on a batch; `alone` unless other threads evaluate others at the same time."""
        self.plan = plan
        self._alone = alone
        self.columns = FactColumns(batch)
        self.values = Values(self.columns, plan.registry, plan.on, self.formula)
        self.atoms: dict[int, Words] = {}
        self._literals: dict[int, Words] = {}
        self.formulas: dict[int, Words] = {}
        self.scores: dict[int, TableScores] = {}

    @property
    def rows(self) -> int:
        """Give the number of subjects in the batch."""
        return self.columns.rows

    @property
    def words(self) -> int:
        """Give the number of words of a plane."""
        return self.columns.words

    def prepare(self) -> None:
        """Evaluate all comparison atoms of the registry, the thresholds of one form together."""
        for group in self.plan.registry.groups():
            self._compare(group.form, group.op, group.bounds, group.atoms)
            self.values.let_go(group.spent)

    def _compare(
        self, form: n.Form, op: n.AtomOp, constants: Sequence[Fraction], atoms: Sequence[int]
    ) -> None:
        # Doubles even for whole columns: NumPy compares them faster than 64-bit integers.
        values, known = self.values.form(form)
        bounds = [float(constant) for constant in constants]
        compare = _COMPARE[op]
        block = np.empty((len(bounds), 2, self.words), np.uint64)
        strip_rows = _SHORT if self._alone else _LONG
        column = np.array(bounds)[:, None]
        hits = np.empty((len(bounds), min(self.rows, strip_rows)), np.bool_)
        for start in range(0, self.rows, strip_rows):
            strip = values[start : start + strip_rows]
            here = compare(strip, column, out=hits[:, : strip.size])
            block[:, 0, start // 64 : pl.word_count(start + strip.size)] = pl.pack(here)
        if known is None:
            block[:, 1] = block[:, 0]
        else:
            np.bitwise_or(block[:, 0], ~known, out=block[:, 1])
            np.bitwise_and(block[:, 0], known, out=block[:, 0])
        self.atoms.update(zip(atoms, block, strict=True))

    def atom(self, number: int) -> Words:
        """Give the pair of an atom."""
        pair = self.atoms.get(number)
        if pair is None:
            pair = self.atoms[number] = self._atom(number)
        return pair

    def _atom(self, number: int) -> Words:
        atom = self.plan.registry.atoms[number]
        match atom:
            case n.CompareAtom(form, op, constant):
                self._compare(form, op, (constant,), (number,))
                return self.atoms[number]
            case n.FlagAtom(fact, lag):
                return _pair(*self.columns.flag(_name(fact, lag)))
            case n.WordAtom(fact, lag, word):
                codes, words, known = self.columns.codes(_name(fact, lag))
                code = words.get(word)
                hit = np.zeros(self.words, np.uint64) if code is None else pl.pack(codes == code)
                return _pair(hit, known)
            case n.DateAtom(fact, lag, op, day):
                days, known = self.columns.days(_name(fact, lag))
                bound = (day - _EPOCH).days
                return _pair(pl.pack({">=": days >= bound, ">": days > bound, "=": days == bound}[op]), known)
            case n.ScoreAtom(table, name, op, constant):
                return self.table(table).compare(name, op, constant)
            case n.KnownAtom(value):
                pair = np.zeros((2, self.words), np.uint64)
                if value is not False:
                    pair[1] = pl.ALL_ONES
                if value is True:
                    pair[0] = pl.ALL_ONES
                return pair

    def formula(self, number: int) -> Words:
        """Give the pair of a formula."""
        pair = self.formulas.get(number)
        if pair is None:
            pair = self.formulas[number] = self._formula(self.plan.registry.formulas[number])
        return pair

    def _formula(self, formula: n.Formula) -> Words:
        if isinstance(formula, n.Signed):
            pair = self.atom(formula.atom)
            return pl.opposite(pair) if formula.negated else pair
        parts = [self._formula(part) for part in formula.parts]
        return pl.all_of(parts, self.words) if formula.kind == "and" else pl.any_of(parts, self.words)

    def leaf(self, leaf: Leaf) -> Words:
        """Give the pair of a leaf, with its sign."""
        return self._literal(literal_of(leaf))

    def _literal(self, literal: int) -> Words:
        pair = self._literals.get(literal)
        if pair is None:
            pair = self.formula(literal >> 1)
            pair = self._literals[literal] = pl.opposite(pair) if literal & 1 else pair
        return pair

    def tree(self, tree: Tree) -> Words:
        """Give the pair of a tree."""
        return self.leaf(tree) if isinstance(tree, Leaf) else self._joint(tree.joint)

    def _joint(self, joint: Joint) -> Words:
        known = self._literals
        try:
            pairs = [known[literal] for literal in joint.literals]
        except KeyError:
            pairs = [self._literal(literal) for literal in joint.literals]
        pairs += [self._joint(part) for part in joint.parts]
        if joint.kind == "all":
            return pl.all_of(pairs, self.words)
        return (
            pl.any_of(pairs, self.words) if joint.kind == "any" else pl.at_least(joint.n, pairs, self.words)
        )

    def tree_if(self, tree: Tree, condition: str) -> Words:
        """Give the pair of a tree if one of its conditions were as required."""
        if isinstance(tree, Leaf):
            return pl.ones(self.words) if tree.condition.id == condition else self.leaf(tree)
        parts = [self.tree_if(part, condition) for part in tree.parts]
        if tree.kind == "all":
            return pl.all_of(parts, self.words)
        return pl.any_of(parts, self.words) if tree.kind == "any" else pl.at_least(tree.n, parts, self.words)

    def ladder(self, tree: Tree) -> Words:
        """Give the ladder of a tree: how many of its conditions must change at most."""
        if isinstance(tree, Leaf):
            return pl.leaf_ladder(self.leaf(tree)[0])
        parts = [self.ladder(part) for part in tree.parts]
        if tree.kind == "all":
            return pl.ladder_all(parts, self.words)
        if tree.kind == "any":
            return pl.ladder_any(parts, self.words)
        return pl.ladder_at_least(tree.n, parts, self.words)

    def table(self, number: int) -> TableScores:
        """Give the scores of a scoring table."""
        scores = self.scores.get(number)
        if scores is None:
            scores = self.scores[number] = TableScores.of(
                self.plan.tables[number], self.words, self.rows, self.formula, self.values.form
            )
        return scores

    def tiers(self, assessment: PlanAssessment) -> tuple[list[Words], Words]:
        """Give for each tier the plane «certainly this one», and the pair «in some tier»."""
        certain: list[Words] = []
        maybe_before = np.zeros(self.words, np.uint64)
        for _, tree in assessment.tiers:
            pair = pl.ones(self.words) if tree is None else self.tree(tree)
            certain.append(pair[0] & ~maybe_before)
            maybe_before = maybe_before | pair[1]
        some = np.stack([np.bitwise_or.reduce(certain), maybe_before])
        return certain, some

    def status(self, assessment: PlanAssessment) -> Words:
        """Give the pair of an assessment: of its tree, or without one of «its tier (or only its score) is known»."""
        if assessment.tree is not None:
            return self.tree(assessment.tree)
        if assessment.tiers or assessment.table is None:
            return self.tiers(assessment)[1]
        low, high = self.table(assessment.table).range("score")
        return np.stack([pl.pack(low == high), np.full(self.words, pl.ALL_ONES)])


def _pair(hit: Words, known: Words | None) -> Words:
    pair = np.empty((2, hit.size), np.uint64)
    if known is None:
        pair[:] = hit
    else:
        np.bitwise_and(hit, known, out=pair[0])
        np.bitwise_or(hit, ~known, out=pair[1])
    return pair


def _name(fact: str, lag: int) -> str:
    return fact if lag == 0 else f"{fact}__{lag}"
