"""Expressions, read again from their text and reckoned for one subject, three-valued and exact.

sqlglot gives the syntax tree; everything else here is the oracle's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache

import sqlglot
from sqlglot import exp

from tests.rulebook.oracle.numbers import Kind, Number, arithmetic, close, dyadic, exact, half_up, root, safe
from tests.rulebook.oracle.subject import Subject
from tests.rulebook.oracle.truth import Truth, conjunction, disjunction, negation
from tests.rulebook.oracle.written_units import PLAIN, Written, combined, written

SIGNS = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
COMPARISONS = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}
PICKERS = ("coalesce", "least_known", "greatest_known")

Interval = tuple[Fraction, Fraction]


@cache
def parsed(text: str) -> exp.Expression:
    """Read a text once."""
    return sqlglot.parse_one(text)


def truth(text: str, subject: Subject) -> Truth:
    """Give the truth of a condition's text."""
    return _truth(parsed(text), subject)


def number(text: object, subject: Subject) -> Number | None:
    """Give the number of a text, or of a plain number; None is unknown."""
    return _number(parsed(str(text)), subject)


def unit_of(text: object, subject: Subject) -> Written | None:
    """Give the unit a text is written in; None for bare numbers, which take the unit of what they meet."""
    return _unit(parsed(str(text)), subject)


def word(text: str, subject: Subject) -> str | None:
    """Give the word of a category or text fact."""
    value = subject.value(parsed(text).name)
    return value if isinstance(value, str) else None


def is_word(text: object, subject: Subject) -> bool:
    """Tell whether a text names a category or text fact."""
    node = parsed(str(text))
    return (
        isinstance(node, exp.Column)
        and not _is_score(node)
        and subject.type(node.name) in ("category", "text")
    )


# -- truth ---------------------------------------------------------------------------------------------


def _truth(node: exp.Expression, subject: Subject) -> Truth:
    match node:
        case exp.Paren():
            return _truth(node.this, subject)
        case exp.And():
            return conjunction([_truth(node.left, subject), _truth(node.right, subject)])
        case exp.Or():
            return disjunction([_truth(node.left, subject), _truth(node.right, subject)])
        case exp.Not():
            return negation(_truth(node.this, subject))
        case exp.Between():
            low = _compared(">=", node.this, node.args["low"], subject)
            high = _compared("<=", node.this, node.args["high"], subject)
            return conjunction([low, high])
        case exp.In():
            return disjunction([_compared("=", node.this, one, subject) for one in node.expressions])
        case exp.Column():
            value = subject.value(node.name)
            assert value is None or isinstance(value, bool), node.name
            return value
    if type(node) in COMPARISONS:
        return _compared(COMPARISONS[type(node)], node.left, node.right, subject)
    raise TypeError(f"not a condition: {node.sql()}")


def _compared(sign: str, left: exp.Expression, right: exp.Expression, subject: Subject) -> Truth:
    for one, other in ((left, right), (right, left)):
        kind = _fact_type(one, subject)
        if kind in ("category", "text"):
            return _compared_words(sign, left, right, subject)
        if kind == "date":
            return _compared_dates(sign, left, right, subject)
        if _is_score(one):
            return _compared_score(sign if one is left else MIRRORED[sign], one, other, subject)
    a, b = _number(left, subject), _number(right, subject)
    if a is None or b is None:
        return None
    scale = _scale(_unit(left, subject), _unit(right, subject))
    if not safe(a, b, scale):
        subject.doubtful = True
    return _holds(sign, a.value, b.value * scale)


MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _holds(sign: str, left: Fraction | str | date, right: Fraction | str | date) -> bool:
    match sign:
        case "=":
            return left == right
        case "<>":
            return left != right
        case "<":
            return left < right  # type: ignore[operator]
        case "<=":
            return left <= right  # type: ignore[operator]
        case ">":
            return left > right  # type: ignore[operator]
        case ">=":
            return left >= right  # type: ignore[operator]
    raise ValueError(f"no such comparison: {sign}")


def _compared_words(sign: str, left: exp.Expression, right: exp.Expression, subject: Subject) -> Truth:
    a, b = (one.name if one.is_string else subject.value(one.name) for one in (left, right))
    assert sign in ("=", "<>")
    return None if a is None or b is None else _holds(sign, str(a), str(b))


def _compared_dates(sign: str, left: exp.Expression, right: exp.Expression, subject: Subject) -> Truth:
    a, b = (
        date.fromisoformat(one.name) if one.is_string else subject.value(one.name) for one in (left, right)
    )
    if a is None or b is None:
        return None
    assert isinstance(a, date) and isinstance(b, date)
    return _holds(sign, a, b)


def _compared_score(sign: str, score: exp.Expression, other: exp.Expression, subject: Subject) -> Truth:
    low, high = _score(score, subject)
    bound = _number(other, subject)
    if bound is None:
        return None
    if subject.rough_scores and any(close(end, bound.value) for end in (low, high)):
        subject.doubtful = True
    answers = {_holds(sign, one, bound.value) for one in (low, high)}
    if sign in ("=", "<>") and low < bound.value < high:
        return None
    return answers.pop() if len(answers) == 1 else None


def _is_score(node: exp.Expression) -> bool:
    return isinstance(node, exp.Column) and (
        node.table == "score" or (not node.table and node.name == "score")
    )


def _score(node: exp.Expression, subject: Subject) -> Interval:
    return subject.scores[node.name if isinstance(node, exp.Column) and node.table else ""]


def _fact_type(node: exp.Expression, subject: Subject) -> str | None:
    return subject.type(node.name) if isinstance(node, exp.Column) and not _is_score(node) else None


# -- numbers -------------------------------------------------------------------------------------------


def _number(node: exp.Expression, subject: Subject) -> Number | None:
    match node:
        case exp.Paren():
            return _number(node.this, subject)
        case exp.Literal():
            return _written_number(Fraction(node.name))
        case exp.Neg():
            inner = _number(node.this, subject)
            return inner and Number(-inner.value, inner.kind, inner.whole)
        case exp.Placeholder():
            value, _ = subject.parameter(node.name)
            if isinstance(value, str):
                return _parameter_expression(value, node.name, subject)
            if value is None:
                return None
            table = (
                isinstance(subject.parameters[node.name], Mapping) and "by" in subject.parameters[node.name]
            )
            return Number(exact(value), Kind.TABLE if table else Kind.CONSTANT, dyadic(exact(value)))
        case exp.Column():
            return _fact(node.name, 0, subject)
        case exp.Case():
            return _case(node, subject)
        case exp.Abs():
            inner = _number(node.this, subject)
            return inner and Number(abs(inner.value), _kind_of_choice(inner.kind), inner.whole)
    if type(node) in SIGNS:
        return _arithmetic(node, subject)
    return _function(_function_name(node), _arguments(node), subject)


def _written_number(value: Fraction) -> Number:
    return Number(value, Kind.CONSTANT, dyadic(value))


def _parameter_expression(text: str, name: str, subject: Subject) -> Number | None:
    inner = number(text, subject)
    scale = _scale(_unit_of_parameter(name, subject), unit_of(text, subject))
    return inner and Number(inner.value * scale, inner.kind, inner.whole and scale == 1)


def _fact(name: str, years_before: int, subject: Subject) -> Number | None:
    value = subject.value(name, years_before)
    if value is None:
        return None
    assert isinstance(value, Fraction), name
    base = value * subject.unit(name).factor if subject.unit(name).money else value
    kind = Kind.LINEAR if subject.as_declared(name, value) else Kind.STORED
    return Number(value, kind, dyadic(value) and dyadic(base))


def _arithmetic(node: exp.Expression, subject: Subject) -> Number | None:
    left, right = _number(node.left, subject), _number(node.right, subject)
    if left is None or right is None:
        return None
    left_unit, right_unit = _unit(node.left, subject), _unit(node.right, subject)
    sign = SIGNS[type(node)]
    if sign in "+-":
        return arithmetic(sign, left, right, _scale(left_unit, right_unit))
    _, factor = combined(left_unit or PLAIN, right_unit or PLAIN, 1 if sign == "*" else -1)
    result = arithmetic(sign, left, right)
    return result and Number(result.value * factor, result.kind, result.whole and factor == 1)


def _case(node: exp.Case, subject: Subject) -> Number | None:
    for branch in node.args["ifs"]:
        answer = _truth(branch.this, subject)
        if answer is None:
            return None
        if answer:
            return _chosen(branch.args["true"], node, subject)
    default = node.args.get("default")
    return _chosen(default, node, subject) if default is not None else None


def _chosen(branch: exp.Expression, whole: exp.Expression, subject: Subject) -> Number | None:
    value = _number(branch, subject)
    scale = _scale(_unit(whole, subject), _unit(branch, subject))
    return value and Number(value.value * scale, _kind_of_choice(value.kind), value.whole and scale == 1)


def _kind_of_choice(kind: Kind) -> Kind:
    return Kind.LINEAR if kind in (Kind.CONSTANT, Kind.TABLE, Kind.LINEAR) else Kind.DOUBLE


def _arguments(node: exp.Expression) -> list[exp.Expression]:
    return [node.this, *node.expressions] if isinstance(node, exp.Coalesce) else list(node.expressions)


def _function_name(node: exp.Expression) -> str:
    if isinstance(node, exp.Coalesce):
        return "coalesce"
    assert isinstance(node, exp.Anonymous), node.sql()
    return str(node.this).lower()


def _function(name: str, arguments: list[exp.Expression], subject: Subject) -> Number | None:
    first = arguments[0]
    if name == "prior":
        return _fact(first.name, int(arguments[1].name), subject)
    if name == "growth":
        return _growth(first.name, int(arguments[1].name), subject)
    if name in ("years_since", "days_since"):
        day = subject.value(first.name)
        return _written_number(Fraction(_since(name, day, subject.on))) if isinstance(day, date) else None
    if name == "round_half_up":
        return _rounded(_number(first, subject), int(arguments[1].name), subject)
    assert name in PICKERS, name
    whole = first.parent
    assert whole is not None
    known = [value for value in (_chosen(one, whole, subject) for one in arguments) if value is not None]
    if not known:
        return None
    if name == "coalesce":
        return known[0]
    extreme = min if name == "least_known" else max
    return extreme(known, key=lambda one: one.value)


def _since(name: str, day: date, on: date) -> int:
    if name == "days_since":
        return (on - day).days
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))


def _growth(name: str, years: int, subject: Subject) -> Number | None:
    """Give the compound yearly growth; from nothing or less than nothing there is none."""
    last, first = _fact(name, 0, subject), _fact(name, years, subject)
    if last is None or first is None or first.value <= 0:
        return None
    ratio = last.value / first.value
    whole = last.whole and first.whole and dyadic(ratio)
    kind = Kind.DOUBLE if Kind.STORED in (last.kind, first.kind) else Kind.RATIO
    if years == 1:
        return Number(ratio - 1, kind, whole)
    return None if ratio < 0 else Number(root(ratio, years) - 1, kind, False)


def _rounded(value: Number | None, digits: int, subject: Subject) -> Number | None:
    if value is None:
        return None
    step = Fraction(1, 10**digits) if digits >= 0 else Fraction(10**-digits)
    rounded = half_up(value.value, step)
    kind = _kind_of_choice(value.kind)
    tie = abs(value.value / step - int(value.value / step))
    if kind is Kind.DOUBLE and not value.whole and abs(tie - Fraction(1, 2)) < Fraction(1, 10**6):
        subject.doubtful = True
    return Number(rounded, kind, dyadic(rounded))


# -- units ---------------------------------------------------------------------------------------------


def _scale(to: Written | None, of: Written | None) -> Fraction:
    """Give the factor that brings a value in unit `of` to unit `to`; a bare number fits any."""
    if to is None or of is None:
        return Fraction(1)
    assert to.dimensions == of.dimensions, (to, of)
    return of.factor / to.factor


def _unit_of_parameter(name: str, subject: Subject) -> Written | None:
    _, unit = subject.parameter(name)
    return written(unit) if unit else None


def _unit(node: exp.Expression, subject: Subject) -> Written | None:
    match node:
        case exp.Paren() | exp.Neg() | exp.Abs():
            return _unit(node.this, subject)
        case exp.Literal():
            return None
        case exp.Placeholder():
            return _unit_of_parameter(node.name, subject)
        case exp.Column():
            return None if _is_score(node) else subject.unit(node.name)
        case exp.Case():
            branches = [branch.args["true"] for branch in node.args["ifs"]]
            return _first_unit([*branches, node.args.get("default")], subject)
        case exp.Add() | exp.Sub():
            return _first_unit([node.left, node.right], subject)
        case exp.Mul() | exp.Div():
            left, right = _unit(node.left, subject), _unit(node.right, subject)
            if left is None and right is None:
                return None
            return combined(left or PLAIN, right or PLAIN, 1 if isinstance(node, exp.Mul) else -1)[0]
    name = _function_name(node)
    if name == "prior":
        return subject.unit(_arguments(node)[0].name)
    if name == "growth":
        return PLAIN
    if name in ("years_since", "days_since"):
        return written("年" if name == "years_since" else "天")
    return _first_unit(_arguments(node)[:1] if name == "round_half_up" else _arguments(node), subject)


def _first_unit(nodes: list[exp.Expression | None], subject: Subject) -> Written | None:
    units = [_unit(node, subject) for node in nodes if node is not None]
    return next((unit for unit in units if unit is not None), None)
