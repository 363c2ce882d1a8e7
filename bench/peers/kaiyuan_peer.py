"""Kaiyuan itself, by its public functions. Verdicts are three-valued; batches are evaluated on a pool of threads.

`files…`: Parquet on disk to Arrow IPC on disk. `memory…`: record batches in memory to record batches in memory.
`…explained`: with every condition's verdict. `…all`: with conditions, distances and score ranges. `read`: only
reading the Parquet file, to show what share that is. `one`: one enterprise. `whatif`: one changed threshold.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from bench.dialects.kaiyuan_yaml import PACK
from bench.protocol import NO, UNKNOWN, YES, Job, Report, answer, measure, peak, versions, write_codes
from bench.workload import ON, workload
from kaiyuan.packs import load_packs
from kaiyuan.rulebook import Plan, Scenario, compile_plan, evaluate, evaluate_stream

DAY = date.fromisoformat(ON)
THREADS = os.cpu_count() or 2


def main() -> None:
    job = Job.received()
    start = time.perf_counter()
    rules = load_packs([Path(job.rules) / PACK])
    loaded = time.perf_counter()
    plan = compile_plan(rules, on=DAY)
    report = Report(verdicts=job.rows * job.policies, versions=versions("kaiyuan", "numpy", "pyarrow"))
    report.extra = {"load rules": loaded - start, "compile plan": time.perf_counter() - loaded}
    report.prepared = time.perf_counter() - start
    ids = [policy.id for policy in workload(job.policies, shared=job.shared).policies]
    {"check": check, "one": one, "whatif": what_if, "read": read}.get(job.task, population)(
        job, plan, ids, report
    )
    answer(report)


def answers(job: Job) -> dict[str, bool]:
    """Give which answers beside the verdicts a task wants."""
    everything = job.task.endswith("all")
    return {
        "leaves": everything or job.task.endswith("explained"),
        "distance": everything,
        "scores": everything,
        "amounts": False,
    }


def facts(job: Job, plan: Plan) -> Iterator[pa.RecordBatch]:
    """Yield the population's row groups, with the columns that the plan reads."""
    file = pq.ParquetFile(job.facts, memory_map=True)
    wanted = ["subject", "subject_name", "source_line", *plan.columns()]
    for group in range(file.num_row_groups):
        yield from file.read_row_group(group, columns=wanted, use_threads=True).to_batches()


def population(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Measure a whole population."""
    options = answers(job)
    if job.task.startswith("memory"):
        batches = list(facts(job, plan))
        found = measure(
            job, lambda: list(evaluate_stream(plan=plan, batches=batches, threads=THREADS, **options)), report
        )
        assert isinstance(found, list)
        report.counts = counted(found, ids)
        return

    def run() -> int:
        return write(
            evaluate_stream(plan=plan, batches=facts(job, plan), threads=THREADS, **options), job.out
        )

    measure(job, run, report)
    with pa.memory_map(job.out) as source:
        reader = ipc.open_file(source)
        report.counts = counted((reader.get_batch(place) for place in range(reader.num_record_batches)), ids)
    report.extra["written MB"] = Path(job.out).stat().st_size / 1e6


def write(batches: Iterator[pa.RecordBatch], path: str) -> int:
    """Write decisions as an Arrow file."""
    first = next(batches)
    rows = first.num_rows
    with pa.OSFile(path, "wb") as sink, ipc.new_file(sink, first.schema) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def counted(batches: Iterator[pa.RecordBatch] | list[pa.RecordBatch], ids: list[str]) -> dict[str, list[int]]:
    """Count no, unknown and yes of every policy."""
    totals = {name: [0, 0, 0] for name in ids}
    for batch in batches:
        for name in ids:
            column = batch.column(name)
            totals[name][UNKNOWN] += column.null_count
            totals[name][YES] += column.true_count
            totals[name][NO] += len(column) - column.null_count - column.true_count
    return totals


def check(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Write the verdicts on the first rows."""
    batch = next(facts(job, plan)).slice(0, job.rows)
    found = evaluate(plan=plan, batch=batch)

    write_codes(job.out, (codes(found.column(name)) for name in ids))


def codes(column: pa.Array) -> bytes:
    """Give a verdict column as one byte per row."""
    known = np.asarray(column.is_valid())
    yes = np.asarray(column.fill_null(False))
    return np.where(known, np.where(yes, YES, NO), UNKNOWN).astype(np.uint8).tobytes()


def read(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Measure reading the facts alone."""
    measure(job, lambda: sum(batch.num_rows for batch in facts(job, plan)), report)


def one(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Measure one enterprise against every policy, a hundred enterprises one by one; seconds are per enterprise."""
    batch = next(facts(job, plan))
    for task, options in (("verdicts", {"distance": False}), ("all", {"distance": True, "leaves": True})):
        seconds = []
        for row in range(100):
            single = pa.RecordBatch.from_struct_array(batch.slice(row, 1).to_struct_array())
            start = time.perf_counter()
            evaluate(plan=plan, batch=single, **options)
            seconds.append(time.perf_counter() - start)
        report.extra[f"{task} ms"] = statistics.median(seconds) * 1000
        if task == "verdicts":
            report.seconds = [statistics.median(seconds[place::5]) for place in range(5)]
    report.verdicts, report.peak = job.policies, peak()


def what_if(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Measure one changed threshold of each policy in turn against evaluating every policy anew."""
    batches = list(facts(job, plan))
    report.seconds = [
        timed(lambda: list(evaluate_stream(plan=plan, batches=batches, threads=THREADS, **answers(job))))
        for _ in range(5)
    ]
    scenario = Scenario(plan=plan, batches=batches)
    policies = workload(job.policies, shared=job.shared).policies
    limits = [policy.parameter for policy in policies if policy.parameter is not None]
    changed = []
    for limit in limits:
        value = {str(limit.parameter): limit.constant * Decimal("1.25") + Decimal("0.01")}
        changed.append(timed(lambda value=value: scenario.change(parameters=value)))
    report.extra = {
        "full ms": statistics.median(report.seconds) * 1000,
        "changed ms": statistics.median(changed) * 1000,
        "slowest change ms": max(changed) * 1000,
        "changes": len(changed),
    }
    report.peak = peak()


def timed(work: Callable[[], object]) -> float:
    """Give the wall time of one call, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
