"""Every form of the rulebook file becomes the model it means."""

from datetime import date
from fractions import Fraction

import pytest

from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import ConditionNode, GroupNode, Window
from kaiyuan.rulebook.units import unit
from kaiyuan.rulebook.yaml import rulebook_from_data
from tests.rulebook.yaml_samples import BODY, FACTS, HEAD, book, refusal

REVENUE = t.Fact("revenue", 0, Fraction(1, 100))
RD = t.Fact("rd", 0, Fraction(1, 100))


def parameters(text):
    return HEAD + "parameters:\n" + text


def indicator(text, *, more=""):
    score = (
        f"    score:\n      groups: {{g: {{zh: 组, max: 40}}}}\n      indicators:\n        - {text}\n{more}"
    )
    return book(score).assessments[0].score.indicators[0]


def award(text):
    return book(f"    award: {text}\n").assessments[0].award


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


# -- parameters


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


# -- scores and tiers


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
        "{id: x, zh: 人数, value: 从业人员, bands: [{in: [1, 2], points: 3}, {is: 5, points: 1}, {otherwise: true, points: 0}]}"
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


# -- awards, stacking, budgets


def test_a_fixed_amount_and_a_formula_are_kept_in_yuan():
    fixed = award("{amount: 30, unit: 万元}")
    assert fixed.base == t.Number(Fraction(300_000)) and fixed.rate is None
    assert (fixed.step, fixed.rounding, fixed.text) == (1, "half_up", "30 万元")
    formula = award(
        "{rate: 0.1, base: '研发费用 - prior(研发费用, 1)', cap: 500, floor: 5, unit: 万元, already_paid: 已获奖励, "
        "round: {to: 百元, mode: down}}"
    )
    assert formula.rate == t.Number(Fraction(1, 10)) and formula.cap == t.Number(Fraction(5_000_000))
    assert formula.floor == t.Number(Fraction(50_000)) and formula.already_paid == t.Fact(
        "paid", 0, Fraction(1, 100)
    )
    assert (formula.step, formula.rounding) == (10_000, "down")
    assert formula.text == "min(500 万元, max(5 万元, 0.1 * (研发费用 - prior(研发费用, 1)))) - 已获奖励"


@pytest.mark.parametrize(
    ("to", "fen"), [("分", 1), ("元", 100), ("百元", 10**4), ("千元", 10**5), ("万元", 10**6)]
)
def test_rounding_steps_are_in_fen(to, fen):
    assert award(f"{{amount: 30, unit: 万元, round: {{to: {to}}}}}").step == fen


def test_a_rate_may_be_a_case_and_an_amount_a_count_times_a_price():
    rate = award("{rate: CASE WHEN 严重失信 THEN 0 ELSE 0.1 END, base: 研发费用, unit: 万元}").rate
    assert isinstance(rate, t.Case)
    head = parameters("  each: [{from: 2026-01-01, value: 1000, unit: 元/人}]\n")
    text = '    award: {amount: "从业人员 * :each", unit: 万元}\n'
    assert book(text, head=head).assessments[0].award.base == t.Multiply(
        t.Fact("staff", 0, Fraction(1)), t.Parameter("each", Fraction(1))
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "{amount: 30, rate: 0.1, base: 研发费用, unit: 万元}",
            "a.yaml:15: an award is either an amount, or a rate and a base: '[amount, rate, base]'. "
            "Write amount: 30, or rate: 0.1 with base: 研发费用",
        ),
        (
            "{rate: 0.1, unit: 万元}",
            "a.yaml:15: an award is either an amount, or a rate and a base: '[rate]'. "
            "Write amount: 30, or rate: 0.1 with base: 研发费用",
        ),
        ("{amount: 30, unit: 件}", "a.yaml:15: this is not a unit of money: '件'. Use 元, 万元 or 亿元"),
        (
            "{amount: 从业人员, unit: 万元}",
            "a.yaml:15:21: the unit is 人, wanted is 万元: '从业人员'. Check which facts stand in the expression",
        ),
        (
            "{rate: 研发费用, base: 研发费用, unit: 万元}",
            "a.yaml:15:19: the unit is 万元, wanted is a bare number: '研发费用'. "
            "Check which facts stand in the expression",
        ),
        (
            "{amount: 30, unit: 万元, round: {to: 十万元}}",
            "a.yaml:15: this is not one of the words allowed here: '十万元'. Use one of 分, 元, 百元, 千元, 万元",
        ),
    ],
)
def test_an_award_that_does_not_hold_together_is_refused(text, sentence):
    assert refusal(f"    award: {text}\n") == sentence


def test_stacking_and_budgets_are_read():
    read = book(
        "stacking:\n"
        "  - {id: a, zh: 就高, clause: 第九条, rule: highest_only, of: [one]}\n"
        "  - {id: b, zh: 封顶, clause: 第九条, rule: cap_per_firm, cap: 500, unit: 万元, of: [one]}\n"
        "  - {id: c, zh: 除外, clause: 第九条, rule: exclude_if_funded, when: 严重失信, of: [one]}\n"
        "budgets:\n"
        "  - {id: d, zh: 预算, clause: 第十条, amount: 2000, unit: 万元, year: 2026, of: [one], when_short: pro_rata}\n"
        "  - {id: e, zh: 预算, clause: 第十条, amount: 2000, unit: 万元, year: 2026, of: [one], when_short: first_come, "
        "rank_by: 成立日期}\n"
        "  - {id: f, zh: 预算, clause: 第十条, amount: 2000, unit: 万元, year: 2026, of: [one], when_short: ranked, "
        "rank_by: 研发费用 / 营业收入}\n"
    )
    a, b, c = read.stacking
    assert (a.rule, a.of, a.cap) == ("highest_only", ("one",), None)
    assert b.cap == t.Number(Fraction(5_000_000)) and c.when == t.Flag("dishonest", 0)
    d, e, f = read.budgets
    assert d.amount == t.Number(Fraction(20_000_000)) and d.rank_by is None and d.year == 2026
    assert e.rank_by == ("founded", 0) and not e.descending, "dates come earliest first"
    assert f.rank_by == t.Divide(RD, REVENUE) and f.descending, "numbers come largest first"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "stacking: [{id: a, zh: 甲, clause: 一, rule: cap_per_firm, of: [one]}]\n",
            "a.yaml:15: cap_per_firm has no `cap`: 'a'. Add `cap:`",
        ),
        (
            "stacking: [{id: a, zh: 甲, clause: 一, rule: highest_only, cap: 3, of: [one]}]\n",
            "a.yaml:15: highest_only takes no `cap`: 'cap'. Take it out, or choose another rule",
        ),
        (
            "stacking: [{id: a, zh: 甲, rule: highest_only, of: [one]}]\n",
            "a.yaml:15: stacking has no `clause`. Add clause: 第九条",
        ),
        (
            "stacking: [{id: a, zh: 甲, clause: 一, rule: highest_only, of: [one, one]}]\n",
            "a.yaml:15: this assessment is named twice: 'one'. Name it once",
        ),
        (
            "budgets: [{id: a, zh: 甲, clause: 一, amount: 3, unit: 万元, year: 2026, of: [one], when_short: ranked}]\n",
            "a.yaml:15: a ranked budget has no `rank_by`: 'a'. Add rank_by: and what is ranked",
        ),
    ],
)
def test_stacking_and_budgets_that_do_not_hold_together_are_refused(text, sentence):
    assert refusal(text).partition("\n")[0] == sentence


# -- shape, citations, confidence


@pytest.mark.parametrize(
    ("head", "body", "sentence"),
    [
        (
            HEAD.replace("confidence: A", "confidense: A"),
            BODY,
            "a.yaml:6: this key is not known here: 'confidense'. Did you mean `confidence`? Known keys are rulebook, "
            "title, subject, document, effective, confidence, source, demo, parameters, assessments, stacking, "
            "budgets, fixtures, cases",
        ),
        (
            HEAD,
            BODY.replace("    clause: 第一条\n", ""),
            "a.yaml:8: assessments.one has no `clause`. Add clause: 第八条",
        ),
        (
            "\n".join(line for line in HEAD.splitlines() if not line.startswith("document")) + "\n",
            BODY,
            "a.yaml:1: `document` is missing. "
            "Add document: {title: 优质中小企业梯度培育管理办法, number: 工信部企业〔2026〕2号}",
        ),
        (
            HEAD,
            BODY.replace("第一条", ""),
            "a.yaml:11: the value is empty: 'clause'. Write a value, or take the key out",
        ),
        (
            HEAD,
            BODY.replace("第一条", "8"),
            "a.yaml:11: a text is wanted here: '8'. Put it between quotation marks if it is meant as a text",
        ),
        (
            HEAD,
            BODY.replace("title: {zh: 甲, en: One}", "title: 甲"),
            "a.yaml:9: keys and values are wanted here: '甲'. Write title: {zh: …, en: …}",
        ),
        (
            HEAD,
            BODY.replace("kind: title", "kind: award"),
            "a.yaml:10: this is not one of the words allowed here: 'award'. "
            "Use one of title, size, threshold, grade, entitlement",
        ),
        (
            HEAD,
            BODY.replace("  one:", "  1-one:"),
            "a.yaml:8: this cannot be an id: '1-one'. "
            "Begin with a letter; use ASCII letters, digits and single «_», such as rd_ratio",
        ),
        (
            HEAD,
            BODY.replace("id: revenue, ", ""),
            "a.yaml:14: the condition has no `id`: '营业收入 >= 1500'. Add id: rd_ratio",
        ),
        (
            HEAD,
            BODY.replace("when: 营业收入 >= 1500", "when: 营业收入 >= 1500, any: []"),
            "a.yaml:14: when and any stand side by side: 'revenue'. "
            "Write exactly one of when, all, any, at_least, none",
        ),
        (
            HEAD,
            BODY.replace("when: 营业收入 >= 1500", "clause: 一"),
            "a.yaml:14: this is neither a condition nor a group: 'revenue'. "
            "Write exactly one of when, all, any, at_least, none",
        ),
        (
            HEAD,
            BODY.replace("营业收入 >= 1500", "coalesce(营业收入, 1) > 0"),
            "a.yaml:14: the value is empty: '1) > 0'. "
            "Put the text before it, which holds a comma, between quotation marks",
        ),
        (
            HEAD,
            BODY.replace("营业收入 >= 1500", "营业额 >= 1500"),
            "a.yaml:14:41: no fact has this name: '营业额'. Did you mean 营业收入? "
            "Add it to the pack's facts.yaml, or correct the name",
        ),
        (
            HEAD.replace("confidence: A", "confidence: C"),
            BODY,
            "a.yaml:8: an assessment of confidence C ships switched off: 'one'. "
            "Add enabled: false, or raise the confidence once the official text has been seen",
        ),
        (
            HEAD,
            BODY.replace("zh: 营收达标", "zh: 营收达标, confidence: C"),
            "a.yaml:14: a condition of confidence C ships switched off: 'revenue'. "
            "Add enabled: false, or raise the confidence once the official text has been seen",
        ),
        (
            HEAD,
            BODY.replace("zh: 营收达标", "zh: 营收达标, enabled: false"),
            "a.yaml:12: every condition of this assessment is switched off: 'one'. "
            "Switch the assessment itself off with enabled: false, or keep a condition",
        ),
        (
            HEAD,
            BODY[: BODY.index("    requires")],
            "a.yaml:8: this assessment decides nothing: 'one'. Add requires, score or tiers; an award needs conditions",
        ),
        (
            HEAD.replace("{from: 2026-01-01}", "{from: 2026-01-01, to: 2025-01-01}"),
            BODY,
            "a.yaml:5: the last day is before the first: '2025-01-01'. Write from: the earlier and to: the later day",
        ),
        (
            HEAD.replace("{from: 2026-01-01}", "{to: 2026-01-01}"),
            BODY,
            "a.yaml:5: a rulebook's `effective` has no `from`. Add from: and the day it came into force",
        ),
        (
            HEAD.replace("2026-01-01", "2026年1月1日"),
            BODY,
            "a.yaml:5: a day is wanted here: '2026年1月1日'. Write it as 2026-04-01",
        ),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(head, body, sentence):
    assert refusal(head=head, body=body) == sentence


def test_the_first_fault_is_raised_and_the_others_are_counted():
    text = refusal(
        "        - {id: b, zh: 乙, when: 营业额 > 1}\n        - {id: c, zh: 丙, when: 从业人员 > '多'}\n",
        body=BODY.replace("第一条", "第一条\n    note: {zh: 说明}"),
    )
    assert text.startswith("a.yaml:16:")
    assert text.endswith("\n1 more in this file (lines 17)")


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
