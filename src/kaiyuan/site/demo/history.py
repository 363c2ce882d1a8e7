"""What the people of the demonstration did: each act with its day, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pyarrow as pa

from kaiyuan.apps.enterprises import actions as enterprises
from kaiyuan.apps.facts import actions as facts
from kaiyuan.apps.journal import actions as journal
from kaiyuan.apps.journal import queries as journal_queries
from kaiyuan.site.demo.cast import Scene
from kaiyuan.site.demo.founding import actor

# Facts of some firms that turned out otherwise: fact, factor, reason.
_CORRECTIONS = (
    ("revenue", 1.03, "按年度审计报告更正"),
    ("rd_expense", 0.94, "剔除不符合归集口径的费用"),
    ("total_assets", 1.01, "按年度审计报告更正"),
    ("net_profit", 0.97, "按汇算清缴结果更正"),
    ("tax_paid", 1.02, "按完税证明更正"),
)


class Clock:
    """The moments of a story: each later than the one before, the last one shortly before `end`."""

    def __init__(self, *, end: datetime, days: int) -> None:
        self.now, self._end = end - timedelta(days=days), end

    def next(self, **later: float) -> datetime:
        """Give a moment so much later, or halfway to the end if that would be past it."""
        wanted = self.now + timedelta(**later)
        self.now = min(wanted, self.now + (self._end - self.now) / 2)
        return self.now


def figures_come_in(scene: Scene, *, batch: pa.RecordBatch, on: date, clock: Clock) -> None:
    """Load three years of every fact, and put the enterprises they are about into the list."""
    officer, at = actor(scene, "officer"), clock.next(hours=2)
    source = facts.NewSource(kind="synthetic", label="合成演示数据 · 三年", data_date=at.date())
    loaded = facts.load(by=officer, batches=[batch], source=source, on=on, at=at)
    enterprises.register(by=officer, subjects=loaded.subjects, at=clock.next(minutes=3))


def rules_are_run(scene: Scene, *, on: date, clock: Clock) -> None:
    """Let all published rules decide on everybody, from what is known then."""
    at = clock.next(hours=1)
    enterprises.run_rules(by=actor(scene, "officer"), as_of=on, known_at=at, at=at)


def officers_correct(scene: Scene, *, batch: pa.RecordBatch, subject: str, on: date, clock: Clock) -> None:
    """Correct a few facts of the base year; the first one is of the agent's firm."""
    officer = actor(scene, "officer")
    for (fact, factor, reason), (code, value) in zip(
        _CORRECTIONS, _known(batch, subject, [fact for fact, _, _ in _CORRECTIONS]), strict=True
    ):
        facts.correct(
            by=officer,
            subject=code,
            fact=fact,
            year=on.year - 1,
            value=round(value * factor / 1_000_000) * 1_000_000,
            reason=reason,
            at=clock.next(minutes=17),
        )


def auditors_look(scene: Scene, *, clock: Clock) -> None:
    """Verify the whole journal, put that down, and sign a checkpoint over it."""
    auditor = actor(scene, "auditor")
    verified = journal_queries.verify(zone_id=auditor.zone_id)
    journal.put_verification_down(by=auditor, verified=verified, at=clock.next(hours=1))
    verified = journal_queries.verify(zone_id=auditor.zone_id)
    journal.make_checkpoint(by=auditor, verified=verified, at=clock.next(minutes=2))


def _known(batch: pa.RecordBatch, subject: str, names: list[str]) -> Iterator[tuple[str, int]]:
    """Give for each fact the next firm that has it, beginning with `subject`."""
    codes = batch.column("subject").to_pylist()
    row = codes.index(subject)
    for name in names:
        column = batch.column(name)
        while not column[row].is_valid:
            row = (row + 1) % len(codes)
        yield codes[row], column[row].as_py()
        row = (row + 7) % len(codes)
