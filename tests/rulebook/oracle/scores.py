"""Banded scores with a low and a high end, straight from the words of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.rulebook.oracle.expressions import is_word, number, truth
from tests.rulebook.oracle.numbers import exact
from tests.rulebook.oracle.subject import Subject
from tests.rulebook.oracle.truth import Truth, conjunction, disjunction

Interval = tuple[Fraction, Fraction]
Data = Mapping[str, Any]

UNBOUNDED = Fraction(10**30)  # the high end of points that nothing limits
BOUNDS = {"min": ">=", "above": ">", "max": "<=", "below": "<"}


def score(data: Data, subject: Subject) -> dict[str, Interval]:
    """Give low and high of the whole score (under ""), of each group and of each indicator."""
    result: dict[str, Interval] = {one["id"]: indicator(one, subject) for one in data["indicators"]}
    groups = data.get("groups") or {}
    for name, group in groups.items():
        members = [result[one["id"]] for one in data["indicators"] if one.get("group") == name]
        result[name] = _capped(_sum(members), group.get("max"))
    loose = [result[one["id"]] for one in data["indicators"] if one.get("group") not in groups]
    result[""] = _capped(_sum([*(result[name] for name in groups), *loose]), data.get("max"))
    return result


def indicator(data: Data, subject: Subject) -> Interval:
    """Give low and high of one indicator, or of one choice of `best_of`."""
    if "best_of" in data:
        choices = [indicator(one, subject) for one in data["best_of"]]
        found = max(low for low, _ in choices), max(high for _, high in choices)
    elif "each" in data:
        found = _sum([_each(one, subject) for one in data["each"]])
    elif "proportional" in data:
        found = _proportional(data["proportional"], subject)
    else:
        found = _bands(data, subject)
    return _capped(found, data.get("max"))


def _bands(data: Data, subject: Subject) -> Interval:
    reachable: list[Interval] = []
    for band in data["bands"]:
        answer = _band(band, data.get("value"), subject)
        if answer is not False:
            reachable.append(_points(band["points"]))
        if answer is True:
            break
    return min(low for low, _ in reachable), max(high for _, high in reachable)


def _band(band: Data, value: object, subject: Subject) -> Truth:
    if "otherwise" in band:
        return True
    if "when" in band:
        return truth(str(band["when"]), subject)
    tests = [truth(f"({value}) {sign} ({band[key]})", subject) for key, sign in BOUNDS.items() if key in band]
    for key in ("is", "in"):
        if key in band:
            wanted = band[key] if isinstance(band[key], list) else [band[key]]
            if is_word(value, subject):
                texts = [f"{value} = '{one}'" for one in wanted]
            else:
                texts = [f"({value}) = ({one})" for one in wanted]
            tests.append(disjunction([truth(text, subject) for text in texts]))
    return conjunction(tests)


def _each(item: Data, subject: Subject) -> Interval:
    answer = truth(str(item["when"]), subject)
    low, high = _points(item["points"])
    if answer is False:
        return Fraction(0), Fraction(0)
    return (low, high) if answer else (min(low, Fraction(0)), max(high, Fraction(0)))


def _proportional(data: Data, subject: Subject) -> Interval:
    weight = exact(data["weight"])
    cap = number(data["cap"], subject) if "cap" in data else None
    benchmark = number(data["benchmark"], subject)
    share = number(f"({data['value']}) / ({data['benchmark']})", subject)
    if share is None or benchmark is None or benchmark.value <= 0 or ("cap" in data and cap is None):
        return Fraction(0), weight * cap.value if cap else UNBOUNDED
    points = max(share.value, Fraction(0)) * weight
    points = min(points, cap.value * weight) if cap else points
    return points, points


def _points(points: object) -> Interval:
    if isinstance(points, list):
        return exact(points[0]), exact(points[1])
    return exact(points), exact(points)


def _sum(parts: list[Interval]) -> Interval:
    return sum((low for low, _ in parts), Fraction(0)), sum((high for _, high in parts), Fraction(0))


def _capped(interval: Interval, most: object) -> Interval:
    low, high = interval
    return interval if most is None else (min(low, exact(most)), min(high, exact(most)))
