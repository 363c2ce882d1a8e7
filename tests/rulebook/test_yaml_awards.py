"""Awards, stacking and budgets in exact money."""

from fractions import Fraction

import pytest

from kaiyuan.rulebook.expression import terms as t
from tests.rulebook.yaml_samples import book, parameters, refusal

REVENUE = t.Fact("revenue", 0, Fraction(1, 100))
RD = t.Fact("rd", 0, Fraction(1, 100))


def award(text):
    return book(f"    award: {text}\n").assessments[0].award


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
