"""What if a parameter or a whole policy were different: who gains, who loses, what it costs.

A `Scenario` keeps the planes of today's rules over a population. A change recompiles and re-evaluates only what
depends on it, so that a slider answers at the speed of the hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from kaiyuan.rulebook import planes as pl
from kaiyuan.rulebook.evaluate import amount_column
from kaiyuan.rulebook.model import RuleSet, Words
from kaiyuan.rulebook.plan import Plan, PlanAssessment, compile_beside, with_parameters
from kaiyuan.rulebook.state import BatchState

SHOWN_SUBJECTS = 1000


@dataclass(frozen=True)
class Cost:
    """Proposed money: the sum in fen over the entitled whose amount is known, and how many amounts are unknown."""

    fen: int
    unknown: int


class MovedSubjects:
    """Who gains, who loses, who becomes unknown: planes until somebody asks for names."""

    def __init__(self, states: Sequence[BatchState], masks: Sequence[Sequence[pl.Words]]) -> None:
        self._states = states
        self._masks = masks
        self._found: dict[int, tuple[tuple[str, str], ...]] = {}

    def names(self, kind: int) -> tuple[tuple[str, str], ...]:
        """Give (id, name) of the first subjects that gain (0), lose (1) or become unknown (2)."""
        found = self._found.get(kind)
        if found is None:
            found = self._found[kind] = tuple(self._names(kind))[:SHOWN_SUBJECTS]
        return found

    def _names(self, kind: int) -> Iterator[tuple[str, str]]:
        left = SHOWN_SUBJECTS
        for state, masks in zip(self._states, self._masks, strict=True):
            batch = state.columns.batch
            if "subject" in batch.schema.names and left > 0:
                rows = pa.array(pl.first_ones(masks[kind], state.rows, left))
                left -= len(rows)
                yield from zip(
                    _texts(batch, "subject", rows), _texts(batch, "subject_name", rows), strict=True
                )


@dataclass(frozen=True)
class AssessmentChange:
    """One assessment before and after; subject lists hold (id, name), at most `SHOWN_SUBJECTS` of each."""

    id: str
    title: Words
    before: tuple[int, int, int]
    after: tuple[int, int, int]
    gains: int
    losses: int
    new_unknowns: int
    settled: int
    cost_before: Cost | None
    cost_after: Cost | None
    moved: MovedSubjects = field(repr=False, compare=False)

    @property
    def gaining(self) -> tuple[tuple[str, str], ...]:
        """Give who is entitled only after the change."""
        return self.moved.names(0)

    @property
    def losing(self) -> tuple[tuple[str, str], ...]:
        """Give who is entitled only before the change."""
        return self.moved.names(1)

    @property
    def becoming_unknown(self) -> tuple[tuple[str, str], ...]:
        """Give whose answer is open only after the change."""
        return self.moved.names(2)

    def plain(self) -> dict[str, Any]:
        """Give counts, costs and subject lists as plain values."""
        counted = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "moved"}
        costs = {name: asdict(cost) for name in ("cost_before", "cost_after") if (cost := counted[name])}
        lists = {name: getattr(self, name) for name in ("gaining", "losing", "becoming_unknown")}
        return counted | {"title": asdict(self.title)} | costs | lists


@dataclass(frozen=True)
class WhatIf:
    """The answer to a what-if: what was changed, and every assessment that it touches (counts: yes, no, unknown)."""

    changes: Mapping[str, Fraction]
    subjects: int
    assessments: tuple[AssessmentChange, ...]

    def cost_difference(self) -> int:
        """Give the difference of all known proposals in fen."""
        pairs = [(a.cost_before, a.cost_after) for a in self.assessments]
        return sum((after.fen if after else 0) - (before.fen if before else 0) for before, after in pairs)

    def plain(self) -> dict[str, Any]:
        """Give the answer as plain values, numbers of changed parameters as text."""
        changes = {name: str(value) for name, value in self.changes.items()}
        assessments = [assessment.plain() for assessment in self.assessments]
        return {"changes": changes, "subjects": self.subjects, "assessments": assessments}


class Scenario:
    """A population with today's planes; `change` asks what-if questions of it."""

    def __init__(self, *, plan: Plan, batches: Iterable[pa.RecordBatch]) -> None:
        self.plan = plan
        self.states = []
        for batch in batches:
            state = BatchState(plan, batch)
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                state.prepare()
                for assessment in plan.assessments:
                    state.status(assessment)
            self.states.append(state)
        self._today = {a.id: [state.status(a) for state in self.states] for a in plan.assessments}
        self._costs: dict[str, Cost | None] = {}

    @property
    def subjects(self) -> int:
        """Give the size of the population."""
        return sum(state.rows for state in self.states)

    def change(
        self,
        *,
        parameters: Mapping[str, Fraction | int | float | Decimal | str] | None = None,
        rules: RuleSet | None = None,
    ) -> WhatIf:
        """Tell what changed parameters, or replaced rules, would do.

        Raises `RuleError` on an unknown parameter.
        """
        after = self.plan if rules is None else compile_beside(self.plan, rules)
        if parameters:
            after = with_parameters(after, parameters)
        pairs = _side_by_side(self.plan, after)
        changes = tuple(self._change(old, new) for old, new in pairs if old is not new)
        return WhatIf(after.changes, self.subjects, changes)

    def _change(self, before: PlanAssessment | None, after: PlanAssessment | None) -> AssessmentChange:
        source = after or before
        assert source is not None
        old = self._pairs(before)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            new = [state.status(after) for state in self.states] if after else self._pairs(None)
        masks = [
            (n[0] & ~o[0], o[0] & ~n[0], (n[1] & ~n[0]) & ~(o[1] & ~o[0]), (o[1] & ~o[0]) & ~(n[1] & ~n[0]))
            for o, n in zip(old, new, strict=True)
        ]
        counts = [
            sum(pl.count(m[k], s.rows) for m, s in zip(masks, self.states, strict=True)) for k in range(4)
        ]
        if before is not None and before.id not in self._costs:
            self._costs[before.id] = self._cost(before, old)
        return AssessmentChange(
            source.id, source.source.title, self._counts(old), self._counts(new), counts[0], counts[1], counts[2],
            counts[3],
            self._costs.get(before.id) if before is not None else None,
            None if after is None else self._cost(after, new),
            MovedSubjects(self.states, masks),
        )  # fmt: skip

    def _pairs(self, assessment: PlanAssessment | None) -> list[pl.Words]:
        if assessment is None:
            return [pl.zeros(state.words) for state in self.states]
        return self._today[assessment.id]

    def _counts(self, pairs: list[pl.Words]) -> tuple[int, int, int]:
        yes = sum(pl.count(pair[0], state.rows) for pair, state in zip(pairs, self.states, strict=True))
        possible = sum(pl.count(pair[1], state.rows) for pair, state in zip(pairs, self.states, strict=True))
        return yes, self.subjects - possible, possible - yes

    def _cost(self, assessment: PlanAssessment, pairs: list[pl.Words]) -> Cost | None:
        if assessment.award is None:
            return None
        fen = unknown = 0
        for state, pair in zip(self.states, pairs, strict=True):
            column = amount_column(state, assessment, pair[0])
            fen += int(sum(column.drop_null().to_numpy(zero_copy_only=False).tolist()))
            unknown += pl.count(pair[0], state.rows) - (len(column) - column.null_count)
        return Cost(fen, unknown)


def _side_by_side(before: Plan, after: Plan) -> Iterable[tuple[PlanAssessment | None, PlanAssessment | None]]:
    if before.rules is after.rules:
        return zip(before.assessments, after.assessments, strict=True)
    today, later = ({a.id: a for a in plan.assessments} for plan in (before, after))
    return ((today.get(name), later.get(name)) for name in {**today, **later})


def _texts(batch: pa.RecordBatch, name: str, rows: pa.Array) -> list[str]:
    if name not in batch.schema.names:
        return [""] * len(rows)
    texts: list[str | None] = batch.column(name).take(rows).to_pylist()
    return [text or "" for text in texts]


def what_if(
    *,
    plan: Plan,
    batches: Iterable[pa.RecordBatch],
    parameters: Mapping[str, Fraction | int | float | Decimal | str] | None = None,
    rules: RuleSet | None = None,
) -> WhatIf:
    """Tell what changed parameters, or replaced rules, would do to a population."""
    return Scenario(plan=plan, batches=batches).change(parameters=parameters, rules=rules)
