"""Evaluate a plan: one record batch of facts in, one of decisions out; one enterprise is a batch of one."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import RLock
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kaiyuan.rulebook import planes as pl
from kaiyuan.rulebook.awards import award_amounts, award_columns
from kaiyuan.rulebook.columns import narrowed
from kaiyuan.rulebook.exact import ExactValues
from kaiyuan.rulebook.plan import Plan, PlanAssessment
from kaiyuan.rulebook.planes import Words
from kaiyuan.rulebook.state import BatchState

A = TypeVar("A")
B = TypeVar("B")
# Trees are thousands of operations of a few microseconds, and two threads at them wake each other for every one, which
# is slower than one thread alone. So they are one batch's at a time, while others read, compare or write.
TURN = RLock()
SUBJECT_COLUMNS = ("subject", "subject_name", "source_line")


@dataclass(frozen=True)
class Answers:
    """Which answers to give beside the verdicts.

    `leaves` adds one column `A/condition` per condition; `planes` adds one column `leaf:N` per *distinct* condition
    instead, with the map from `A/condition` to it in the schema's metadata under `leaves`.
    """

    distance: bool = True
    leaves: bool = False
    planes: bool = False
    scores: bool = True
    amounts: bool = True


def evaluate(
    *,
    plan: Plan,
    batch: pa.RecordBatch,
    distance: bool = True,
    leaves: bool = False,
    scores: bool = True,
    amounts: bool = True,
) -> pa.RecordBatch:
    """Give the decisions on every subject of a batch of canonical facts.

    Columns: the subject columns, then per assessment `A` (yes true, no false, unknown null), `A.distance`
    (uint8, 4 = more than three), `A.score_low`, `A.score_high`, `A.tier`, `A.amount` (whole fen, where the
    verdict is yes and the amount known), and with `leaves` one column `A/condition` per condition.
    """
    state = BatchState(plan, batch, alone=False)
    state.prepare()
    return decisions(state, Answers(distance=distance, leaves=leaves, scores=scores, amounts=amounts))


def evaluate_stream(
    *,
    plan: Plan,
    batches: Iterable[pa.RecordBatch],
    threads: int = 2,
    distance: bool = True,
    leaves: bool = False,
    scores: bool = True,
    amounts: bool = True,
) -> Iterator[pa.RecordBatch]:
    """Give the decisions batch by batch, in order, evaluated on `threads` threads; at most that many wait in memory."""

    def one(batch: pa.RecordBatch) -> pa.RecordBatch:
        return evaluate(
            plan=plan, batch=batch, distance=distance, leaves=leaves, scores=scores, amounts=amounts
        )

    yield from in_order(one, batches, threads=threads)


def in_order(work: Callable[[A], B], items: Iterable[A], *, threads: int) -> Iterator[B]:
    """Give the results of `work` on each item, in the items' order, done on `threads` threads.

    Items are taken as they are needed: at most `threads` + 1 of them are under way.
    """
    if threads <= 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[B]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def decisions(state: BatchState, answers: Answers) -> pa.RecordBatch:
    """Give the decisions of a state."""
    names: list[str] = []
    arrays: list[pa.Array] = []
    batch = state.columns.batch
    for name in SUBJECT_COLUMNS:
        if name in batch.schema.names:
            names.append(name)
            arrays.append(batch.column(name))
    with TURN, np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for assessment in state.plan.assessments:
            for name, array in _answers(state, assessment, answers):
                names.append(name)
                arrays.append(array)
        metadata = None
        if answers.planes:
            places = leaf_planes(state.plan)
            metadata = {"leaves": json.dumps(places)}
            for number in dict.fromkeys(places.values()):
                names.append(f"leaf:{number}")
                arrays.append(verdict_column(state.formula(number), state.rows))
    schema = pa.schema(
        [pa.field(name, array.type) for name, array in zip(names, arrays, strict=True)], metadata
    )
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def leaf_planes(plan: Plan) -> dict[str, int]:
    """Give for each `assessment/condition` the number of its distinct condition."""
    return {f"{a.id}/{condition}": number for a in plan.assessments for condition, number in a.leaves.items()}


def _answers(
    state: BatchState, assessment: PlanAssessment, answers: Answers
) -> Iterator[tuple[str, pa.Array]]:
    name, rows = assessment.id, state.rows
    status = state.status(assessment)
    yield name, verdict_column(status, rows)
    if answers.distance and assessment.tree is not None:
        yield f"{name}.distance", pa.array(distances(state.ladder(assessment.tree), rows))
    if answers.scores and assessment.table is not None:
        low, high = state.table(assessment.table).range("score")
        yield f"{name}.score_low", pa.array(low)
        yield f"{name}.score_high", pa.array(high)
    if assessment.tiers:
        yield f"{name}.tier", tier_column(state, assessment)
    if answers.amounts and assessment.award is not None:
        yield f"{name}.amount", amount_column(state, assessment, status[0])
    if answers.leaves:
        for condition, formula in assessment.leaves.items():
            yield f"{name}/{condition}", verdict_column(state.formula(formula), rows)


def verdict_column(pair: Words, rows: int) -> pa.Array:
    """Give a pair as a nullable boolean column, its planes used as they are: null where it is open."""
    certain, possible = pair
    known = np.invert(possible)
    np.bitwise_or(known, certain, out=known)
    return pa.Array.from_buffers(
        pa.bool_(), rows, [pa.py_buffer(known), pa.py_buffer(np.ascontiguousarray(certain))]
    )


def distances(ladder: Words, rows: int) -> npt.NDArray[np.uint8]:
    """Give the number of conditions short, 4 for more than three, from a ladder."""
    result = np.full(rows, pl.LADDER, np.uint8)
    for plane in ladder:
        result -= pl.unpack(plane, rows).view(np.uint8)
    return result


def tier_column(state: BatchState, assessment: PlanAssessment) -> pa.Array:
    """Give the tier of every subject, null where it is open or none holds."""
    certain, _ = state.tiers(assessment)
    indices = np.zeros(state.rows, np.int8)
    known = np.zeros(state.rows, np.bool_)
    for index, plane in enumerate(certain):
        here = pl.unpack(plane, state.rows)
        indices[here] = index
        known |= here
    names = pa.array([tier for tier, _ in assessment.tiers])
    return pa.DictionaryArray.from_arrays(pa.array(indices, mask=~known), names).cast(pa.string())


def amount_column(state: BatchState, assessment: PlanAssessment, entitled: Words) -> pa.Array:
    """Give the proposed amounts in whole fen: of the entitled only, null where the amount is unknown."""
    assert assessment.award is not None
    rows = np.flatnonzero(pl.unpack(entitled, state.rows))
    result = np.zeros(state.rows, np.int64)
    known = np.zeros(state.rows, np.bool_)
    if rows.size:
        # The exact arithmetic runs on the entitled only; they are few.
        batch = narrowed(state.columns.batch, award_columns(assessment.award, state.plan.facts))
        part = BatchState(state.plan, batch.take(pa.array(rows)))
        amounts = award_amounts(assessment.award, ExactValues(part, state.plan.facts))
        result[rows] = amounts.fen
        known[rows] = amounts.known
    return pa.array(result, mask=~known)
