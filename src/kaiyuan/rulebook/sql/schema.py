"""The columns of decisions and their types, the same from every engine."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.plan import Plan


def decision_fields(plan: Plan, answers: Answers) -> Iterator[pa.Field]:
    """Give the answer columns the evaluator would give, in its order, with its types."""
    for assessment in plan.assessments:
        name = assessment.id
        yield pa.field(name, pa.bool_())
        if answers.distance and assessment.tree is not None:
            yield pa.field(f"{name}.distance", pa.uint8())
        if answers.scores and assessment.table is not None:
            yield pa.field(f"{name}.score_low", pa.float64())
            yield pa.field(f"{name}.score_high", pa.float64())
        if assessment.tiers:
            yield pa.field(f"{name}.tier", pa.string())
        if answers.amounts and assessment.award is not None:
            yield pa.field(f"{name}.amount", pa.int64())
        if answers.leaves:
            for condition in assessment.leaves:
                yield pa.field(f"{name}/{condition}", pa.bool_())
