"""Rules become the SQL that stands beside them, and every dialect reads its own text back."""

from __future__ import annotations

from datetime import date

import pytest
import sqlglot
from sqlglot import exp

from kaiyuan.errors import InputError
from kaiyuan.packs import load_packs
from kaiyuan.rulebook import Plan, compile_plan
from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.sql import DIALECTS, Dialect, compile_query, dialect_named, rules_sql
from tests.rulebook.generate import sample_pairs
from tests.rulebook.judging import plan_of
from tests.rulebook.sql_rendering import Form, book_of, expected, forms, rendered

dialects = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
# The two that differ most: in division, in names, in quotation marks.
unlike = pytest.mark.parametrize(
    "dialect", [DIALECTS["clickhouse"], DIALECTS["hive"]], ids=["clickhouse", "hive"]
)
tested = ("duckdb", "postgres", "spark")


def form(title: str) -> Form:
    return next(one for one in forms() if one.title == title)


@pytest.fixture(scope="module")
def packs() -> Plan:
    """Compile the shipped packs for a day on which most is in force."""
    return compile_plan(load_packs(["national", "demo"]), on=date(2026, 6, 1))


@dialects
def test_each_form_of_rule_becomes_the_sql_beside_it(dialect: Dialect):
    given, wanted = rendered(dialect).split("\n\n"), expected(dialect).split("\n\n")
    assert [one.splitlines()[0] for one in given] == [one.splitlines()[0] for one in wanted]
    for one, other in zip(given, wanted, strict=True):
        assert one == other


def assert_read_back(plan: Plan, dialect: Dialect) -> None:
    """Parse a query in its own dialect and write it again: nothing may be lost or become something else."""
    text = rules_sql(plan, dialect=dialect.name, leaves=dialect.longest_name is None, pretty=False)
    body = "".join(line for line in text.splitlines() if not line.startswith("--"))
    (read,) = sqlglot.parse(body, read=dialect.name)
    assert isinstance(read, exp.Select)
    assert read.sql(dialect=dialect.name) == body


@dialects
def test_every_dialect_reads_back_each_form_as_written(dialect: Dialect):
    for one in forms():
        assert_read_back(one.plan, dialect)


@dialects
def test_every_dialect_reads_back_generated_rulebooks(dialect: Dialect):
    for pair in sample_pairs(3, seed=3):
        assert_read_back(plan_of(pair), dialect)


@pytest.mark.slow
@dialects
def test_every_dialect_reads_back_the_packs(dialect: Dialect, packs: Plan):
    assert_read_back(packs, dialect)


@unlike
def test_every_name_is_quoted(dialect: Dialect, packs: Plan):
    for identifier in compile_query(packs, dialect=dialect).select.find_all(exp.Identifier):
        assert identifier.quoted or identifier.name == dialect.setting, identifier


@unlike
def test_no_divisor_can_be_zero_and_no_trap_is_used(dialect: Dialect, packs: Plan):
    select = compile_query(packs, dialect=dialect).select
    for division in select.find_all(exp.Div, exp.IntDiv, exp.Mod):
        divisor = division.expression.unnest()
        guarded = isinstance(division.find_ancestor(exp.If, exp.Case), exp.If)
        constant = isinstance(divisor, exp.Literal) and divisor.name != "0"
        assert isinstance(divisor, exp.Nullif) or constant or guarded, division.sql()
    assert not list(select.find_all(exp.In, exp.Round, exp.Subquery))
    assert all(isinstance(one.expression, exp.Null) for one in select.find_all(exp.Is))
    assert all(len(one.expressions) == 1 for one in select.find_all(exp.Least, exp.Greatest))


@unlike
def test_every_condition_stands_once_and_names_its_rules(dialect: Dialect, packs: Plan):
    select = compile_query(packs, dialect=dialect).select
    computed = [
        alias.this.sql()
        for table in select.args["with_"].expressions
        for alias in table.this.selects
        if alias.alias.startswith("_test_")
    ]
    assert len(computed) == len(set(computed)) > 100
    assert "/* zjtx_sme/niche_years" in select.sql(dialect=dialect.name)


def test_the_header_says_how_far_a_dialect_was_tried():
    plan = form("money is compared in whole fen").plan
    for dialect in DIALECTS.values():
        first, second, *_ = rules_sql(plan, dialect=dialect.name).splitlines()
        assert first == "-- Rules in force on 2026-06-01, 1 assessments."
        assert second.startswith(f"-- Dialect {dialect.name} ")
        assert (": tested — " in second) == (dialect.name in tested)
        assert (": transpiled — " in second) == (dialect.name not in tested)


def test_the_header_names_amounts_left_to_the_evaluator():
    text = rules_sql(form("an award that SQL leaves to the evaluator").plan, dialect="spark")
    assert "-- Amounts left to the evaluator, NULL here: a." in text


def test_a_column_the_table_lacks_is_null():
    plan = form("a quotient of measured numbers does").plan
    text = rules_sql(plan, dialect="duckdb", columns=["subject", "land"])
    assert 'CAST(NULL AS DOUBLE) AS "revenue"' in text
    assert "subject_name" not in text


def test_a_table_may_stand_in_a_schema():
    plan = form("money is compared in whole fen").plan
    assert 'FROM "zone"."facts"' in rules_sql(plan, dialect="postgres", table="zone.facts")


@pytest.mark.parametrize("table", ["facts; DROP TABLE facts", "", "(SELECT 1)"])
def test_what_is_not_the_name_of_a_table_is_refused(table):
    plan = form("money is compared in whole fen").plan
    with pytest.raises(InputError, match="not the name of a table"):
        rules_sql(plan, dialect="duckdb", table=table)


def test_an_unknown_dialect_is_refused_with_those_there_are():
    with pytest.raises(
        InputError, match=r"'oracle'\. There are duckdb, postgres, spark, clickhouse, starrocks, hive"
    ):
        dialect_named("oracle")


def test_hive_gets_names_without_full_stops():
    text = rules_sql(form("a fixed award").plan, dialect="hive")
    assert "`a__amount`" in text and "`a.amount`" not in text
    assert "A.distance is called A__distance" in text


def two(first: str, second: str) -> Plan:
    """Compile two assessments of these ids, each with a score whose indicator is called like the other's."""
    score = {"max": 9, "indicators": [indicator(first), indicator(second)]}
    return book_of({first: {"score": score}, second: {"score": score}})


def indicator(name: str) -> dict[str, object]:
    return {
        "id": name,
        "max": 9,
        "bands": [{"when": "已上市", "points": 9}, {"otherwise": True, "points": 0}],
    }


def test_names_that_differ_in_case_only_are_kept_apart_or_refused():
    plan = two("fast", "Fast")
    for dialect in ("duckdb", "spark", "starrocks", "hive"):
        with pytest.raises(InputError, match=r"does not tell fast and Fast apart: 'Fast'"):
            rules_sql(plan, dialect=dialect)
    for dialect in DIALECTS.values():
        select = compile_query(two("fast", "other"), dialect=dialect).select
        names = [
            one.alias for table in select.args["with_"].expressions for one in table.this.selects if one.alias
        ]
        assert len({name.casefold() for name in names}) == len(names)


def test_postgresql_is_not_given_names_it_would_cut():
    plan = two("a" * 60, "b" * 60)
    with pytest.raises(InputError, match="PostgreSQL cuts column names after 63 bytes"):
        rules_sql(plan, dialect="postgres")
    short = compile_query(plan, dialect=DIALECTS["postgres"], answers=Answers(scores=False)).select
    names = [one.alias for table in short.args["with_"].expressions for one in table.this.selects]
    assert max(map(len, names)) < 63


def test_postgresql_is_not_given_more_columns_than_it_holds():
    plan = book_of({f"a{at}": {"requires": {"all": [f"营业收入 >= {at}"]}} for at in range(830)})
    with pytest.raises(
        InputError, match=r"PostgreSQL holds 1600 columns, these rules need \d+\. Ask for fewer"
    ):
        rules_sql(plan, dialect="postgres")


def test_hundreds_of_conditions_in_one_group_become_sql():
    many = [f"营业收入 >= {at}" for at in range(200)]
    plan = book_of({"a": {"requires": {"at_least": {"n": 3, "of": many}}}, "b": {"requires": {"all": many}}})
    for dialect in ("duckdb", "hive"):
        assert rules_sql(plan, dialect=dialect).count("_test_199") > 3
