"""Parameters: dated, in one unit, by table or derived, and never in a circle."""

from datetime import date
from fractions import Fraction

import pytest

from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.units import unit
from tests.rulebook.yaml_samples import BODY, book, parameters, refusal


def test_parameters_come_short_long_by_table_and_derived():
    head = parameters(
        "  floor: [{from: 2026-01-01, value: 1500, unit: 万元}, {from: 2027-01-01, value: 0.2, unit: 亿元}]\n"
        "  staff: {title: {zh: 人数}, by: 划型行业, values: [{from: 2026-01-01, value: {工业: 300, 建筑: 0}, unit: 人}]}\n"
        '  twice: [{from: 2026-01-01, value: ":floor * 2", unit: 万元}]\n'
        "  share: [{from: 2026-01-01, value: 3, unit: '%'}]\n"
    )
    floor, staff, twice, share = book(head=head).parameters
    assert [value.value for value in floor.values] == [1500, 2000], (
        "one unit for all values, that of the first"
    )
    assert floor.on(date(2026, 12, 31)) is floor.values[0] and floor.on(date(2025, 12, 31)) is None
    assert staff.by == "industry" and staff.values[0].value == (("工业", 300), ("建筑业", 0))
    assert twice.values[0].value == t.Multiply(t.Parameter("floor", Fraction(10_000)), t.Number(Fraction(2)))
    assert twice.values[0].text == ":floor * 2"
    assert share.values[0].value == 3 and share.values[0].unit == unit("%")


def test_a_parameter_brings_its_unit_into_the_expression():
    head = parameters("  floor: [{from: 2026-01-01, value: 15000000, unit: 元}]\n")
    one = book(head=head, body=BODY.replace("营业收入 >= 1500", "营业收入 >= :floor")).assessments[0]
    assert one.requires.children[0].expression.right == t.Parameter("floor", Fraction(1))
    bare = parameters("  floor: [{from: 2026-01-01, value: 1500}]\n")
    one = book(head=bare, body=BODY.replace("营业收入 >= 1500", "营业收入 >= :floor")).assessments[0]
    assert one.requires.children[0].expression.right == t.Parameter("floor", Fraction(10_000))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '  a: [{from: 2026-01-01, value: ":b"}]\n  b: [{from: 2026-01-01, value: ":c"}]\n'
            '  c: [{from: 2026-01-01, value: ":a"}]\n',
            "a.yaml:8: parameters refer to each other in a circle: 'a → b → c → a'. Give one of them a number",
        ),
        (
            '  a: [{from: 2026-01-01, value: ":a + 1"}]\n',
            "a.yaml:8: parameters refer to each other in a circle: 'a → a'. Give one of them a number",
        ),
        (
            '  a: [{from: 2026-01-01, value: ":b"}]\n',
            "a.yaml:8:34: no parameter has this name: ':b'. Known parameters: a",
        ),
        (
            "  a: [{from: 2026-02-01, value: 1}, {from: 2026-01-01, value: 2}]\n",
            "a.yaml:8: the values of a are not sorted: '2026-01-01'. Put the earliest value first",
        ),
        (
            "  a: [{from: 2026-02-01, value: 1}, {from: 2026-02-01, value: 2}]\n",
            "a.yaml:8: two values of a begin on one day: '2026-02-01'. Give each day one value",
        ),
        (
            "  a: [{from: 2026-01-01, value: 1, unit: 元}, {from: 2026-02-01, value: 2, unit: 人}]\n",
            "a.yaml:8: the values of one parameter have two units, 元 and 人: '人'. "
            "Give all values of a parameter one kind of unit",
        ),
        (
            "  a: [{from: 2026-01-01, value: {工业: 1}}]\n",
            "a.yaml:8: this table does not say by which fact: '{工业}'. "
            "Add by: and the category fact beside values:",
        ),
        (
            "  a: {by: 划型行业, values: [{from: 2026-01-01, value: 1}]}\n",
            "a.yaml:8: a table by category is wanted here: '1'. Write value: {word: number, …}, or take `by` out",
        ),
        (
            "  a: {by: 营业收入, values: [{from: 2026-01-01, value: {工业: 1}}]}\n",
            "a.yaml:8: a table needs a category fact, 营业收入 is money: '营业收入'. Name a category fact",
        ),
        (
            "  a: {by: 划型行业, values: [{from: 2026-01-01, value: {农业: 1}}]}\n",
            "a.yaml:8: 划型行业 has no such value: '农业'. Its values are 工业、建筑业",
        ),
        (
            "  a: {by: 划型行业, values: [{from: 2026-01-01, value: {建筑: 1, 建筑业: 2}}]}\n",
            "a.yaml:8: two entries mean the same word: '建筑业'. Keep one entry for 建筑业",
        ),
        (
            "  a: [{from: 2026-01-01, value: 营业收入 * 2, unit: 万元}]\n",
            "a.yaml:8: the value of parameter a depends on the fact 营业收入: '营业收入 * 2'. "
            "Use numbers and other parameters here, and the fact in the condition",
        ),
        (
            '  a: [{from: 2026-01-01, value: 1, unit: 万元}]\n  b: [{from: 2026-01-01, value: ":a * 2"}]\n',
            "a.yaml:9: the value is in 万元, but the parameter has no unit: ':a * 2'. Add unit: 万元",
        ),
        (
            "  a: {by: 划型行业, values: [{from: 2026-01-01, value: {工业: 1}}]}\n"
            '  b: [{from: 2026-01-01, value: ":a * 2"}]\n',
            "a.yaml:9: the value of parameter b depends on a table by category, a: ':a * 2'. "
            "Give it a table of its own, or use the table in the condition",
        ),
    ],
)
def test_a_parameter_that_does_not_hold_together_is_refused(text, sentence):
    assert refusal(head=parameters(text)) == sentence
