"""Polars: every policy an expression with Kleene nulls, all in one select; the optimiser may share what it finds.

`memory`: facts already in memory, one select. `conditions`: distinct conditions as columns first, then the policies
over them (what a careful author would write). `streaming`: the select on the streaming engine. `explained`: conditions
and policies both kept. `files…`: the same from Parquet to Arrow on disk, streaming.
"""

from __future__ import annotations

import runpy
import time
from pathlib import Path

import polars as pl

from bench.protocol import NO, UNKNOWN, YES, Job, Report, answer, measure, versions, write_codes

IDENTITY = ["subject", "subject_name", "source_line"]


def main() -> None:
    job = Job.received()
    start = time.perf_counter()
    rules = runpy.run_path(str(Path(job.rules) / "policies_polars.py"))
    report = Report(verdicts=job.rows * job.policies, versions=versions("polars"))
    scan = pl.scan_ipc(job.facts) if job.facts.endswith(".arrow") else pl.scan_parquet(job.facts)
    if job.task == "check":
        frame = scan.head(job.rows).collect().lazy()
        verdicts = query(frame, "memory", rules).collect()
        assert verdicts.equals(query(frame, "conditions", rules).collect().select(verdicts.columns))
        write_codes(job.out, (codes(verdicts[name]) for name in rules["POLICIES"]))
        return answer(report)
    if job.task.startswith("files"):
        report.prepared = time.perf_counter() - start
        measure(job, lambda: query(scan, job.task, rules).sink_ipc(job.out), report)
        verdicts = pl.scan_ipc(job.out).select(list(rules["POLICIES"])).collect()
    else:
        facts = scan.select(pl.all().exclude(IDENTITY)).collect().rechunk().lazy()
        report.prepared = time.perf_counter() - start
        engine = "streaming" if job.task.startswith("streaming") else "in-memory"
        verdicts = measure(job, lambda: query(facts, job.task, rules).collect(engine=engine), report)
        assert isinstance(verdicts, pl.DataFrame)
    report.counts = {name: counts(verdicts[name]) for name in rules["POLICIES"]}
    answer(report)


def query(facts: pl.LazyFrame, task: str, rules: dict[str, object]) -> pl.LazyFrame:
    """Give the query of a task: the policies inline, or over columns of conditions."""
    conditions, inline, layered = (
        _named(rules[name]) for name in ("CONDITIONS", "POLICIES", "POLICIES_BY_CONDITION")
    )
    kept = IDENTITY if task.startswith("files") else []
    if task in ("memory", "streaming", "files"):
        return facts.select(*kept, **inline)
    with_conditions = facts.with_columns(**conditions)
    if task.endswith("explained"):
        kept = [*kept, *conditions]
    return with_conditions.select(*kept, **layered)


def _named(table: object) -> dict[str, pl.Expr]:
    assert isinstance(table, dict)
    return table


def codes(verdict: pl.Series) -> bytes:
    """Give one byte per row."""
    coded = verdict.cast(pl.UInt8).replace_strict({0: NO, 1: YES}, default=UNKNOWN, return_dtype=pl.UInt8)
    return bytes(coded.fill_null(UNKNOWN).to_list())


def counts(verdict: pl.Series) -> list[int]:
    """Give how many are no, unknown, yes."""
    yes, unknown = int(verdict.sum()), verdict.null_count()
    return [len(verdict) - yes - unknown, unknown, yes]


if __name__ == "__main__":
    main()
