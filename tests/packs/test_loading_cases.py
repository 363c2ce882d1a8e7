"""The cases of a pack run through the evaluator, and what differs is said so that an author understands it."""

import pytest

from kaiyuan.packs import check_pack, check_packs, find_packs
from tests.packs.test_loading import write  # noqa: F401 - a fixture
from tests.rulebook.yaml_samples import BODY, FACTS_TEXT, HEAD

RULES = BODY.replace("zh: 营收达标", "zh: 营收达标, clause: 一") + (
    "        - {id: honest, zh: 未失信, when: NOT 严重失信}\n"
    "    score:\n      indicators:\n"
    "        - {id: x, zh: 人数, value: 从业人员, bands: [{min: 10, points: [5, 8]}, {otherwise: true, points: 1}]}\n"
    "    tiers:\n"
    "      - {id: large, zh: 大, requires: {id: many, zh: 人多, when: 从业人员 >= 100}}\n"
    "      - {id: small, zh: 小, otherwise: true}\n"
    "    award: {rate: 0.1, base: 研发费用, cap: 50, unit: 万元}\n"
)
GOOD = (
    "fixtures:\n  firm: {营业收入: 2000, 严重失信: false, 从业人员: 20, 研发费用: 123.45}\n"
    "cases:\n"
    "  - {name: 符合, on: 2026-06-01, like: firm, expect: {one: {verdict: yes, distance: 0, score: [5, 8], tier: small, "
    "amount: 12.345, conditions: {revenue: yes}}}}\n"
    "  - {name: 封顶, on: 2026-06-01, like: firm, facts: {研发费用: 9000}, expect: {one: {amount: 50}}}\n"
    "  - {name: 差一条, on: 2026-06-01, like: firm, facts: {营业收入: 1499.99}, expect: {one: {verdict: no, distance: 1}}}\n"
    "  - {name: 不知, on: 2026-07-01, like: firm, facts: {严重失信: unknown, 从业人员: unknown, 研发费用: unknown}, "
    "expect: {one: {verdict: unknown, tier: unknown, score: [1, 8], amount: unknown}}}\n"
)


@pytest.fixture
def pack(write):  # noqa: F811
    def make(cases):
        return write("mine", {"facts.yaml": FACTS_TEXT, "rulebooks/one.yaml": HEAD + RULES + cases})

    return make


def differences(report):
    return [str(difference) for failure in report.failures for difference in failure.differences]


def test_cases_that_come_out_as_expected_pass(pack):
    report = check_pack(pack(GOOD))
    assert differences(report) == []
    assert report.passed and (report.cases, report.answers) == (4, 4)
    assert str(report) == "mine: 4 cases, 4 passed, 0 failed"


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (
            "facts: {营业收入: 3}, expect: {one: {verdict: yes}}",
            "one verdict: expected yes, got no (no: revenue, many)",
        ),
        (
            "facts: {严重失信: unknown}, expect: {one: {verdict: yes}}",
            "one verdict: expected yes, got unknown (no: many; unknown: honest)",
        ),
        (
            "facts: {营业收入: 3, 严重失信: true}, expect: {one: {distance: 1}}",
            "one distance: expected 1, got 2 (no: revenue, honest, many)",
        ),
        ("expect: {one: {conditions: {revenue: no}}}", "one condition revenue: expected no, got yes"),
        ("expect: {one: {tier: large}}", "one tier: expected large, got small"),
        ("expect: {one: {score: 5}}", "one score: expected 5, got [5, 8]"),
        (
            "expect: {one: {amount: 12.34}}",
            "one amount: expected 12.34 万元, got 12.345 万元 (min(50 万元, 0.1 * (研发费用)))",
        ),
        (
            "facts: {营业收入: 3}, expect: {one: {amount: 12.345}}",
            "one amount: expected 12.345 万元, got unknown (the verdict is no)",
        ),
        (
            "expect: {one: {amount: unknown}}",
            "one amount: expected unknown, got 12.345 万元 (min(50 万元, 0.1 * (研发费用)))",
        ),
    ],
)
def test_each_difference_is_said_in_the_authors_words(pack, case, sentence):
    text = f"{GOOD.partition('cases:')[0]}cases:\n  - {{name: 甲, on: 2026-06-01, like: firm, {case}}}\n"
    report = check_pack(pack(text))
    assert differences(report) == [sentence] and not report.passed
    assert str(report).splitlines()[1] == "mine/rulebooks/one.yaml:26: 甲 (on 2026-06-01)"


def test_a_day_before_the_rule_was_in_force_is_told(pack):
    report = check_pack(pack("cases:\n  - {name: 甲, on: 2025-06-01, expect: {one: {verdict: yes}}}\n"))
    assert differences(report) == ["one verdict: expected yes, got not in force on 2025-06-01"]


def test_conditions_that_no_case_tries_all_three_ways_are_listed(pack):
    report = check_pack(pack(GOOD))
    assert [str(gap) for gap in report.gaps] == [
        "one/revenue: no case where it is unknown",
        "one/honest: no case where it is no",
        "one/many: no case where it is yes",
    ]
    assert report.untried == ()


def test_an_assessment_without_any_case_is_named(pack):
    assert check_pack(pack("")).untried == ("one",)


def test_cases_of_required_packs_are_not_run_again(pack, write):  # noqa: F811
    pack(GOOD)
    local = write("local", requires="mine")
    assert check_pack(local).cases == 0
    assert [(report.pack, report.cases) for report in check_packs([local, "mine"])] == [
        ("mine", 4),
        ("local", 0),
    ]


def test_all_cases_of_the_shipped_packs_pass():
    reports = check_packs(sorted(find_packs()))
    assert [str(report) for report in reports if not report.passed] == []
