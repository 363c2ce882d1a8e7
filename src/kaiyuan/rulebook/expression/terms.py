"""The typed expression: what a rule's text means once names, types and units are settled.

Only these dataclasses ever reach an engine. All numbers are in base units (money in 元, land in 平方米 …) and
exact fractions; a `Fact` carries the factor from what its column holds to the base unit. Every term is frozen
and hashable, so that equal conditions are found and evaluated once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from kaiyuan.rulebook.units import NUMBER, Unit

Comparison = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: Fraction


@dataclass(frozen=True)
class Fact:
    """A numeric fact, `lag` years before the base year; base-unit value = column × `scale`.

    Column × `grid` is a whole number as far as the dictionary's `decimals` hold: 1 for fen and counts.
    """

    name: str
    lag: int
    scale: Fraction
    grid: int = 1


@dataclass(frozen=True)
class Parameter:
    """A named constant of the rulebook, still open; its value × `scale` is in base units."""

    name: str
    scale: Fraction


@dataclass(frozen=True)
class Lookup:
    """A constant that depends on a category fact; a word without an entry is unknown."""

    fact: str
    entries: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True)
class Add:
    """A sum."""

    terms: tuple[Numeric, ...]


@dataclass(frozen=True)
class Multiply:
    """A product."""

    left: Numeric
    right: Numeric


@dataclass(frozen=True)
class Divide:
    """A quotient; a zero divisor makes it unknown."""

    left: Numeric
    right: Numeric


@dataclass(frozen=True)
class Growth:
    """Compound yearly growth of a fact over `years`; a base that is not positive makes it unknown."""

    fact: Fact
    years: int


@dataclass(frozen=True)
class Since:
    """Full years (`years`) or days (`days`) from a date fact to the day of the decision."""

    name: str
    lag: int
    unit: Literal["years", "days"]


@dataclass(frozen=True)
class Coalesce:
    """The first known of its arguments."""

    terms: tuple[Numeric, ...]


@dataclass(frozen=True)
class KnownExtreme:
    """The least or greatest of the known arguments; unknown only when none is known."""

    kind: Literal["least", "greatest"]
    terms: tuple[Numeric, ...]


@dataclass(frozen=True)
class Absolute:
    """The absolute value."""

    term: Numeric


@dataclass(frozen=True)
class RoundHalfUp:
    """Rounded to `digits` decimals of the written unit, halves away from zero."""

    term: Numeric
    digits: int
    factor: Fraction


@dataclass(frozen=True)
class Case:
    """The value of the first branch whose condition holds; an unknown condition makes it unknown."""

    branches: tuple[tuple[Condition, Numeric], ...]
    default: Numeric | None


@dataclass(frozen=True)
class Compare:
    """A comparison of two numbers; `unit` is the unit in which people read both sides."""

    op: Comparison
    left: Numeric
    right: Numeric
    unit: Unit = NUMBER


@dataclass(frozen=True)
class Flag:
    """A boolean fact that must be true."""

    name: str
    lag: int


@dataclass(frozen=True)
class OneOf:
    """A category or text fact that must be one of some words."""

    name: str
    lag: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class DateCompare:
    """A date fact compared with a day."""

    name: str
    lag: int
    op: Comparison
    day: date


@dataclass(frozen=True)
class ScoreCompare:
    """The score of this assessment, or one of its groups or indicators, compared with a constant."""

    score: str
    op: Comparison
    right: Numeric


@dataclass(frozen=True)
class And:
    """All of its arguments, in Kleene logic."""

    terms: tuple[Condition, ...]


@dataclass(frozen=True)
class Or:
    """Any of its arguments, in Kleene logic."""

    terms: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The opposite, in Kleene logic."""

    term: Condition


Numeric: TypeAlias = (
    Number | Fact | Parameter | Lookup | Add | Multiply | Divide | Growth | Since | Coalesce | KnownExtreme
    | Absolute | RoundHalfUp | Case
)  # fmt: skip
Condition: TypeAlias = Compare | Flag | OneOf | DateCompare | ScoreCompare | And | Or | Not
Term: TypeAlias = Numeric | Condition

TERM_TYPES: tuple[type, ...] = (
    Number, Fact, Parameter, Lookup, Add, Multiply, Divide, Growth, Since, Coalesce, KnownExtreme, Absolute,
    RoundHalfUp, Case, Compare, Flag, OneOf, DateCompare, ScoreCompare, And, Or, Not,
)  # fmt: skip


def children(term: Term) -> tuple[Term, ...]:
    """Give the direct parts of a term, conditions of CASE branches included."""
    match term:
        case Add(terms) | Coalesce(terms) | KnownExtreme(_, terms) | And(terms) | Or(terms):
            return terms
        case Multiply(left, right) | Divide(left, right) | Compare(_, left, right, _):
            return (left, right)
        case Absolute(inner) | RoundHalfUp(inner, _, _) | Not(inner):
            return (inner,)
        case Growth(fact, _):
            return (fact,)
        case ScoreCompare(_, _, right):
            return (right,)
        case Case(branches, default):
            parts: list[Term] = [part for branch in branches for part in branch]
            return tuple(parts) if default is None else (*parts, default)
    return ()


def walk(term: Term) -> tuple[Term, ...]:
    """Give a term and all its parts, the term first."""
    found: list[Term] = []
    waiting: list[Term] = [term]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting.extend(reversed(children(current)))
    return tuple(found)


def facts_used(term: Term) -> tuple[tuple[str, int], ...]:
    """Give the (fact name, lag) pairs that a term reads, in the order of their first use."""
    used: dict[tuple[str, int], None] = {}
    for part in walk(term):
        match part:
            case Fact(name, lag, _) | Flag(name, lag) | OneOf(name, lag, _) | Since(name, lag, _):
                used[name, lag] = None
            case DateCompare(name, lag, _, _):
                used[name, lag] = None
            case Growth(fact, years):
                used[fact.name, 0] = None
                used[fact.name, years] = None
            case Lookup(name, _):
                used[name, 0] = None
    return tuple(used)


def parameters_used(term: Term) -> frozenset[str]:
    """Give the names of the parameters that stand open in a term."""
    return frozenset(part.name for part in walk(term) if isinstance(part, Parameter))
