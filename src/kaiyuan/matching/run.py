"""Run a plan over a population: batches in, `decisions.arrow` and `awards.arrow` out, everything counted once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kaiyuan.matching.claims import Claims
from kaiyuan.matching.summary import (
    BudgetSummary,
    StackingSummary,
)
from kaiyuan.matching.tally import BatchClaims, Tally, batch_claims, tally
from kaiyuan.rulebook.evaluate import TURN, Answers, decisions, in_order
from kaiyuan.rulebook.plan import Plan
from kaiyuan.rulebook.state import BatchState

# Large batches make each operation long enough that two threads do not wait for each other.
BATCH_ROWS = 262_144

Progress = Callable[[int], None]
ReadBatch = Callable[[], pa.RecordBatch]


@dataclass(frozen=True)
class RunOptions:
    """What a run writes and counts. `counts` off gives verdicts only, at full speed."""

    answers: Answers = Answers()  # noqa: RUF009 - frozen, shared on purpose
    counts: bool = True
    threads: int = 2


@dataclass
class RunOutcome:
    """What a run gives: counts, settled claims, and the files it wrote.

    `entitled` is the number of subjects with at least one award; None when nothing was counted.
    """

    subjects: int
    tally: Tally
    claims: Claims | None
    decisions: Path | None
    awards: Path | None
    entitled: int | None = None
    stacking: tuple[StackingSummary, ...] = ()
    budgets: tuple[BudgetSummary, ...] = ()


def run(
    *,
    plan: Plan,
    batches: Iterable[pa.RecordBatch | ReadBatch],
    out: Path | None = None,
    options: RunOptions = RunOptions(),
    progress: Progress | None = None,
) -> RunOutcome:
    """Evaluate every batch, in order, and write the decisions to the folder `out` (None: nothing is written).

    A batch may be given as a function that reads it; it is then read on the thread that evaluates it. `progress`
    is told the number of subjects done. Memory holds a few batches and the claims of the entitled.
    """
    total = Tally()
    claims: list[tuple[int, dict[str, BatchClaims]]] = []
    names: list[tuple[pa.Array, pa.Array]] = []
    path = None if out is None else out / "decisions.arrow"
    writer: pa.ipc.RecordBatchFileWriter | None = None
    done = 0
    wants_claims = options.counts and any(a.award is not None for a in plan.assessments)
    try:
        for decided, counted, claimed in _evaluated(plan, batches, options):
            if path is not None:
                if writer is None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    # Under another name until it is whole: what a killed run leaves is not taken for decisions.
                    path.unlink(missing_ok=True)
                    writer = pa.ipc.new_file(path.with_suffix(".part"), decided.schema)
                writer.write_batch(decided)
            if wants_claims:
                claims.append((done, claimed))
                names.append(_named(decided, claimed))
            total.add(counted)
            done += decided.num_rows
            if progress is not None:
                progress(done)
    finally:
        if writer is not None:
            writer.close()
    if path is not None and writer is not None:
        path.with_suffix(".part").rename(path)
    settled = joined_claims(plan, claims) if wants_claims else None
    outcome = RunOutcome(done, total, settled, path if writer is not None else None, None)
    if settled is not None:
        outcome.entitled = int(np.unique(settled.row).size)
        outcome.stacking, outcome.budgets = settled.settle(plan.stacking, plan.budgets)
        if out is not None:
            outcome.awards = out / "awards.arrow"
            _write_awards(outcome.awards, settled, names)
    return outcome


def _evaluated(
    plan: Plan, batches: Iterable[pa.RecordBatch | ReadBatch], options: RunOptions
) -> Iterator[tuple[pa.RecordBatch, Tally, dict[str, BatchClaims]]]:
    def one(source: pa.RecordBatch | ReadBatch) -> tuple[pa.RecordBatch, Tally, dict[str, BatchClaims]]:
        batch = source if isinstance(source, pa.RecordBatch) else source()
        # Reading fills the other threads, so that evaluation may be one batch's at a time altogether.
        with TURN:
            state = BatchState(plan, batch)
            state.prepare()
            decided = decisions(state, options.answers)
            if not options.counts:
                return decided, Tally(subjects=state.rows), {}
            return decided, tally(state), batch_claims(state, decided)

    yield from in_order(one, batches, threads=options.threads)


def _named(decided: pa.RecordBatch, claimed: dict[str, BatchClaims]) -> tuple[pa.Array, pa.Array]:
    # The names of claiming firms only, in the order in which their claims will be joined.
    rows = pa.array(np.concatenate([c.row for c in claimed.values()]) if claimed else np.zeros(0, np.int64))
    columns = decided.schema.names
    nothing = pa.nulls(len(rows), pa.string())
    return (
        decided.column("subject").take(rows) if "subject" in columns else nothing,
        decided.column("subject_name").take(rows) if "subject_name" in columns else nothing,
    )


def joined_claims(plan: Plan, batches: Sequence[tuple[int, dict[str, BatchClaims]]]) -> Claims:
    """Give the claims of several batches as one; each batch comes with the number of subjects before it."""
    names = tuple(a.id for a in plan.assessments if a.award is not None)
    parts = [(names.index(name), first, claims) for first, each in batches for name, claims in each.items()]
    size = sum(claims.row.size for _, _, claims in parts)

    def gathered(kind: str, rule: str, empty: float, dtype: type) -> npt.NDArray[Any]:
        pieces = [getattr(c, kind).get(rule, np.full(c.row.size, empty, dtype)) for _, _, c in parts]
        return np.concatenate(pieces) if pieces else np.zeros(0, dtype)

    return Claims(
        names=names,
        row=np.concatenate([c.row + first for _, first, c in parts]) if size else np.zeros(0, np.int64),
        assessment=np.concatenate([np.full(c.row.size, index, np.int64) for index, _, c in parts])
        if size
        else np.zeros(0, np.int64),
        proposed=np.concatenate([c.proposed for _, _, c in parts]) if size else np.zeros(0, np.int64),
        known=np.concatenate([c.known for _, _, c in parts]) if size else np.zeros(0, np.bool_),
        funded={s.id: gathered("funded", s.id, 0, np.int64) for s in plan.stacking if s.when is not None},
        rank={
            b.id: gathered("rank", b.id, np.nan, np.float64) for b in plan.budgets if b.rank_by is not None
        },
    )


def _write_awards(path: Path, claims: Claims, names: Sequence[tuple[pa.Array, pa.Array]]) -> None:
    subjects = pa.chunked_array([subject for subject, _ in names] or [pa.array([], pa.string())])
    titles = pa.chunked_array([title for _, title in names] or [pa.array([], pa.string())])
    table = pa.table(
        {
            "subject": subjects,
            "subject_name": titles,
            "assessment": pa.array([claims.names[index] for index in claims.assessment], pa.string()),
            "proposed": pa.array(claims.proposed, mask=~claims.known),
            "granted": pa.array(claims.granted, mask=claims.open),
            "waiting": pa.array(claims.waiting),
            "changed_by": pa.array(claims.reasons(), pa.string()),
        }
    )
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
