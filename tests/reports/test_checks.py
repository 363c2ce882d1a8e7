"""What a condition looks at, in words: actual, needed, gap — with the sign that the rule really wants."""

import pytest

from kaiyuan.reports.checks import checks_of
from kaiyuan.reports.reasons import answers_by_id, condition_label, missing_facts, reasons
from tests.reports.cast import explained


def lines(assessment, condition, lang="zh", **facts):
    e = explained(assessment, **facts)
    answer = answers_by_id(e)[condition]
    checks = checks_of(answer, lang=lang, base_year=e.base_year, score=e.score)
    return [(c.label, c.actual, c.needed, c.gap, c.about, c.satisfied) for c in checks]


def test_a_ratio_shows_its_gap_in_percentage_points_and_in_money():
    assert lines("champion", "rd_ratio", rd=368) == [
        ("2025年研发费用 ÷ 营业收入", "4.6%", "≥ 5.0%", "差 0.4 个百分点", "约 32.00 万元", "no")
    ]
    assert lines("champion", "rd_ratio", lang="en", rd=368) == [
        (
            "R&D expense ÷ Revenue 2025",
            "4.6%",
            "≥ 5.0%",
            "0.4 percentage points short",
            "about 320,000 yuan",
            "no",
        )
    ]


def test_a_margin_that_is_left_is_shown_too():
    assert lines("champion", "rd_two")[0][1:] == (
        "1,300.00 万元", "≥ 1,200.00 万元", "余 100.00 万元", "", "yes",
    )  # fmt: skip


def test_a_value_on_the_line_is_exactly_there():
    assert lines("champion", "rd_ratio", rd=400)[0][3] == "正好"


def test_an_unknown_fact_is_unknown_and_has_no_gap():
    assert lines("champion", "rd_two", rd__1=None) == [
        ("2025年研发费用 + 2024年研发费用", "未知", "≥ 1,200.00 万元", "", "", "unknown")
    ]


def test_a_lower_and_an_upper_limit_are_one_line():
    assert lines("champion", "rank", rank=5) == [("行业排名", "5 名", "1–3 名", "超 2 名", "", "no")]
    assert lines("champion", "rank", rank=2) == [("行业排名", "2 名", "1–3 名", "", "", "yes")]


def test_what_must_not_be_is_needed_as_no():
    assert lines("champion", "dishonest", dishonest=True) == [("严重失信", "是", "否", "", "", "no")]
    e = explained("champion")
    assert condition_label(answers_by_id(e)["dishonest"], lang="zh") == "不得：列入失信名单"
    assert condition_label(answers_by_id(e)["dishonest"], lang="en").startswith("Must not apply")


def test_under_a_not_the_sign_is_turned():
    label, actual, needed, gap, _, satisfied = lines("negated", "young")[0]
    assert (label, actual, needed, gap, satisfied) == ("距成立日期满年数", "3 年", "< 5 年", "余 2 年", "yes")
    assert lines("negated", "young", lang="en")[0][2] == "< 5 years"


def test_below_none_a_comparison_is_turned_as_well():
    assert lines("negated", "small")[0][2:4] == ("≥ 10 人", "余 172 人")
    assert lines("negated", "small", staff=7)[0][2:] == ("≥ 10 人", "差 3 人", "", "no")


def test_words_and_days_are_shown_as_what_they_are():
    assert lines("negated", "trade", industry="批发业") == [
        ("行业", "批发业", "属于：工业、建筑业", "", "", "no")
    ]
    assert lines("negated", "since") == [("成立日期", "2023-05-06", "≥ 2020-01-01", "", "", "yes")]


def test_a_table_parameter_shows_the_word_it_depends_on():
    e = explained("size")
    (check,) = checks_of(answers_by_id(e)["staff"], lang="zh", base_year=e.base_year)
    assert check.needed == "≥ 300 人"
    assert {fact.name for fact in check.facts} == {"staff", "industry"}


def test_a_word_that_the_table_does_not_list_leaves_the_need_unknown():
    e = explained("size", industry="批发业")
    (check,) = checks_of(answers_by_id(e)["staff"], lang="zh", base_year=e.base_year)
    assert (check.needed, check.gap, check.satisfied) == ("未知", "", "unknown")


def test_an_open_score_is_shown_as_a_range():
    assert lines("scored", "points", staff=None, rd=100)[0][1:3] == ("10–40 分", "≥ 60 分")
    assert lines("scored", "points", lang="en", rd=100)[0][1] == "40 points"


def test_a_score_that_cannot_reach_the_line_says_what_is_lacking_at_best():
    assert lines("scored", "points", staff=None, rd=100)[0][3] == "最少差 20 分"
    assert lines("scored", "points", lang="en", staff=None, rd=100)[0][3] == "20 points short at best"


def test_what_stands_in_the_way_comes_first_and_what_is_met_last():
    e = explained("champion", rd=368, rd__1=None, rank=2)
    found = reasons(e.tree, lang="zh", base_year=e.base_year)
    assert [row.label for row in found.open] == ["研发占比不低于5%", "两年研发合计不低于1200万元"]
    assert (found.not_met, found.unknown, found.met) == (1, 1, 3)


def test_an_alternative_that_is_not_needed_is_no_fault():
    e = explained("champion", rank=9)
    rows = reasons(e.tree, lang="zh", base_year=e.base_year).passed
    group = next(index for index, row in enumerate(rows) if row.answer is None)
    assert rows[group].label == "以下任一即可"
    assert [(row.label, row.result) for row in rows[group + 1 : group + 3]] == [
        ("排名前三", "spare"), ("占有率不低于10%", "yes"),
    ]  # fmt: skip


def test_facts_missing_in_the_score_are_asked_for_as_well():
    e = explained("scored", staff=None, rd=None)
    assert e.answer == "unknown"
    assert {fact.name for fact, _ in missing_facts(e)} == {"staff", "rd"}


@pytest.mark.parametrize("assessment", ["champion", "size", "scored", "negated", "subsidy"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_line_of_every_rule_has_words(assessment, lang):
    e = explained(assessment)
    for answer in e.conditions():
        for check in checks_of(answer, lang=lang, base_year=e.base_year, score=e.score):
            assert check.label and check.actual and check.needed
