"""Reads of enterprises; each is of one zone, and asks whether the person may."""

from kaiyuan.apps.enterprises.queries.firms import enterprise, fact, found
from kaiyuan.apps.enterprises.queries.lists import Line, Listing, lines, listing, sees_amounts
from kaiyuan.apps.enterprises.queries.runs import Run, counts_of, latest_run, runs
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
    "listing",
    "runs",
    "search",
    "sees_amounts",
]
