"""Parameters that follow from other parameters come out in their own unit, whatever arithmetic makes them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.model import RuleSet
from kaiyuan.rulebook.plan import compile_plan
from kaiyuan.rulebook.yaml import facts_from_data, rulebook_from_data

ON = date(2026, 6, 1)
FACTS = facts_from_data(
    {
        "facts": {
            "revenue": {
                "label": {"zh": "营业收入"},
                "type": "money",
                "unit": "万元",
                "period": "year",
                "class": "internal",
            },
            "trade": {
                "label": {"zh": "行业"},
                "type": "category",
                "class": "public",
                "values": [{"zh": "工业"}],
            },
        }
    }
)


def value(expression: str, *, unit: str | None = None, on: date = ON) -> object:
    first = date(2026, 1, 1)
    entry: dict[str, Any] = {"from": first, "value": expression} | ({"unit": unit} if unit else {})
    table = {"by": "行业", "values": [{"from": first, "value": {"工业": 2}}]}
    book = rulebook_from_data(
        {
            "rulebook": "test.derived",
            "title": {"zh": "推算参数"},
            "subject": "enterprise",
            "document": {"title": "试", "number": "试1号"},
            "effective": {"from": date(2025, 1, 1)},
            "confidence": "A",
            "source": ["试"],
            "parameters": {
                "base": [{"from": first, "value": 20, "unit": "万元"}],
                "other": [{"from": first, "value": 8, "unit": "万元"}],
                "share": [{"from": first, "value": Fraction(3, 10)}],
                "zero": [{"from": first, "value": 0}],
                "rates": table,
                "derived": [entry],
            },
            "assessments": {
                "large": {
                    "title": {"zh": "大"},
                    "kind": "threshold",
                    "clause": "第一条",
                    "requires": {"id": "revenue", "zh": "收入", "when": "营业收入 >= :base"},
                }
            },
        },
        facts=FACTS,
    )
    return compile_plan(RuleSet(FACTS, (book,)), on=on).bound["test.derived"]["derived"]


@pytest.mark.parametrize(
    ("expression", "unit", "expected"),
    [
        (":base + 30", "万元", 50),
        (":base - :other", "万元", 12),
        (":base * 1.5", "万元", 30),
        (":base * 1.5", "元", 300_000),
        (":base / 5", "万元", 4),
        (":base * :share", "万元", 6),
        (":base / :other", None, Fraction(5, 2)),
        (":share * 0.5", None, Fraction(3, 20)),
        ("abs(:other - :base)", "万元", 12),
        ("greatest_known(:base, :other)", "万元", 20),
        ("least_known(:base, :other)", "万元", 8),
        ("coalesce(:base, :other)", "万元", 20),
        ("round_half_up(:other * 0.3125, 0)", "万元", 3),
    ],
)
def test_a_derived_parameter_is_what_its_text_says_in_its_own_unit(expression, unit, expected):
    assert value(expression, unit=unit) == expected


def test_a_derived_parameter_is_unknown_while_what_it_follows_from_is_not_in_force():
    assert value(":base + 30", unit="万元", on=date(2025, 6, 1)) is None


def test_a_parameter_divided_by_nothing_is_unknown():
    assert value(":share / :zero") is None


def test_a_parameter_that_would_follow_from_a_table_is_refused_and_never_silently_unknown():
    with pytest.raises(RuleError, match="depends on a table by category, rates"):
        value(":rates * 2")
