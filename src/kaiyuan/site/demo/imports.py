"""The spreadsheets that officers of the demonstration imported: one is there to stay, one was undone."""

from __future__ import annotations

from uuid import uuid4

import pyarrow as pa
from django.utils.timezone import localtime

from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.intake import actions
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.intake.storing import keep, place_of
from kaiyuan.apps.intake.understanding import understand
from kaiyuan.site.demo.files import LATEST, WRONG, latest_figures, wrong_figures
from kaiyuan.site.demo.history import Stage

ROWS = 40


def a_file_comes_in(stage: Stage) -> None:
    """Import what firms reported anew; the rows that cannot be used are listed with their reasons."""
    content = latest_figures(_some(stage, ROWS), year=stage.on.year - 1)
    _read_in(stage, name=LATEST, content=content)


def a_file_is_undone(stage: Stage) -> None:
    """Import a file whose header names a wrong unit, see it, and take it back."""
    content = wrong_figures(_some(stage, ROWS // 2), year=stage.on.year - 1)
    row = _read_in(stage, name=WRONG, content=content)
    reason = "表头单位误写为亿元，数值放大一万倍"
    at = stage.clock.next(minutes=20)
    actions.undo(by=stage.actor("officer"), number=row.pk, version=row.version, reason=reason, at=at)


def _some(stage: Stage, rows: int) -> pa.RecordBatch:
    """Give some enterprises, the agent's own first: two sources then speak of it, and do not agree."""
    own = stage.batch.column("subject").to_pylist().index(stage.subject)
    others = [row for row in range(stage.batch.num_rows) if row != own]
    return stage.batch.take(pa.array([own, *others[: rows - 1]]))


def _read_in(stage: Stage, *, name: str, content: bytes) -> Import:
    officer, at = stage.actor("officer"), stage.clock.next(minutes=30)
    file = keep([content], zone_id=officer.zone_id, name=name)
    preview = understand(place_of(file.path), facts=dictionary_of(officer.zone_id), on=stage.on, said={})
    row = actions.upload(
        by=officer, file=file, preview=preview, as_of=stage.on, data_date=localtime(at).date(), at=at
    )
    row = actions.start(by=officer, number=row.pk, version=row.version, at=stage.clock.next(minutes=4))
    actions.read_in(number=row.pk, token=uuid4().hex, clock=lambda: stage.clock.next(seconds=1))
    return Import.objects.get(pk=row.pk)
