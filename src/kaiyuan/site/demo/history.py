"""What the people of the demonstration did: each act with its day, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa
from django.utils.timezone import localtime

from kaiyuan.apps.enterprises import actions as enterprises
from kaiyuan.apps.facts import actions as facts
from kaiyuan.apps.journal import actions as journal
from kaiyuan.apps.journal import queries as journal_queries
from kaiyuan.apps.people.actions import invite
from kaiyuan.apps.people.founding import command_line
from kaiyuan.apps.zones.models import Zone
from kaiyuan.apps.zones.rights import Person
from kaiyuan.site.demo.cast import Scene
from kaiyuan.site.demo.founding import actor

FEN_PER_WAN = 1_000_000
# Facts of some firms that turned out otherwise: fact, factor, reason.
_CORRECTIONS = (
    ("revenue", 1.03, "按年度审计报告更正"),
    ("rd_expense", 0.94, "剔除不符合归集口径的费用"),
    ("total_assets", 1.01, "按年度审计报告更正"),
    ("net_profit", 0.97, "按汇算清缴结果更正"),
    ("tax_paid", 1.02, "按完税证明更正"),
)


class Clock:
    """The moments of a story: each later than the one before, all of them before `end`."""

    def __init__(self, *, now: datetime, end: datetime) -> None:
        self.now, self._end = now, end

    def next(self, **later: float) -> datetime:
        """Give a moment so much later, or halfway to the end if that would be past it."""
        self.now = min(self.now + timedelta(**later), self.now + (self._end - self.now) / 2)
        return self.now

    def near_the_end(self) -> None:
        """Go on to two hours before the end."""
        self.now = max(self.now, self._end - timedelta(hours=2))


@dataclass(frozen=True)
class Stage:
    """Where and when a part of the story plays: zone, its enterprises with their facts, the agent's own, today."""

    scene: Scene
    zone: Zone
    batch: pa.RecordBatch
    subject: str
    on: date
    clock: Clock

    def actor(self, role: str) -> Person:
        """Give the first person of the zone in a role."""
        return actor(self.scene, role)


def people_come(stage: Stage) -> None:
    """Bring everybody in."""
    departments = {each.code: each.pk for each in stage.zone.departments.all()}
    for part in stage.scene.parts:
        at = stage.clock.next(minutes=2)
        invite(
            by=command_line(stage.zone),
            name=part.username,
            full_name=part.name,
            role=part.role,
            department_id=departments.get(part.department),
            subject=stage.subject if part.role == "agent" else "",
            starts_on=localtime(at).date(),
            at=at,
        )


def figures_come_in(stage: Stage) -> None:
    """Load three years of every fact, and put the enterprises they are about into the list."""
    officer, at = stage.actor("officer"), stage.clock.next(hours=2)
    source = facts.NewSource(kind="synthetic", label="合成演示数据 · 三年", data_date=localtime(at).date())
    loaded = facts.load(by=officer, batches=[stage.batch], source=source, on=stage.on, at=at)
    enterprises.register(by=officer, subjects=loaded.subjects, at=stage.clock.next(minutes=3))


def rules_are_run(stage: Stage) -> None:
    """Let all published rules decide on everybody, from what is known then."""
    at = stage.clock.next(hours=1)
    enterprises.run_rules(by=stage.actor("officer"), as_of=stage.on, known_at=at, at=at)


def officers_correct(stage: Stage) -> None:
    """Correct a few facts of the base year; the first one is of the agent's firm."""
    officer = stage.actor("officer")
    known = _known(stage.batch, stage.subject, [fact for fact, _, _ in _CORRECTIONS])
    for (fact, factor, reason), (code, fen) in zip(_CORRECTIONS, known, strict=True):
        facts.correct(
            by=officer,
            subject=code,
            fact=fact,
            year=stage.on.year - 1,
            value=round(fen * factor / FEN_PER_WAN) * FEN_PER_WAN,
            reason=reason,
            at=stage.clock.next(minutes=17),
        )


def auditors_look(stage: Stage) -> None:
    """Verify the whole journal, put that down, and sign a checkpoint over it."""
    auditor = stage.actor("auditor")
    verified = journal_queries.verify(zone_id=auditor.zone_id)
    journal.put_verification_down(by=auditor, verified=verified, at=stage.clock.next(hours=1))
    verified = journal_queries.verify(zone_id=auditor.zone_id)
    journal.make_checkpoint(by=auditor, verified=verified, at=stage.clock.next(minutes=2))


def somebody_is_told(stage: Stage) -> None:
    """Subscribe a mailbox and a web address outside; their names lead nowhere."""
    for kind, target, types in (
        ("mail", "audit@zone.example", "checkpoint.made, journal.verified"),
        ("webhook", "https://hooks.zone.example/kaiyuan", "import.*, fact.corrected"),
    ):
        administrator, at = stage.actor("administrator"), stage.clock.next(minutes=6)
        journal.subscribe(by=administrator, kind=kind, target=target, types=types, at=at)


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
