"""Rules as they stand after reading: typed, dated, cited. Nothing here is evaluated.

A `RuleSet` is everything that was loaded: one fact dictionary and all rulebooks, with every dated version.
`plan.compile_plan` picks from it what is in force on a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from kaiyuan.rulebook.expression.terms import Condition, Numeric
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.units import NUMBER, Unit

Confidence = Literal["A", "B", "C"]
Kind = Literal["title", "size", "threshold", "grade", "entitlement"]


@dataclass(frozen=True)
class Words:
    """A text in Chinese and English; English falls back to Chinese where it is not given."""

    zh: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def get(self, lang: str) -> str:
        """Give the text in `zh` or `en`, or the other one when it is missing."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)


NO_WORDS = Words()


@dataclass(frozen=True)
class Window:
    """The days on which something is in force; both ends are inclusive, an open end is None."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether `day` lies in the window."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlaps(self, other: Window) -> bool:
        """Tell whether the two windows share a day."""
        return (self.start or date.min) <= (other.end or date.max) and (other.start or date.min) <= (
            self.end or date.max
        )

    def within(self, other: Window) -> Window:
        """Give the part of this window that lies in `other`; an end this one leaves open is the other's."""
        start = max((d for d in (self.start, other.start) if d is not None), default=None)
        end = min((d for d in (self.end, other.end) if d is not None), default=None)
        return Window(start, end)


@dataclass(frozen=True)
class Place:
    """Where something stands in a file."""

    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Document:
    """The document a rulebook puts into data."""

    title: str
    number: str
    issuer: str = ""
    url: str = ""


@dataclass(frozen=True)
class ConditionNode:
    """One condition as people read it, with the expression that decides it."""

    id: str
    words: Words
    text: str
    expression: Condition
    clause: str = ""
    reading: Words = NO_WORDS
    confidence: Confidence | None = None
    place: Place = Place()


@dataclass(frozen=True)
class GroupNode:
    """Conditions joined: all of them, any, at least n, or none."""

    kind: Literal["all", "any", "at_least", "none"]
    children: tuple[Node, ...]
    n: int = 0
    id: str = ""
    words: Words = NO_WORDS
    clause: str = ""


Node: TypeAlias = ConditionNode | GroupNode


@dataclass(frozen=True)
class Band:
    """One row of a scoring table: a test (None: otherwise) and its points; low < high is a judgement's range."""

    test: Condition | None
    low: Fraction
    high: Fraction
    text: str = ""


@dataclass(frozen=True)
class BandTable:
    """Bands of which the first that holds counts; `value` is what they look at, for explanation."""

    bands: tuple[Band, ...]
    value: Numeric | None = None
    value_text: str = ""
    unit: Unit = NUMBER


@dataclass(frozen=True)
class Proportional:
    """Points in proportion: value ÷ benchmark × weight, negative counts 0, at most cap × weight."""

    value: Numeric
    benchmark: Numeric
    weight: Numeric
    cap: Numeric | None = None
    text: str = ""


@dataclass(frozen=True)
class Indicator:
    """One line of a scoring table.

    Exactly one of `tables` (one table, or several of which the best counts), `each` (points added up) and
    `proportional` is filled. `max` caps the points.
    """

    id: str
    words: Words
    group: str = ""
    max: Fraction | None = None
    tables: tuple[BandTable, ...] = ()
    each: tuple[Band, ...] = ()
    proportional: Proportional | None = None
    clause: str = ""


@dataclass(frozen=True)
class ScoreGroup:
    """A named group of indicators, with the most it can give."""

    id: str
    words: Words
    max: Fraction | None = None


@dataclass(frozen=True)
class Score:
    """A scoring table."""

    indicators: tuple[Indicator, ...]
    groups: tuple[ScoreGroup, ...] = ()
    max: Fraction | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Give what conditions may refer to: score, the groups, the indicators."""
        return (
            "score",
            *(group.id for group in self.groups),
            *(indicator.id for indicator in self.indicators),
        )


@dataclass(frozen=True)
class Tier:
    """One of ordered classes; the first whose node holds counts, None is otherwise."""

    id: str
    words: Words
    requires: Node | None


Rounding = Literal["half_up", "down", "up"]


@dataclass(frozen=True)
class Award:
    """min(cap, max(floor, rate × base)) − already paid, never below 0, rounded; all amounts in 元.

    A fixed amount is a base with rate 1. `step` is the rounding step in fen.
    """

    base: Numeric
    unit: Unit
    rate: Numeric | None = None
    cap: Numeric | None = None
    floor: Numeric | None = None
    already_paid: Numeric | None = None
    step: int = 1
    rounding: Rounding = "half_up"
    text: str = ""


@dataclass(frozen=True)
class Assessment:
    """One question asked of every subject, in one dated version."""

    id: str
    rulebook: str
    title: Words
    kind: Kind
    clause: str
    document: Document
    window: Window
    confidence: Confidence
    requires: Node | None = None
    score: Score | None = None
    tiers: tuple[Tier, ...] = ()
    award: Award | None = None
    reading: Words = NO_WORDS
    note: Words = NO_WORDS
    enabled: bool = True
    disabled_conditions: tuple[ConditionNode, ...] = ()
    demo: bool = False
    place: Place = Place()

    @property
    def version(self) -> str:
        """Give the name of this version: rulebook, assessment and the day it came into force."""
        start = self.window.start.isoformat() if self.window.start else "always"
        return f"{self.rulebook}/{self.id}@{start}"


@dataclass(frozen=True)
class ParameterValue:
    """A parameter's value from a day on: a fraction, an expression over parameters, or a table by category."""

    start: date
    value: Fraction | Numeric | tuple[tuple[str, Fraction], ...]
    unit: Unit | None
    text: str = ""
    place: Place = Place()


@dataclass(frozen=True)
class ParameterDefinition:
    """A named constant with dated values; `by` names the category fact of a table."""

    name: str
    rulebook: str
    values: tuple[ParameterValue, ...]
    words: Words = NO_WORDS
    by: str | None = None
    place: Place = Place()

    def on(self, day: date) -> ParameterValue | None:
        """Give the value in force on `day`, or None before the first."""
        current = None
        for value in self.values:
            if value.start <= day:
                current = value
        return current


@dataclass(frozen=True)
class Stacking:
    """How several awards to one firm meet."""

    id: str
    words: Words
    clause: str
    rule: Literal["highest_only", "cap_per_firm", "exclude_if_funded"]
    of: tuple[str, ...]
    cap: Numeric | None = None
    unit: Unit | None = None
    when: Condition | None = None


@dataclass(frozen=True)
class Budget:
    """The money of a year for some assessments, and what happens when it is short; amount in 元."""

    id: str
    words: Words
    clause: str
    amount: Numeric
    unit: Unit
    year: int
    of: tuple[str, ...]
    when_short: Literal["pro_rata", "ranked", "first_come", "queue"]
    rank_by: Numeric | tuple[str, int] | None = None
    rank_text: str = ""
    descending: bool = True


@dataclass(frozen=True)
class ExpectedAnswer:
    """What a case's author expects of one assessment; None means not stated."""

    verdict: Literal["yes", "no", "unknown"] | None = None
    distance: int | None = None
    score: tuple[Fraction, Fraction] | None = None
    tier: str | None = None
    amount: Fraction | Literal["unknown"] | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleCase:
    """A case in its author's words: facts by column (canonical stored values), the day, the answers."""

    name: str
    on: date
    facts: Mapping[str, object]
    expect: Mapping[str, ExpectedAnswer]
    place: Place = Place()


@dataclass(frozen=True)
class Rulebook:
    """One document put into data, in one dated version."""

    id: str
    title: Words
    subject: str
    document: Document
    window: Window
    confidence: Confidence
    source: tuple[str, ...]
    demo: bool
    parameters: tuple[ParameterDefinition, ...]
    assessments: tuple[Assessment, ...]
    stacking: tuple[Stacking, ...] = ()
    budgets: tuple[Budget, ...] = ()
    cases: tuple[RuleCase, ...] = ()
    place: Place = Place()


@dataclass(frozen=True)
class RuleSet:
    """Everything that was loaded: the dictionary and all versions of all rulebooks."""

    facts: FactDictionary
    rulebooks: tuple[Rulebook, ...]
