"""The checker's comparisons: which values may be compared, and what the comparison becomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.expression.arithmetic import Typed, TypeFault, describe, unify

_MIRRORED: dict[t.Comparison, t.Comparison] = {
    "=": "=",
    "<>": "<>",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}


def compare(op: t.Comparison, left: Typed, right: Typed) -> t.Condition:
    """Give the comparison of two values, or raise `TypeFault` when they cannot be compared."""
    if right.kind in ("category", "text", "date", "score") and left.kind not in (
        "category",
        "text",
        "date",
        "score",
    ):
        return compare(_MIRRORED[op], right, left)
    if left.kind == "score":
        if right.kind != "literal":
            raise TypeFault(
                f"a score is compared with {describe(right)}",
                "Compare a score with a number or a parameter without unit",
            )
        return t.ScoreCompare(left.name, op, right.number)
    if left.kind in ("category", "text"):
        return _compare_word(op, left, right)
    if left.kind == "date":
        return _compare_date(op, left, right)
    if "condition" in (left.kind, right.kind):
        raise TypeFault(
            "a condition or yes/no fact is compared with something",
            "Write it alone, or with NOT; join conditions with AND",
        )
    if "string" in (left.kind, right.kind):
        raise TypeFault(
            f"{describe(left)} is compared with {describe(right)}",
            "Compare a number with a number (without quotation marks)",
        )
    (a, b), _, unit = unify([left, right], "the two sides")
    return t.Compare(op, a, b, unit)


def is_in(value: Typed, choices: Sequence[Typed]) -> t.Condition:
    """Give the membership test of a word or number in a list."""
    if value.kind in ("category", "text"):
        words = dict.fromkeys(_word(value, choice) for choice in choices)
        return t.OneOf(value.name, value.lag, tuple(words))
    tests = tuple(compare("=", value, choice) for choice in choices)
    return tests[0] if len(tests) == 1 else t.Or(tests)


def _compare_word(op: t.Comparison, left: Typed, right: Typed) -> t.Condition:
    if op not in ("=", "<>"):
        raise TypeFault(f"{describe(left)} has no order", "Use =, <> or IN with the words of the dictionary")
    test = t.OneOf(left.name, left.lag, (_word(left, right),))
    return test if op == "=" else t.Not(test)


def _word(left: Typed, right: Typed) -> str:
    if right.kind != "string":
        raise TypeFault(
            f"{describe(left)} is compared with {describe(right)}",
            "Put the word between quotation marks: '工业'",
        )
    fact = left.fact
    if fact is None or fact.type != "category":
        return right.name
    word = fact.category(right.name)
    if word is None:
        known = "、".join(value.zh for value in fact.values)
        raise TypeFault(f"{fact.zh} has no value {right.name!r}", f"Its values are {known}")
    return word


def _compare_date(op: t.Comparison, left: Typed, right: Typed) -> t.Condition:
    if right.kind != "string":
        raise TypeFault(
            f"a date is compared with {describe(right)}", "Write the day as '2026-04-01', or use years_since"
        )
    try:
        day = date.fromisoformat(right.name)
        if day.isoformat() != right.name:  # fromisoformat also takes week numbers and days without signs
            raise ValueError(right.name)
    except ValueError:
        raise TypeFault(f"{right.name!r} is not a day", "Write the day as '2026-04-01'") from None
    return t.DateCompare(left.name, left.lag, op, day)
