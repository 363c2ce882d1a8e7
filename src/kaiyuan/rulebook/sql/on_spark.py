"""Run a plan on Spark, over Parquet that Spark can read. PySpark is the extra `kaiyuan[spark]`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from kaiyuan.errors import InputError
from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.plan import Plan
from kaiyuan.rulebook.sql.stream import EngineRun

try:
    from pyspark.errors import AnalysisException
    from pyspark.sql import DataFrame, SparkSession
except ModuleNotFoundError as error:
    raise InputError(
        "PySpark is not installed", text="spark", remedy="Run: pip install 'kaiyuan[spark]'"
    ) from error

BATCH_ROWS = 131_072
_VIEW = "kaiyuan_source"


def run_spark(
    plan: Plan,
    source: Path | str,
    *,
    work: Path,
    session: SparkSession | None = None,
    answers: Answers | None = None,
) -> Iterator[pa.RecordBatch]:
    """Give the decisions on canonical facts, as `evaluate` would, computed by Spark.

    `source` is a Parquet file or folder, by path or address, as the session can read it. Spark writes its rows
    to the new folder `work` / spark as Parquet, from which they are read batch by batch, so that nothing is
    gathered in memory. `session` is one of your own cluster, which must write where this process reads; None
    starts one on all cores of this machine and stops it again. Rows come as Spark divides the file: several
    pieces need not keep the order of the source. Raises `InputError` when Spark cannot read the source.
    """
    own = local_session() if session is None else None
    try:
        compiled, rows = _rows(
            plan, str(source), session=session or local_session(), answers=answers or Answers()
        )
        folder = work / "spark"
        rows.write.parquet(str(folder))
    finally:
        if own is not None:
            own.stop()
    parts = sorted(str(part) for part in folder.glob("*.parquet"))
    for batch in ds.dataset(parts, format="parquet").to_batches(batch_size=BATCH_ROWS):
        yield compiled.decisions(batch)


def local_session(*, cores: int | None = None) -> SparkSession:
    """Start Spark on this machine (None: all cores), without its web page, or give the one that runs already."""
    builder = SparkSession.builder.appName("kaiyuan").master(f"local[{cores or '*'}]")
    session: SparkSession = builder.config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _rows(plan: Plan, source: str, *, session: SparkSession, answers: Answers) -> tuple[EngineRun, DataFrame]:
    try:
        facts = session.read.parquet(source)
    except AnalysisException as error:
        raise InputError(
            "Spark finds no Parquet here", file=source, remedy="Give a Parquet file or a folder of them"
        ) from error
    columns = [field.name for field in facts.schema.fields if field.dataType.typeName() != "void"]
    facts.createOrReplaceTempView(_VIEW)
    compiled = EngineRun.of(plan, dialect="spark", table=_VIEW, columns=columns, answers=answers)
    return compiled, session.sql(compiled.query.text(pretty=False))
