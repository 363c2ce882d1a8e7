"""Made-up enterprises: the same for the same seed, called synthetic, sensible, and readable in every format."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from kaiyuan.calculators.credit_code import check_credit_code
from kaiyuan.errors import InputError
from kaiyuan.packs import load_packs
from kaiyuan.rulebook.facts import FactDefinition, FactDictionary
from kaiyuan.sheets import synthetic_enterprises, write_demo_data
from kaiyuan.sheets.synthetic_firms import BLOCK
from tests.sheets.cast import FACTS, read_file


def table(facts=FACTS, count=500, seed=7, **options) -> pa.Table:
    return pa.Table.from_batches(
        synthetic_enterprises(facts=facts, count=count, seed=seed, base_year=2025, **options)
    )


def test_the_same_seed_gives_the_same_enterprises_and_another_seed_others():
    assert table().equals(table())
    assert not table().column("revenue").equals(table(seed=8).column("revenue"))


def test_a_longer_list_begins_with_the_shorter_one():
    assert table(count=900).slice(0, 500).equals(table(count=500))
    assert table(count=BLOCK + 5).slice(0, 5).equals(table(count=5))


def test_a_fact_more_in_the_dictionary_leaves_the_others_as_they_are():
    more = FactDictionary(
        [*FACTS.values(), FactDefinition("invented", "新指标", "Invented", "money", "万元")]
    )
    assert table(more).select(table().column_names).equals(table())


def test_every_name_and_code_says_that_it_is_synthetic():
    rows = table().select(["subject", "subject_name"]).to_pylist()
    assert all("（合成）" in row["subject_name"] and row["subject_name"].startswith("示例") for row in rows)
    codes = [check_credit_code(row["subject"]) for row in rows]
    assert all(code.synthetic and code.organisation_check for code in codes)
    assert len({code.text for code in codes}) == len(rows)


def test_about_five_in_a_hundred_cells_are_missing():
    column = table(count=20_000).column("registered_capital")
    assert 0.045 < column.null_count / len(column) < 0.055


def test_firms_lack_the_years_before_they_were_founded():
    rows = table(count=5_000).select(["registration_date", "revenue__2"]).to_pylist()
    young = [row for row in rows if row["registration_date"] and row["registration_date"] > date(2024, 6, 1)]
    assert young and all(row["revenue__2"] is None for row in young)


def test_the_facts_of_one_firm_fit_together():
    facts = load_packs(["national", "demo"]).facts
    made = table(facts, count=5_000)
    share = pc.divide(made["rd_expense"].cast("double"), made["revenue"].cast("double"))
    assert 0.01 < pc.quantile(share, 0.6)[0].as_py() < 0.12
    for row in made.select(["staff", "rd_staff", "total_assets", "total_liabilities", "revenue"]).to_pylist():
        if None not in row.values():
            assert row["staff"] >= 1 and row["rd_staff"] <= row["staff"]
            assert 0 < row["total_liabilities"] < row["total_assets"] and row["revenue"] > 0
    titled = made.filter(pc.equal(made["little_giant_title"], True))
    assert len(titled) and pc.min(titled["revenue"]).as_py() >= 5_000 * 1_000_000
    assert pc.all(titled["zjtx_title"]).as_py()


def test_every_fact_of_the_shipped_dictionaries_gets_values_of_its_type():
    facts = load_packs(["national", "demo"]).facts
    made = table(facts, count=3_000)
    for definition in facts.values():
        if definition.name in ("name", "credit_code") or definition.privacy == "personal":
            continue
        column = made.column(definition.name)
        assert column.null_count < len(column), definition.name
        if definition.type == "category":
            assert {word for word in column.unique().to_pylist() if word} <= {
                value.zh for value in definition.values
            }
        if definition.type == "ratio":
            assert -1 <= pc.min(column).as_py() <= pc.max(column).as_py() <= 1.5, definition.name
        if definition.type in ("integer", "number"):
            assert pc.min(column).as_py() >= 0, definition.name


def test_no_person_is_made_up():
    facts = load_packs(["national"]).facts
    made = table(facts, count=100)
    personal = [definition.name for definition in facts.values() if definition.privacy == "personal"]
    assert personal and all(made.column(name).null_count == 100 for name in personal)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.parquet", "a.arrow"])
def test_what_is_written_is_read_back_to_the_same_facts(tmp_path, name):
    path = tmp_path / name
    assert write_demo_data(path, facts=FACTS, enterprises=200, seed=7, base_year=2025) == 200
    read = read_file(path)
    assert read.reading.unmapped == ()
    assert (read.report.rows_read, read.report.rows_rejected) == (200, 0)
    assert {kind: tally.count for kind, tally in read.report.warnings.items()} == {"synthetic_code": 200}
    wanted = table(count=200)
    for column in wanted.column_names:
        if column not in ("source_line",):
            assert read.column(column) == wanted.column(column).to_pylist(), column


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.parquet"])
def test_the_same_seed_gives_the_same_bytes(tmp_path, name):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_demo_data(tmp_path / folder / name, facts=FACTS, enterprises=50, seed=7, base_year=2025)
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_an_ending_nobody_knows_is_refused(tmp_path):
    with pytest.raises(InputError, match="written as CSV, XLSX, Parquet or Arrow"):
        write_demo_data(tmp_path / "a.doc", facts=FACTS, enterprises=5, seed=1, base_year=2025)


def test_no_enterprises_or_too_many_for_a_sheet_are_refused(tmp_path):
    with pytest.raises(InputError, match="at least one enterprise"):
        write_demo_data(tmp_path / "a.csv", facts=FACTS, enterprises=0, seed=1, base_year=2025)
    with pytest.raises(InputError, match="a sheet holds 1,048,575 rows"):
        write_demo_data(tmp_path / "a.xlsx", facts=FACTS, enterprises=2_000_000, seed=1, base_year=2025)


def test_only_the_facts_and_years_asked_for_are_made():
    assert table(used={"revenue", "revenue__1", "hnte"}).column_names[3:] == ["revenue", "revenue__1", "hnte"]
