"""Count one batch: answers, tiers, the facts that keep answers open, the condition that alone is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.matching.claims import NO, OPEN, YES, Floats, Ints
from kaiyuan.rulebook import planes as pl
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import Budget, Stacking
from kaiyuan.rulebook.normalise import form_of, formula_of
from kaiyuan.rulebook.plan import Plan, PlanAssessment
from kaiyuan.rulebook.planes import Words
from kaiyuan.rulebook.reach import bands_of, facts_read
from kaiyuan.rulebook.state import BatchState
from kaiyuan.rulebook.trees import leaves_of

FactKey = tuple[str, int]


@dataclass
class BatchClaims:
    """The claims of one batch; rows count from the batch's first."""

    row: Ints
    proposed: Ints
    known: np.ndarray[tuple[int], np.dtype[np.bool_]]
    funded: dict[str, Ints]
    rank: dict[str, Floats]


@dataclass
class Tally:
    """Counts of one batch, or of several added up."""

    subjects: int = 0
    answers: dict[str, list[int]] = field(default_factory=dict)
    tiers: dict[str, dict[str, int]] = field(default_factory=dict)
    missing: dict[FactKey, list[int]] = field(default_factory=dict)
    near: dict[tuple[str, str], int] = field(default_factory=dict)
    amounts: dict[str, list[int]] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Add the counts of another batch."""
        self.subjects += other.subjects
        for name, counts in other.answers.items():
            mine = self.answers.setdefault(name, [0, 0, 0, 0])
            for index, number in enumerate(counts):
                mine[index] += number
        for name, tiers in other.tiers.items():
            own = self.tiers.setdefault(name, {})
            for tier, number in tiers.items():
                own[tier] = own.get(tier, 0) + number
        for key, pair in other.missing.items():
            kept = self.missing.setdefault(key, [0, 0])
            kept[0] += pair[0]
            kept[1] += pair[1]
        for place, number in other.near.items():
            self.near[place] = self.near.get(place, 0) + number
        for name, (fen, unknown) in other.amounts.items():
            sums = self.amounts.setdefault(name, [0, 0])
            sums[0] += fen
            sums[1] += unknown


def tally(state: BatchState) -> Tally:
    """Count the answers of an evaluated batch: [yes, near, no, unknown] per assessment, and why not more."""
    result = Tally(subjects=state.rows)
    blocked: dict[FactKey, Words] = {}
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for assessment in state.plan.assessments:
            _count(state, assessment, result, blocked)
    for key, plane in blocked.items():
        result.missing[key][1] += pl.count(plane, state.rows)
    return result


def _count(state: BatchState, a: PlanAssessment, result: Tally, blocked: dict[FactKey, Words]) -> None:
    rows, pair = state.rows, state.status(a)
    yes, possible = pl.count(pair[0], rows), pl.count(pair[1], rows)
    unknown = possible - yes
    near = 0
    if a.tree is not None:
        one_short = state.ladder(a.tree)[1] & ~pair[1]
        near = pl.count(one_short, rows)
        if near:
            for leaf in leaves_of(a.tree):
                number = pl.count(state.tree_if(a.tree, leaf.condition.id)[0] & one_short, rows)
                if number:
                    key = (a.id, leaf.condition.id)
                    result.near[key] = result.near.get(key, 0) + number
    result.answers[a.id] = [yes, near, rows - possible - near, unknown]
    if a.tiers:
        certain, _ = state.tiers(a)
        result.tiers[a.id] = {
            tier: pl.count(plane, rows) for (tier, _), plane in zip(a.tiers, certain, strict=True)
        }
    if unknown:
        _missing(state, a, pair[1] & ~pair[0], result, blocked)


def _missing(
    state: BatchState, a: PlanAssessment, open_here: Words, result: Tally, blocked: dict[FactKey, Words]
) -> None:
    found: dict[FactKey, Words] = {}
    for formula, facts in leaf_facts(state.plan, a):
        pair = state.formula(formula)
        undecided = pair[1] & ~pair[0] & open_here
        for fact in facts:
            known = state.columns.known(state.plan.facts[fact[0]].column(lag=fact[1]))
            if known is None:
                continue
            lacking = undecided & ~known
            found[fact] = found[fact] | lacking if fact in found else lacking
    for fact, plane in found.items():
        number = pl.count(plane, state.rows)
        if number:
            counts = result.missing.setdefault(fact, [0, 0])
            counts[0] += number
            blocked[fact] = blocked[fact] | plane if fact in blocked else plane


def leaf_facts(plan: Plan, a: PlanAssessment) -> tuple[tuple[int, tuple[FactKey, ...]], ...]:
    """Give for each condition of an assessment its formula number and the facts it looks at, through scores too."""
    bound = plan.bound[a.source.rulebook]
    scored: dict[FactKey, None] = {}
    for indicator in a.source.score.indicators if a.source.score else ():
        for band in bands_of(indicator):
            if band.test is not None:
                scored.update(dict.fromkeys(t.facts_used(band.test)))
        if indicator.proportional is not None:
            p = indicator.proportional
            for term in (p.value, p.benchmark, p.weight):
                scored.update(dict.fromkeys(t.facts_used(term)))
    trees = [a.tree, *(tree for _, tree in a.tiers)]
    result: list[tuple[int, tuple[FactKey, ...]]] = []
    for leaf in (leaf for tree in trees if tree is not None for leaf in leaves_of(tree)):
        expression = leaf.condition.expression
        used = dict.fromkeys(t.facts_used(expression))
        if any(isinstance(part, t.ScoreCompare) for part in t.walk(expression)):
            used.update(scored)
        for name in t.parameters_used(expression):
            value = bound.get(name)
            if isinstance(value, t.Lookup):
                used[value.fact, 0] = None
        result.append((leaf.formula, tuple(used)))
    return tuple(result)


def batch_claims(state: BatchState, decided: pa.RecordBatch) -> dict[str, BatchClaims]:
    """Give the claims of a batch by assessment: the entitled under every assessment with an award."""
    result: dict[str, BatchClaims] = {}
    plan = state.plan
    for a in plan.assessments:
        if a.award is None:
            continue
        rows = np.flatnonzero(np.asarray(pc.fill_null(decided.column(a.id), False)))
        amounts = decided.column(f"{a.id}.amount")
        known = np.asarray(amounts.is_valid())[rows]
        proposed = np.asarray(pc.fill_null(amounts, 0))[rows].astype(np.int64)
        funded = {s.id: _funded(state, s, rows) for s in plan.stacking if s.when is not None and a.id in s.of}
        rank = {b.id: _rank(state, b, rows) for b in plan.budgets if b.rank_by is not None and a.id in b.of}
        result[a.id] = BatchClaims(rows.astype(np.int64), proposed, known, funded, rank)
    return result


def _funded(state: BatchState, rule: Stacking, rows: Sequence[int] | Ints) -> Ints:
    assert rule.when is not None
    pair = state.formula(formula_of(rule.when, state.plan.registry))
    certain, possible = pl.unpack(pair[0], state.rows)[rows], pl.unpack(pair[1], state.rows)[rows]
    return np.where(certain, YES, np.where(possible, OPEN, NO)).astype(np.int64)


def _rank(state: BatchState, budget: Budget, rows: Sequence[int] | Ints) -> Floats:
    rank = budget.rank_by
    assert rank is not None
    if isinstance(rank, tuple):
        days, known = state.columns.days(state.plan.facts[rank[0]].column(lag=rank[1]))
        values = days.astype(np.float64)
    else:
        values, known = state.values.form(form_of(rank, state.plan.registry))
    if known is not None:
        values = np.where(pl.unpack(known, state.rows), values, np.nan)
    return values[rows]


__all__ = ["BatchClaims", "FactKey", "Tally", "batch_claims", "facts_read", "leaf_facts", "tally"]
