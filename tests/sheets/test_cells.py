"""What one cell says: exact figures, or a reason why nothing certain can be read."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaiyuan.sheets.cells import cell_parser, read_quantity
from kaiyuan.sheets.columns import ColumnMatch
from kaiyuan.sheets.dates import read_date
from kaiyuan.sheets.measures import fact_measure, scale_to_stored
from tests.sheets.cast import FACTS


def cell(fact: str, text: str, unit: str | None = None):
    definition = FACTS[fact]
    measure = fact_measure(definition, unit) if unit else None
    scale = scale_to_stored(definition, measure) if definition.numeric else 1
    column = ColumnMatch(0, "", fact, definition, unit=unit, unit_said=bool(unit), scale=scale)
    return cell_parser(column)(text)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("1234.5", 12_345_000),
        ("1,234.5", 12_345_000),
        ("１２３４", 12_340_000),
        ("1,234.5万元", 12_345_000),
        ("3亿元", 300_000_000),
        ("3亿", 300_000_000),
        ("300w", 3_000_000),
        ("5000元", 5_000),
        ("12千元", 12_000),
        ("¥5,000.00", 50_000_000),
        ("(1,234.5)", -12_345_000),
        ("（500）", -5_000_000),
        ("-500", -5_000_000),
        ("－500", -5_000_000),
        ("−500", -5_000_000),
        ("500-", -5_000_000),
        ("负500", -5_000_000),
        ("1e3", 10_000_000),
        ("0.000001", Decimal("0.01")),
        ("500(万元人民币)", 5_000_000),
        ("500(万人民币元)", 5_000_000),
        ("660.5万人民币", 6_605_000),
        ("100(万)", 1_000_000),
        ("100(万元(人民币))", 1_000_000),
        ("461624.422200万人民币", Decimal("4616244222")),
        (" 7 ", 70_000),
    ],
)
def test_money_in_any_dress_comes_to_the_same_fen(text, yuan):
    found = cell("revenue", text)
    assert (found.value, found.kind) == (yuan * 100, None)


@pytest.mark.parametrize(
    "unit, yuan", [("元", 5), ("千元", 5_000), ("万元", 50_000), ("百万元", 5_000_000), ("亿元", 5 * 10**8)]
)
def test_a_bare_number_has_the_unit_of_its_header(unit, yuan):
    assert cell("revenue", "5", unit).value == yuan * 100


def test_a_unit_in_the_cell_is_stronger_than_the_header():
    assert cell("revenue", "5万元", "元").value == 5_000_000


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("100万美元", "foreign_currency"),
        ("3000万日元", "foreign_currency"),
        ("100(万美)", "foreign_currency"),
        ("240(万香港元)", "foreign_currency"),
        ("500(万欧元)", "foreign_currency"),
        ("5 USD", "foreign_currency"),
        ("约300", "approximate"),
        ("300左右", "approximate"),
        ("300以上", "approximate"),
        (">500", "approximate"),
        ("2000余万", "approximate"),
        ("100-200", "interval"),
        ("100~200万元", "interval"),
        ("1.234,5", "not_a_number"),
        ("1,23", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("12,345,67", "not_a_number"),
        ("3万5千", "not_a_number"),
        ("--5", "not_a_number"),
        ("详见附件", "not_a_number"),
        ("2019-03-05", "not_a_number"),
        ("12吨", "unit_unclear"),
        ("500人民币", "unit_unclear"),
        ("#DIV/0!", "formula_error"),
        ("#N/A", "formula_error"),
        ("1e99", "too_large"),
        ("9" * 25, "too_large"),
        ("9" * 200, "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_certain_amount_is_unknown_with_its_reason(text, kind):
    found = cell("revenue", text)
    assert (found.value, found.kind) == (None, kind)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "N/A",
        "n/a",
        "-",
        "—",
        "——",
        "－",
        "/",
        "无",
        "暂无",
        "空",
        "null",
        "NaN",
        "***",
        "不详",
        "（空）",
    ],
)
def test_words_for_nothing_are_unknown_without_a_fuss(text):
    for fact in ("revenue", "staff", "market_share", "registration_date"):
        assert cell(fact, text) == cell("revenue", "")


def test_less_than_a_fen_is_rounded_half_up_and_said():
    assert (cell("revenue", "1.005", "元").value, cell("revenue", "1.005", "元").kind) == (101, "rounded")
    assert cell("revenue", "-1.005", "元").value == -101
    assert cell("revenue", "1.0049", "元").value == 100
    assert cell("revenue", "1.00", "元").kind is None


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("3%", None, 0.03),
        ("３％", None, 0.03),
        ("0.03", None, 0.03),
        ("3", "%", 0.03),
        ("3%", "%", 0.03),
        ("3.3", "%", 0.033),
        ("5‰", None, 0.005),
        ("1.2", None, 1.2),
        ("-20%", None, -0.2),
        ("180", "%", 1.8),
    ],
)
def test_a_ratio_is_a_share_of_one_however_written(text, unit, value):
    assert cell("market_share", text, unit).value == value


@pytest.mark.parametrize("text", ["3", "1.6", "45.2", "-30"])
def test_a_ratio_above_one_and_a_half_without_a_sign_is_not_guessed(text):
    assert cell("market_share", text).kind == "ratio_without_percent"


@pytest.mark.parametrize(
    "text, value",
    [("35人", 35), ("12项", 12), ("1,200", 1200), ("12.0", 12), ("0.5万人", 5000), ("12个", 12)],
)
def test_a_count_may_carry_its_counting_word(text, value):
    assert cell("staff", text).value == value


def test_half_a_person_is_not_rounded():
    assert cell("staff", "12.5").kind == "not_whole"


@pytest.mark.parametrize(
    "text", ["是", "√", "✓", "☑", "有", "Y", "yes", "TRUE", "1", "1.0", " 是 ", "☑是□否", "□否 ☑是", "是√"]
)
def test_yes_is_understood(text):
    assert cell("hnte", text).value is True


@pytest.mark.parametrize(
    "text", ["否", "×", "✗", "无", "N", "no", "FALSE", "0", "没有", "□是 ☑否", "是□否☑", "Ｎ"]
)
def test_no_is_understood_and_none_means_no_here(text):
    assert cell("hnte", text).value is False


@pytest.mark.parametrize("text", ["X", "申报中", "2", "是否", "□是 □否"])
def test_neither_yes_nor_no_is_unknown_with_a_reason(text):
    assert (cell("hnte", text).value, cell("hnte", text).kind) == (None, "not_boolean")


def test_a_category_is_found_by_its_word_alias_or_english_name():
    for text in ("工业", "制造业", "industry", " 工 业 "):
        assert cell("industry", text).value == "工业"


def test_none_is_a_value_where_the_dictionary_says_so():
    assert cell("industry", "无").value == "无"
    assert cell("industry", "暂无").value is None


def test_a_word_outside_the_dictionary_is_unknown_and_the_allowed_ones_are_named():
    found = cell("industry", "航天")
    assert (found.value, found.kind, found.detail) == (None, "unknown_category", "工业、建筑业、无")


@pytest.mark.parametrize(
    "text",
    ["2019年3月5日", "2019-3-5", "2019.03.05", "2019/03/05", "20190305", "２０１９年３月５日", "二〇一九年三月五日",
     "二零一九年三月五号",     "2019-03-05 00:00:00", "2019-03-05T08:30:00", "2019 3 5"],
)  # fmt: skip
def test_a_day_in_any_dress_is_the_same_day(text):
    assert read_date(text) == (date(2019, 3, 5), None)


@pytest.mark.parametrize("text", ["2019年3月", "2019-03", "2019.3", "201903", "二〇一九年三月"])
def test_a_month_without_a_day_is_its_first_and_said(text):
    assert read_date(text) == (date(2019, 3, 1), "day_missing")


def test_tens_and_twenties_in_chinese_are_read():
    assert read_date("二〇二〇年十二月三十一日") == (date(2020, 12, 31), None)
    assert read_date("二〇二〇年十月廿五日") == (date(2020, 10, 25), None)


def test_a_serial_number_is_a_day_and_said():
    assert read_date("43529") == (date(2019, 3, 5), "serial_date")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("2019", "incomplete_date"), ("2019年", "incomplete_date"), ("2019-02-30", "not_a_date"), ("长期", "not_a_date"),
     ("03/05/2019", "not_a_date"), ("19-3-5", "not_a_date"), ("99999", "not_a_date"), ("0000-01-01", "not_a_date")],
)  # fmt: skip
def test_what_is_no_day_is_unknown_with_its_reason(text, kind):
    assert read_date(text) == (None, kind)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**9), max_value=10**9))
def test_any_decimal_is_read_exactly(figure):
    text = f"{figure:f}"
    assert read_quantity(text) == (Decimal(text), "")
    fen = (figure * 10**6).to_integral_value(rounding=ROUND_HALF_UP)
    assert cell("revenue", text).value == int(fen)


@given(st.text(max_size=60))
def test_any_text_is_a_value_or_unknown_and_never_a_crash(text):
    for fact in (
        "revenue",
        "staff",
        "market_share",
        "land_area",
        "hnte",
        "industry",
        "registration_date",
        "scope",
    ):
        found = cell(fact, text)
        assert found.value is None or found.kind in (None, "rounded", "serial_date", "day_missing")
