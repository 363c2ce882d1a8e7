"""An explanation says what decided, how much is missing in the condition's own unit, and the shortest way to yes."""

from datetime import date
from fractions import Fraction

import pyarrow as pa
import pytest

from kaiyuan.errors import RuleError
from kaiyuan.rulebook import RuleSet, Scenario, compile_plan, evaluate, explain, with_parameters
from kaiyuan.rulebook.yaml import facts_from_data, rulebook_from_data

WAN = 1_000_000
ON = date(2026, 6, 1)


def fact(zh, kind, **rest):
    return {"label": {"zh": zh, "en": zh}, "type": kind, "period": "moment", "class": "internal", **rest}


FACTS = facts_from_data(
    {
        "facts": {
            "revenue": fact("营业收入", "money", unit="万元") | {"period": "year"},
            "rd": fact("研发费用", "money", unit="万元") | {"period": "year"},
            "staff": fact("从业人员", "integer", unit="人"),
            "dishonest": fact("严重失信", "boolean"),
            "founded": fact("成立日期", "date"),
        }
    }
)
BOOK = {
    "rulebook": "test.titles",
    "title": {"zh": "测试", "en": "Test"},
    "subject": "enterprise",
    "document": {"title": "测试办法", "number": "测〔2026〕1号"},
    "effective": {"from": date(2026, 1, 1)},
    "confidence": "A",
    "parameters": {"floor": [{"from": date(2026, 1, 1), "value": 1500, "unit": "万元"}]},
    "assessments": {
        "title": {
            "title": {"zh": "称号", "en": "Title"},
            "kind": "title",
            "clause": "第三条",
            "requires": {
                "all": [
                    {"id": "revenue", "zh": "营收达标", "en": "Revenue", "when": "营业收入 >= :floor"},
                    {
                        "any": [
                            {
                                "id": "rd",
                                "zh": "研发占比",
                                "en": "R&D share",
                                "when": "研发费用 / 营业收入 >= 0.05",
                            },
                            {"id": "staff", "zh": "人数", "en": "Staff", "when": "从业人员 >= 100"},
                        ]
                    },
                    {"none": [{"id": "dishonest", "zh": "失信", "en": "Dishonest", "when": "严重失信"}]},
                ]
            },
            "award": {"rate": "0.1", "base": "研发费用", "cap": 20, "unit": "万元", "round": {"to": "元"}},
        }
    },
}


def plan(**changes):
    rules = RuleSet(FACTS, (rulebook_from_data(BOOK, facts=FACTS),))
    return compile_plan(rules, on=ON, parameters=changes or None)


def firm(**facts):
    known = {"revenue": 2000 * WAN, "rd": 92 * WAN, "staff": 80, "dishonest": False} | facts
    types = {"revenue": pa.int64(), "rd": pa.int64(), "staff": pa.int64(), "dishonest": pa.bool_()}
    columns = {name: pa.array([known[name]], kind) for name, kind in types.items()}
    return pa.record_batch({"subject": ["91X"], "subject_name": ["示例"], **columns})


def answer(batch, **changes):
    return explain(plan=plan(**changes), batch=batch, row=0, assessment="title")


def condition(explanation, name):
    return next(c for c in explanation.conditions() if c.condition.id == name)


def test_a_ratio_that_falls_short_tells_the_gap_in_points_and_in_money():
    found = answer(firm())
    [measure] = condition(found, "rd").measures
    assert (found.answer, found.distance) == ("near", 1)
    assert measure.actual == Fraction(92, 2000) and measure.threshold == Fraction(5, 100)
    assert measure.gap == Fraction(4, 1000) and measure.ratio
    assert (measure.gap_amount, measure.gap_amount_unit) == (8, "万元")


def test_the_shortest_ways_are_the_minimal_sets_of_conditions():
    assert answer(firm()).ways == (("rd",), ("staff",))
    assert answer(firm(revenue=1000 * WAN)).ways == (("revenue",),)
    assert answer(firm(staff=100)).ways == ((),)


def test_what_must_not_hold_counts_one_change_and_says_that_it_must_not_hold():
    found = answer(firm(dishonest=True, staff=100))
    assert (found.verdict, found.ways) == ("no", (("dishonest",),))
    assert not condition(found, "dishonest").required
    assert condition(found, "dishonest").satisfied == "no"


def test_a_missing_fact_is_named_and_guesses_nothing():
    found = answer(firm(rd=None))
    assert found.verdict == "unknown"
    assert [f.name for f in found.missing()] == ["rd"]
    [measure] = condition(found, "rd").measures
    assert measure.actual is None and measure.gap is None
    assert found.amount is not None and found.amount.fen is None


def test_what_the_firm_would_get_is_told_and_marked_as_no_proposal():
    amount = answer(firm()).amount
    assert amount is not None
    assert (amount.fen, amount.proposed) == (92 * WAN // 10, False)


def test_a_surplus_is_a_negative_gap():
    [measure] = condition(answer(firm()), "revenue").measures
    assert measure.gap == -500 and measure.unit == "万元"


def test_the_day_the_version_and_the_citation_stand_in_every_explanation():
    found = answer(firm())
    assert found.on == ON and found.base_year == 2025
    assert found.version == "test.titles/title@2026-01-01"
    assert (found.document.number, found.clause) == ("测〔2026〕1号", "第三条")


def test_an_assessment_that_is_not_in_force_is_refused_with_those_that_are():
    with pytest.raises(RuleError) as refusal:
        explain(plan=plan(), batch=firm(), row=0, assessment="titel")
    assert str(refusal.value) == "no such assessment in force: 'titel'. In force on 2026-06-01 are: title"


def population():
    rows = [(900, 90, 120), (1400, 90, 120), (1600, 10, 50), (None, 90, 120)]
    money = pa.array([None if r is None else r * WAN for r, _, _ in rows], pa.int64())
    return pa.record_batch(
        {
            "subject": ["a", "b", "c", "d"],
            "revenue": money,
            "rd": pa.array([rd * WAN for _, rd, _ in rows], pa.int64()),
            "staff": pa.array([staff for *_, staff in rows], pa.int64()),
            "dishonest": pa.array([False] * 4),
        }
    )


def test_what_if_tells_who_gains_and_what_it_costs():
    scenario = Scenario(plan=plan(), batches=[population()])
    [change] = scenario.change(parameters={"floor": 1000}).assessments
    assert (change.before, change.after) == ((0, 3, 1), (1, 2, 1))
    assert change.gaining == (("b", ""),) and change.losses == 0
    assert change.cost_before.fen == 0 and change.cost_after.fen == 9 * WAN


def test_what_if_over_a_kept_scenario_equals_a_fresh_evaluation():
    base = plan()
    scenario = Scenario(plan=base, batches=[population()])
    for floor in (800, 1450, 1600, 1601, 800):
        result = scenario.change(parameters={"floor": floor})
        fresh = evaluate(plan=plan(floor=floor), batch=population()).column("title").to_pylist()
        after = result.assessments[0].after if result.assessments else (0, 3, 1)
        assert after == (fresh.count(True), fresh.count(False), fresh.count(None))


def test_what_does_not_depend_on_a_change_is_not_touched():
    base = plan()
    again = with_parameters(base, {"floor": 1500})
    assert again.assessments[0] is base.assessments[0]


def test_an_unknown_parameter_is_refused_with_the_known_ones():
    with pytest.raises(RuleError) as refusal:
        with_parameters(plan(), {"flor": 1})
    assert str(refusal.value) == "no parameter has this name on that day: 'flor'. Known parameters: floor"
