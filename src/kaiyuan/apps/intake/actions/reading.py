"""Read a file in, slice by slice, each in a transaction with its place in the file; begun, claimed, gone on with.

A file counts as a whole from its last slice on, and not at all before. A process that ends in between loses a slice
at most: whoever claims the job next skips what is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
from django.db import transaction
from django.db.models import Q

from kaiyuan.apps.enterprises import actions as enterprises
from kaiyuan.apps.facts.actions import Loading, NewSource
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.intake.actions.deciding import case_of
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.intake.parsing import parsed, pulled
from kaiyuan.apps.intake.refusals import Refused
from kaiyuan.apps.intake.storing import place_of, rejects_of
from kaiyuan.apps.intake.understanding import opened
from kaiyuan.apps.zones.queries import person_in
from kaiyuan.errors import KaiyuanError
from kaiyuan.sheets import RejectWriter, SheetReading
from kaiyuan.sheets.reasons import Finding
from kaiyuan.sheets.rejects import harmless
from kaiyuan.sheets.wording import Wording

Clock = Callable[[], datetime]
SILENT = timedelta(seconds=30)
"""After so long without a slice the process that read is taken for gone."""
_SLICE = 20_000
_FEWEST, _MOST = 50, 2_000


class ClaimLost(KaiyuanError):
    """Another reads this file now."""


def claim(*, number: int, token: str, at: datetime) -> bool:
    """Take the job of reading a file that nobody is at; tells whether it was had."""
    free = Q(heard_at=None) | Q(heard_at__lt=at - SILENT)
    waiting = Import.objects.filter(free, pk=number, state="reading")
    return waiting.update(claimed_by=token, heard_at=at) == 1


def abandoned(*, row: Import, at: datetime) -> bool:
    """Tell whether a file is to be read in and nobody is at it."""
    return row.state == "reading" and (row.heard_at is None or row.heard_at < at - SILENT)


def read_in(*, number: int, token: str, clock: Clock) -> Import | None:
    """Read a file in if nobody else does, or go on where somebody stopped; give the import, None if it was not had."""
    if not claim(number=number, token=token, at=clock()):
        return None
    row = Import.objects.select_related("uploaded_by__zone", "uploaded_by__user", "source").get(pk=number)
    try:
        _Reading(row, token, clock).run()
    except ClaimLost:
        return None
    except Refused as refusal:
        _fail(row, token, refusal.both(), clock())
    except KaiyuanError as error:
        _fail(row, token, Wording(f"没有读完：{error}", f"not read to its end: {error}"), clock())
    return row


class _Rejects(RejectWriter):
    """Rejects that name the file as the person called it, not as it is kept."""

    def __init__(self, path: Path, *, called: str) -> None:
        super().__init__(path)
        self._called = harmless(called)

    def write(self, findings: Iterable[Finding], *, file: str, sheet: str = "") -> None:
        """Write findings in the order given."""
        super().write(findings, file=self._called, sheet=sheet)


class _Reading:
    def __init__(self, row: Import, token: str, clock: Clock) -> None:
        self._row, self._token, self._clock = row, token, clock
        self._by = person_in(row.uploaded_by)
        self._part = 0.0

    def run(self) -> None:
        row = self._row
        reading = self._opened()
        loading = self._loading(reading)
        with _Rejects(rejects_of(row.pk), called=row.file_name) as rejects:
            batches = reading.batches(rejects=rejects, progress=self._told)
            for number, batch in enumerate(pulled(batches)):
                loading.meet(batch)
                if number >= row.slices:
                    self._write(loading, batch, number, reading)
        at = self._clock()
        if loading.source.recorded_at is None:
            loading.finish(by=self._by, at=at, case_key=case_of(row))
        enterprises.register(by=self._by, subjects=loading.subjects, at=at)
        self._done(reading, at)

    def _opened(self) -> SheetReading:
        row = self._row
        facts, said = dictionary_of(row.zone_id), json.loads(row.mapping)
        columns = max(len(json.loads(row.preview).get("shown", ())), 1)
        rows = min(max(_SLICE // columns, _FEWEST), _MOST)
        return parsed(
            lambda: opened(
                place_of(row.path), facts=facts, on=row.as_of, said=said, recorded=row.data_date, rows=rows
            )
        )

    def _loading(self, reading: SheetReading) -> Loading:
        row = self._row
        if row.source is not None:
            return Loading.resume(source=row.source, on=row.as_of, observations=row.observations)
        label = " · ".join(part for part in (row.file_name, reading.sheet) if part)
        with transaction.atomic():
            loading = Loading.begin(
                by=self._by,
                source=NewSource(kind="file", label=label, data_date=row.data_date, digest=row.digest),
                on=row.as_of,
                at=self._clock(),
            )
            self._update(source=loading.source)
        return loading

    def _write(self, loading: Loading, batch: pa.RecordBatch, number: int, reading: SheetReading) -> None:
        with transaction.atomic():
            loading.add(batch)
            report = reading.report
            self._update(
                slices=number + 1,
                observations=loading.observations,
                rows_read=report.rows_read,
                rows_accepted=report.rows_accepted,
                rows_rejected=report.rows_rejected,
                part_done=self._part,
            )

    def _done(self, reading: SheetReading, at: datetime) -> None:
        report = reading.report
        with transaction.atomic():
            self._update(
                state="done",
                part_done=1.0,
                rows_read=report.rows_read,
                rows_accepted=report.rows_accepted,
                rows_rejected=report.rows_rejected,
                report=json.dumps(report.as_dict(), ensure_ascii=False),
                finished_at=at,
                version=self._row.version + 1,
            )
        self._row.refresh_from_db()

    def _update(self, **fields: object) -> None:
        mine = Import.objects.filter(pk=self._row.pk, state="reading", claimed_by=self._token)
        if not mine.update(heard_at=self._clock(), **fields):
            raise ClaimLost("another process reads this file now")

    def _told(self, rows: int, done_bytes: int | None, total: int | None) -> None:
        done = rows if done_bytes is None else done_bytes
        self._part = min(done / total, 1.0) if total else 0.0


def _fail(row: Import, token: str, why: Wording, at: datetime) -> None:
    with transaction.atomic():
        Import.objects.filter(pk=row.pk, state="reading", claimed_by=token).update(
            state="failed",
            error=json.dumps({"zh": why.zh, "en": why.en}, ensure_ascii=False),
            finished_at=at,
            version=row.version + 1,
        )
    row.refresh_from_db()
