"""Spark, running the generated SQL, gives the oracle's answers. Skipped where PySpark or Java is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kaiyuan.errors import InputError
from kaiyuan.packs import load_packs
from kaiyuan.rulebook import compile_plan, evaluate
from kaiyuan.rulebook.evaluate import Answers
from tests.rulebook.generate import Pair, sample_pairs
from tests.rulebook.judging import judged, plan_of
from tests.rulebook.merging import by_day, merged
from tests.rulebook.sql_population import random_population

pytestmark = pytest.mark.slow
TOGETHER = 25
PAIRS = 10_000


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Start Spark on two cores, once."""
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java, and there is none here")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from kaiyuan.rulebook.sql.on_spark import local_session

    one = local_session(cores=2)
    yield one
    one.stop()


def decided(session: Any, pair: Pair, folder: Path) -> dict[str, list[Any]]:
    """Run a pair's rules in Spark; give the decisions by column."""
    from kaiyuan.rulebook.sql.on_spark import run_spark

    facts = folder / "facts.parquet"
    pq.write_table(pa.Table.from_batches([pair.batch]), facts)
    batches = run_spark(plan_of(pair), facts, work=folder, session=session, answers=Answers(leaves=True))
    return pa.Table.from_batches(list(batches)).to_pydict()


def test_spark_agrees_with_the_oracle_on_ten_thousand_pairs(session: Any, tmp_path: Path):
    count = 0
    for at, some in enumerate(by_day(sample_pairs(500, seed=300, rows=6), TOGETHER)):
        pair = merged(some)
        folder = tmp_path / str(at)
        folder.mkdir()
        judgement = judged(pair, decided(session, pair, folder))
        assert not judgement.differences, "\n".join(judgement.differences[:5])
        count += len(some) * len(pair.facts)
        if count >= PAIRS:
            return
    pytest.fail(f"only {count} pairs were compared")


def test_on_the_packs_spark_gives_the_evaluators_batch_bit_for_bit(session: Any, tmp_path: Path):
    from kaiyuan.rulebook.sql.on_spark import run_spark

    plan = compile_plan(load_packs(["national", "demo"]), on=date(2026, 6, 1))
    facts = random_population(plan, rows=400, seed=7)
    pq.write_table(pa.Table.from_batches([facts]), tmp_path / "facts.parquet")
    batches = run_spark(
        plan, tmp_path / "facts.parquet", work=tmp_path, session=session, answers=Answers(leaves=True)
    )
    ours = pa.Table.from_batches([evaluate(plan=plan, batch=facts, leaves=True)])
    theirs = pa.Table.from_batches(list(batches))
    assert theirs.schema == ours.schema
    for name in ours.column_names:
        assert theirs[name].combine_chunks() == ours[name].combine_chunks(), name


def test_a_source_that_spark_cannot_find_is_refused(session: Any, tmp_path: Path):
    from kaiyuan.rulebook.sql.on_spark import run_spark

    plan = compile_plan(load_packs(["national"]), on=date(2026, 6, 1), assessments=["zjtx_sme"])
    with pytest.raises(InputError, match="Spark finds no Parquet here"):
        list(run_spark(plan, tmp_path / "nothing.parquet", work=tmp_path, session=session))
