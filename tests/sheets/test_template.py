"""The workbook to fill in: what comes back from it is understood without a mapping."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kaiyuan.packs import load_packs
from kaiyuan.sheets import facts_template, read_sheet
from tests.sheets.cast import CODE, FACTS, ON, read_file

SHIPPED = Path(__file__).resolve().parents[2] / "packs"


def fill(path: Path, *rows: dict[str, object]) -> Path:
    """Fill in a template as an officer would."""
    book = openpyxl.load_workbook(path)
    sheet = book["企业数据"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for header, value in row.items():
            sheet.cell(number, heads[header]).value = value
    book.save(path)
    return path


def test_every_column_is_understood_when_it_comes_back(tmp_path):
    path = tmp_path / "模板.xlsx"
    count = facts_template(path, facts=FACTS, base_year=2025)
    fill(
        path,
        {
            "企业名称": "甲厂",
            "统一社会信用代码": CODE,
            "2025年营业收入（万元）": 1234.5,
            "2024年营业收入（万元）": "3亿元",
            "2023年从业人员（人）": 20,
            "市场占有率（%）": 12.5,
            "高新技术企业": "是",
            "所属行业": "工业",
            "成立日期": date(2019, 3, 5),
            "2025年用地面积（亩）": 30.5,
        },
    )
    read = read_file(path)
    assert read.reading.unmapped == ()
    assert len(read.reading.used) == count
    assert all(column.unit_said for column in read.reading.used if column.definition.type == "money")
    row = read.rows[0]
    assert row["subject"] == CODE and row["subject_name"] == "甲厂"
    assert row["revenue"] == 1_234_500_000 and row["revenue__1"] == 30_000_000_000
    assert row["staff__2"] == 20 and row["market_share"] == 0.125
    assert row["hnte"] is True and row["industry"] == "工业"
    assert row["registration_date"] == date(2019, 3, 5) and row["land_area"] == 30.5
    assert row["rd_expense"] is None


def test_a_percent_typed_into_a_percent_column_is_what_the_cell_shows(tmp_path):
    path = tmp_path / "模板.xlsx"
    facts_template(path, facts=FACTS, base_year=2025)
    fill(path, {"统一社会信用代码": CODE, "市场占有率（%）": 0.035})
    book = openpyxl.load_workbook(path)
    sheet = book["企业数据"]
    column = next(cell.column for cell in sheet[1] if cell.value == "市场占有率（%）")
    sheet.cell(2, column).number_format = "0.00%"
    book.save(path)
    assert read_file(path).rows[0]["market_share"] == 0.035


def test_an_empty_template_has_no_rows_and_says_so(tmp_path):
    from kaiyuan.errors import InputError

    path = tmp_path / "模板.xlsx"
    facts_template(path, facts=FACTS, base_year=2025)
    with pytest.raises(InputError, match="the sheet '企业数据' has a header but no rows"):
        read_file(path)


def test_only_the_facts_that_are_asked_for_stand_in_it(tmp_path):
    path = tmp_path / "模板.xlsx"
    assert facts_template(path, facts=FACTS, base_year=2025, used={"revenue", "revenue__1", "hnte"}) == 3
    heads = [cell.value for cell in openpyxl.load_workbook(path)["企业数据"][1]]
    assert heads == [
        "企业名称",
        "统一社会信用代码",
        "2025年营业收入（万元）",
        "2024年营业收入（万元）",
        "高新技术企业",
    ]
    assert facts_template(path, facts=FACTS, base_year=2025, used={"staff"}) == 3


def test_choices_formats_and_notes_help_whoever_fills_it_in(tmp_path):
    path = tmp_path / "模板.xlsx"
    facts_template(path, facts=FACTS, base_year=2025)
    book = openpyxl.load_workbook(path)
    sheet = book["企业数据"]
    assert sheet.freeze_panes == "C2"
    lists = {str(each.sqref).split(":")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert set(lists.values()) == {'"是,否"', '"工业,建筑业,无"'}
    assert sheet.column_dimensions["B"].width > 18
    notes = [[cell.value for cell in row] for row in book["填写说明"].iter_rows()]
    revenue = next(row for row in notes if row[2] == "revenue")
    assert revenue[0] == "营业收入" and revenue[4] == "万元" and "保密" not in revenue[7]
    assert any("空白表示“未知”" in str(row[0]) for row in notes)


def test_the_same_dictionary_gives_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        facts_template(tmp_path / name, facts=FACTS, base_year=2025)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("packs", [["national"], ["national", "demo"]])
def test_the_template_of_the_shipped_packs_comes_back_whole(tmp_path, packs):
    facts = load_packs(packs).facts
    path = tmp_path / "模板.xlsx"
    count = facts_template(path, facts=facts, base_year=2025)
    fill(path, {"统一社会信用代码": CODE})
    reading = read_sheet(path, facts=facts, on=ON)
    assert reading.unmapped == ()
    assert len(reading.used) == count
    lagged = {column.column for column in reading.used}
    assert {"revenue", "revenue__1", "revenue__2", "hnte_title", "registration_date"} <= lagged
