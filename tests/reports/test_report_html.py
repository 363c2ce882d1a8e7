"""A run as a page: the answer first, every sum closing, and nothing unescaped."""

from dataclasses import replace

import pytest

from kaiyuan.matching import BudgetSummary, MissingFact, NearCondition, Summary
from kaiyuan.reports import entitled_firms, report_html
from kaiyuan.reports.drawings import Part, bar, bar_limit, budget_track, stacked
from kaiyuan.rulebook.model import Words
from tests.reports.cast import ON, outcome
from tests.reports.pages import HOSTILE, read, words_of


@pytest.fixture(scope="module")
def found():
    """Give the outcome and the summary of the small zone."""
    _, result, summary = outcome()
    return result, summary


def page(summary, lang="zh", **more):
    return report_html(summary, lang=lang, generated="2026-11-20 09:12", **more)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_run_makes_a_whole_page(found, lang):
    read(page(found[1], lang))


def test_it_leads_with_how_many_firms_are_entitled(found):
    result, summary = found
    entitled = entitled_firms(result.claims)
    assert entitled == 6
    text = words_of(page(summary, entitled=entitled))
    assert text.index("6 家 至少符合一项资金政策") < text.index("全部规则合计")


def test_without_that_number_it_leads_with_the_yeses(found):
    total = sum(a.yes for a in found[1].assessments)
    assert f"{total} 项次 全部规则上的“符合”" in words_of(page(found[1]))


def test_the_rows_read_add_up(found):
    text = words_of(page(found[1]))
    assert "读入 9 行 = 采用 7 + 退回 2，合得上" in text
    assert "42 项次 = 7 家 × 6 项规则" in text


def test_rows_that_do_not_add_up_are_said_to_be_apart(found):
    text = words_of(page(replace(found[1], rows_read=12)))
    assert "读入 12 行，采用 7 + 退回 2 = 9，相差 3" in text
    assert "合得上" not in text


def test_every_assessment_stands_under_its_document_with_its_four_answers(found):
    summary = found[1]
    reader = read(page(summary))
    labels = [attributes["aria-label"] for tag, attributes in reader.tags if attributes.get("class") == "bar"]
    assert len(labels) == len(summary.assessments)
    for a in summary.assessments:
        assert f"符合 {a.yes}，差一条 {a.near}，信息不足 {a.unknown}，暂不符合 {a.no}" in labels
    text = " ".join(reader.text)
    assert "《称号管理办法》示〔2026〕1号" in text and "附件1" in text


def test_money_is_shown_before_and_after_stacking_and_budget(found):
    summary = found[1]
    text = words_of(page(summary))
    granted = sum(a.granted_fen for a in summary.assessments)
    proposed = sum(a.proposed_fen for a in summary.assessments)
    assert granted < proposed
    assert f"{granted / 1e6:,.2f} 万元 叠加、预算后可安排（测算 {proposed / 1e6:,.2f} 万元）" in text
    budget = summary.budgets[0]
    assert budget.claimed_fen == budget.granted_fen + budget.cut_fen + budget.waiting_fen
    assert f"2026 年预算 60.00 万元，申领 {budget.claimed_fen / 1e6:,.2f} 万元" in text


def test_stacking_rules_are_named_with_what_they_took(found):
    text = words_of(page(found[1]))
    assert "就高不重复" in text and "上级已补的不补" in text


def test_missing_facts_and_near_conditions_are_ranked(found):
    text = words_of(page(found[1]))
    missing = text[text.index("缺什么资料 按挡住") :]
    first = found[1].missing[0]
    assert first.label.zh in missing[:200]
    near = text[text.index("差在哪一条 只差这一条") :]
    assert found[1].near[0].words.zh in near[:200]


def test_rules_that_are_off_are_named_and_counted_nowhere(found):
    text = words_of(page(found[1]))
    assert "未启用" in text and "以后再说（演示）" in text
    assert "不计入任何合计" in text


def test_notes_changes_and_fiction_are_said(found):
    text = words_of(page(replace(found[1], changes={"staff_least": "150"})))
    assert "两行没有信用代码" in text
    assert "试算：参数已改动，不是现行规则。 staff_least = 150" in text
    assert "带“（演示）”的规则为虚构" in text


def test_nothing_found_is_said_too():
    empty = Summary(ON, 2025, (), "local", (), 0, 0, 0, (), (), ())
    for lang in ("zh", "en"):
        read(page(empty, lang))
    text = words_of(page(empty))
    assert "没有因缺资料而悬着的结论。" in text and "没有只差一条的企业。" in text


def test_hostile_words_stay_words(found):
    summary = found[1]
    hostile = Words(HOSTILE, HOSTILE)
    summary = replace(
        summary, sources=(HOSTILE,), packs=(HOSTILE,), notes=(HOSTILE,), engine=HOSTILE,
        assessments=tuple(replace(a, title=hostile, document=HOSTILE, clause=HOSTILE) for a in summary.assessments),
        missing=(MissingFact(HOSTILE, hostile, 2025, 3, 2),), near=(NearCondition(HOSTILE, HOSTILE, hostile, 2),),
        off=((HOSTILE, hostile),), budgets=tuple(replace(b, words=hostile, clause=HOSTILE) for b in summary.budgets),
        stacking=tuple(replace(s, words=hostile, clause=HOSTILE) for s in summary.stacking),
    )  # fmt: skip
    for lang in ("zh", "en"):
        assert "".join(read(page(summary, lang)).text).count("<script>alert(1)</script>") > 20


def test_long_rankings_are_folded_after_the_first_lines(found):
    many = tuple(MissingFact(f"f{i}", Words(f"资料{i}"), None, 100 - i, 5) for i in range(40))
    text = page(replace(found[1], missing=many))
    assert "其余 25 项" in words_of(text)
    assert text.index("资料14") < text.index("其余 25 项") < text.index("资料15")


def test_one_that_dwarfs_the_others_is_cut_and_shows_its_break():
    assert bar_limit([5000, 300, 200]) == 450
    assert bar_limit([500, 300, 200]) == 500
    assert bar_limit([]) == 0
    assert "skewX" in bar(5000, limit=450, fill="fa")
    assert "skewX" not in bar(450, limit=450, fill="fa")


def test_parts_of_a_bar_fill_it_and_none_vanishes():
    drawn = stacked([Part(1, "fo"), Part(0, "fw"), Part(9_999, "f0")], total=10_000, label="x")
    assert drawn.count("<rect") == 2
    assert stacked([], total=0, label="x").count("<rect") == 0


def test_a_budget_far_exceeded_is_cut_behind_its_mark():
    drawn = budget_track([(100, "f1"), (0, "f0"), (9_900, "fw")], amount=100, label="x")
    assert 'x1="40.00%"' in drawn and "skewX" in drawn
    assert "skewX" not in budget_track([(100, "f1"), (50, "fw")], amount=100, label="x")
    assert 'x1="99.80%"' in budget_track([(50, "f1"), (50, "f0")], amount=100, label="x")


def test_claims_that_do_not_close_are_marked(found):
    budget = BudgetSummary("b", Words("池"), "一", 2026, "queue", 100, 90, 50, 10, 10, 3, 2, 1)
    text = page(replace(found[1], budgets=(budget,)))
    card = text[text.index('class="k-panel k-budget"') : text.index("</article>")]
    assert 'd="M10 3.2l7.4' in card
