"""Kaiyuan's rules as SQL, run where data people keep their tables. The query is generated, not written for the test.

`files`, `memory` (and `…_explained`): DuckDB, from Parquet to an Arrow file and from a table in memory to Arrow in
memory. `postgres`: from a table to a table. `spark`: from Parquet, every answer computed and thrown away (Spark's
`noop`). PostgreSQL is reached by the usual PG* environment variables.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from bench.dialects.kaiyuan_yaml import PACK
from bench.peers.kaiyuan_peer import codes, counted, write
from bench.protocol import Job, Report, answer, measure, versions, write_codes
from bench.workload import ON, workload
from kaiyuan.packs import load_packs
from kaiyuan.rulebook import compile_plan
from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.sql import compile_query, dialect_named

NAMES = {"postgres": "postgres", "spark": "spark"}
PG_TYPES = {"int64": "bigint", "double": "double precision", "bool": "boolean", "string": "text"}


def main() -> None:
    job = Job.received()
    start = time.perf_counter()
    plan = compile_plan(load_packs([Path(job.rules) / PACK]), on=date.fromisoformat(ON))
    answers = Answers(distance=False, leaves=job.task.endswith("explained"), scores=False, amounts=False)
    query = compile_query(plan, dialect=dialect_named(NAMES.get(job.task, "duckdb")), answers=answers).text()
    if job.task not in NAMES:
        (Path(job.rules) / "policies_duckdb.sql").write_text(query, encoding="utf-8")
    ids = [policy.id for policy in workload(job.policies, shared=job.shared).policies]
    report = Report(verdicts=job.rows * job.policies, versions=versions("duckdb"))
    run, done = {"postgres": on_postgres, "spark": on_spark}.get(job.task, on_duckdb)(job, query, ids, report)
    report.prepared = time.perf_counter() - start
    if job.task == "check":
        table = run()
        assert isinstance(table, pa.Table)
        write_codes(job.out, (codes(table.column(name).combine_chunks()) for name in ids))
    else:
        done(measure(job, run, report))
        if job.task in NAMES:  # the work is another process's: its time is seen here, its effort is not
            report.cpu, report.peak = [], 0
    answer(report)


Runs = tuple[Callable[[], object], Callable[[object], None]]


def on_duckdb(job: Job, query: str, ids: list[str], report: Report) -> Runs:
    """Prepare DuckDB: a view on the file, or a table in memory."""
    connection = duckdb.connect()
    source = f"SELECT * FROM read_parquet('{job.facts}')"
    if job.task == "check":
        source += f" LIMIT {job.rows}"
    kind = "VIEW" if job.task.startswith("files") else "TABLE"
    connection.execute(f"CREATE {kind} facts AS {source}")
    if kind == "TABLE":
        return lambda: connection.execute(query).to_arrow_table(), lambda table: count(table, ids, report)

    def to_file() -> int:
        reader = connection.execute(query).to_arrow_reader(131_072)
        return write(iter(reader), job.out)

    def read(_: object) -> None:
        with pa.memory_map(job.out) as file:
            count(ipc.open_file(file).read_all(), ids, report)

    return to_file, read


def count(table: object, ids: list[str], report: Report) -> None:
    """Count no, unknown and yes of every policy."""
    assert isinstance(table, pa.Table)
    report.counts = counted(table.select(ids).combine_chunks().to_batches(), ids)


def on_postgres(job: Job, query: str, ids: list[str], report: Report) -> Runs:
    """Fill a table of a PostgreSQL server; the query then fills another."""
    import psycopg  # only where it was asked for

    connection = psycopg.connect(autocommit=True)
    report.versions |= {"PostgreSQL": str(connection.info.server_version // 10_000)}
    schema = pq.read_schema(job.facts)
    columns = ", ".join(f'"{field.name}" {PG_TYPES[str(field.type)]}' for field in schema)
    connection.execute(f"CREATE TEMP TABLE facts ({columns})")
    left = job.rows
    with connection.cursor().copy("COPY facts FROM STDIN") as copy:
        for batch in pq.ParquetFile(job.facts).iter_batches(batch_size=10_000):
            for row in zip(*(column.to_pylist() for column in batch.slice(0, left)), strict=True):
                copy.write_row(row)
            left = max(0, left - batch.num_rows)
    connection.execute("ANALYZE facts")

    def run() -> None:
        connection.execute("DROP TABLE IF EXISTS decisions")
        connection.execute(f"CREATE TEMP TABLE decisions AS {query}")

    def done(_: object) -> None:
        parts = ", ".join(f'count(*) FILTER (WHERE "{name}"), count("{name}")' for name in ids)
        row = connection.execute(f"SELECT count(*), {parts} FROM decisions").fetchone()
        assert row is not None
        total, found = int(row[0]), [int(each) for each in row[1:]]
        pairs = zip(found[::2], found[1::2], strict=True)
        report.counts = {
            name: [known - yes, total - known, yes] for name, (yes, known) in zip(ids, pairs, strict=True)
        }

    return run, done


def on_spark(job: Job, query: str, ids: list[str], report: Report) -> Runs:
    """Start Spark in local mode over the Parquet file."""
    from pyspark.sql import SparkSession  # only where it was asked for
    from pyspark.sql.functions import col, count_if

    session = SparkSession.builder.master(f"local[{os.cpu_count()}]").config("spark.ui.enabled", "false")
    spark = session.config("spark.driver.memory", "4g").getOrCreate()
    report.versions |= versions("pyspark")
    spark.read.parquet(job.facts).createOrReplaceTempView("facts")

    def run() -> None:
        spark.sql(query).write.format("noop").mode("overwrite").save()

    def done(_: object) -> None:
        frame = spark.sql(query)
        for start in range(0, len(ids), 50):
            names = ids[start : start + 50]
            wanted = [
                count_if(test) for name in names for test in (~col(name), col(name).isNull(), col(name))
            ]
            row = frame.agg(*wanted).first()
            assert row is not None
            found = [int(each) for each in row]
            report.counts |= {name: found[3 * place : 3 * place + 3] for place, name in enumerate(names)}

    return run, done


if __name__ == "__main__":
    main()
