"""Figures and dates as readers see them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from kaiyuan.site.templatetags import figures


def shown(write, *values, language="zh-hans") -> str:
    with override(language):
        return strip_tags(str(write(*values)))


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0.00万元", "0yuan"),
        (40_000_000, "40.00万元", "400,000yuan"),
        (109_840_000, "109.84万元", "1.10million yuan"),
        (999_999_999_999, "100.00亿元", "10.00billion yuan"),
        (-101_600_000, "−101.60万元", "−1.02million yuan"),
    ],
)
def test_money_is_written_in_the_unit_that_suits_it(fen, zh, en):
    assert shown(figures.money, fen) == zh
    assert shown(figures.money, fen, language="en") == en


def test_money_keeps_the_exact_yuan_behind_what_is_rounded():
    with override("zh-hans"):
        text = str(figures.money(109_844_912))
    assert 'value="1098449.12"' in text and 'title="1,098,449.12 元"' in text and ">109.84<" in text


@pytest.mark.parametrize(
    "write",
    [
        figures.money, figures.yuan, figures.ten_thousand, figures.grouped, figures.percent, figures.points,
        figures.growth, figures.land, figures.file_size,
    ],
)  # fmt: skip
def test_a_figure_that_is_not_known_is_said_to_be_unknown_never_zero(write):
    assert shown(write, None) == "未知"
    assert shown(write, None, language="en") == "unknown"


def test_thousands_are_parted_by_commas_in_both_languages():
    assert (
        shown(figures.grouped, 12_345_678)
        == shown(figures.grouped, 12_345_678, language="en")
        == "12,345,678"
    )
    assert shown(figures.grouped, 1234.5, 2) == "1,234.50"


def test_columns_whose_head_names_the_unit_get_figures_alone():
    assert shown(figures.ten_thousand, 109_840_000) == "109.84"
    assert shown(figures.yuan, 109_840_050) == "1,098,400.50"


def test_ratios_are_per_cent_and_their_differences_are_points():
    assert shown(figures.percent, 0.046) == "4.6%"
    assert shown(figures.points, 0.004) == "+0.4 个百分点"
    assert shown(figures.points, -0.057, language="en") == "−5.7 percentage points"


def test_growth_carries_its_sign_twice():
    assert shown(figures.growth, 0.112) == "▲ +11.2%"
    assert shown(figures.growth, -0.034) == "▼ −3.4%"
    assert shown(figures.growth, 0) == "0.0%"


def test_land_is_written_in_mu_and_square_metres():
    assert shown(figures.land, 20_000) == "30 亩（20,000 ㎡）"
    assert shown(figures.land, 666.67, language="en") == "1 mu (666.67 m²)"


def test_days_are_iso_in_tables_and_words_in_prose():
    on = date(2026, 11, 5)
    assert shown(figures.day, on) == "2026-11-05"
    assert shown(figures.long_day, on) == "2026年11月5日"
    assert shown(figures.long_day, on, language="en") == "5 November 2026"
    assert shown(figures.day, None) == shown(figures.moment, None) == shown(figures.long_day, None) == "—"


def test_moments_are_told_in_the_time_of_the_zone():
    at = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)
    assert shown(figures.moment, at) == "2026-11-20 00:30"
    assert shown(figures.day, at) == "2026-11-20"


@pytest.mark.parametrize(
    ("count", "words"),
    [(912, "912 B"), (34_500, "34.5 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"), (2_134_000, "2.1 MB")],
)
def test_files_have_a_size_people_can_compare(count, words):
    assert shown(figures.file_size, count) == words
