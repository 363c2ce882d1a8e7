"""The enterprises of the demonstration, and which of them is worth playing."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.rulebook import RuleSet, compile_plan, evaluate
from kaiyuan.sheets import synthetic_enterprises

SEED = 1
LADDER = "zjtx_sme"


def firms(*, rules: RuleSet, count: int, on: date) -> pa.RecordBatch:
    """Give made-up enterprises with every fact of the rules for three years."""
    (batch,) = synthetic_enterprises(facts=rules.facts, count=count, seed=SEED, base_year=on.year - 1)
    return batch


def worth_playing(*, rules: RuleSet, batch: pa.RecordBatch, on: date) -> str:
    """Give the enterprise with all five answers on its page: entitled to much, one step short, something unknown."""
    answers = evaluate(plan=compile_plan(rules, on=on), batch=batch)
    names = answers.schema.names
    amounts = [answers.column(name) for name in names if name.endswith(".amount")]
    total = pc.fill_null(amounts[0], 0)
    for column in amounts[1:]:
        total = pc.add(total, pc.fill_null(column, 0))
    unknown = pa.array([False] * batch.num_rows)
    for name in names:
        if f"{name}.distance" in names:
            unknown = pc.or_(unknown, pc.is_null(answers.column(name)))
    short = pc.equal(answers.column(f"{LADDER}.distance"), 1) if LADDER in names else unknown
    fitting = pc.and_(pc.fill_null(short, False), unknown)
    # Fitting ones come before all others, whatever the sums.
    rank = pc.add(total, pc.multiply(pc.cast(fitting, pa.int64()), 10**15))
    row = pc.index(rank, pc.max(rank)).as_py()
    return str(batch.column("subject")[row].as_py())
