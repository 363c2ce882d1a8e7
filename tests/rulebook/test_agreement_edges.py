"""Exactly on the threshold, one fen below and one above: decided as on paper, not as doubles happen to fall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from kaiyuan.rulebook import RuleSet, compile_plan, evaluate
from kaiyuan.rulebook.values import on_grid
from kaiyuan.rulebook.yaml import rulebook_from_data
from tests.rulebook.generate_facts import DICTIONARY, Facts, table
from tests.rulebook.judging import dictionary
from tests.rulebook.oracle import Subject
from tests.rulebook.oracle.expressions import truth

pytestmark = pytest.mark.filterwarnings("error")

ON = date(2026, 6, 1)
START = date(2020, 1, 1)
FEN = Fraction(1, 10**6)  # in 万元
PARAMETERS = {
    "by_trade": {
        "by": "所属行业",
        "values": [{"from": START, "value": {"工业": 0.57, "建筑业": 0.29}, "unit": "亩"}],
    },
    "rates": {"by": "所属行业", "values": [{"from": START, "value": {"工业": 0.07, "建筑业": 0.29}}]},
    "sums": {
        "by": "所属行业",
        "values": [{"from": START, "value": {"工业": 0.0057, "建筑业": 0.29}, "unit": "万元"}],
    },
}
TRADES = (("工业", Fraction("0.07")), ("建筑业", Fraction("0.29")))


def disagreements(conditions: Sequence[str], rows: Sequence[Facts]) -> list[str]:
    """Give the conditions that the evaluator and the oracle see differently, with the facts."""
    book = {
        "rulebook": "test.edges",
        "subject": "enterprise",
        "document": {"title": "边界", "number": "边界〔2026〕1号"},
        "effective": {"from": START},
        "confidence": "A",
        "parameters": PARAMETERS,
        "assessments": {
            "a": {
                "title": {"zh": "边界"},
                "kind": "title",
                "clause": "第一条",
                "requires": {
                    "all": [{"id": f"c{at}", "zh": text, "when": text} for at, text in enumerate(conditions)]
                },
            }
        },
    }
    plan = compile_plan(RuleSet(dictionary(), (rulebook_from_data(book, facts=dictionary()),)), on=ON)
    given = evaluate(plan=plan, batch=table(rows), leaves=True).to_pydict()
    found = []
    for row, facts in enumerate(rows):
        subject = Subject(facts, DICTIONARY, ON, parameters=PARAMETERS)
        for at, text in enumerate(conditions):
            wanted = truth(text, subject)
            if given[f"a/c{at}"][row] is not wanted:
                found.append(f"{text}: {given[f'a/c{at}'][row]}, wanted {wanted}, {facts}")
    return found


def compared(left: str, right: str) -> list[str]:
    return [f"{left} {sign} {right}" for sign in (">=", ">", "=", "<>", "<", "<=")]


@pytest.mark.parametrize("rate", ["0.03", "0.0333", "0.6", "1.15", "0.07", "0.29"])
def test_a_share_of_an_amount_is_exact_to_the_fen(rate):
    random, rows = Random(rate), []
    for _ in range(80):
        # Up to 100亿元: a form's whole coefficients times fen stay below 2^53.
        revenue = random.randint(1, 10**12 // 10_000) * Fraction(rate).denominator
        rd = revenue * Fraction(rate) + random.choice((-1, 0, 0, 0, 1))
        rows.append({"revenue": [revenue * FEN], "rd": [rd * FEN]})
    conditions = [
        *compared("研发费用 / 营业收入", rate),
        *compared("研发费用", f"营业收入 * {rate}"),
        *compared(f"研发费用 - 营业收入 * {rate}", "0"),
        *compared("研发费用 / 营业收入 * 100", f"{rate} * 100"),
        *compared("coalesce(研发费用, 0) - greatest_known(营业收入, 0)", f"营业收入 * ({rate} - 1)"),
        *compared("abs(营业收入 - 研发费用)", f"abs({rate} - 1) * 营业收入"),
    ]
    assert disagreements(conditions, rows) == []


def test_sums_and_quotients_of_decimals_are_exact():
    random, rows = Random(1), []
    for _ in range(80):
        now, before = (Fraction(random.randint(0, 999), 10) for _ in range(2))
        land = Fraction(random.randint(1, 20_000), 100)
        for energy in (
            [now, before],
            [Fraction("50.3") - before, before],
            [before + Fraction("0.3"), before],
        ):
            rows.append({"energy": energy, "land": [land], "revenue": [land * 5]})
        rows.append(
            {"energy": [before * 11 / 10, before], "land": [land], "revenue": [land * Fraction("0.7")]}
        )
    rows = [row for row in rows if (row["energy"][0] * 10).denominator == 1]
    conditions = [
        *compared("综合能耗 + prior(综合能耗, 1)", "50.3"),
        *compared("综合能耗 - prior(综合能耗, 1)", "0.3"),
        *compared("综合能耗 / prior(综合能耗, 1)", "1.1"),
        *compared("growth(综合能耗, 1)", "0.1"),
        *compared("营业收入 / 用地面积", "5"),
        *compared("营业收入 / 用地面积", "0.7"),
        *compared("营业收入 - 用地面积 / 用地面积 * 营业收入", "0"),
    ]
    assert disagreements(conditions[:-6], rows) == []


def test_compound_growth_is_exact():
    random, rows = Random(2), []
    for _ in range(80):
        base = random.randint(1, 10**9)
        rows.append({"revenue": [base * 121 * FEN, None, base * 100 * FEN]})
        rows.append({"revenue": [base * 1331 * FEN, None, None, base * 1000 * FEN]})
    conditions = [*compared("growth(营业收入, 2)", "0.1"), *compared("growth(营业收入, 3) * 100", "10")]
    assert disagreements(conditions, rows) == []


def test_what_is_chosen_among_facts_and_numbers_stays_exact():
    hundredths = [Fraction(n, 100) for n in range(1, 100, 2)] + [Fraction("0.58")]
    rows: list[Facts] = [
        {"debt": [one], "land": [one], "profit": [one], "revenue": [1], "rd": [one], "staff": [1]}
        for one in hundredths
    ]
    for one in ("0.07", "0.29", "0.57", "0.58"):
        conditions = [
            *compared("coalesce(资产负债率, 研发费用 / 营业收入)", one),
            *compared("greatest_known(研发费用 / 营业收入, 0)", one),
            *compared("coalesce(用地面积, 0)", one),
            *compared("CASE WHEN 从业人数 = 1 THEN 利润总额 ELSE 0.5 END", one),
            *compared("round_half_up(利润总额, 2)", one),
            *compared("coalesce(利润总额, 0) + abs(利润总额)", f"{one} * 2"),
        ]
        assert disagreements(conditions, rows) == []


def test_a_threshold_by_category_is_as_exact_as_a_number():
    rows: list[Facts] = []
    for trade, rate in TRADES:
        for one in (rate, Fraction("0.57"), Fraction("0.29"), Fraction("0.0057")):
            for step in (-FEN, 0, FEN):
                rows.append(
                    {
                        "trade": [trade],
                        "debt": [one],
                        "land": [one],
                        "revenue": [Fraction(100)],
                        "rd": [one * 100 + step],
                        "received": [one + step],
                        "staff": [100 + int(rate * 100), 100],
                    }
                )
    rows.append({**rows[0], "trade": ["软件业"]})
    conditions = [
        *compared("资产负债率", ":rates"),
        *compared("用地面积", ":by_trade"),
        *compared("研发费用 / 营业收入", ":rates"),
        *compared("研发费用 * 2 / 营业收入", ":rates * 2"),
        *compared("已获奖励", ":sums"),
        *compared(":sums * 3", "已获奖励 * 3"),
        *compared("研发费用", "营业收入 * 0.5 + :sums"),
        *compared("growth(从业人数, 1)", ":rates"),
        *compared("1 - growth(从业人数, 1)", "1 - :rates"),
    ]
    assert disagreements(conditions, rows) == []


def test_a_value_with_more_decimals_than_declared_is_not_rounded():
    values = np.array([132.33, 132.334, 0.07, 1 / 3, 0.0, -0.29, 1e12 + 0.5])
    assert on_grid(values, 100).tolist() == [13233.0, 132.334 * 100, 7.0, 1 / 3 * 100, 0.0, -29.0, 1e14 + 50]
    assert on_grid(np.array([0.07, 0.29]), 100).tolist() == [7.0, 29.0]
