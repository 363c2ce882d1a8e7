"""Kaiyuan itself, by its public functions. Verdicts are three-valued; batches are evaluated on a pool of threads.

`files…`: Parquet on disk to Arrow IPC on disk. `memory…`: record batches in memory to record batches in memory.
`…explained`: with every condition's verdict. `…all`: with conditions, distances and score ranges, and the counts of
a run's summary. `read`: only reading the facts, to show what share that is. `one`: one enterprise. `whatif`: one
changed threshold.
"""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc as ipc

from bench.dialects.kaiyuan_yaml import PACK
from bench.protocol import NO, UNKNOWN, YES, Job, Report, answer, measure, peak, versions, write_codes
from bench.workload import ON, workload
from kaiyuan.matching import RunOptions, arrow_batches, keep_freed_memory, parquet_batches, run
from kaiyuan.packs import load_packs
from kaiyuan.rulebook import Plan, Scenario, compile_plan, evaluate, evaluate_stream
from kaiyuan.rulebook.evaluate import SUBJECT_COLUMNS, Answers

DAY = date.fromisoformat(ON)
THREADS = os.cpu_count() or 2


def main() -> None:
    job = Job.received()
    keep_freed_memory()  # as the command line does
    start = time.perf_counter()
    rules = load_packs([Path(job.rules) / PACK])
    loaded = time.perf_counter()
    plan = compile_plan(rules, on=DAY)
    report = Report(verdicts=job.rows * job.policies, versions=versions("numpy", "pyarrow"))
    report.extra = {"load rules s": loaded - start, "compile plan s": time.perf_counter() - loaded}
    report.prepared = time.perf_counter() - start
    ids = [policy.id for policy in workload(job.policies, shared=job.shared).policies]
    tasks = {"check": check, "one": one, "whatif": what_if, "read": read, "files": files, "memory": memory}
    tasks[job.task.partition("_")[0]](job, plan, ids, report)
    answer(report)


def pieces(job: Job, plan: Plan) -> Iterator[Callable[[], pa.RecordBatch]]:
    """Give the pieces of the population, with the columns that the plan reads, categories as codes."""
    if job.facts.endswith(".arrow"):
        mapped = arrow_batches(Path(job.facts), columns=[*SUBJECT_COLUMNS, *plan.columns()])
        return (partial(_same, batch) for batch in mapped)
    words = [fact.name for fact in plan.facts.values() if fact.type == "category"]
    columns = dict.fromkeys([*SUBJECT_COLUMNS, *plan.columns()])
    return parquet_batches(Path(job.facts), columns=list(columns), words=words)


def _same(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch


def files(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Measure a run from file to file."""
    everything, explained = job.task == "files_all", job.task != "files"
    answers = Answers(distance=everything, scores=everything, planes=explained, amounts=False)
    options = RunOptions(answers=answers, counts=everything, threads=THREADS)
    out = Path(job.out).with_suffix("")
    shutil.rmtree(out, ignore_errors=True)
    measure(job, lambda: run(plan=plan, batches=pieces(job, plan), out=out, options=options), report)
    with pa.memory_map(str(out / "decisions.arrow")) as source:
        reader = ipc.open_file(source)
        report.counts = counted((reader.get_batch(place) for place in range(reader.num_record_batches)), ids)
        report.extra["written MB"] = source.size() / 1e6
    shutil.rmtree(out)


def memory(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Measure batches in memory to batches in memory."""
    batches = [piece() for piece in pieces(job, plan)]
    explained = job.task != "memory"

    def work() -> list[pa.RecordBatch]:
        stream = evaluate_stream(
            plan=plan, batches=batches, threads=THREADS, distance=False, scores=False, leaves=explained
        )
        return list(stream)

    found = measure(job, work, report)
    assert isinstance(found, list)
    report.counts = counted(found, ids)


def write(batches: Iterator[pa.RecordBatch], path: str) -> int:
    """Write batches as an Arrow file and give the number of rows."""
    first = next(batches)
    rows = first.num_rows
    with pa.OSFile(path, "wb") as sink, ipc.new_file(sink, first.schema) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def counted(batches: Iterable[pa.RecordBatch], ids: list[str]) -> dict[str, list[int]]:
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
    found = evaluate(plan=plan, batch=next(pieces(job, plan))().slice(0, job.rows))
    write_codes(job.out, (codes(found.column(name)) for name in ids))


def codes(column: pa.Array) -> bytes:
    """Give a verdict column as one byte per row."""
    known = np.asarray(column.is_valid())
    yes = np.asarray(column.fill_null(False))
    return np.where(known, np.where(yes, YES, NO), UNKNOWN).astype(np.uint8).tobytes()


def read(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Measure reading the facts alone, on as many threads as a run uses."""

    def work() -> int:
        with ThreadPoolExecutor(THREADS) as pool:
            return sum(pool.map(lambda piece: int(piece().num_rows), pieces(job, plan)))

    measure(job, work, report)


def one(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Measure one enterprise against every policy, a hundred enterprises one by one; seconds are per enterprise."""
    batch = next(pieces(job, plan))()
    for task, everything in (("verdicts", False), ("all", True)):
        answer_all = partial(evaluate, plan=plan, distance=everything, leaves=everything)
        rows = [pa.RecordBatch.from_struct_array(batch.slice(row, 1).to_struct_array()) for row in range(100)]
        seconds = [timed(partial(answer_all, batch=row)) for row in rows]
        report.extra[f"{task} ms"] = statistics.median(seconds) * 1000
        if task == "verdicts":
            report.seconds = seconds
    report.verdicts, report.peak = job.policies, peak()


def what_if(job: Job, plan: Plan, ids: list[str], report: Report) -> None:
    """Measure one changed threshold of each policy in turn against evaluating every policy anew."""
    batches = [piece() for piece in pieces(job, plan)]

    def everything() -> list[pa.RecordBatch]:
        return list(
            evaluate_stream(plan=plan, batches=batches, threads=THREADS, distance=False, scores=False)
        )

    measure(job, everything, report)
    scenario = Scenario(plan=plan, batches=batches)
    policies = workload(job.policies, shared=job.shared).policies
    limits = [policy.parameter for policy in policies if policy.parameter is not None]
    changed = []
    for limit in limits:
        value = {str(limit.parameter): limit.constant * Decimal("1.25") + Decimal("0.01")}
        changed.append(timed(partial(scenario.change, parameters=value)))
    report.extra |= {
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
