"""zen-engine: one enterprise at a time, as its interface is made; no unknowns, so only complete rows are asked.

`graphs`: one graph per policy, as separate rules are kept. `graph`: one graph holds every policy, so that an
enterprise's facts cross into the engine once (its best case). `batch`: `evaluate_batch` on that graph. `explained`:
the one graph with every condition as an output too. These load their graphs through the static loader, which keeps
them compiled. `readme`: the one graph by `create_decision`, the first example of its documentation.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pyarrow.parquet as pq
import zen

from bench.dialects.zen_graph import graph
from bench.model import FEN_PER_WAN, Workload
from bench.protocol import NO, YES, Job, Report, answer, measure, versions, write_codes
from bench.workload import workload

Row = dict[str, object]


def main() -> None:
    job = Job.received()
    start = time.perf_counter()
    work = workload(job.policies, shared=job.shared)
    rows = complete_rows(work, job)
    report = Report(verdicts=len(rows) * job.policies, versions=versions("zen-engine"))
    run = evaluator(work, job)
    report.prepared = time.perf_counter() - start
    if job.task == "check":
        found = run(rows)
        write_codes(
            job.out, (bytes(YES if row[policy.id] else NO for row in found) for policy in work.policies)
        )
        report.extra["rows"] = len(rows)
    else:
        given = measure(job, lambda: run(rows), report)
        assert isinstance(given, list) and all(isinstance(row[work.policies[0].id], bool) for row in given)
        report.extra["rows"] = len(rows)
    answer(report)


def complete_rows(work: Workload, job: Job) -> list[Row]:
    """Give the complete enterprises among the first `rows`, money in 万元; divisors of zero are left out too."""
    money = {term.column for term in work.columns if work.dictionary[term.fact].type == "money"}
    batch = next(
        pq.ParquetFile(job.facts).iter_batches(batch_size=job.rows, columns=[t.column for t in work.columns])
    )
    return [
        {name: value / FEN_PER_WAN if name in money else value for name, value in row.items()}
        for row in batch.to_pylist()
        if None not in row.values() and row["land_area"] != 0
    ]


def evaluator(work: Workload, job: Job) -> Callable[[list[Row]], list[Row]]:
    """Give the function that decides every policy for each row."""
    if job.task == "graphs":
        engine = loaded({policy.id: graph((policy,)) for policy in work.policies})
        return lambda rows: [
            {policy.id: engine.evaluate(policy.id, row)["result"][policy.id] for policy in work.policies}
            for row in rows
        ]
    content = graph(work.policies, conditions=job.task == "explained")
    if job.task == "readme":
        decision = zen.ZenEngine().create_decision(json.dumps(content))
        return lambda rows: [decision.evaluate(row)["result"] for row in rows]
    engine = loaded({"all": content})
    if job.task == "batch":
        return lambda rows: [
            each["data"]["result"]
            for each in engine.evaluate_batch([{"key": "all", "context": row} for row in rows])
        ]
    return lambda rows: [engine.evaluate("all", row)["result"] for row in rows]


def loaded(graphs: dict[str, dict[str, object]]) -> zen.ZenEngine:
    """Give an engine that holds these graphs."""
    return zen.ZenEngine({"loader": {"type": "static", "content": graphs}})


if __name__ == "__main__":
    main()
