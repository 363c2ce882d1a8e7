"""A run over a population: facts in, decisions out, stacking and budgets applied, everything counted."""

from kaiyuan.matching.claims import Claims
from kaiyuan.matching.run import BATCH_ROWS, RunOptions, RunOutcome, run
from kaiyuan.matching.sources import parquet_batches
from kaiyuan.matching.summarise import summarise
from kaiyuan.matching.summary import (
    AssessmentSummary,
    BudgetSummary,
    MissingFact,
    NearCondition,
    StackingSummary,
    Summary,
)

__all__ = [
    "BATCH_ROWS",
    "AssessmentSummary",
    "BudgetSummary",
    "Claims",
    "MissingFact",
    "NearCondition",
    "RunOptions",
    "RunOutcome",
    "StackingSummary",
    "Summary",
    "parquet_batches",
    "run",
    "summarise",
]
