"""Scoring tables and tiers: short forms become conditions, and tables hold together."""

from datetime import date
from fractions import Fraction

import pytest

from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.units import unit
from tests.rulebook.yaml_samples import book, parameters, refusal

REVENUE = t.Fact("revenue", 0, Fraction(1, 100))
RD = t.Fact("rd", 0, Fraction(1, 100))


def indicator(text, *, more=""):
    score = (
        f"    score:\n      groups: {{g: {{zh: 组, max: 40}}}}\n      indicators:\n        - {text}\n{more}"
    )
    return book(score).assessments[0].score.indicators[0]


def test_short_forms_of_bands_become_the_conditions_they_mean():
    found = indicator(
        "{id: x, group: g, zh: 占比, max: 20, value: 研发费用 / 营业收入, "
        "bands: [{above: 0.1, points: 20}, {min: 0.05, below: 0.1, points: 15}, {max: 0.01, points: [1, 2]}, "
        "{otherwise: true, points: 0}]}"
    )
    (table,) = found.tables
    above, between, low, rest = table.bands
    value = t.Divide(RD, REVENUE)
    assert table.value == value and table.value_text == "研发费用 / 营业收入" and table.unit.plain
    assert above.test == t.Compare(">", value, t.Number(Fraction(1, 10)))
    assert between.test == t.And(
        (t.Compare(">=", value, t.Number(Fraction(1, 20))), t.Compare("<", value, t.Number(Fraction(1, 10))))
    )
    assert between.text == "研发费用 / 营业收入 >= 0.05 AND 研发费用 / 营业收入 < 0.1"
    assert (low.low, low.high) == (1, 2) and rest.test is None
    assert found.max == 20 and found.group == "g"


def test_band_limits_are_in_the_values_unit_and_may_be_parameters():
    head = parameters("  top: [{from: 2026-01-01, value: 1, unit: 亿元}]\n")
    score = (
        "    score:\n      indicators:\n        - {id: x, zh: 营收, value: 营业收入, "
        'bands: [{min: ":top", points: 2}, {min: 500, points: 1}, {otherwise: true, points: 0}]}\n'
    )
    first, second, _ = book(score, head=head).assessments[0].score.indicators[0].tables[0].bands
    assert first.test.right == t.Parameter("top", Fraction(100_000_000))
    assert second.test.right == t.Number(Fraction(5_000_000)) and second.test.unit == unit("万元")


def test_bands_look_at_categories_dates_and_conditions_too():
    words = indicator(
        "{id: x, zh: 行业, value: 划型行业, bands: [{is: 建筑, points: 3}, {in: [工业, 建筑业], points: 2}, "
        "{otherwise: true, points: 0}]}"
    )
    assert [band.test for band in words.tables[0].bands[:2]] == [
        t.OneOf("industry", 0, ("建筑业",)),
        t.OneOf("industry", 0, ("工业", "建筑业")),
    ]
    assert words.tables[0].value is None and words.tables[0].value_text == "划型行业"
    days = indicator(
        "{id: x, zh: 成立, value: 成立日期, bands: [{min: 2020-01-01, points: 3}, {otherwise: true, points: 0}]}"
    )
    assert days.tables[0].bands[0].test == t.DateCompare("founded", 0, ">=", date(2020, 1, 1))
    free = indicator(
        "{id: x, zh: 自由, bands: [{when: NOT 严重失信, points: 3}, {otherwise: true, points: 0}]}"
    )
    assert free.tables[0].bands[0].test == t.Not(t.Flag("dishonest", 0))
    numbers = indicator(
        "{id: x, zh: 人数, value: 从业人员, "
        "bands: [{in: [1, 2], points: 3}, {is: 5, points: 1}, {otherwise: true, points: 0}]}"
    )
    assert isinstance(numbers.tables[0].bands[0].test, t.Or)


def test_each_best_of_and_proportional_are_read():
    each = indicator(
        "{id: x, zh: 加分, max: 5, each: [{when: 严重失信, points: 3}, {when: 从业人员 > 3, points: 4}]}"
    )
    assert [band.low for band in each.each] == [3, 4]
    best = indicator(
        "{id: x, zh: 取高, best_of: [{value: 营业收入, bands: [{otherwise: true, points: 1}]}, "
        "{value: 研发费用, bands: [{otherwise: true, points: 2}]}]}"
    )
    assert [table.value_text for table in best.tables] == ["营业收入", "研发费用"]
    share = indicator(
        "{id: x, zh: 亩均, proportional: {value: 营业收入 / 用地面积, benchmark: 20, weight: 30, cap: 1.2}}"
    ).proportional
    assert share.benchmark == t.Number(20 * unit("万元/亩").factor), "a bare benchmark is in the value's unit"
    assert (share.weight, share.cap) == (t.Number(Fraction(30)), t.Number(Fraction(6, 5)))


SCORE = (
    "    score:\n      max: 100\n      groups: {g: {zh: 组, max: 40}}\n      indicators:\n"
    "        - {id: x, group: g, zh: 甲, bands: [{when: 严重失信, points: 3}, {otherwise: true, points: 0}]}\n"
)


def test_conditions_and_tiers_may_ask_for_the_score():
    tiers = (
        "    tiers:\n"
        "      - {id: a, zh: 甲等, requires: {id: high, zh: 得分高, when: score >= 60 AND score.g >= 2}}\n"
        "      - {id: b, zh: 乙等, otherwise: true}\n"
    )
    one = book(SCORE, tiers).assessments[0]
    assert one.score.names == ("score", "g", "x") and one.score.max == 100
    assert one.tiers[0].requires.expression == t.And(
        (
            t.ScoreCompare("score", ">=", t.Number(Fraction(60))),
            t.ScoreCompare("g", ">=", t.Number(Fraction(2))),
        )
    )
    assert one.tiers[1].requires is None


def test_the_score_of_another_assessment_is_out_of_reach():
    assert "no fact has this name: 'score'" in refusal("        - {id: s, zh: 分, when: score >= 60}\n")


def bands(text):
    return refusal(f"    score:\n      indicators:\n        - {{id: x, zh: 甲, {text}}}\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "value: 营业收入, bands: [{min: 3, points: 1}]",
            "a.yaml:17: the table does not end with `otherwise`: '1 points'. "
            "End the table with {otherwise: true, points: 0}",
        ),
        (
            "value: 营业收入, bands: [{otherwise: true, points: 1}, {min: 3, points: 1}, {otherwise: true, points: 0}]",
            "a.yaml:17: `otherwise` stands before the last row: '1 points'. Put {otherwise: true, …} last",
        ),
        (
            "bands: [{min: 3, points: 1}, {otherwise: true, points: 0}]",
            "a.yaml:17: limits without a `value` to look at: '1 points'. Add value: beside bands:",
        ),
        (
            "value: 营业收入, bands: [{min: 3, when: 严重失信, points: 1}, {otherwise: true, points: 0}]",
            "a.yaml:17: a row wants one test: '1 points'. "
            "Write limits (min, above, max, below, is, in), or when, or otherwise",
        ),
        (
            "value: 划型行业, bands: [{is: 农业, points: 1}, {otherwise: true, points: 0}]",
            "a.yaml:17: 划型行业 has no value '农业': '农业'. Its values are 工业、建筑业",
        ),
        (
            "value: 划型行业, bands: [{min: 3, points: 1}, {otherwise: true, points: 0}]",
            "a.yaml:17: a category has no order: '3'. Use =, <> or IN with the words of the dictionary",
        ),
        (
            "value: 营业收入, bands: [{min: 研发人员, points: 1}, {otherwise: true, points: 0}]",
            "a.yaml:17:53: no fact has this name: '研发人员'. Did you mean 研发费用 or 从业人员? "
            "Add it to the pack's facts.yaml, or correct the name",
        ),
        (
            "value: 营业收入, bands: [{min: 从业人员, points: 1}, {otherwise: true, points: 0}]",
            "a.yaml:17:53: the unit is 人, wanted is 万元: '从业人员'. Check which facts stand in the expression",
        ),
        (
            "value: 营业收入, bands: [{min: 1, points: [3, 1]}, {otherwise: true, points: 0}]",
            "a.yaml:17: the lowest points are above the highest: '[3, 1]'. Write points: [lowest, highest]",
        ),
        (
            "bands: [{otherwise: true, points: 0}], each: [{when: 严重失信, points: 1}]",
            "a.yaml:17: bands and each stand side by side: 'x'. "
            "Write exactly one of bands, each, best_of, proportional",
        ),
        (
            "max: 3",
            "a.yaml:17: indicator x gives no points: 'x'. Write exactly one of bands, each, best_of, proportional",
        ),
        (
            "group: h, bands: [{otherwise: true, points: 0}]",
            "a.yaml:17: no group has this name: 'h'. Groups of this score: none",
        ),
        (
            "proportional: {value: 营业收入, benchmark: 0, weight: 3}",
            "a.yaml:17: a benchmark of 0 divides nothing: '0'. Give it a value",
        ),
    ],
)
def test_a_scoring_table_that_does_not_hold_together_is_refused(text, sentence):
    assert bands(text) == sentence


def test_names_in_a_score_and_ids_in_a_tree_are_unique():
    double = SCORE + SCORE[SCORE.index("        - {id: x") :].replace("id: x", "id: g")
    assert refusal(double) == (
        "a.yaml:20: two parts of one score have this name: 'g'. Give each group and indicator a name of its own"
    )
    assert refusal("        - {id: revenue, zh: 又一条, when: 严重失信}\n") == (
        "a.yaml:15: two conditions of one assessment have this id; first in line 14: 'revenue'. "
        "Give each condition an id of its own"
    )
    tiers = "    tiers:\n      - {id: a, zh: 甲, requires: {id: revenue, zh: 又一条, when: 严重失信}}\n"
    assert "two conditions of one assessment have this id" in refusal(tiers)


def test_otherwise_is_the_last_tier():
    assert refusal(
        "    tiers:\n      - {id: a, zh: 甲, otherwise: true}\n      - {id: b, zh: 乙, otherwise: true}\n"
    ) == ("a.yaml:16: `otherwise` stands before the last tier: 'a'. Put this tier last")
    assert refusal("    tiers:\n      - {id: a, zh: 甲}\n") == (
        "a.yaml:16: a tier has either `requires` or `otherwise: true`: 'a'. Write one of the two"
    )
