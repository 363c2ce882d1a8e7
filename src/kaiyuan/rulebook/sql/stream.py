"""From an engine's rows to the evaluator's record batches: the same columns, types and amounts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kaiyuan.rulebook.awards import award_amounts
from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.exact import ExactValues
from kaiyuan.rulebook.plan import Plan
from kaiyuan.rulebook.sql.compile import CompiledQuery, compile_query
from kaiyuan.rulebook.sql.dialects import dialect_named
from kaiyuan.rulebook.sql.facts import CARRIED_PREFIX
from kaiyuan.rulebook.sql.schema import decision_fields
from kaiyuan.rulebook.state import BatchState


@dataclass(frozen=True)
class EngineRun:
    """A plan compiled for one engine, and what makes decisions of the rows it gives.

    Amounts that SQL leaves open are computed by the evaluator, on the entitled rows only; the facts they need
    come along with the rows.
    """

    plan: Plan
    answers: Answers
    query: CompiledQuery

    @classmethod
    def of(
        cls, plan: Plan, *, dialect: str, table: str, columns: Collection[str], answers: Answers
    ) -> EngineRun:
        """Compile a plan for a table that has these columns."""
        query = compile_query(
            plan, dialect=dialect_named(dialect), table=table, columns=columns, answers=answers, carry=True
        )
        return cls(plan, answers, query)

    def decisions(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """Give the decisions of a batch of the engine's rows."""
        dialect = self.query.dialect
        names = [name for name in rows.schema.names if not name.startswith(CARRIED_PREFIX)]
        fields = list(decision_fields(self.plan, self.answers))
        subjects = names[: len(names) - len(fields)]
        columns = {name: rows.column(name) for name in subjects}
        columns |= {field.name: rows.column(dialect.output(field.name)).cast(field.type) for field in fields}
        for name in self.query.left_open:
            columns[f"{name}.amount"] = self._amounts(name, rows, columns[name])
        return pa.RecordBatch.from_arrays(list(columns.values()), list(columns))

    def _amounts(self, assessment: str, rows: pa.RecordBatch, verdicts: pa.Array) -> pa.Array:
        award = self.plan.assessment(assessment).award
        assert award is not None
        entitled = np.flatnonzero(verdicts.fill_null(False).to_numpy(zero_copy_only=False))
        fen, known = np.zeros(rows.num_rows, np.int64), np.zeros(rows.num_rows, np.bool_)
        if entitled.size:
            carried = [rows.column(CARRIED_PREFIX + name) for name in self.query.carried]
            facts = pa.RecordBatch.from_arrays(carried, list(self.query.carried)).take(pa.array(entitled))
            amounts = award_amounts(award, ExactValues(BatchState(self.plan, facts), self.plan.facts))
            fen[entitled], known[entitled] = amounts.fen, amounts.known
        return pa.array(fen, mask=~known)
