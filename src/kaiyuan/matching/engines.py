"""Where the rules run: in this process, in DuckDB, or on Spark."""

from __future__ import annotations

from enum import StrEnum


class Engine(StrEnum):
    """An engine that runs the rules; the evaluator itself, or the same rules as SQL."""

    local = "local"
    duckdb = "duckdb"
    spark = "spark"
