"""Reads of facts: as of a day, as known at a moment."""

from kaiyuan.apps.facts.queries.definitions import CLASSES, asking, found, visible
from kaiyuan.apps.facts.queries.doubts import Inexact, contested, inexact
from kaiyuan.apps.facts.queries.subjects import subject, subjects_of
from kaiyuan.apps.facts.queries.table import table
from kaiyuan.apps.facts.queries.telling import Known, Told, history, values

__all__ = [
    "CLASSES",
    "Inexact",
    "Known",
    "Told",
    "asking",
    "contested",
    "found",
    "history",
    "inexact",
    "subject",
    "subjects_of",
    "table",
    "values",
    "visible",
]
