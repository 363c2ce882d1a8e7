"""PostgreSQL, running the generated SQL, gives the oracle's answers. Skipped where there is no server to start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from kaiyuan.packs import load_packs
from kaiyuan.rulebook import Plan, compile_plan, evaluate
from kaiyuan.rulebook.sql import DIALECTS, compile_query, rules_sql
from tests.rulebook.generate import sample_pairs
from tests.rulebook.judging import judged, plan_of
from tests.rulebook.postgres_server import binaries, postgres_server
from tests.rulebook.sql_population import random_population

pytestmark = pytest.mark.slow
TYPES = {
    "int64": "BIGINT",
    "double": "DOUBLE PRECISION",
    "bool": "BOOLEAN",
    "string": "TEXT",
    "date32[day]": "DATE",
}
MANY = 1_000
PARTS = 2


@pytest.fixture(scope="module")
def connection() -> Iterator[Any]:
    """Connect to a fresh server."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed here (initdb and postgres)")
    with postgres_server(folder) as address, psycopg.connect(address, autocommit=True) as one:
        yield one


def fill(connection: Any, facts: pa.RecordBatch) -> None:
    """Make the table `facts` of a batch."""
    columns = ", ".join(f'"{field.name}" {TYPES[str(field.type)]}' for field in facts.schema)
    connection.execute("DROP TABLE IF EXISTS facts")
    connection.execute(f"CREATE TABLE facts ({columns})")
    with connection.cursor().copy("COPY facts FROM STDIN") as copy:
        for row in zip(*(column.to_pylist() for column in facts.columns), strict=True):
            copy.write_row(row)


def decided(
    connection: Any, plan: Plan, facts: pa.RecordBatch, *, leaves: bool = True
) -> dict[str, list[Any]]:
    """Give PostgreSQL's decisions by column, without the amounts that SQL leaves open."""
    fill(connection, facts)
    cursor = connection.execute(rules_sql(plan, dialect="postgres", leaves=leaves))
    names = [column.name for column in cursor.description]
    rows = sorted(cursor.fetchall(), key=lambda row: row[names.index("source_line")])
    left_open = [f"{name}.amount" for name in compile_query(plan, dialect=DIALECTS["postgres"]).left_open]
    return {name: [row[at] for row in rows] for at, name in enumerate(names) if name not in left_open}


@pytest.mark.parametrize("part", range(PARTS))
def test_postgresql_agrees_with_the_oracle_on_ten_thousand_pairs(connection: Any, part: int):
    count = 0
    for pair in sample_pairs(MANY // PARTS, seed=200 + part, rows=24):
        judgement = judged(pair, decided(connection, plan_of(pair), pair.batch))
        assert not judgement.differences, "\n".join([*judgement.differences[:5], *pair.texts])
        count += len(pair.facts)
    assert count >= 10_000 // PARTS


@pytest.mark.parametrize("on", [date(2026, 6, 1), date(2025, 6, 1)], ids=str)
def test_on_the_packs_postgresql_decides_as_the_evaluator(connection: Any, on: date):
    plan = compile_plan(load_packs(["national", "demo"]), on=on)
    facts = random_population(plan, rows=400, seed=6)
    ours = evaluate(plan=plan, batch=facts).to_pydict()
    theirs = decided(connection, plan, facts, leaves=False)
    assert len(theirs) > 50
    for name, values in theirs.items():
        assert values == ours[name], name
