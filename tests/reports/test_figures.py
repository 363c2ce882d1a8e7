from datetime import date
from fractions import Fraction

import pytest

from kaiyuan.reports.figures import (
    count,
    day,
    difference,
    exact_number,
    money,
    monies,
    percent,
    quantities,
    quantity,
)

WAN = 1_000_000  # fen


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (109_840_000 * 10, "1,098.40 万元", "10.98 million yuan"),
        (30 * WAN, "30.00 万元", "300,000 yuan"),
        (74_400_50, "7.44 万元", "74,400.50 yuan"),
        (99_999_999_00, "10,000.00 万元", "100.00 million yuan"),
        (100_000_000_00, "1.00 亿元", "100.00 million yuan"),
        (123_456_789_012, "12.35 亿元", "1.23 billion yuan"),
        (99_50, "99.50 元", "99.50 yuan"),
        (0, "0.00 万元", "0 yuan"),
        (-30 * WAN, "−30.00 万元", "−300,000 yuan"),
    ],
)
def test_money_is_written_in_the_unit_that_suits_its_size(fen, zh, en):
    assert str(money(fen, lang="zh")) == zh
    assert str(money(fen, lang="en")) == en


def test_amounts_beside_each_other_share_one_unit():
    assert [str(amount) for amount in monies([1_000_000_000_000, 5 * WAN], lang="zh")] == [
        "100.00 亿元",
        "0.00 亿元",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "ratio", "zh", "en"),
    [
        (Fraction("1098.4"), "万元", False, "1,098.40 万元", "10.98 million yuan"),
        (Fraction("0.046"), "", True, "4.6%", "4.6%"),
        (Fraction(1, 3), "", True, "33.33%", "33.33%"),
        (Fraction(9), "年", False, "9 年", "9 years"),
        (Fraction(1), "年", False, "1 年", "1 year"),
        (Fraction("18.14"), "万元/人", False, "18.14 万元/人", "181,400 yuan per person"),
        (Fraction("2.694"), "万元/吨标准煤", False, "2.69 万元/吨标准煤", "26,940 yuan per tce"),
        (Fraction(66), "分", False, "66 分", "66 points"),
        (Fraction(1234567), "人", False, "1,234,567 人", "1,234,567 people"),
        (Fraction(500), "元", False, "500 元", "500 yuan"),
        (Fraction(3), "P·月", False, "3 P·月", "3 PFLOPS-months"),
        (Fraction(7), "蒲式耳", False, "7 蒲式耳", "7 蒲式耳"),
    ],
)
def test_a_figure_is_written_with_its_unit(value, unit, ratio, zh, en):
    assert str(quantity(value, unit, lang="zh", ratio=ratio)) == zh
    assert str(quantity(value, unit, lang="en", ratio=ratio)) == en


def test_figures_that_are_compared_share_unit_and_decimals():
    pair = quantities([Fraction("1098.4"), Fraction(40_000)], "万元", lang="zh")
    assert [str(each) for each in pair] == ["1,098.40 万元", "40,000.00 万元"]
    pair = quantities([Fraction("0.046"), Fraction("0.05")], "", lang="zh", ratio=True)
    assert [str(each) for each in pair] == ["4.6%", "5.0%"]


def test_figures_that_differ_never_look_alike():
    pair = quantities([Fraction("1199.999"), Fraction(1200)], "万元", lang="zh")
    assert [str(each) for each in pair] == ["1,199.999 万元", "1,200.000 万元"]
    pair = quantities([Fraction(49999, 1_000_000), Fraction("0.05")], "", lang="zh", ratio=True)
    assert [str(each) for each in pair] == ["4.9999%", "5.0000%"]


def test_the_difference_of_ratios_is_in_percentage_points():
    beside = (Fraction("0.046"), Fraction("0.05"))
    assert str(difference(Fraction("0.004"), beside, "", lang="zh", ratio=True)) == "0.4 个百分点"
    assert str(difference(Fraction("0.004"), beside, "", lang="en", ratio=True)) == "0.4 percentage points"
    assert str(difference(Fraction("0.01"), beside, "", lang="en", ratio=True)) == "1.0 percentage point"


def test_a_difference_that_is_not_zero_is_never_shown_as_zero():
    shown = difference(Fraction(1, 3000), (Fraction(3), Fraction(3)), "年", lang="zh")
    assert str(shown) == "0.0003 年"


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (Fraction(5), 5),
        (Fraction("1098.4"), "1098.4"),
        (Fraction("-0.046"), "-0.046"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 8), "0.125"),
        (Fraction(10**30), 10**30),
    ],
)
def test_numbers_for_machines_lose_nothing(value, exact):
    assert exact_number(value) == exact


def test_counts_shares_and_days():
    assert count(1_234_567) == "1,234,567"
    assert (percent(6, 7), percent(1, 0)) == ("85.7%", "—")
    assert day(date(2026, 11, 20)) == "2026-11-20"
