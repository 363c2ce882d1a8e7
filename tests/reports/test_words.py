"""The vocabulary is complete in both languages and holds nothing that nobody says."""

import re
from pathlib import Path

import pytest

from kaiyuan.reports.phrases import PHRASES
from kaiyuan.reports.units import unit_words
from kaiyuan.reports.words import ANSWERS, answer_word, counted, listed, say

SOURCES = Path(__file__).resolve().parents[2] / "src" / "kaiyuan" / "reports"
CODE = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.py")) if "phrases" not in path.name
)


@pytest.mark.parametrize("key", PHRASES)
def test_every_phrase_is_said_in_both_languages_with_the_same_parts(key):
    zh, en = PHRASES[key]
    assert zh and en
    assert set(re.findall(r"{(\w+)}", zh)) == set(re.findall(r"{(\w+)}", en)) or key.endswith(".one")
    assert not re.search(r"[\u4e00-\u9fff]", en), "English shows no Chinese"
    assert not re.search(r"[,;:!?](?!\d)", zh), "Chinese has its own punctuation"


def test_every_phrase_that_is_written_out_in_code_exists():
    written = set(re.findall(r'(?:say|counted)\(\s*(?:self\.)?lang,\s*f?"([a-z_.]+)"', CODE))
    assert written
    assert {key for key in written if key not in PHRASES} == set()


def test_no_phrase_is_left_over():
    ends = "spare A B C entitlement title threshold grade size least greatest years days all any at_least"
    ends += " pro_rata ranked first_come queue highest_only cap_per_firm exclude_if_funded"
    enumerated = {*ANSWERS, *ends.split()}

    def quoted(text):
        return re.search(rf"""["']{re.escape(text)}["']""", CODE) is not None

    def said(key):
        whole = key.removesuffix(".one")
        start, _, last = whole.partition(".")
        built = f'"{start}.{{' in CODE and (last in enumerated or quoted(last.removesuffix("_head")))
        return quoted(whole) or built or f'f"{{id_}}.{last}"' in CODE

    assert {key for key in PHRASES if not said(key)} == set()


def test_the_four_answers_have_their_words():
    assert [answer_word(answer, lang="zh") for answer in ANSWERS] == [
        "符合",
        "差一条",
        "信息不足",
        "暂不符合",
    ]
    assert answer_word("near", lang="en") == "One condition short"


def test_english_counts_one_differently():
    assert counted("en", "explanation.passed", 1) == "1 condition met"
    assert counted("en", "explanation.passed", 1200) == "1,200 conditions met"
    assert counted("zh", "explanation.passed", 1) == "已符合的 1 条"


def test_lists_are_joined_as_each_language_joins_them():
    assert listed("zh", ["甲", "乙"]) == "甲、乙"
    assert listed("en", ["a", "b"]) == "a, b"
    assert say("zh", "brackets", text="甲") == "（甲）"


def test_units_are_words_in_english_and_stay_in_chinese():
    assert unit_words("人", lang="zh") == "人"
    assert unit_words("人", lang="en") == "people"
    assert unit_words("人", lang="en", one=True) == "person"
    assert unit_words("吨标准煤/万元", lang="en") == "tce per 10,000 yuan"
