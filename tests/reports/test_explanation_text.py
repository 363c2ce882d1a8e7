"""One decision on a terminal: complete, folded to the width, in either language."""

import pytest

from kaiyuan.reports import explanation_lines, explanation_text
from kaiyuan.reports.explanation_text import columns
from tests.reports.cast import explained


def test_the_answer_comes_first_and_then_what_to_do():
    text = explanation_text(explained("champion", rd=368, rd__1=900), lang="zh", width=100)
    head, coaching, reasons, *_ = text.split("\n\n")
    assert head.startswith("示范称号：差一条")
    assert "《称号管理办法》示〔2026〕1号 附件1" in head
    assert "这是测算，不是决定" in head
    assert "4.6% → 5.0%，差 0.4 个百分点，约 32.00 万元" in coaching
    assert reasons.splitlines()[1].strip().startswith("× 研发占比不低于5%")


def test_english_says_the_same():
    text = explanation_text(explained("champion", rd=368, rd__1=900), lang="en", width=100)
    assert text.startswith("Model title: One condition short")
    assert "4.6% → 5.0%, 0.4 percentage points short, about 320,000 yuan" in text
    assert "An estimate, not a decision" in " ".join(text.split())


def test_missing_facts_are_asked_for():
    text = explanation_text(explained("champion", rd__1=None), lang="zh")
    assert "补齐这些资料即可判断" in text
    assert "2024年研发费用（单位 万元）" in text
    assert "缺资料不等于不符合" in text


def test_several_gaps_are_listed_as_ways():
    text = explanation_text(explained("champion", rd=100, title=False), lang="zh")
    assert "到“符合”的最短路径" in text
    assert "示范称号：暂不符合（至少差 3 条）" in text
    assert "这些都要改变或证实" in text


def test_what_is_unknown_is_not_counted_as_lacking():
    text = explanation_text(explained("champion", rd=100, title=None), lang="zh")
    assert "示范称号：暂不符合（至少差 2 条）" in text
    assert "最少 3 条要改变或证实" in text


def test_a_record_is_to_be_checked_not_to_be_arranged():
    text = explanation_text(explained("champion", dishonest=True), lang="zh")
    assert "先核对这条记录是否有误" in text


def test_a_class_is_the_answer_of_a_rule_that_classifies():
    assert explanation_text(explained("size")).startswith("规模：小型")


def test_fictional_rules_and_changed_parameters_say_so_at_once():
    assert explanation_text(explained("subsidy")).startswith("演示：")
    changed = explained("size", changes={"staff_least[工业]": "150"})
    assert explanation_text(changed).startswith("试算：参数已改动，不是现行规则。 staff_least[工业] = 150")


@pytest.mark.parametrize("width", [40, 57, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("assessment", ["champion", "size", "scored", "subsidy"])
def test_no_line_is_wider_than_the_terminal(assessment, lang, width):
    e = explained(assessment, name="很长的企业名称" * 8, rd=100, rd__1=None)
    for line in explanation_text(e, lang=lang, width=width).splitlines():
        # A closing sign may hang over rather than begin a line.
        assert sum(map(columns, line.rstrip("，。；：、）”》！？,.;:)%"))) <= width


def test_folding_loses_no_character():
    e = explained("champion", rd=368, rd__1=900)
    wide = "".join(explanation_text(e, width=10_000).split())
    narrow = "".join(explanation_text(e, width=40).split())
    assert wide == narrow


def test_the_pieces_of_a_line_say_what_they_are():
    lines = explanation_lines(explained("champion", rd=368, rd__1=900))
    roles = {piece.role for line in lines for piece in line.pieces}
    assert {"title", "near", "no", "yes", "quiet"} <= roles <= {
        "", "title", "value", "note", "quiet", "yes", "near", "no", "unknown", "spare",
    }  # fmt: skip
