"""The words in which the benchmark writes its rules, before any engine's own language.

A policy is a tree of groups over eight conditions. Numbers are decimal text in the unit people write (万元, 人, 亩);
every dialect renders them for its own engine. Only the standard library is used: each peer runs in its own
environment and reads this module there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

FEN_PER_WAN = 1_000_000  # 1 万元 = 10,000 元 = 1,000,000 fen


@dataclass(frozen=True)
class Fact:
    """One fact of the dictionary: its name, labels, type, unit, and whether a prior year is known."""

    name: str
    zh: str
    en: str
    type: str  # money | integer | number | ratio | boolean | category
    unit: str = ""
    prior: bool = False
    values: tuple[tuple[str, str], ...] = ()

    @property
    def period(self) -> str:
        """Give `year` for facts of a year, `moment` for the others."""
        return "year" if self.prior or self.type == "money" else "moment"

    @property
    def scale(self) -> int:
        """Give how many canonical units (fen) one written unit (万元) is."""
        return FEN_PER_WAN if self.type == "money" else 1


@dataclass(frozen=True)
class Term:
    """One fact's value in the base year, or `prior` years before it."""

    fact: str
    prior: int = 0

    @property
    def column(self) -> str:
        """Give the canonical column's name."""
        return f"{self.fact}__{self.prior}" if self.prior else self.fact


@dataclass(frozen=True)
class Quotient:
    """One fact divided by another; unknown when the divisor is zero."""

    above: Term
    below: Term


@dataclass(frozen=True)
class Limit:
    """A fact or a quotient compared with a constant; `parameter` names the constant when it may be changed."""

    value: Term | Quotient
    operator: str  # >= | <= | > | <
    constant: Decimal
    parameter: str | None = None


@dataclass(frozen=True)
class Linear:
    """A sum of facts less another fact, compared with a constant."""

    plus: tuple[Term, ...]
    minus: tuple[Term, ...]
    operator: str
    constant: Decimal


@dataclass(frozen=True)
class Between:
    """A fact within two constants, both included."""

    value: Term
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Among:
    """A category that is one of several words."""

    value: Term
    words: tuple[str, ...]


@dataclass(frozen=True)
class Flag:
    """A boolean fact that holds."""

    value: Term


@dataclass(frozen=True)
class Indicator:
    """One line of a score: the first band whose minimum is reached gives the points, else none."""

    id: str
    value: Term | Quotient
    bands: tuple[tuple[Decimal, int], ...]  # minimum, points; highest minimum first

    @property
    def most(self) -> int:
        """Give the points of the best band."""
        return self.bands[0][1]


@dataclass(frozen=True)
class ScoreAtLeast:
    """The sum of banded indicators reaching a mark; unknown facts make it a range."""

    indicators: tuple[Indicator, ...]
    mark: int


Leaf = Limit | Linear | Between | Among | Flag | ScoreAtLeast


@dataclass(frozen=True)
class Group:
    """`all`, `any`, `none` or `at_least` (n) of its members."""

    kind: str
    members: tuple[Group | Leaf, ...]
    n: int = 0


@dataclass(frozen=True)
class Policy:
    """One policy: its id and the tree of its eight conditions."""

    id: str
    zh: str
    tree: Group

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Give the conditions in the order in which they are written."""
        return tuple(walk(self.tree))

    @property
    def score(self) -> ScoreAtLeast | None:
        """Give the policy's score condition, if it has one."""
        return next((leaf for leaf in self.leaves if isinstance(leaf, ScoreAtLeast)), None)

    @property
    def parameter(self) -> Limit | None:
        """Give the condition whose constant is a named parameter, if there is one."""
        return next((leaf for leaf in self.leaves if isinstance(leaf, Limit) and leaf.parameter), None)


@dataclass(frozen=True)
class Workload:
    """The dictionary and the policies that every engine evaluates."""

    facts: tuple[Fact, ...]
    policies: tuple[Policy, ...]

    @property
    def dictionary(self) -> dict[str, Fact]:
        """Give the facts by name."""
        return {fact.name: fact for fact in self.facts}

    @property
    def columns(self) -> tuple[Term, ...]:
        """Give every canonical column: each fact, and its prior year where one is known."""
        return tuple(
            term
            for fact in self.facts
            for term in ((Term(fact.name), Term(fact.name, 1)) if fact.prior else (Term(fact.name),))
        )

    def unit(self, value: Term | Quotient) -> str:
        """Give the unit in which people write a constant beside this value."""
        if isinstance(value, Term):
            return self.dictionary[value.fact].unit
        above, below = (self.dictionary[term.fact].unit for term in (value.above, value.below))
        return "" if above == below else f"{above}/{below}"

    def scale(self, value: Term | Quotient) -> int | Decimal:
        """Give by what a written constant is multiplied to stand beside canonical columns (fen)."""
        if isinstance(value, Term):
            return self.dictionary[value.fact].scale
        above, below = (self.dictionary[term.fact].scale for term in (value.above, value.below))
        return above // below if above >= below else Decimal(above) / below


def walk(node: Group | Leaf) -> Iterator[Leaf]:
    """Yield the leaves below a node in the order in which they are written."""
    if isinstance(node, Group):
        for member in node.members:
            yield from walk(member)
    else:
        yield node


def canonical(constant: Decimal) -> str:
    """Give a constant as plain decimal text without an exponent or trailing zeros."""
    text = format(constant, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def distinct_leaves(policies: tuple[Policy, ...]) -> dict[Leaf, str]:
    """Give each distinct condition of these policies a short name, in order of first appearance.

    A parameter's name does not make a condition different: `营业收入 >= :floor` with floor 1500 is `营业收入 >= 1500`.
    """
    names: dict[Leaf, str] = {}
    for policy in policies:
        for leaf in policy.leaves:
            names.setdefault(bare(leaf), f"c{len(names):04d}")
    return names


def bare(leaf: Leaf) -> Leaf:
    """Give the condition without its parameter's name."""
    if isinstance(leaf, Limit) and leaf.parameter:
        return Limit(leaf.value, leaf.operator, leaf.constant)
    return leaf
