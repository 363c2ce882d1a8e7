"""Reads of enterprises; each is of one zone, and asks whether the person may."""

from kaiyuan.apps.enterprises.queries.firms import enterprise, fact, found
from kaiyuan.apps.enterprises.queries.lists import Line, Listing, lines, lines_after, listing, sees_amounts
from kaiyuan.apps.enterprises.queries.runs import Run, counts_of, latest_run, run, runs
from kaiyuan.apps.enterprises.queries.searching import Found, search

__all__ = [
    "Found",
    "Line",
    "Listing",
    "Run",
    "counts_of",
    "enterprise",
    "fact",
    "found",
    "latest_run",
    "lines",
    "lines_after",
    "listing",
    "run",
    "runs",
    "search",
    "sees_amounts",
]
