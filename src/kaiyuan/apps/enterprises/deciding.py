"""Five answers for one enterprise or for all: the rules on the facts that count, and on those of the other source.

The rulebook knows yes, no and unknown. Here a yes becomes «perhaps» while something it rests on is not settled: two
sources disagree and the answer or the amount depends on which is right, a value is only about so much, or experts
have yet to judge. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.apps.enterprises.answers import MAYBE, NEAR, NO, UNKNOWN, YES
from kaiyuan.apps.facts import queries as facts
from kaiyuan.matching.claims import Claims
from kaiyuan.matching.run import joined_claims
from kaiyuan.matching.tally import batch_claims
from kaiyuan.reports.gaps import missing_labels
from kaiyuan.rulebook import Plan
from kaiyuan.rulebook.evaluate import Answers, decisions
from kaiyuan.rulebook.plan import PlanAssessment
from kaiyuan.rulebook.reach import bands_of, facts_read
from kaiyuan.rulebook.state import BatchState

Bools = npt.NDArray[np.bool_]
Letters = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
_Y, _M, _N, _U, _X = (ord(answer.letter) for answer in (YES, MAYBE, NEAR, UNKNOWN, NO))
_ANSWERS = Answers(distance=True, scores=False, amounts=True)


@dataclass(frozen=True)
class Proposal:
    """What one award comes to for one enterprise: alone, and beside the others; None where it cannot be told.

    `changed_by` is the id of the rule on stacking that made the difference, empty where none did.
    """

    alone: int | None
    granted: int | None
    changed_by: str = ""


class World:
    """All answers on one table of facts: a letter a row and assessment, and the awards."""

    def __init__(self, *, plan: Plan, batch: pa.RecordBatch) -> None:
        self.plan, self.batch, self.rows = plan, batch, batch.num_rows
        self.state = BatchState(plan, batch)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            self.state.prepare()
        decided = decisions(self.state, _ANSWERS)
        self.letters: Letters = np.full((self.rows, len(plan.assessments)), _X, np.uint8)
        for place, a in enumerate(plan.assessments):
            self.letters[:, place] = _letters(decided, a)
        self._claims: Claims | None = None
        if any(a.award is not None for a in plan.assessments):
            self._claims = joined_claims(plan, [(0, batch_claims(self.state, decided))])
            self._claims.settle(plan.stacking, ())

    def granted(self) -> Ints:
        """Give for each row and assessment what the award comes to in fen, -1 where there is none that is known."""
        result = np.full(self.letters.shape, -1, np.int64)
        if (claims := self._claims) is not None:
            places = self._places(claims)
            known = ~claims.open
            result[claims.row[known], places[claims.assessment[known]]] = claims.granted[known]
        return result

    def proposals(self, row: int) -> dict[str, Proposal]:
        """Give the awards of one row by assessment."""
        if (claims := self._claims) is None:
            return {}
        reasons = claims.reasons()
        return {
            claims.names[claims.assessment[each]]: Proposal(
                int(claims.proposed[each]) if claims.known[each] else None,
                None if claims.open[each] else int(claims.granted[each]),
                reasons[each],
            )
            for each in np.flatnonzero(claims.row == row).tolist()
        }

    def _places(self, claims: Claims) -> Ints:
        position = {a.id: place for place, a in enumerate(self.plan.assessments)}
        return np.array([position[name] for name in claims.names], np.int64)


@dataclass(frozen=True)
class Told:
    """What is known of some enterprises: their canonical table, and which of its values are not exact."""

    batch: pa.RecordBatch
    inexact: list[facts.Inexact]


@dataclass(frozen=True)
class Decided:
    """The five answers of some enterprises.

    `letters` has a row for each row of `world.batch` and a column for each assessment of the plan. `rival` is the
    other world, of those enterprises of which several sources speak; `place_in_rival` finds an enterprise in it.
    """

    plan: Plan
    world: World
    rival: World | None
    letters: Letters
    place_in_rival: Mapping[str, int]
    inexact: Mapping[str, Sequence[facts.Inexact]]

    @property
    def codes(self) -> list[str]:
        """Give the codes of the enterprises, in the order of the rows."""
        codes: list[str] = self.world.batch.column("subject").to_pylist()
        return codes


def decide(*, plan: Plan, zone_id: int, known_at: datetime, told: Told | None = None) -> Decided:
    """Give the five answers on the day of the plan, from what was known at a moment.

    `told` holds the facts of those who are asked about; None: all of the zone.
    """
    subjects: list[str] | None = None
    if told is None:
        batch = facts.table(zone_id=zone_id, as_of=plan.on, known_at=known_at)
        doubtful = facts.inexact(zone_id=zone_id, as_of=plan.on, known_at=known_at)
    else:
        batch, doubtful = told.batch, told.inexact
        subjects = batch.column("subject").to_pylist()
    world = World(plan=plan, batch=batch)
    letters = world.letters.copy()
    row_of = {code: row for row, code in enumerate(batch.column("subject").to_pylist())}
    _judged(world, letters)
    inexact: dict[str, list[facts.Inexact]] = {}
    for each in doubtful:
        if each.subject in row_of:
            inexact.setdefault(each.subject, []).append(each)
    _rests_on_inexact(plan, letters, inexact, row_of)
    contested = [
        code
        for code in facts.contested(zone_id=zone_id, known_at=known_at, subjects=subjects)
        if code in row_of
    ]
    if not contested:
        return Decided(plan, world, None, letters, {}, inexact)
    other = facts.table(zone_id=zone_id, as_of=plan.on, known_at=known_at, subjects=contested, rival=True)
    rival = World(plan=plan, batch=other)
    place_in_rival = {code: row for row, code in enumerate(other.column("subject").to_pylist())}
    here = np.array([row_of[code] for code in place_in_rival], np.int64)
    differs = (world.letters[here] != rival.letters) | (world.granted()[here] != rival.granted())
    differs &= (world.letters[here] == _Y) | (rival.letters == _Y)
    letters[here] = np.where(differs, _M, letters[here])
    return Decided(plan, world, rival, letters, place_in_rival, inexact)


def _letters(decided: pa.RecordBatch, a: PlanAssessment) -> Letters:
    verdict = decided.column(a.id)
    yes = np.asarray(pc.fill_null(verdict, False))
    unknown = np.asarray(verdict.is_null())
    result = np.where(yes, _Y, np.where(unknown, _U, _X)).astype(np.uint8)
    if a.tree is not None:
        distance = np.asarray(decided.column(f"{a.id}.distance"))
        result[(distance == 1) & ~yes & ~unknown] = _N
    return result


def _judged(world: World, letters: Letters) -> None:
    """Make unknown answers «perhaps» where no fact is missing: what is open then is what experts have to judge."""
    for place, a in enumerate(world.plan.assessments):
        score = a.source.score
        if score is None or not any(b.low != b.high for i in score.indicators for b in bands_of(i)):
            continue
        rows = np.flatnonzero(letters[:, place] == _U)
        if rows.size:
            missing = missing_labels(state=world.state, assessment=a, label=lambda name, lag: name)
            letters[[row for row in rows.tolist() if not missing[row]], place] = _M


def _rests_on_inexact(
    plan: Plan,
    letters: Letters,
    inexact: Mapping[str, Sequence[facts.Inexact]],
    row_of: Mapping[str, int],
) -> None:
    if not inexact:
        return
    for place, a in enumerate(plan.assessments):
        for code, values in inexact.items():
            if letters[row_of[code], place] == _Y and inexact_among(plan, a, values):
                letters[row_of[code], place] = _M


def inexact_among(
    plan: Plan, a: PlanAssessment, values: Sequence[facts.Inexact]
) -> tuple[facts.Inexact, ...]:
    """Give those of some inexact values that an assessment looks at."""
    read: set[tuple[str, Any]] = set()
    for name, lag in facts_read(a.source, plan.bound[a.source.rulebook]):
        read.add((name, plan.base_year - lag if plan.facts[name].period == "year" else None))
    return tuple(value for value in values if (value.fact, value.year) in read)
