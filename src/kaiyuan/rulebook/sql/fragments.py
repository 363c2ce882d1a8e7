"""Small pieces of SQL as sqlglot expressions, each safe in every dialect.

Nothing is glued from text: names are quoted identifiers, words and numbers are literals, and sums are put in
brackets where a sign would bind more tightly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Literal, TypeAlias

from sqlglot import exp

Sql: TypeAlias = exp.Expr
Comparison = Literal[">=", ">", "=", "<=", "<"]

_GREATEST_DOUBLE = "1.7976931348623157e+308"
_COMPARISONS: dict[str, type[exp.Binary]] = {
    ">=": exp.GTE, ">": exp.GT, "=": exp.EQ, "<=": exp.LTE, "<": exp.LT
}  # fmt: skip
_EXACT = 1 << 53


def column(name: str) -> exp.Column:
    """Give a column by its quoted name."""
    return exp.column(name, quoted=True)


def cast(value: Sql, kind: str) -> Sql:
    """Give a value cast to a type, by its generic name."""
    return exp.Cast(this=value, to=exp.DataType.build(kind))


def nothing(kind: str) -> Sql:
    """Give NULL of a type, by its generic name."""
    return cast(exp.Null(), kind)


def number(value: Fraction | int | float) -> Sql:
    """Give a number that every engine reads as the same double.

    Up to 15 digits a plain literal is read exactly, as a decimal or a double; a longer one is written with an
    exponent, which makes it a double everywhere.
    """
    double = float(value)
    if double.is_integer() and abs(double) < _EXACT:
        return exp.Literal.number(int(double))
    text = repr(double)
    short = len(text.strip("-").replace(".", "").lstrip("0")) <= 15
    return exp.Literal.number(text if short or "e" in text else f"{text}e0")


def whole(value: int) -> Sql:
    """Give a whole number."""
    return exp.Literal.number(value)


def word(text: str) -> Sql:
    """Give a word as a literal."""
    return exp.Literal.string(text)


def day(value: date) -> Sql:
    """Give a day as a date."""
    return cast(word(value.isoformat()), "date")


def truth(value: bool | None) -> Sql:
    """Give true, false or unknown."""
    return nothing("boolean") if value is None else exp.Boolean(this=value)


def finite(value: Sql) -> Sql:
    """Give a double, or NULL where it is NaN or infinite.

    |x| <= the greatest double: engines that hold NaN greater than everything and engines that hold it
    incomparable both answer no.
    """
    guard = compare(exp.Abs(this=value.copy()), "<=", exp.Literal.number(_GREATEST_DOUBLE))
    return exp.Case().when(guard, value)


def bracketed(value: Sql) -> Sql:
    """Put an expression of an operator into brackets."""
    return exp.paren(value, copy=False) if isinstance(value, exp.Binary | exp.Not | exp.Neg) else value


def compare(left: Sql, sign: Comparison, right: Sql) -> Sql:
    """Give a comparison of two numbers, words or days; NULL where one is."""
    return _COMPARISONS[sign](this=left, expression=right)


def plus(left: Sql, right: Sql) -> Sql:
    """Give left + right."""
    if isinstance(right, exp.Neg):
        return exp.Sub(this=left, expression=bracketed(right.this))
    return exp.Add(this=left, expression=bracketed(right) if isinstance(right, exp.Add | exp.Sub) else right)


def minus(left: Sql, right: Sql) -> Sql:
    """Give left - right."""
    return exp.Sub(this=left, expression=bracketed(right))


def times(left: Sql, right: Sql) -> Sql:
    """Give left * right."""
    return exp.Mul(this=bracketed(left), expression=bracketed(right))


def over(left: Sql, right: Sql) -> Sql:
    """Give left / right of doubles; `typed` keeps sqlglot from casting once more."""
    return exp.Div(this=bracketed(left), expression=bracketed(right), typed=True, safe=False)


def total(parts: Sequence[Sql]) -> Sql:
    """Give the sum of parts, from left to right; of none, 0."""
    return reduce(plus, parts) if parts else whole(0)


def least(values: Sequence[Sql]) -> Sql:
    """Give the least of values that are never NULL, two by two: some engines take no more."""
    return reduce(lambda a, b: exp.Least(this=a, expressions=[b], ignore_nulls=True), values)


def greatest(values: Sequence[Sql]) -> Sql:
    """Give the greatest of values that are never NULL, two by two."""
    return reduce(lambda a, b: exp.Greatest(this=a, expressions=[b], ignore_nulls=True), values)


def every(conditions: Sequence[Sql]) -> Sql:
    """Give the conjunction; of none, true."""
    return exp.and_(*conditions, copy=False) if conditions else truth(True)


def some(conditions: Sequence[Sql]) -> Sql:
    """Give the disjunction; of none, false."""
    return exp.or_(*conditions, copy=False) if conditions else truth(False)


def is_plain(value: Sql) -> bool:
    """Tell whether a value is a column, or NOT of one, and need not become a column of its own."""
    return isinstance(value.this if isinstance(value, exp.Not) else value, exp.Column)


def opposite(condition: Sql) -> Sql:
    """Give NOT of a condition, or what stood under its NOT."""
    if isinstance(condition, exp.Not):
        inner: Sql = condition.this
        return inner
    return exp.Not(this=bracketed(condition))


def is_null(value: Sql) -> Sql:
    """Give whether a value is NULL."""
    return exp.Is(this=bracketed(value), expression=exp.Null())


def is_known(value: Sql) -> Sql:
    """Give whether a value is not NULL."""
    return exp.Not(this=is_null(value))


def certain(condition: Sql) -> Sql:
    """Give a condition with unknown taken as false: two-valued, without IS TRUE."""
    return exp.Coalesce(this=condition, expressions=[truth(False)])


def possible(condition: Sql) -> Sql:
    """Give a condition with unknown taken as true: two-valued."""
    return exp.Coalesce(this=condition, expressions=[truth(True)])


def count_certain(conditions: Sequence[Sql]) -> Sql:
    """Give how many conditions are true."""
    return total([exp.Case().when(c, whole(1)).else_(whole(0)) for c in conditions])


def count_possible(conditions: Sequence[Sql]) -> Sql:
    """Give how many conditions are true or unknown."""
    return total([exp.Case().when(opposite(c), whole(0)).else_(whole(1)) for c in conditions])


def when(*branches: tuple[Sql, Sql], default: Sql | None = None) -> Sql:
    """Give CASE WHEN … THEN …, with ELSE where a default is given."""
    case = exp.Case(ifs=[exp.If(this=test, true=value) for test, value in branches])
    return case if default is None else case.else_(default, copy=False)
