"""DuckDB, running the generated SQL, gives the oracle's answers and the evaluator's columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kaiyuan.errors import InputError
from kaiyuan.packs import load_packs
from kaiyuan.rulebook import Plan, compile_plan, evaluate
from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.sql.on_duckdb import Source, run_duckdb
from tests.rulebook.generate import Pair, sample_pairs
from tests.rulebook.generate_facts import table
from tests.rulebook.judging import judged, plan_of
from tests.rulebook.sql_population import random_population
from tests.rulebook.sql_rendering import forms

ALL = Answers(leaves=True)
FEW = 30
MANY = 1_000
pytestmark = pytest.mark.filterwarnings("error")


def decided(plan: Plan, source: Source) -> pa.Table:
    """Run a plan in DuckDB and gather its batches."""
    return pa.Table.from_batches(list(run_duckdb(plan, source, answers=ALL, threads=1)))


def judge_all(pairs: Iterable[Pair]) -> int:
    """Judge DuckDB's answers on some pairs; give the number of (rulebook, facts) pairs."""
    count = doubtful = compared = 0
    for pair in pairs:
        judgement = judged(pair, decided(plan_of(pair), pair.batch).to_pydict())
        assert not judgement.differences, "\n".join([*judgement.differences[:5], *pair.texts])
        count += len(pair.facts)
        compared += judgement.compared
        doubtful += judgement.doubtful
    assert compared > count
    assert doubtful < 0.05 * compared
    return count


def test_duckdb_agrees_with_the_oracle_on_generated_rulebooks_and_facts():
    assert judge_all(sample_pairs(FEW, seed=11)) > 150


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_duckdb_agrees_with_the_oracle_on_ten_thousand_pairs(part: int):
    assert judge_all(sample_pairs(MANY, seed=100 + part)) > 5_000


@pytest.fixture(scope="module")
def packs() -> Plan:
    """Compile the shipped packs for a day on which most is in force."""
    return compile_plan(load_packs(["national", "demo"]), on=date(2026, 6, 1))


@pytest.fixture(scope="module")
def population(packs: Plan) -> pa.RecordBatch:
    """Give facts at and around the thresholds of the packs, with holes."""
    return random_population(packs, rows=300, seed=5)


def test_on_the_packs_duckdb_gives_the_evaluators_batch_bit_for_bit(packs: Plan, population: pa.RecordBatch):
    ours = pa.Table.from_batches([evaluate(plan=packs, batch=population, leaves=True)])
    theirs = decided(packs, population)
    assert theirs.schema == ours.schema
    for name in ours.column_names:
        assert theirs[name].combine_chunks() == ours[name].combine_chunks(), name


def test_amounts_that_sql_leaves_open_are_filled_in_by_the_evaluator():
    plan = next(one.plan for one in forms() if one.title == "an award that SQL leaves to the evaluator")
    facts = pa.table(
        {
            "listed": pa.array([True, True, False, None]),
            "rd": pa.array([1_000_000_01, 1_000_000, 1_000_000, 1_000_000], pa.int64()),
            "debt": pa.array([0.35, None, 0.5, 0.5]),
        }
    )
    # 1,000,000.01 元 × 0.35 × 0.5 = 175,000.00175 元; unknown where a fact is missing, nothing for the others
    assert decided(plan, facts)["a.amount"].to_pylist() == [17_500_000, None, None, None]


def small(packs: Plan) -> Plan:
    return compile_plan(packs.rules, on=packs.on, assessments=["zjtx_sme"])


def test_a_file_a_table_and_a_stream_give_the_same(packs: Plan, population: pa.RecordBatch, tmp_path: Path):
    plan = small(packs)
    facts = pa.Table.from_batches([population])
    file = tmp_path / "facts.parquet"
    pq.write_table(facts, file, row_group_size=100)
    stream = pa.RecordBatchReader.from_batches(facts.schema, facts.to_batches(max_chunksize=64))
    wanted = decided(plan, population)
    for source in (file, facts, stream):
        assert decided(plan, source) == wanted


def test_columns_that_are_absent_or_without_a_type_are_unknown(packs: Plan, population: pa.RecordBatch):
    plan = small(packs)
    facts = pa.Table.from_batches([population]).drop_columns(["revenue", "niche_years"])
    untyped = facts.append_column("niche_years", pa.nulls(facts.num_rows))
    (batch,) = facts.combine_chunks().to_batches()
    wanted = pa.Table.from_batches([evaluate(plan=plan, batch=batch, leaves=True)])
    assert decided(plan, facts) == decided(plan, untyped) == wanted


def test_absent_columns_of_generated_facts_are_unknown():
    for pair in sample_pairs(5, seed=12):
        batch = table(pair.facts, absent_columns=True)
        assert not judged(pair, decided(plan_of(pair), batch).to_pydict()).differences


def test_no_rows_give_no_decisions_and_the_same_columns(packs: Plan, population: pa.RecordBatch):
    plan = small(packs)
    none = list(run_duckdb(plan, population.slice(0, 0)))
    assert sum(batch.num_rows for batch in none) == 0


def test_a_truncated_parquet_file_is_refused(packs: Plan, tmp_path: Path):
    file = tmp_path / "cut.parquet"
    file.write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match=r"cut\.parquet: this is not a readable Parquet file"):
        list(run_duckdb(packs, file))
