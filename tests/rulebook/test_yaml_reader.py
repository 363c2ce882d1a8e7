"""The head of a rulebook, its assessments and their trees become the model they mean."""

from datetime import date
from fractions import Fraction

import pytest

from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import ConditionNode, GroupNode, Window
from kaiyuan.rulebook.units import unit
from kaiyuan.rulebook.yaml import rulebook_from_data
from tests.rulebook.yaml_samples import BODY, FACTS, HEAD, book, refusal

REVENUE = t.Fact("revenue", 0, Fraction(1, 100))


def test_the_head_becomes_the_rulebook():
    read = book()
    assert read.id == "test.one" and read.title.zh == "甲办法" and read.document.number == "甲〔2026〕1号"
    assert read.window == Window(date(2026, 1, 1), None) and read.confidence == "A" and not read.demo
    assert read.place.file == "a.yaml" and read.place.line == 1


def test_an_assessment_carries_its_citation_and_place():
    one = book().assessments[0]
    assert (one.id, one.rulebook, one.kind, one.clause) == ("one", "test.one", "title", "第一条")
    assert one.place.line == 8 and one.document.title == "甲办法" and one.version == "test.one/one@2026-01-01"


def test_a_bare_number_is_in_the_facts_unit():
    condition = book().assessments[0].requires.children[0]
    assert isinstance(condition, ConditionNode)
    assert condition.expression == t.Compare(">=", REVENUE, t.Number(Fraction(15_000_000)), unit("万元"))
    assert condition.text == "营业收入 >= 1500" and condition.place.line == 14


def test_groups_nest_and_keep_their_words():
    read = book(
        "        - any:\n"
        "            - {id: a, zh: 甲, when: 严重失信}\n"
        "            - {id: b, zh: 乙, when: 从业人员 > 3}\n"
        "          id: either\n"
        "          zh: 二者之一\n"
        "          clause: 第二条\n"
        "        - at_least: {n: 1, of: [{id: c, zh: 丙, when: 从业人员 > 4}]}\n"
        "        - none: [{id: d, zh: 丁, when: 严重失信}]\n"
    )
    root = read.assessments[0].requires
    either, some, none = root.children[1:]
    assert (root.kind, either.kind, some.kind, some.n, none.kind) == ("all", "any", "at_least", 1, "none")
    assert (either.id, either.words.zh, either.clause) == ("either", "二者之一", "第二条")


def test_a_single_condition_may_stand_without_a_group():
    one = book(body=BODY.replace("      all:\n        - {id", "      {id")).assessments[0]
    assert isinstance(one.requires, ConditionNode)


def test_an_empty_group_stays_an_empty_group():
    assert book("        - any: []\n").assessments[0].requires.children[1] == GroupNode("any", ())


def test_conditions_switched_off_are_set_aside_and_empty_groups_dropped():
    one = book(
        "        - {id: b, zh: 乙, when: 从业人员 > 3, enabled: false, confidence: C}\n"
        "        - any: [{id: c, zh: 丙, when: 严重失信, enabled: false}]\n"
    ).assessments[0]
    assert [node.id for node in one.requires.children] == ["revenue"]
    assert [node.id for node in one.disabled_conditions] == ["b", "c"]


def test_dates_narrow_within_the_rulebooks_dates():
    narrowed = BODY.replace("    clause:", "    effective: {to: 2026-12-31}\n    clause:")
    assert book(body=narrowed).assessments[0].window == Window(date(2026, 1, 1), date(2026, 12, 31))
    outside = BODY.replace("    clause:", "    effective: {to: 2025-12-31}\n    clause:")
    assert refusal(body=outside) == (
        "a.yaml:11: these days lie outside the rulebook's, so this is never in force. "
        "Choose days within the rulebook's `effective`"
    )


def test_what_is_fictional_or_switched_off_may_be_unproven():
    unproven = HEAD.replace("confidence: A", "confidence: C")
    assert book(head=unproven + "demo: true\n").assessments[0].demo
    off = book(
        head=unproven, body=BODY.replace("    clause:", "    enabled: false\n    clause:")
    ).assessments[0]
    assert not off.enabled and off.confidence == "C"


def test_a_place_kept_for_an_unpublished_text_may_be_empty_when_switched_off():
    empty = BODY[: BODY.index("    requires")] + "    enabled: false\n"
    assert book(body=empty).assessments[0].requires is None


def test_at_least_more_than_there_are_is_refused():
    assert refusal("        - at_least: {n: 2, of: [{id: c, zh: 丙, when: 严重失信}]}\n") == (
        "a.yaml:15: at least 2 of 1 conditions: '2'. Write a number from 1 to 1"
    )
    assert "only 1 are switched on" in refusal(
        "        - at_least:\n            n: 2\n            of:\n"
        "              - {id: c, zh: 丙, when: 严重失信}\n"
        "              - {id: d, zh: 丁, when: 严重失信, enabled: false}\n"
    )


def test_a_rulebook_may_come_from_plain_data():
    data = {
        "rulebook": "test.data",
        "subject": "enterprise",
        "document": {"title": "甲办法", "number": "1号"},
        "effective": {"from": "2026-01-01"},
        "confidence": "A",
        "parameters": {"floor": [{"from": "2026-01-01", "value": 0.1}]},
        "assessments": {
            "one": {
                "title": {"zh": "甲"},
                "kind": "title",
                "clause": "一",
                "requires": {"id": "a", "zh": "甲", "when": "负债率 >= :floor"},
            }
        },
    }
    read = rulebook_from_data(data, facts=FACTS)
    assert read.title.zh == "甲办法" and read.parameters[0].values[0].value == Fraction(1, 10)
    data["assessments"]["one"]["requires"]["when"] = "负债 >= :floor"
    with pytest.raises(Exception, match="no fact has this name: '负债'"):
        rulebook_from_data(data, facts=FACTS)
