"""The same rules in a SQL engine: facts to Parquet, verdicts by DuckDB or Spark, counted from what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kaiyuan.matching.population import Population, Progress
from kaiyuan.matching.run import RunOutcome
from kaiyuan.matching.tally import Tally
from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.plan import Plan
from kaiyuan.rulebook.sql.on_duckdb import run_duckdb
from kaiyuan.sheets import RejectWriter


class Engine(StrEnum):
    """An engine that runs the rules: the evaluator itself, or the same rules as SQL."""

    local = "local"
    duckdb = "duckdb"
    spark = "spark"


def run_on_engine(
    engine: Engine,
    *,
    plan: Plan,
    population: Population,
    out: Path,
    rejects: RejectWriter | None = None,
    answers: Answers | None = None,
    progress: Progress | None = None,
) -> RunOutcome:
    """Write a population as `facts.parquet` into `out`, let the engine decide, and write `decisions.arrow`.

    Stacking, budgets and the lists of missing facts belong to the local engine. Raises `InputError` when the
    engine is not installed.
    """
    facts = out / "facts.parquet"
    _write_facts(facts, population, plan, rejects, progress)
    total = Tally()
    path = out / "decisions.arrow"
    writer: pa.ipc.RecordBatchFileWriter | None = None
    with TemporaryDirectory() as work:
        try:
            for decided in _decisions(engine, plan, facts, Path(work), answers or Answers()):
                if writer is None:
                    writer = pa.ipc.new_file(path, decided.schema)
                writer.write_batch(decided)
                total.add(tally_of_decisions(plan, decided))
        finally:
            if writer is not None:
                writer.close()
    return RunOutcome(total.subjects, total, None, path if writer is not None else None, None)


def _decisions(
    engine: Engine, plan: Plan, facts: Path, work: Path, answers: Answers
) -> Iterator[pa.RecordBatch]:
    if engine is Engine.duckdb:
        return run_duckdb(plan, facts, answers=answers)
    # Loaded only when asked for: PySpark is an extra, and large.
    spark = import_module("kaiyuan.rulebook.sql.on_spark")
    found: Iterator[pa.RecordBatch] = spark.run_spark(plan, facts, work=work, answers=answers)
    return found


def _write_facts(
    path: Path, population: Population, plan: Plan, rejects: RejectWriter | None, progress: Progress | None
) -> None:
    schema = _common_schema(population, plan)
    with pq.ParquetWriter(path, schema, compression="lz4") as writer:
        for batch in population.batches(rejects=rejects, progress=progress):
            columns = [
                batch.column(f.name).cast(f.type)
                if f.name in batch.schema.names
                else pa.nulls(len(batch), f.type)
                for f in schema
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _common_schema(population: Population, plan: Plan) -> pa.Schema:
    # Several files may hold different columns: the table has all that the rules read, in the type of the first.
    found: dict[str, pa.Field] = {}
    for reading in population.readings:
        for field in reading.schema:
            kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
            found.setdefault(field.name, pa.field(field.name, kind))
    return pa.schema([found[name] for name in plan.columns() if name in found])


def tally_of_decisions(plan: Plan, decided: pa.RecordBatch) -> Tally:
    """Count the answers that stand in a batch of decisions."""
    result = Tally(subjects=decided.num_rows)
    names = set(decided.schema.names)
    for a in plan.assessments:
        verdict = decided.column(a.id)
        yes, no = pc.sum(verdict).as_py() or 0, pc.sum(pc.invert(verdict)).as_py() or 0
        near = 0
        if f"{a.id}.distance" in names:
            short = pc.equal(decided.column(f"{a.id}.distance"), 1)
            near = pc.sum(pc.and_(pc.invert(verdict), short)).as_py() or 0
        result.answers[a.id] = [yes, near, no - near, decided.num_rows - yes - no]
        if a.tiers:
            counts = {
                item["values"]: item["counts"]
                for item in pc.value_counts(decided.column(f"{a.id}.tier")).to_pylist()
            }
            result.tiers[a.id] = {tier: counts.get(tier, 0) for tier, _ in a.tiers}
        if a.award is not None and f"{a.id}.amount" in names:
            amounts = decided.column(f"{a.id}.amount")
            known = len(amounts) - amounts.null_count
            result.amounts[a.id] = [pc.sum(amounts).as_py() or 0, yes - known]
    return result
