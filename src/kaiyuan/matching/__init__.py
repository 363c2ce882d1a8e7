"""A run over a population: facts in, decisions out, stacking and budgets applied, everything counted."""

from kaiyuan.matching.claims import Claims
from kaiyuan.matching.job import Job, match_files
from kaiyuan.matching.memory import keep_freed_memory
from kaiyuan.matching.population import Population, open_population
from kaiyuan.matching.run import BATCH_ROWS, RunOptions, RunOutcome, run
from kaiyuan.matching.sources import arrow_batches, parquet_batches
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
    "Job",
    "MissingFact",
    "NearCondition",
    "Population",
    "RunOptions",
    "RunOutcome",
    "StackingSummary",
    "Summary",
    "arrow_batches",
    "keep_freed_memory",
    "match_files",
    "open_population",
    "parquet_batches",
    "run",
    "summarise",
]
