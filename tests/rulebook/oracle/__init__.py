"""A naive judge of the rulebook: pure Python, one subject at a time, exact fractions, three values of truth.

It reads the same YAML data as the evaluator but shares no code with it, and is written to be obviously right
rather than fast. Tests hold the evaluator and every SQL dialect against it.
"""

from tests.rulebook.oracle.judge import Answer, in_force, judge
from tests.rulebook.oracle.subject import Raw, Subject
from tests.rulebook.oracle.trees import FAR, leaves, minimal_sets, shortest

__all__ = ["FAR", "Answer", "Raw", "Subject", "in_force", "judge", "leaves", "minimal_sets", "shortest"]
