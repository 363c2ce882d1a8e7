"""What a person decides on an import: one act, one transaction, one event each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction

from kaiyuan.apps.enterprises import actions as enterprises
from kaiyuan.apps.facts import actions as facts
from kaiyuan.apps.facts.queries import subjects_of
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.intake.storing import Kept
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.journal.writes import Change, Conflict, unchanged
from kaiyuan.apps.zones.rights import Absent, Person, require
from kaiyuan.sheets.wording import Wording

_STATES = {
    "uploaded": Wording("待读入", "waiting to be read in"),
    "reading": Wording("读入中", "being read in"),
    "done": Wording("已读入", "read in"),
    "failed": Wording("未完成", "failed"),
    "undone": Wording("已撤销", "undone"),
}


def case_of(row: Import) -> str:
    """Give the case under which the events of an import stand together."""
    return f"import:{row.pk}"


def upload(
    *,
    by: Person,
    file: Kept,
    preview: Mapping[str, Any],
    as_of: date,
    data_date: date | None,
    at: datetime,
    key: str = "",
) -> Import:
    """Put an upload down that was looked at and understood."""
    require(by, "import.write")
    with transaction.atomic():
        row = Import.objects.create(
            zone_id=by.zone_id,
            uploaded_by_id=by.membership_id,
            uploaded_at=at,
            file_name=file.name,
            path=file.path,
            digest=file.digest,
            size=file.size,
            as_of=as_of,
            data_date=data_date,
            preview=json.dumps(preview, ensure_ascii=False),
        )
        _tell(row, by=by, type="import.uploaded", at=at, key=key, more={
            "file": file.name, "sha256": file.digest, "bytes": file.size, "as_of": as_of, "data_date": data_date,
        })  # fmt: skip
    return row


def map_columns(
    *,
    by: Person,
    number: int,
    version: int,
    said: Mapping[str, Mapping[str, Any]],
    preview: Mapping[str, Any],
    at: datetime,
    key: str = "",
) -> Import:
    """Keep what a person says of the columns, with what the file says then. Raises Stale and Conflict."""
    require(by, "import.write")
    with transaction.atomic():
        row = _locked(by, number, version, among=("uploaded", "failed"))
        row.mapping = json.dumps(said, ensure_ascii=False)
        row.preview = json.dumps(preview, ensure_ascii=False)
        row.state = "uploaded"
        _grown(row, "mapping", "preview", "state")
        _tell(row, by=by, type="import.mapped", at=at, key=key, more={
            "columns": {letter: each["fact"] for letter, each in said.items()}
        })  # fmt: skip
    return row


def start(*, by: Person, number: int, version: int, at: datetime, key: str = "") -> Import:
    """Let a file be read in; the reading itself is `read_in`. Raises Stale, and Conflict if it cannot be read."""
    require(by, "import.write")
    with transaction.atomic():
        row = _locked(by, number, version, among=("uploaded", "failed"))
        if json.loads(row.preview).get("error"):
            raise Conflict(Wording("这个文件现在还不能读入", "this file cannot be read in as it stands"))
        row.state, row.slices, row.part_done, row.observations = "reading", 0, 0.0, 0
        row.rows_read = row.rows_accepted = row.rows_rejected = 0
        row.claimed_by, row.heard_at, row.source, row.error = "", None, None, "{}"
        _grown(
            row, "state", "slices", "part_done", "observations", "rows_read", "rows_accepted", "rows_rejected",
            "claimed_by", "heard_at", "source", "error",
        )  # fmt: skip
        _tell(row, by=by, type="import.started", at=at, key=key, more={"sha256": row.digest})
    return row


def undo(*, by: Person, number: int, version: int, reason: str, at: datetime, key: str = "") -> Import:
    """Let nothing that came with an import count from now on; what was known before stays told."""
    require(by, "import.write")
    with transaction.atomic():
        row = _locked(by, number, version, among=("done",))
        if row.source_id is None:
            raise Absent("not found")
        facts.withdraw(by=by, source=row.source_id, reason=reason, at=at, key=key, case_key=case_of(row))
        row.state = "undone"
        _grown(row, "state")
        # After the act, slice by slice: the profiles of many enterprises take longer than others should wait.
        transaction.on_commit(partial(_refresh, by=by, source=row.source_id, at=at))
    return row


def _refresh(*, by: Person, source: int, at: datetime) -> None:
    codes = subjects_of(zone_id=by.zone_id, source=source)
    enterprises.refresh_profiles(by=by, codes=codes, at=at)


def _locked(by: Person, number: int, version: int, *, among: tuple[str, ...]) -> Import:
    row = Import.objects.select_for_update().filter(zone_id=by.zone_id, pk=number).first()
    if row is None:
        raise Absent("not found")
    state = _STATES[row.state]
    unchanged(
        asked=version,
        now=row.version,
        changes=[Change("state", Wording("状态", "state"), f"{state.zh} / {state.en}")],
    )
    if row.state not in among:
        raise Conflict(Wording(f"这个文件{state.zh}", f"this file is {state.en}"))
    return row


def _grown(row: Import, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def _tell(row: Import, *, by: Person, type: str, at: datetime, key: str, more: Mapping[str, Any]) -> None:
    record(by=by, type=type, subject=case_of(row), case_key=case_of(row), at=at, key=key, payload=more)
