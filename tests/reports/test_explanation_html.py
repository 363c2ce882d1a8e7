"""One decision as a page: answer first, coaching, reasons with evidence, and nothing unescaped."""

import re

import pytest

from kaiyuan.reports import explanation_html
from tests.reports.cast import explained
from tests.reports.pages import HOSTILE, read, words_of

CASES = {
    "yes": ("champion", {}),
    "near": ("champion", {"rd": 368, "rd__1": 900}),
    "no": ("champion", {"rd": 100, "title": False}),
    "unknown": ("champion", {"rd__1": None, "share": None}),
    "class": ("size", {}),
    "score": ("scored", {"staff": None}),
    "amount": ("subsidy", {"rd": 300}),
    "open amount": ("subsidy", {"rd": None}),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_answer_makes_a_whole_page(case, lang):
    assessment, facts = CASES[case]
    page = explanation_html(explained(assessment, **facts), lang=lang, generated="2026-11-20 09:12")
    read(page)
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page
    assert "2026-11-20 09:12" in page


def test_the_answer_stands_before_the_reasons_and_the_nature_is_said():
    text = words_of(explanation_html(explained("champion", rd=368, rd__1=900)))
    order = [
        "称号管理办法",
        "差一条",
        "测算日 2026-11-20",
        "这是测算，不是决定",
        "怎么补上这一条",
        "理由 1 条",
        "口径与说明",
    ]
    places = [text.index(word, text.index("示范称号", text.index("跳到正文"))) for word in order]
    assert places == sorted(places)


def test_the_gap_is_coached_in_its_own_unit_and_in_money():
    text = words_of(explanation_html(explained("champion", rd=368, rd__1=900)))
    assert "4.6% → 5.0%， 差 0.4 个百分点 ，约 32.00 万元（分母不变时）" in text
    assert "现在 4.6%" in text and "需要 5.0%" in text


def test_each_value_has_its_source_and_date():
    text = words_of(explanation_html(explained("champion", rd=368, rd__1=900)))
    assert "2025年研发费用 368.00 万元 名单.xlsx · rd 2026-10-31" in text


def test_what_is_met_is_folded_and_what_is_not_stands_open():
    page = explanation_html(explained("champion", rd=368, rd__1=900))
    folded = re.search(r"<details class=\"k-fold\">(.*?)</details>", page, re.S)
    assert folded is not None
    assert "已符合的 4 条" in folded[1] and "持有称号" in folded[1]
    assert "研发占比不低于5%" not in folded[1]


def test_a_yes_unfolds_its_reasons():
    assert '<details class="k-fold" open>' in explanation_html(explained("champion"))


def test_missing_facts_are_split_into_needed_and_enough():
    text = words_of(explanation_html(explained("champion", rd__1=None, share=None)))
    asked = text[text.index("补齐这些资料即可判断") : text.index("缺资料不等于不符合。补上")]
    assert asked.index("2024年研发费用") < asked.index("以下任何一项属实即可") < asked.index("市场占有率")


def test_what_only_an_unneeded_alternative_lacks_is_not_asked_for():
    text = words_of(explanation_html(explained("champion", rd__1=None)))
    asked = text[text.index("补齐这些资料即可判断") : text.index("缺资料不等于不符合。补上")]
    assert "行业排名" not in asked and "2024年研发费用" in asked


def test_a_score_is_a_range_when_facts_are_missing():
    text = words_of(explanation_html(explained("scored", staff=None)))
    assert "70–100 分" in text and "满分 100" in text


def test_the_amount_is_what_it_would_be_before_the_yes():
    text = words_of(explanation_html(explained("subsidy", rd=300)))
    assert "30.00 万元 符合后可得" in text
    assert "30.00 万元 测算金额" in words_of(explanation_html(explained("subsidy", rd=300, revenue=5000)))


def test_fiction_and_confidential_facts_are_labelled():
    text = words_of(explanation_html(explained("subsidy")))
    assert "演示：所用规则为虚构" in text
    assert "本页含企业保密信息" in text
    assert "保密" not in words_of(explanation_html(explained("size")))


def test_a_trial_says_which_parameter_was_changed():
    text = words_of(explanation_html(explained("size", changes={"staff_least[工业]": "150"})))
    assert "试算：参数已改动，不是现行规则。 staff_least[工业] = 150" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_and_words_stay_words(lang):
    e = explained("negated", name=HOSTILE, code=HOSTILE, industry=HOSTILE)
    page = explanation_html(e, lang=lang, generated=HOSTILE)
    reader = read(page)
    assert "".join(reader.text).count("<script>alert(1)</script>") >= 4
    assert "{{7*7}}" in "".join(reader.text)


def test_english_pages_hold_no_chinese_of_ours():
    # Documents keep their own titles, rules their own wording, tables their own words.
    kept = [
        "称号管理办法",
        "奖励办法（演示）",
        "示〔2026〕1号",
        "示演〔2026〕2号",
        "附件1",
        "附件2",
        "第二条",
        "第三条",
        "第四条",
    ]
    kept += ["《", "》", "示范部门", "名单", "工业", "从业人员", "研发费用", "营业收入", "万元"]
    for assessment, facts in CASES.values():
        text = words_of(explanation_html(explained(assessment, name="Firm", **facts), lang="en"))
        for words in kept:
            text = text.replace(words, "")
        assert re.findall(r"[\u4e00-\u9fff]+", text) == []
