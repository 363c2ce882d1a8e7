"""Why a decision is as it is: the tree with citation, verdict, actual value, threshold and gap.

An explanation is made from the same plan as the decision, on a batch of one. Numbers are exact fractions in the
unit that people write; `source` and `recorded` come from the facts' own record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from kaiyuan.rulebook.model import NO_WORDS, ConditionNode, Document, Words

Verdict = Literal["yes", "no", "unknown"]
Answer = Literal["yes", "near", "no", "unknown"]


@dataclass(frozen=True)
class FactValue:
    """A fact as it was used; `value` None is unknown. `derived` marks what was computed, not read."""

    name: str
    label: Words
    value: Fraction | str | bool | date | None
    unit: str = ""
    year: int | None = None
    source: str = ""
    recorded: str = ""
    privacy: str = ""
    ratio: bool = False


@dataclass(frozen=True)
class Measure:
    """One comparison of a condition: actual value against threshold.

    `gap` is positive when the value falls short (or lies beyond an upper limit) and negative by the margin that is
    left; None when the value is unknown. `gap_amount` is the same gap of a quotient in the unit of its numerator.
    """

    text: str
    op: str
    actual: Fraction | None
    threshold: Fraction | None
    unit: str
    verdict: Verdict
    gap: Fraction | None = None
    gap_amount: Fraction | None = None
    gap_amount_unit: str = ""
    ratio: bool = False
    elapsed: bool = False


@dataclass(frozen=True)
class ConditionAnswer:
    """One condition with its verdict; `required` False means that it must not hold (below `none`)."""

    condition: ConditionNode
    verdict: Verdict
    required: bool
    measures: tuple[Measure, ...]
    facts: tuple[FactValue, ...]

    @property
    def satisfied(self) -> Verdict:
        """Tell whether the condition is as the rule wants it."""
        if self.verdict == "unknown":
            return "unknown"
        return "yes" if (self.verdict == "yes") == self.required else "no"

    @property
    def missing(self) -> tuple[FactValue, ...]:
        """Give the facts that are unknown."""
        return tuple(fact for fact in self.facts if fact.value is None)


@dataclass(frozen=True)
class GroupAnswer:
    """A group with its verdict; `required` False means that the group as a whole must not hold."""

    kind: Literal["all", "any", "at_least", "none"]
    n: int
    words: Words
    clause: str
    verdict: Verdict
    required: bool
    children: tuple[NodeAnswer, ...]

    @property
    def satisfied(self) -> Verdict:
        """Tell whether the group is as the rule wants it."""
        if self.verdict == "unknown":
            return "unknown"
        return "yes" if (self.verdict == "yes") == self.required else "no"


NodeAnswer: TypeAlias = ConditionAnswer | GroupAnswer


@dataclass(frozen=True)
class IndicatorAnswer:
    """One line of a scoring table: low and high points, what it looked at, and the band that counted."""

    id: str
    words: Words
    group: str
    low: Fraction
    high: Fraction
    max: Fraction | None
    value: Fraction | None
    unit: str
    band: str
    facts: tuple[FactValue, ...]


@dataclass(frozen=True)
class ScoreAnswer:
    """A score as a range; low = high when every fact is known and no judgement is left open."""

    low: Fraction
    high: Fraction
    max: Fraction | None
    groups: tuple[tuple[str, Words, Fraction, Fraction, Fraction | None], ...]
    indicators: tuple[IndicatorAnswer, ...]


@dataclass(frozen=True)
class AmountAnswer:
    """The award: whole fen, None when unknown; `proposed` only with the verdict yes, otherwise what it would be."""

    fen: int | None
    unit: str
    text: str
    proposed: bool
    facts: tuple[FactValue, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything about one decision on one subject."""

    subject: str
    subject_name: str
    on: date
    base_year: int
    assessment: str
    version: str
    title: Words
    document: Document
    clause: str
    confidence: str
    demo: bool
    verdict: Verdict
    distance: int
    tree: NodeAnswer | None
    ways: tuple[tuple[str, ...], ...]
    score: ScoreAnswer | None = None
    tier: tuple[str, Words] | None = None
    tiers: tuple[tuple[str, Words, NodeAnswer | None], ...] = ()
    amount: AmountAnswer | None = None
    reading: Words = NO_WORDS
    note: Words = NO_WORDS
    off: tuple[ConditionNode, ...] = ()
    changes: dict[str, Fraction] = field(default_factory=dict)

    @property
    def answer(self) -> Answer:
        """Give the word people see: yes, near (no, one condition short), no, or unknown."""
        return "near" if self.verdict == "no" and self.distance == 1 else self.verdict

    def conditions(self) -> tuple[ConditionAnswer, ...]:
        """Give every condition of the tree (or of the tiers) in order."""
        trees = [self.tree] if self.tree is not None else [tree for _, _, tree in self.tiers]
        return tuple(answer for tree in trees if tree is not None for answer in conditions_of(tree))

    def missing(self) -> tuple[FactValue, ...]:
        """Give the unknown facts that keep conditions open, each once."""
        found = {(f.name, f.year): f for c in self.conditions() if c.verdict == "unknown" for f in c.missing}
        return tuple(found.values())


def conditions_of(node: NodeAnswer) -> tuple[ConditionAnswer, ...]:
    """Give the conditions below a node in order."""
    if isinstance(node, ConditionAnswer):
        return (node,)
    return tuple(answer for child in node.children for answer in conditions_of(child))
