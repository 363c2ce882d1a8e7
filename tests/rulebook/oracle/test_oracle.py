"""The judge is judged first: by hand-made cases whose answer is plain."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

import pytest

from tests.rulebook.oracle import FAR, Subject, judge, minimal_sets, shortest
from tests.rulebook.oracle.awards import award, rounded
from tests.rulebook.oracle.expressions import number, truth
from tests.rulebook.oracle.numbers import half_up, root
from tests.rulebook.oracle.scores import score
from tests.rulebook.oracle.trees import Group, Leaf, distance, verdict
from tests.rulebook.oracle.truth import at_least, conjunction, disjunction, negation

DICTIONARY = {
    "revenue": {"label": {"zh": "营业收入"}, "type": "money", "unit": "万元", "period": "year"},
    "spending": {"label": {"zh": "研发费用"}, "type": "money", "unit": "万元", "period": "year"},
    "assets": {"label": {"zh": "总资产"}, "type": "money", "unit": "亿元", "period": "year"},
    "staff": {"label": {"zh": "人数"}, "type": "integer", "unit": "人", "period": "year"},
    "rate": {"label": {"zh": "负债率"}, "type": "ratio", "period": "moment"},
    "dishonest": {"label": {"zh": "失信"}, "type": "boolean", "period": "moment"},
    "trade": {"label": {"zh": "行业"}, "type": "category", "period": "moment"},
    "founded": {"label": {"zh": "成立日期"}, "type": "date", "period": "moment"},
}
ON = date(2026, 6, 1)
NAN, INFINITE = float("nan"), float("inf")


def subject(**facts: object) -> Subject:
    lists = {name: value if isinstance(value, list) else [value] for name, value in facts.items()}
    return Subject(facts=lists, dictionary=DICTIONARY, on=ON)


def tree(word: str, *truths: bool | None, n: int = 0) -> Group:
    return Group(word, tuple(Leaf(place, str(place), one) for place, one in enumerate(truths)), n)


def test_groups_of_nothing_have_their_fixed_truth():
    assert conjunction([]) is True
    assert disjunction([]) is False
    assert verdict(tree("none")) is True
    assert at_least(0, []) is True
    assert at_least(1, []) is False


@pytest.mark.parametrize("size", [1, 2, 3])
def test_an_unknown_truth_is_what_every_way_of_filling_it_in_agrees_on(size):
    for values in product([True, False, None], repeat=size):
        fillings = [
            [one if one is not None else filled for one, filled in zip(values, filling, strict=True)]
            for filling in product([True, False], repeat=size)
        ]
        for rule, plain in (
            (conjunction, all),
            (disjunction, any),
            (lambda v: at_least(2, v), lambda v: sum(v) >= 2),
            (lambda v: negation(disjunction(v)), lambda v: not any(v)),
        ):
            outcomes = {plain(filling) for filling in fillings}
            assert rule(values) is (outcomes.pop() if len(outcomes) == 1 else None)


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("营业收入 >= 1500", {"revenue": 1500}, True),
        ("营业收入 > 1500", {"revenue": 1500}, False),
        ("营业收入 >= 1500", {}, None),
        ("营业收入 >= 1500", {"revenue": NAN}, None),
        ("营业收入 >= 1500", {"revenue": INFINITE}, None),
        ("研发费用 / 营业收入 >= 0.03", {"spending": 3, "revenue": 100}, True),
        ("研发费用 / 营业收入 >= 0.03", {"spending": 3, "revenue": 0}, None),
        ("prior(营业收入, 2) > 5", {"revenue": [1, None, 6]}, True),
        ("prior(营业收入, 1) > 5", {"revenue": [1, None, 6]}, None),
        ("营业收入 < 总资产", {"revenue": 9999, "assets": 1}, True),
        ("营业收入 >= 总资产", {"revenue": 10000, "assets": 1}, True),
        ("研发费用 / 总资产 >= 0.03", {"spending": 300, "assets": 1}, True),
        ("研发费用 / 人数 >= 2", {"spending": 20, "staff": 10}, True),
        ("NOT 失信", {"dishonest": False}, True),
        ("失信 AND 营业收入 > 1", {"dishonest": False}, False),
        ("失信 OR 营业收入 > 1", {"dishonest": False}, None),
        ("行业 IN ('工业', '建筑业')", {"trade": "建筑业"}, True),
        ("行业 <> '工业'", {}, None),
        ("人数 BETWEEN prior(人数, 1) AND 3", {"staff": 4}, False),
        ("人数 NOT IN (1, 2)", {"staff": 3}, True),
        ("成立日期 < '2020-02-29'", {"founded": date(2020, 2, 28)}, True),
        ("years_since(成立日期) >= 6", {"founded": date(2020, 6, 1)}, True),
        ("years_since(成立日期) >= 6", {"founded": date(2020, 6, 2)}, False),
        ("days_since(成立日期) = 1", {"founded": date(2026, 5, 31)}, True),
        ("growth(营业收入, 2) = 0.1", {"revenue": [121, None, 100]}, True),
        ("growth(营业收入, 1) >= 0", {"revenue": [1, 0]}, None),
        ("growth(营业收入, 1) >= 0", {"revenue": [1, -5]}, None),
        ("CASE WHEN 失信 THEN 1 ELSE 2 END = 2", {"dishonest": False}, True),
        ("CASE WHEN 失信 THEN 1 ELSE 1 END = 1", {}, None),
        ("CASE WHEN 失信 THEN 1 END = 1", {"dishonest": False}, None),
        ("coalesce(营业收入, 研发费用) = 7", {"spending": 7}, True),
        ("coalesce(营业收入 / 人数, 1) = 1", {"revenue": 7, "staff": 0}, True),
        ("least_known(营业收入, 研发费用) = 7", {"spending": 7}, True),
        ("greatest_known(营业收入, 研发费用) > 7", {}, None),
        ("abs(营业收入 - 研发费用) = 3", {"revenue": 4, "spending": 7}, True),
        ("round_half_up(负债率, 1) = 0.3", {"rate": Fraction("0.25")}, True),
        ("round_half_up(负债率, 1) = -0.3", {"rate": Fraction("-0.25")}, True),
    ],
)
def test_a_condition_has_the_truth_a_person_gives_it(text, facts, expected):
    assert truth(text, subject(**facts)) is expected


def test_only_what_doubles_cannot_decide_is_doubtful():
    near = {"revenue": 3, "spending": 1, "staff": 1}
    for text, doubtful in {
        "研发费用 / 营业收入 >= 0.3333333333333": False,
        "研发费用 / 营业收入 + 人数 / 人数 >= 1.3333333333333": True,
        "研发费用 / 营业收入 + 人数 / 人数 >= 1.33": False,
        "营业收入 * 0.1 + 研发费用 * 0.2 >= 0.5": False,
        "营业收入 * 人数 >= 3": False,
    }.items():
        one = subject(**near)
        truth(text, one)
        assert one.doubtful is doubtful, text


def test_parameters_are_dated_and_may_depend_on_a_category():
    one = subject(revenue=150, trade="工业")
    one.parameters = {
        "floor": [
            {"from": date(2020, 1, 1), "value": 100, "unit": "万元"},
            {"from": date(2027, 1, 1), "value": 200, "unit": "万元"},
        ],
        "yuan": [{"from": date(2020, 1, 1), "value": ":floor * 2", "unit": "元"}],
        "large": {"by": "行业", "values": [{"from": date(2020, 1, 1), "value": {"工业": 7}}]},
    }
    assert truth("营业收入 >= :floor", one) is True
    assert number(":yuan", one).value == 2_000_000
    assert number(":large", one).value == 7
    one.facts = {"trade": ["建筑业"]}
    assert number(":large", one) is None
    one.overrides = {"floor": 500}
    assert number(":floor", one).value == 500


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (tree("all", True, True), 0),
        (tree("all", True, None, False), 2),
        (tree("any", False, None), 1),
        (tree("any"), FAR),
        (tree("at_least", True, False, None, n=2), 1),
        (tree("at_least", True, n=2), FAR),
        (tree("none", True, None, False), 2),
        (tree("all", False, False, False, False), FAR),
        (Group("none", (tree("all", True, True), Leaf(7, "x", True))), 2),
    ],
)
def test_distance_counts_the_conditions_that_must_change(node, expected):
    assert distance(node) == expected


def test_minimal_sets_hold_nothing_superfluous():
    node = Group(
        "any", (Group("all", (Leaf(0, "a", False), Leaf(1, "b", True))), tree("all"), Leaf(2, "c", None))
    )
    assert minimal_sets(node) == {frozenset()}
    node = Group("any", (Group("all", (Leaf(0, "a", False), Leaf(1, "b", None))), Leaf(2, "c", None)))
    assert minimal_sets(node) == {frozenset({0, 1}), frozenset({2})}
    assert shortest(minimal_sets(node)) == {frozenset({2})}


def test_a_score_has_every_band_that_may_still_be_reached():
    bands = [{"min": 0.05, "points": 20}, {"min": 0.03, "points": [10, 15]}, {"otherwise": True, "points": 2}]
    data = {
        "max": 100,
        "groups": {"g": {"max": 25}},
        "indicators": [
            {"id": "a", "group": "g", "value": "研发费用 / 营业收入", "bands": bands, "max": 20},
            {
                "id": "b",
                "group": "g",
                "each": [{"when": "失信", "points": 9}, {"when": "人数 > 1", "points": 4}],
            },
            {
                "id": "c",
                "best_of": [{"bands": [{"when": "失信", "points": 3}, {"otherwise": True, "points": 1}]}],
            },
            {"id": "d", "proportional": {"value": "营业收入", "benchmark": "100", "weight": 30, "cap": 1.5}},
        ],
    }
    known = score(data, subject(revenue=100, spending=4, dishonest=True, staff=2))
    assert known["a"] == (10, 15)
    assert known["b"] == (13, 13)
    assert known["g"] == (23, 25)
    assert known[""] == (56, 58)
    unknown = score(data, subject(staff=2))
    assert unknown["a"] == (2, 20)
    assert unknown["b"] == (4, 13)
    assert unknown["c"] == (1, 3)
    assert unknown["d"] == (0, 45)


def test_an_award_is_exact_to_the_fen():
    data = {
        "rate": 0.1,
        "base": "研发费用",
        "cap": 50,
        "floor": "5",
        "unit": "万元",
        "already_paid": "营业收入",
    }
    assert award(data, subject(spending=Fraction("100.01"), revenue=0)) == 10_001_000
    assert award(data, subject(spending=1000, revenue=20)) == 30_000_000
    assert award(data, subject(spending=1, revenue=20)) == 0
    assert award(data, subject(revenue=20)) is None
    assert award({"amount": "CASE WHEN 人数 > 1 THEN 3 ELSE 2 END", "unit": "元"}, subject(staff=2)) == 300


def test_rounding_goes_to_the_step_in_its_mode():
    assert half_up(Fraction("2.5"), Fraction(1)) == 3
    assert half_up(Fraction("-2.5"), Fraction(1)) == -3
    assert root(Fraction(8, 27), 3) == Fraction(666666666666666666666666, 10**24)
    assert rounded(Fraction(50), {"to": "元"}) == 100
    assert rounded(Fraction(149), {"to": "元", "mode": "down"}) == 100
    assert rounded(Fraction(101), {"to": "元", "mode": "up"}) == 200


def test_the_day_chooses_the_version():
    def rulebook(start: date, end: date, floor: int) -> dict:
        condition = {"id": "c", "when": f"营业收入 >= {floor}"}
        return {
            "effective": {"from": start, "to": end},
            "assessments": {
                "a": {"requires": {"all": [condition, {"id": "off", "when": "失信", "enabled": False}]}},
                "off": {"enabled": False, "requires": condition},
            },
        }

    books = [rulebook(date(2022, 1, 1), date(2026, 3, 31), 10), rulebook(date(2026, 4, 1), date.max, 20)]
    one = subject(revenue=15)
    assert judge(books, one)["a"].verdict is False
    one.on = date(2026, 3, 31)
    assert judge(books, one)["a"].verdict is True
    assert list(judge(books, one)) == ["a"]
    one.on = date(2021, 1, 1)
    assert judge(books, one) == {}


def test_a_tier_is_unknown_when_an_earlier_one_may_hold():
    data = {
        "tiers": [
            {"id": "large", "requires": {"id": "l", "when": "人数 >= 10"}},
            {"id": "odd", "requires": {"id": "o", "when": "失信"}},
            {"id": "small", "otherwise": True},
        ]
    }
    book = {"assessments": {"a": data}}
    assert judge([book], subject(staff=10))["a"].tier == "large"
    assert judge([book], subject(staff=9))["a"].tier is None
    assert judge([book], subject(staff=9, dishonest=False))["a"].tier == "small"
