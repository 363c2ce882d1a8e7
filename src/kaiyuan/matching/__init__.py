"""A run over a population: facts in, decisions out, stacking and budgets applied, everything counted."""

from kaiyuan.matching.summary import (
    AssessmentSummary,
    BudgetSummary,
    MissingFact,
    NearCondition,
    StackingSummary,
    Summary,
)

__all__ = ["AssessmentSummary", "BudgetSummary", "MissingFact", "NearCondition", "StackingSummary", "Summary"]
