"""What a run over a population found, as plain data: the screen, the report and `summary.json` all show this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from kaiyuan.rulebook.model import Words


@dataclass(frozen=True)
class AssessmentSummary:
    """One assessment: subjects by answer (they add up to the population), tiers, and proposed money in fen.

    `near` are those with the verdict no that are one condition short; `no` are the others. `proposed_fen` is the
    sum before stacking and budgets, `granted_fen` the sum after; `amount_unknown` counts the entitled whose amount
    cannot be computed.
    """

    id: str
    title: Words
    kind: str
    rulebook: str
    document: str
    clause: str
    confidence: str
    demo: bool
    yes: int
    near: int
    no: int
    unknown: int
    has_award: bool = False
    proposed_fen: int = 0
    granted_fen: int = 0
    amount_unknown: int = 0
    tiers: tuple[tuple[str, Words, int], ...] = ()

    @property
    def subjects(self) -> int:
        """Give the size of the population."""
        return self.yes + self.near + self.no + self.unknown


@dataclass(frozen=True)
class MissingFact:
    """A fact that keeps answers open: in how many answers, of how many subjects."""

    fact: str
    label: Words
    year: int | None
    answers: int
    subjects: int


@dataclass(frozen=True)
class NearCondition:
    """A condition that alone stands between subjects and a yes: how many of them."""

    assessment: str
    condition: str
    words: Words
    subjects: int


@dataclass(frozen=True)
class BudgetSummary:
    """A budget against what is claimed on it, in fen; claimed = granted + cut + waiting.

    `open_claims` have an amount that cannot be told yet; they are in none of the sums.
    """

    id: str
    words: Words
    clause: str
    year: int
    when_short: str
    amount_fen: int
    claimed_fen: int
    granted_fen: int
    cut_fen: int
    waiting_fen: int
    claims: int
    paid_claims: int
    open_claims: int = 0


@dataclass(frozen=True)
class StackingSummary:
    """What a stacking rule took away, in fen, and from how many firms."""

    id: str
    words: Words
    clause: str
    rule: str
    firms: int
    taken_fen: int


@dataclass(frozen=True)
class Summary:
    """The whole run."""

    on: date
    base_year: int
    packs: tuple[str, ...]
    engine: str
    sources: tuple[str, ...]
    rows_read: int
    rows_rejected: int
    subjects: int
    assessments: tuple[AssessmentSummary, ...]
    missing: tuple[MissingFact, ...]
    near: tuple[NearCondition, ...]
    budgets: tuple[BudgetSummary, ...] = ()
    stacking: tuple[StackingSummary, ...] = ()
    off: tuple[tuple[str, Words], ...] = ()
    notes: tuple[str, ...] = ()
    changes: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """Give the summary as plain data for JSON; the day as an ISO date."""
        result = asdict(self)
        result["on"] = self.on.isoformat()
        return result
