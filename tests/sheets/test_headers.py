"""What a header says: which fact, of which year, in which unit — or why the column is left out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaiyuan.errors import InputError
from kaiyuan.sheets.header_words import HeaderIndex
from tests.sheets.cast import CODE, FACTS, one_column, read_file, write_csv


@pytest.mark.parametrize(
    ("header", "column", "unit"),
    [
        ("营业收入", "revenue", "万元"),
        ("营收", "revenue", "万元"),
        ("revenue", "revenue", "万元"),
        ("Operating revenue", "revenue", "万元"),
        ("营业收入（万元）", "revenue", "万元"),
        ("营业收入(单位：元)", "revenue", "元"),
        ("营业收入[亿元]", "revenue", "亿元"),
        ("营业收入【千元】", "revenue", "千元"),
        ("营业收入/万元", "revenue", "万元"),
        ("营业收入 元", "revenue", "元"),
        ("2025年营业收入", "revenue", "万元"),
        ("2025年度营业收入（元）", "revenue", "元"),
        ("营业收入（2024年度）(万元)", "revenue__1", "万元"),
        ("营业收入（2024年，元）", "revenue__1", "元"),
        ("营业收入_2023", "revenue__2", "万元"),
        ("营业收入2023", "revenue__2", "万元"),
        ("２０２４年营业收入", "revenue__1", "万元"),
        ("24年营收", "revenue__1", "万元"),
        ("上年营业收入", "revenue", "万元"),
        ("去年营业收入（元）", "revenue", "元"),
        ("前年营业收入", "revenue__1", "万元"),
        ("revenue__2", "revenue__2", "万元"),
        ("营业收入__1", None, None),
        ("截至2025年12月31日从业人员", "staff", "人"),
        ("2025年末从业人员（人）", "staff", "人"),
        ("1.营业收入*", "revenue", "万元"),
        ("（三）营业收入", "revenue", "万元"),
        ("3、研发费用※", "rd_expense", "万元"),
        ("其中：研发投入", "rd_expense", "万元"),
        ("营业收入（不含税）", "revenue", "万元"),
        ("注册资金（人民币）", "registered_capital", "万元"),
        ("近两年股权融资", "equity_2y", "万元"),
        ("市场占有率（%）", "market_share", "%"),
        ("用地面积（平方米）", "land_area", "平方米"),
        ("用电量（万度）", "electricity", "万度"),
        ("发明专利数（件）", "patents", "件"),
        ("是否高新技术企业", "hnte", None),
        ("营业\n收入", "revenue", "万元"),
    ],
)
def test_a_header_is_understood_in_any_dress(tmp_path, header, column, unit):
    match = one_column(tmp_path, header, "1").match(" ".join(header.split()))
    assert (match.column, match.unit) == (column, unit)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("2026年营业收入", "2026年在2026-06-01尚不是完整年度"),
        ("本年营业收入", "2026年在2026-06-01尚不是完整年度"),
        ("营业收入（2025年1-9月）", "“2025年1-9月”改变了这个指标的含义"),
        ("营业收入（预计）", "“预计”改变了这个指标的含义"),
        ("营业收入（同比增长，%）", "“同比增长”改变了这个指标的含义"),
        ("2024年、2025年营业收入", "写有多个年份"),
        ("营业收入（万美元）", "外币不折算"),
        ("营业收入（人）", "单位“人”与营业收入（万元）不符"),
        ("市场占有率（万元）", "单位“万元”与市场占有率（比例）不符"),
        ("综合能耗（吉焦）", "括号里的“吉焦”可能是单位，无法识别"),
        ("2022年发明专利数", "这项事实以2026-06-01为准，表中是2022年"),
    ],
)
def test_a_column_that_means_something_else_is_left_out_with_the_reason(tmp_path, header, why):
    read = one_column(tmp_path, header, "1")
    assert read.match(header).fact is None
    assert f"未采用：{why}" in read.notes(header)
    assert header in read.reading.unmapped


@pytest.mark.parametrize(
    "header",
    ["2025年1-9月营业收入", "预计营业收入", "营业收入增长率", "营业收入总额", "随便一列", "上半年营业收入"],
)
def test_a_header_that_no_dictionary_knows_is_unmapped(tmp_path, header):
    assert one_column(tmp_path, header, "1").reading.unmapped == (header,)


def test_a_yearly_fact_without_a_year_is_of_the_base_year_and_says_so(tmp_path):
    read = one_column(tmp_path, "营业收入", "1")
    assert read.match("营业收入").year == 2025
    assert read.notes("营业收入") == "没有写年份，按2025年读取；没有写单位，按万元读取"


def test_last_year_is_read_from_the_day_of_the_decision_and_says_so(tmp_path):
    assert "按2025年读取" in one_column(tmp_path, "上年营业收入（元）", "1").notes("上年营业收入（元）")


def test_this_year_beside_last_year_leaves_both_out(tmp_path):
    path = write_csv(tmp_path / "a.csv", ["信用代码", "本年营业收入", "上年营业收入"], [CODE, "2", "1"])
    read = read_file(path)
    assert read.reading.unmapped == ("本年营业收入", "上年营业收入")
    assert "不知本年是哪一年" in read.notes("上年营业收入")


def test_the_newer_of_two_years_counts_for_a_fact_of_the_moment(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", ["信用代码", "2025年发明专利数", "2026年发明专利数"], [CODE, "2", "3"]
    )
    read = read_file(path)
    assert read.rows[0]["patents"] == 3
    assert "另有更新一年的同一指标" in read.notes("2025年发明专利数")


def test_the_day_of_the_decision_moves_the_base_year(tmp_path):
    read = one_column(tmp_path, "2025年营业收入", "7", on=date(2028, 1, 1))
    assert read.match("2025年营业收入").column == "revenue__2"


def test_a_column_given_twice_is_refused_with_both_letters(tmp_path):
    path = write_csv(tmp_path / "a.csv", ["信用代码", "营收", "2025年营业收入"], [CODE, "1", "2"])
    with pytest.raises(InputError) as error:
        read_file(path)
    assert str(error.value) == (
        f"{path}: columns B and C give the same fact for 2025: '营收 | 2025年营业收入'. "
        "Delete one of them, or set one to ignore in a mapping file"
    )


def test_two_columns_of_names_are_refused_but_a_tax_number_gives_way_to_the_code(tmp_path):
    with pytest.raises(InputError, match="columns A and B give the same fact"):
        read_file(write_csv(tmp_path / "a.csv", ["企业名称", "单位名称"], ["甲厂", "乙厂"]))
    read = read_file(write_csv(tmp_path / "b.csv", ["税号", "统一社会信用代码", "营收"], ["1", CODE, "1"]))
    assert read.rows[0]["subject"] == CODE
    assert "已有B列" in read.notes("税号")


def test_a_file_without_name_and_code_is_refused_when_it_is_read(tmp_path):
    path = write_csv(tmp_path / "a.csv", ["营业收入", "研发费用"], ["1", "2"])
    with pytest.raises(InputError, match="no column holds the name or the credit code") as error:
        read_file(path)
    assert error.value.text == "营业收入 | 研发费用"
    assert "mapping file" in str(error.value)


def test_the_provenance_of_each_column_is_in_its_metadata(tmp_path):
    read = one_column(tmp_path, "2024年营业收入（元）", "1")
    metadata = read.reading.schema.field("revenue__1").metadata
    assert metadata[b"source"].decode() == "名单.csv · B列 2024年营业收入（元）"
    assert metadata[b"unit"].decode() == "元"
    assert metadata[b"stored"] == b"fen"
    assert b"recorded" not in metadata


def test_the_day_a_file_was_recorded_is_in_its_metadata(tmp_path):
    path = write_csv(tmp_path / "a.csv", ["信用代码", "营收"], [CODE, "1"])
    read = read_file(path, recorded=date(2026, 3, 1))
    assert read.reading.schema.field("revenue").metadata[b"recorded"] == b"2026-03-01"


# ---- headers over several rows


def test_a_title_above_the_header_is_passed_over(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        ["示范区企业情况表", "", ""],
        ["", "", ""],
        ["企业名称", "信用代码", "营业收入"],
        ["甲", CODE, "5"],
    )
    read = read_file(path)
    assert read.rows[0]["source_line"] == 4
    assert read.rows[0]["revenue"] == 5_000_000


def test_a_unit_in_the_title_holds_for_money_without_its_own(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        ["企业情况表", "", "", "单位：元"],
        ["信用代码", "营业收入", "研发费用（万元）", "从业人员"],
        [CODE, "50000", "3", "20"],
    )
    read = read_file(path)
    assert (read.rows[0]["revenue"], read.rows[0]["rd_expense"], read.rows[0]["staff"]) == (
        5_000_000,
        3_000_000,
        20,
    )
    assert "单位按表题“元”" in read.notes("营业收入")


def test_a_full_year_in_the_title_holds_for_columns_without_a_year(tmp_path):
    read = read_file(
        write_csv(tmp_path / "a.csv", ["2024年度企业情况表", ""], ["信用代码", "营业收入"], [CODE, "5"])
    )
    assert read.rows[0]["revenue__1"] == 5_000_000
    assert "按表题的2024年读取" in read.notes("营业收入")


def test_a_loose_year_in_the_title_is_only_mentioned(tmp_path):
    read = read_file(
        write_csv(tmp_path / "a.csv", ["2024年申报企业", ""], ["信用代码", "营业收入"], [CODE, "5"])
    )
    assert "revenue" in read.rows[0]
    assert "按2025年读取（表题写有2024年，请核对）" in read.notes("营业收入")


def test_two_header_rows_are_put_together(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        ["企业名称", "信用代码", "营业收入", "", "从业人员"],
        ["", "", "2025年", "2024年", ""],
        ["甲", CODE, "5", "4", "20"],
    )
    row = read_file(path).rows[0]
    assert (row["revenue"], row["revenue__1"], row["staff"]) == (5_000_000, 4_000_000, 20)
    assert row["source_line"] == 3


def test_groups_of_years_above_the_labels_are_put_together(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        ["", "2025年（元）", "", "2024年（元）", ""],
        ["信用代码", "营业收入", "研发费用", "营业收入", "研发费用"],
        [CODE, "500", "50", "400", "40"],
    )
    row = read_file(path).rows[0]
    assert (row["revenue"], row["rd_expense"], row["revenue__1"], row["rd_expense__1"]) == (
        50_000,
        5_000,
        40_000,
        4_000,
    )


def test_a_row_of_units_below_the_labels_belongs_to_the_header(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", ["信用代码", "营业收入", "从业人员"], ["", "元", "人"], [CODE, "500", "20"]
    )
    read = read_file(path)
    assert [row["revenue"] for row in read.rows] == [50_000]


def test_a_row_of_column_numbers_is_no_enterprise(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", ["企业名称", "营业收入", "从业人员"], ["甲", "1", "2"], ["甲厂", "500", "20"]
    )
    read = read_file(path)
    assert [row["subject"] for row in read.rows] == ["甲厂"]
    assert "表头下的栏次行未作为数据" in [note.zh for note in read.report.notes]


def test_a_heading_that_changes_the_meaning_leaves_its_columns_out(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        ["企业名称", "信用代码", "2026年计划", ""],
        ["", "", "营业收入", "研发费用"],
        ["甲", CODE, "5", "4"],
    )
    read = read_file(path)
    assert [column.fact for column in read.reading.columns[2:]] == [None, None]
    assert "“计划”改变了这个指标的含义" in "".join(note.zh for note in read.reading.columns[2].notes)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=3))
def test_any_header_is_understood_or_not_but_never_a_crash(parts):
    understood = HeaderIndex(facts=FACTS, newest_year=2026).understand(tuple(parts))
    assert understood is None or understood.target


FORMS = (
    "{y}年{l}",
    "{l}（{y}年度）",
    "{l}_{y}",
    "{l} {y}",
    "{l}{y}年",
    "{y}年度{l}*",
    "1.{y}年{l}",
    "截至{y}年12月31日{l}",
    "{l}（{y}年末）",
)


@given(
    st.sampled_from(["营业收入", "研发投入", "Operating revenue", "从业人员"]),
    st.integers(2016, 2025),
    st.sampled_from(FORMS),
)
def test_a_label_and_a_year_are_found_in_any_order(label, year, form):
    header = form.format(l=label, y=year)
    understood = HeaderIndex(facts=FACTS, newest_year=2026).understand((header,))
    named = FACTS.find(label) or FACTS["revenue"]
    assert understood.target == named.name
    assert understood.text.years == (year,)
