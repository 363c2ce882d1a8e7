"""Workbooks as officers make them: titles, merged cells, two header rows, formats, several sheets."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pytest

from kaiyuan.errors import InputError
from kaiyuan.sheets import read_sheet
from tests.sheets.cast import CODE, CODE_2, CODE_3, FACTS, ON, read_file, write_xlsx

HEADER = ["企业名称", "信用代码", "营业收入（万元）"]


def test_numbers_texts_and_days_of_a_workbook_are_read(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx",
        ["企业名称", "信用代码", "营业收入（万元）", "从业人员", "成立日期", "高新技术企业", "市场占有率"],
        ["甲", CODE, 1234.5, 20, date(2019, 3, 5), True, 0.125],
        ["乙", CODE_2, "3亿元", "35人", datetime(2019, 3, 5, 8, 30), "否", "12.5%"],
        ["丙", CODE_3, None, None, "2019年3月5日", None, None],
    )
    read = read_file(path)
    assert read.column("revenue") == [1_234_500_000, 30_000_000_000, None]
    assert read.column("staff") == [20, 35, None]
    assert read.column("registration_date") == [date(2019, 3, 5)] * 3
    assert read.column("hnte") == [True, False, None]
    assert read.column("market_share") == [0.125, 0.125, None]
    assert read.column("source_line") == [2, 3, 4]
    assert read.rejects == []


def test_serial_numbers_without_a_date_format_are_days_and_counted(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", ["信用代码", "成立日期"], [CODE, 43529], [CODE_2, 20190305])
    read = read_file(path)
    assert read.column("registration_date") == [date(2019, 3, 5)] * 2
    assert read.report.warnings["serial_date"].count == 1
    assert read.rejects == []


def test_a_title_merged_over_the_sheet_is_passed_over_and_its_unit_holds(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx",
        ["2024年度企业情况表（单位：元）", None, None],
        [],
        ["企业名称", "信用代码", "营业收入"],
        ["甲", CODE, 500],
        merge=("A1:C1",),
    )
    read = read_file(path)
    assert read.column("revenue__1") == [50_000]
    assert read.column("source_line") == [4]


def test_two_header_rows_with_merged_cells_are_put_together(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx",
        ["序号", "企业名称", "信用代码", "营业收入", None, "研发费用（元）", None],
        [None, None, None, "2025年", "2024年", "2025年", "2024年"],
        [1, "甲", CODE, 5, 4, 500, 400],
        merge=("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"),
    )
    read = read_file(path)
    row = read.rows[0]
    assert (row["revenue"], row["revenue__1"]) == (5_000_000, 4_000_000)
    assert (row["rd_expense"], row["rd_expense__1"]) == (50_000, 40_000)
    assert read.reading.columns[3].header == "营业收入 2025年"
    assert row["source_line"] == 3


def test_three_header_rows_are_put_together(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx",
        ["企业名称", "信用代码", "财务指标", None, None],
        [None, None, "营业收入", None, "从业人员"],
        [None, None, "2025年（万元）", "2024年（万元）", "2025年"],
        ["甲", CODE, 5, 4, 20],
        merge=("A1:A3", "B1:B3", "C1:E1", "C2:D2"),
    )
    row = read_file(path).rows[0]
    assert (row["revenue"], row["revenue__1"], row["staff"]) == (5_000_000, 4_000_000, 20)


def test_a_word_merged_over_rows_holds_for_each_and_a_figure_for_none(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx",
        ["企业名称", "信用代码", "所属行业", "营业收入（万元）"],
        ["甲", CODE, "工业", 100],
        ["乙", CODE_2, None, None],
        ["丙", CODE_3, "建筑业", 7],
        merge=("C2:C3", "D2:D3"),
    )
    read = read_file(path)
    assert read.column("industry") == ["工业", "工业", "建筑业"]
    assert read.column("revenue") == [None, None, 7_000_000]
    assert [(line["line"], line["column"]) for line in read.listed("merged_cell")] == [("2", "D"), ("3", "D")]


def test_a_merged_cell_across_two_chunks_is_filled_in_both(tmp_path):
    rows = [[f"厂{number}", None, number] for number in range(6)]
    rows[1][1] = "工业"
    path = write_xlsx(
        tmp_path / "a.xlsx", ["企业名称", "所属行业", "营业收入（万元）"], *rows, merge=("B3:B6",)
    )
    read = read_file(path, batch_rows=2)
    assert read.column("industry") == [None, "工业", "工业", "工业", "工业", None]


def test_a_cell_shown_as_a_percentage_is_what_it_shows(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx",
        ["信用代码", "市场占有率（%）"],
        [CODE, 0.035],
        [CODE_2, 3.5],
        [CODE_3, 1.8],
        formats={"B2": "0.0%", "B4": '0.00"%"'},
    )
    read = read_file(path)
    assert read.column("market_share") == [0.035, 0.035, 0.018]


def test_a_percent_format_settles_a_ratio_above_one_and_a_half(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx", ["信用代码", "市场占有率"], [CODE, 1.8], [CODE_2, 1.8], formats={"B2": "0%"}
    )
    read = read_file(path)
    assert read.column("market_share") == [1.8, None]
    assert [line["line"] for line in read.listed("ratio_without_percent")] == ["3"]


def test_the_first_sheet_with_a_header_that_is_known_is_read_and_named(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", ["填表说明"], ["一、请如实填写", "二、按时报送"], sheet="说明")
    book = openpyxl.load_workbook(path)
    book.create_sheet("空表")
    page = book.create_sheet("名单")
    page.append(HEADER)
    page.append(["甲", CODE, 5])
    book.save(path)
    read = read_file(path)
    assert read.reading.sheet == "名单"
    assert "读取工作表“名单”（共3张）" in [note.zh for note in read.report.notes]
    assert (
        read.reading.schema.field("revenue").metadata[b"source"].decode()
        == "a.xlsx · 名单 · C列 营业收入（万元）"
    )


def test_a_hidden_sheet_is_not_read_unless_it_is_asked_for(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", HEADER, ["旧厂", CODE, 5], sheet="旧")
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("新")
    page.append(HEADER)
    page.append(["新厂", CODE_2, 6])
    book["旧"].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    assert read_file(path).column("subject_name") == ["新厂"]
    assert read_file(path, sheet="旧").column("subject_name") == ["旧厂"]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", HEADER, ["甲", CODE, 5], sheet="名单")
    with pytest.raises(InputError, match=r"the workbook has no such sheet: '表'\. It has 名单"):
        read_file(path, sheet="表")


def test_a_workbook_without_rows_or_table_is_refused(tmp_path):
    with pytest.raises(InputError, match="the sheet 'Sheet1' has a header but no rows"):
        read_file(write_xlsx(tmp_path / "a.xlsx", HEADER))
    with pytest.raises(InputError, match="the workbook holds no table"):
        read_file(write_xlsx(tmp_path / "b.xlsx"))


def test_a_table_that_begins_further_right_and_down_is_found(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx",
        [],
        [],
        [None, None, *HEADER, None],
        [None, None, "甲", CODE, 5],
        [None, None, "合计", None, 5],
    )
    read = read_file(path)
    assert read.column("subject") == [CODE]
    assert read.column("source_line") == [4]
    assert read.rejects[0]["kind"] == "total_row" and read.rejects[0]["line"] == "5"


def test_a_code_kept_as_a_number_is_refused_with_its_own_remedy(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx", ["企业名称", "信用代码"], ["甲", 370800200001234], ["乙", 915101002069504740]
    )
    read = read_file(path)
    assert read.column("subject") == ["370800200001234"]
    assert read.rejects[1]["kind"] == "wrong_length"
    assert "末几位已丢失" in read.rejects[1]["remedy"]


def test_noise_of_a_sheets_arithmetic_is_not_called_rounding(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx",
        ["信用代码", "营业收入（万元）"],
        [CODE, 0.1 + 0.2],
        [CODE_2, 1234.56 * 3],
        [CODE_3, 1 / 3],
    )
    read = read_file(path)
    assert read.column("revenue") == [300_000, 3_703_680_000, 333_333]
    assert read.report.warnings["rounded"].count == 1
    assert read.report.warnings["rounded"].examples[0].line == 4


def test_a_column_that_looks_like_percentages_but_does_not_say_so_is_not_guessed(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx", ["信用代码", "市场占有率"], [CODE, 12.5], [CODE_2, 0.8], [CODE_3, 0]
    )
    read = read_file(path)
    assert read.column("market_share") == [None, None, 0]
    assert [line["kind"] for line in read.rejects] == ["ratio_without_percent", "percent_column_unsaid"]


def test_progress_of_a_workbook_is_told_in_rows(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", HEADER, *[["甲", CODE, number] for number in range(5)])
    told = []
    list(read_sheet(path, facts=FACTS, on=ON).batches(progress=lambda *news: told.append(news)))
    assert told == [(5, None, 5)]
