"""The fact dictionary is read whole, and refused where two facts could be mistaken for each other."""

import pytest

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.yaml import facts_from_data, read_facts
from tests.rulebook.yaml_samples import FACTS


def one(text):
    return next(
        iter(read_facts(f"facts:\n  a: {{label: {{zh: 甲, en: A}}, class: public, {text}}}\n").values())
    )


def refusal(text):
    with pytest.raises(RuleError) as caught:
        read_facts(text, file="facts.yaml")
    return str(caught.value)


def test_a_fact_has_its_names_type_unit_period_and_class():
    revenue = FACTS["revenue"]
    assert (revenue.zh, revenue.en, revenue.type, revenue.unit) == ("营业收入", "Revenue", "money", "万元")
    assert (revenue.period, revenue.privacy, revenue.aliases) == ("year", "confidential", ("营收额",))
    assert FACTS["industry"].category("建筑") == "建筑业" and FACTS["staff"].period == "moment"


def test_notes_decimals_and_packs_are_kept():
    fact = one("type: number, unit: 亩, decimals: 2, note: {zh: 按证载面积}")
    assert fact.decimals == 2 and fact.note_zh == "按证载面积" and fact.note_en == ""
    assert read_facts("facts: {a: {label: {zh: 甲}, type: text, class: public}}", pack="p")["a"].pack == "p"
    assert one("type: number, unit: 分").unit == "分", "分 counts points here, not money"


def test_a_dictionary_may_come_from_plain_data():
    read = facts_from_data({"facts": {"a": {"label": {"zh": "甲"}, "type": "boolean", "class": "public"}}})
    assert read["a"].en == "甲"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("type: money", "facts.yaml:2: a money fact has no unit of money: 'a'. Add unit: 元, 万元 or 亿元"),
        (
            "type: money, unit: 人",
            "facts.yaml:2: a money fact has no unit of money: '人'. Add unit: 元, 万元 or 亿元",
        ),
        (
            "type: ratio, unit: '%'",
            "facts.yaml:2: a ratio fact takes no unit: '%'. Take unit out; a ratio of 3 % is written 0.03",
        ),
        (
            "type: number, unit: 万元",
            "facts.yaml:2: a number fact is measured in money: '万元'. Give it type: money",
        ),
        (
            "type: category",
            "facts.yaml:2: a category fact has no `values`: 'a'. Add values: [{zh: 工业, en: Industry}]",
        ),
        (
            "type: text, values: [{zh: 一}]",
            "facts.yaml:2: a text fact takes no `values`: 'a'. Take values out",
        ),
        (
            "type: category, values: [{zh: 一}, {zh: 二, aliases: [一]}]",
            "facts.yaml:2: this word belongs to two values of one fact: '一'. Give each value its own words",
        ),
        (
            "type: integer, decimals: 2",
            "facts.yaml:2: decimals belong to facts of type number: '2'. Take decimals out",
        ),
        (
            "type: amount",
            "facts.yaml:2: this is not one of the words allowed here: 'amount'. "
            "Use one of money, number, ratio, integer, boolean, category, text, date",
        ),
        (
            "type: text, alias: [乙]",
            "facts.yaml:2: this key is not known here: 'alias'. Did you mean `aliases`? Known keys are label, type, "
            "unit, period, class, aliases, note, values, decimals",
        ),
    ],
)
def test_a_fact_that_does_not_hold_together_is_refused(text, sentence):
    assert refusal(f"facts:\n  a: {{label: {{zh: 甲, en: A}}, class: public, {text}}}\n") == sentence


def test_a_fact_says_who_may_see_it():
    assert refusal("facts:\n  a: {label: {zh: 甲}, type: text}\n") == (
        "facts.yaml:2: facts.a has no `class`. Add class: internal"
    )


@pytest.mark.parametrize("name", ["Revenue", "rd__1", "营收", "_a", "a_", "1a"])
def test_a_name_is_lower_case_ascii_without_double_underscore(name):
    assert refusal(f"facts:\n  {name}: {{label: {{zh: 甲}}, type: text, class: public}}\n") == (
        f"facts.yaml:2: this cannot be a fact's name: '{name}'. "
        "Use lower-case ASCII words joined by single «_», such as rd_expense; put Chinese into label"
    )


def test_names_of_the_tables_themselves_are_taken():
    assert refusal("facts:\n  subject: {label: {zh: 甲}, type: text, class: public}\n") == (
        "facts.yaml:2: this name is taken by the tables themselves: 'subject'. Give the fact another name"
    )


def test_a_label_belongs_to_one_fact():
    assert refusal(
        "facts:\n"
        "  a: {label: {zh: 营业收入（万元）}, type: text, class: public}\n"
        "  b: {label: {zh: 乙}, type: text, class: public, aliases: [营业收入(万元)]}\n"
    ) == (
        "facts.yaml:3: the label belongs to two facts, a and b: '营业收入(万元)'. "
        "Give each fact a label and aliases of its own"
    )


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RuleError, match="the file cannot be opened"):
        read_facts(tmp_path / "none.yaml")
