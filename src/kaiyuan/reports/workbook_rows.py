"""Rows of an assessment's sheet: eligible with amount, near misses with their gap, unknown with the facts to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.reports.checks import Check
from kaiyuan.reports.gaps import NearMisses, Short, missing_labels
from kaiyuan.reports.units import unit_words
from kaiyuan.reports.words import say
from kaiyuan.rulebook.plan import Plan, PlanAssessment
from kaiyuan.rulebook.state import BatchState

Pair = tuple[pa.RecordBatch, pa.RecordBatch]

_MOST_FACTS_NAMED = 12


@dataclass
class Row:
    """One subject on a sheet; amounts in yuan, None where there is none or it is unknown."""

    answer: str
    name: str
    code: str
    line: int | None
    tier: str = ""
    score: str = ""
    amount: float | None = None
    granted: float | None = None
    changed_by: str = ""
    condition: str = ""
    actual: str = ""
    needed: str = ""
    gap: float | None = None
    gap_unit: str = ""
    about: float | None = None
    about_unit: str = ""
    clause: str = ""
    ask: str = ""


@dataclass
class Awards:
    """What stacking and budgets left of each claim, by assessment, in the order of the population."""

    granted: dict[str, pa.Array] = field(default_factory=dict)
    changed_by: dict[str, pa.Array] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None) -> Awards:
        """Read a file of awards; without one nothing was granted."""
        if path is None or not path.exists():
            return cls()
        with pa.memory_map(str(path)) as source:
            table = pa.ipc.open_file(source).read_all()
        found = cls()
        for name in pc.unique(table.column("assessment")).to_pylist():
            mine = table.filter(pc.equal(table.column("assessment"), name))
            found.granted[name] = mine.column("granted").combine_chunks()
            found.changed_by[name] = mine.column("changed_by").combine_chunks()
        return found


class AssessmentRows:
    """Makes the rows of one assessment, batch by batch."""

    def __init__(
        self, *, plan: Plan, assessment: PlanAssessment, granted: Awards, lang: str, most_measured: int
    ) -> None:
        self.plan = plan
        self.assessment = assessment
        self.lang = lang
        self.left_to_measure = most_measured
        self.granted = granted.granted.get(assessment.id)
        self.changed_by = granted.changed_by.get(assessment.id)
        self.claims = 0
        self.tiers = {tier.id: tier.words.get(lang) for tier in assessment.source.tiers}
        self.rules = {rule.id: rule.words.get(lang) for rule in plan.stacking}
        self.rules |= {budget.id: budget.words.get(lang) for budget in plan.budgets}

    def of(self, facts: pa.RecordBatch, decided: pa.RecordBatch) -> Iterator[Row]:
        """Give the rows of a batch: eligible, near and unknown subjects; the others are not listed."""
        name = self.assessment.id
        verdict = decided.column(name)
        yes = np.asarray(pc.fill_null(verdict, False))
        unknown = np.asarray(verdict.is_null())
        near = np.zeros(len(yes), np.bool_)
        if f"{name}.distance" in decided.schema.names:
            near = ~yes & ~unknown & (np.asarray(decided.column(f"{name}.distance")) == 1)
        who = _Who(facts, decided)
        yield from self._eligible(np.flatnonzero(yes), decided, who)
        yield from self._near(np.flatnonzero(near), facts, who)
        yield from self._unknown(np.flatnonzero(unknown), facts, decided, who)

    def _eligible(self, rows: Any, decided: pa.RecordBatch, who: _Who) -> Iterator[Row]:
        columns = decided.schema.names
        name = self.assessment.id
        amounts = decided.column(f"{name}.amount") if f"{name}.amount" in columns else None
        for row in rows:
            entry = who.row("yes", int(row))
            self._classify(entry, int(row), decided)
            if amounts is not None:
                entry.amount = _yuan(amounts[int(row)].as_py())
                self._grant(entry)
            yield entry

    def _grant(self, entry: Row) -> None:
        # Claims stand in the order of the population, one for each eligible subject.
        if self.granted is not None and self.changed_by is not None and self.claims < len(self.granted):
            entry.granted = _yuan(self.granted[self.claims].as_py())
            reason = self.changed_by[self.claims].as_py() or ""
            entry.changed_by = self.rules.get(reason, reason)
            self.claims += 1

    def _classify(self, entry: Row, row: int, decided: pa.RecordBatch) -> None:
        columns, name = decided.schema.names, self.assessment.id
        if f"{name}.tier" in columns:
            tier = decided.column(f"{name}.tier")[row].as_py()
            entry.tier = self.tiers.get(tier, tier or "")
        if f"{name}.score_low" in columns:
            low = decided.column(f"{name}.score_low")[row].as_py()
            high = decided.column(f"{name}.score_high")[row].as_py()
            entry.score = _points(low) if low == high else f"{_points(low)}–{_points(high)}"

    def _near(self, rows: Any, facts: pa.RecordBatch, who: _Who) -> Iterator[Row]:
        if not rows.size:
            return
        measured, named = rows[: self.left_to_measure], rows[self.left_to_measure :]
        self.left_to_measure -= measured.size
        for part, wanted in ((measured, True), (named, False)):
            if not part.size:
                continue
            misses = NearMisses(plan=self.plan, assessment=self.assessment, batch=facts.take(pa.array(part)))
            for row, short in zip(part, misses.shorts(lang=self.lang, measured=wanted), strict=True):
                entry = who.row("near", int(row))
                if short is not None:
                    self._tell(entry, short)
                yield entry

    def _tell(self, entry: Row, short: Short) -> None:
        node, lang = short.leaf.condition, self.lang
        label = node.words.get(lang) or node.text
        entry.condition = say(lang, "must_not", label=label) if short.leaf.negated else label
        entry.clause = node.clause
        entry.actual = _joined([check.actual for check in short.checks], short.checks, lang)
        entry.needed = _joined([check.needed for check in short.checks], short.checks, lang)
        first = next((check for check in short.checks if check.short is not None), None)
        if first is not None:
            _measure(entry, first, lang)

    def _unknown(self, rows: Any, facts: pa.RecordBatch, decided: pa.RecordBatch, who: _Who) -> Iterator[Row]:
        if not rows.size:
            return
        lang = self.lang

        def label(name: str, lag: int) -> str:
            fact = self.plan.facts[name]
            words = fact.label(lang=lang)
            if fact.period != "year":
                return words
            return say(lang, "year_of", year=self.plan.base_year - lag, label=words)

        state = BatchState(self.plan, facts.take(pa.array(rows)))
        for row, labels in zip(
            rows, missing_labels(state=state, assessment=self.assessment, label=label), strict=True
        ):
            entry = who.row("unknown", int(row))
            self._classify(entry, int(row), decided)
            entry.ask = _facts_named(labels, lang)
            yield entry


class _Who:
    """Names, codes and lines of a batch."""

    def __init__(self, facts: pa.RecordBatch, decided: pa.RecordBatch) -> None:
        self.columns = {
            name: batch.column(name)
            for batch in (facts, decided)
            for name in ("subject", "subject_name", "source_line")
            if name in batch.schema.names
        }

    def row(self, answer: str, row: int) -> Row:
        """Give a row with nothing but who it is about."""
        line = self._cell("source_line", row)
        return Row(
            answer,
            str(self._cell("subject_name", row) or ""),
            str(self._cell("subject", row) or ""),
            None if line is None else int(line),
        )

    def _cell(self, name: str, row: int) -> Any:
        column = self.columns.get(name)
        return None if column is None else column[row].as_py()


def _measure(entry: Row, check: Check, lang: str) -> None:
    measure, short = check.measure, check.short
    if measure is None or short is None:
        return
    if measure.ratio and not measure.unit:
        entry.gap, entry.gap_unit = _rounded(short * 100), say(lang, "book.percent_points")
    else:
        entry.gap, entry.gap_unit = _rounded(short), unit_words(measure.unit, lang=lang)
    if check.about and measure.gap_amount is not None:
        entry.about = _rounded(abs(measure.gap_amount))
        entry.about_unit = unit_words(measure.gap_amount_unit, lang=lang)


def _joined(texts: list[str], checks: tuple[Check, ...], lang: str) -> str:
    if len(texts) == 1:
        return texts[0]
    colon, semicolon = say(lang, "colon"), say(lang, "semicolon")
    pairs = zip(texts, checks, strict=True)
    return semicolon.join(f"{check.label}{colon}{text}" if check.label else text for text, check in pairs)


def _facts_named(labels: list[str], lang: str) -> str:
    text = say(lang, "semicolon").join(labels[:_MOST_FACTS_NAMED])
    rest = len(labels) - _MOST_FACTS_NAMED
    return text if rest <= 0 else say(lang, "book.and_more", text=text, n=f"{rest:,}")


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100


def _rounded(value: Fraction) -> float:
    return round(float(value), 6)


def _points(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
