"""The workbook an officer wants: who is eligible, who is one condition short and by how much, what to ask for."""

from dataclasses import replace

import openpyxl
import pyarrow as pa
import pytest

from kaiyuan.reports.checks import checks_of
from kaiyuan.reports.gaps import NearMisses
from kaiyuan.reports.reasons import answers_by_id
from kaiyuan.reports.workbook import aligned, decision_batches, write_workbook_of
from kaiyuan.reports.workbook_sheets import sheet_names
from kaiyuan.rulebook import explain
from kaiyuan.rulebook.model import Words
from tests.reports.cast import FIRMS, batch, outcome

HEAD_ZH = "结果"


def written(folder, firms=FIRMS, lang="zh", summary=None, **more):
    """Write a workbook of firms and read it back: rows by sheet."""
    rules, found, counted = outcome(firms, out=folder)
    path = folder / "matches.xlsx"
    write_workbook_of(
        path, summary=summary(counted) if summary else counted, plan=rules,
        pairs=aligned([batch(firms)], decision_batches(found.decisions)), awards=found.awards, lang=lang, **more,
    )  # fmt: skip
    book = openpyxl.load_workbook(path)
    return book, counted


def table(book, sheet, head=HEAD_ZH):
    """Give the rows of a sheet below its head, each by column."""
    rows = list(book[sheet].iter_rows(values_only=True))
    start = next(index for index, row in enumerate(rows) if row[0] == head)
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


def test_the_first_sheet_is_the_summary_and_each_assessment_has_its_own(tmp_path):
    book, summary = written(tmp_path)
    assert book.sheetnames[:5] == ["汇总", "预算与叠加", "缺的资料", "差一条", "依据"]
    assert book.sheetnames[5:] == [a.title.zh for a in summary.assessments]
    rows = table(book, "汇总", head="规则")
    assert [(r["规则"], r["符合"], r["差一条"], r["信息不足"], r["暂不符合"]) for r in rows[:-1]] == [
        (a.title.zh, a.yes, a.near, a.unknown, a.no) for a in summary.assessments
    ]
    assert rows[-1]["合计（家）"] == 7 * len(summary.assessments)
    texts = [row[0] for row in book["汇总"].iter_rows(values_only=True)]
    assert "读入 9 行 = 采用 7 + 退回 2，合得上" in texts


def test_the_eligible_stand_with_their_amount_before_and_after_stacking(tmp_path):
    book, _ = written(tmp_path)
    rows = [row for row in table(book, "研发补助（演示）") if row["结果"] == "符合"]
    found = {
        row["企业名称"]: (row["测算金额（元）"], row["可安排（元）"], row["金额变动原因"]) for row in rows
    }
    assert found["示例精密（合成）"][0] == 500_000
    assert found["示例云算（合成）"] == (500_000, 0, "上级已补的不补")
    assert all(row["差的条件"] is None for row in rows)


def test_a_near_miss_stands_with_its_condition_its_gap_and_its_unit(tmp_path):
    book, _ = written(tmp_path)
    (row,) = [row for row in table(book, "示范称号") if row["企业名称"] == "示例激光（合成）"]
    assert (row["结果"], row["差的条件"], row["条款"]) == ("差一条", "研发占比不低于5%", "第三条")
    assert (row["现值"], row["要求"]) == ("4.6%", "≥ 5.0%")
    assert (row["差距"], row["差距单位"], row["折合"], row["折合单位"]) == (0.4, "个百分点", 32, "万元")


def test_the_unknown_stand_with_the_facts_to_ask_for(tmp_path):
    book, _ = written(tmp_path)
    (row,) = [row for row in table(book, "示范称号") if row["企业名称"] == "示例试剂（合成）"]
    assert (row["结果"], row["要补的资料"]) == ("信息不足", "2024年研发费用")


def test_answers_come_in_order_and_the_rest_is_counted_not_listed(tmp_path):
    book, summary = written(tmp_path)
    counted = next(a for a in summary.assessments if a.id == "champion")
    answers = [row["结果"] for row in table(book, "示范称号")]
    assert answers == ["符合"] * counted.yes + ["差一条"] * counted.near + ["信息不足"] * counted.unknown
    texts = [row[0] for row in book["示范称号"].iter_rows(values_only=True) if row[0]]
    assert texts[1] == "《称号管理办法》示〔2026〕1号 附件1"
    assert texts[2].startswith("测算日 2026-11-20 · 基准年度 2025 · 规则 real.titles/champion@2026-01-01")
    assert f"“暂不符合”的 {counted.no} 家不逐一列出。" in texts[3]


def test_classes_and_scores_have_columns_of_their_own(tmp_path):
    book, _ = written(tmp_path)
    assert {row["类别"] for row in table(book, "规模")} == {"大型", "小型", None}
    assert next(row["得分"] for row in table(book, "评分称号") if row["结果"] == "符合") == "100"


def test_english_says_the_same(tmp_path):
    book, _ = written(tmp_path, lang="en")
    (row,) = [
        row for row in table(book, "Model title", head="Answer") if row["Answer"] == "One condition short"
    ][:1]
    assert (row["Condition short"], row["Unit of gap"]) == (
        "R&D at least 5 % of revenue",
        "percentage points",
    )


def test_codes_stay_text_and_nothing_is_a_formula(tmp_path):
    hostile = [(code, name, {}) for code, name in (
        ("=1+1", "=HYPERLINK(\"http://x\")"), ("+86", "@SUM(A1)"), ("-1", "-2+3"), ("012345678901234567", "\tTab"),
        ("911101080000000001", "坏\x00字\x0b符"),
    )]  # fmt: skip

    def renamed(summary):
        return replace(
            summary, sources=("=cmd|' /C calc'!A0",),
            assessments=tuple(replace(a, title=Words("=1+1", "=1+1")) for a in summary.assessments),
        )  # fmt: skip

    book, _ = written(tmp_path, firms=hostile, summary=renamed)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert {"=1+1", "@SUM(A1)", "-2+3", "012345678901234567"} <= {cell.value for cell in cells}
    assert "坏�字�符" in {cell.value for cell in cells}


def test_the_head_is_frozen_and_filtered(tmp_path):
    book, _ = written(tmp_path)
    sheet = book["示范称号"]
    assert sheet.freeze_panes == "A6"
    assert sheet.auto_filter.ref.startswith("A5:")
    assert sheet.column_dimensions["B"].width > 30


def test_a_full_sheet_says_what_it_leaves_out(tmp_path):
    firms = [(f"{index:018d}", f"企业{index}", {}) for index in range(40)]
    book, _ = written(tmp_path, firms=firms, rows_per_sheet=20)
    sheet = book["示范称号"]
    assert sheet.max_row == 20
    listed = len(table(book, "示范称号"))
    texts = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert f"Excel 一张表最多 20 行：另有 {40 - listed} 家未列出，见 decisions.arrow。" in texts


def test_beyond_the_limit_near_misses_keep_their_condition_and_say_so(tmp_path):
    firms = [(f"{index:018d}", f"企业{index}", {"rd": 368, "rd__1": 900}) for index in range(5)]
    book, _ = written(tmp_path, firms=firms, most_measured=2)
    rows = table(book, "示范称号")
    assert [row["差距"] for row in rows] == [0.4, 0.4, None, None, None]
    assert {row["差的条件"] for row in rows} == {"研发占比不低于5%"}
    texts = [row[0] for row in book["示范称号"].iter_rows(values_only=True)]
    assert "差一条的前 2 家算出差距，其余只写条件。" in texts


def test_facts_and_decisions_of_other_sizes_are_brought_together():
    whole = batch()
    pairs = list(aligned([whole.slice(0, 3), whole.slice(3, 4)], [whole.slice(0, 5), whole.slice(5, 2)]))
    assert [facts.num_rows for facts, _ in pairs] == [3, 2, 2]
    for facts, decided in pairs:
        assert facts.column("subject").equals(decided.column("subject"))


NEAR = [
    {"rd": 368, "rd__1": 900}, {"share": 0.05, "rank": 7}, {"share": 0.05, "rank": None, "title": True},
    {"title": False}, {"dishonest": True}, {"rd__1": 500}, {"founded": None}, {"industry": "批发业"},
    {"rd": 100, "staff": None}, {"staff": 9}, {"rd": 100, "staff": 10, "rd__1": 9999}, {"revenue": 99_999_999},
]  # fmt: skip


@pytest.mark.parametrize("assessment", ["champion", "scored", "negated", "subsidy"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_gaps_in_columns_are_those_of_the_explanation(assessment, lang):
    rules, _, _ = outcome()
    firms = [(str(index), f"企业{index}", facts) for index, facts in enumerate(NEAR)]
    facts = batch(firms)
    found = 0
    explanations = [
        explain(plan=rules, batch=facts, row=row, assessment=assessment) for row in range(len(firms))
    ]
    near = [row for row, e in enumerate(explanations) if e.answer == "near"]
    misses = NearMisses(
        plan=rules, assessment=rules.assessment(assessment), batch=facts.take(pa.array(near, pa.int64()))
    )
    for row, short in zip(near, misses.shorts(lang=lang), strict=True):
        e = explanations[row]
        assert short is not None
        assert (short.leaf.condition.id,) in e.ways
        expected = [
            check for check in checks_of(
                answers_by_id(e)[short.leaf.condition.id], lang=lang, base_year=e.base_year, score=e.score
            ) if check.satisfied == "no"
        ]  # fmt: skip
        assert [(c.actual, c.needed, c.gap, c.about, c.short) for c in short.checks] == [
            (c.actual, c.needed, c.gap, c.about, c.short) for c in expected
        ]
        found += 1
    assert found


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["甲", "甲", "甲"], ["甲", "甲 2", "甲 3"]),
        (["a/b:c*d?e[f]g\\h"], ["a／b：c＊d？e【f】g＼h"]),
        (["汇总"], ["汇总 2"]),
        (["'quoted'"], ["quoted"]),
        (["x" * 40, "X" * 40], ["x" * 31, "X" * 29 + " 2"]),
        (["", "\x00"], ["?", "? 2"]),
    ],
)
def test_sheets_have_names_that_excel_takes(titles, names):
    assert sheet_names(titles, lang="zh") == names
