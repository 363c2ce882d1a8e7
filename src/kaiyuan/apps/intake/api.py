"""Endpoints of imports: upload, say what columns mean, read in, undo."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import ConfigDict

from kaiyuan.apps.facts.actions import disclose
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.intake import actions, behind, queries
from kaiyuan.apps.intake.forms import ColumnsForm, UndoForm, UploadForm
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.intake.queries import Opened
from kaiyuan.apps.intake.refusals import Refused
from kaiyuan.apps.intake.storing import keep, place_of, rejects_of
from kaiyuan.apps.intake.understanding import understand
from kaiyuan.apps.journal.writes import Call, write
from kaiyuan.apps.zones.api_access import caller, language
from kaiyuan.apps.zones.api_forms import Unfit, cleaned
from kaiyuan.apps.zones.paging import NO_NUL, Day, Number, Page, Paging, page_of
from kaiyuan.apps.zones.rights import Absent, require

router = Router(tags=["imports"])
VERSIONED = {"x-versioned": True}
State = Literal["uploaded", "reading", "done", "failed", "undone"]
CSV = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}


class ImportOut(Schema):
    """A file on its way in; its `version` is its ETag."""

    id: int
    file_name: str
    sha256: str
    bytes: int
    as_of: date
    data_date: date | None
    uploaded_at: datetime
    uploaded_by: str
    state: State
    part_done: float
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    observations: int
    finished_at: datetime | None
    version: int


class Imports(Page[ImportOut]):
    """A page of the imports, the latest first."""


class Column(Schema):
    """A column of the file, and what it was understood to mean; `fact` null: it is left out."""

    letter: str
    header: str
    samples: list[str]
    fact: str | None
    year: int | None
    unit: str


class PreviewRow(Schema):
    """One of the first rows as it would be read in, a cell for each of `shown`."""

    line: int
    subject: str
    name: str
    cells: list[bool | int | float | str | None]


class Shown(Schema):
    """What a cell of the preview tells."""

    fact: str
    year: int | None


class Remark(Schema):
    """Something to say, in both languages."""

    zh: str
    en: str


class ImportWhole(ImportOut):
    """An import with what its file says; samples and rows are only for who may read it in."""

    columns: list[Column]
    shown: list[Shown]
    rows: list[PreviewRow]
    looked_at: int = Field(description="How many rows were looked at for the preview")
    accepted: int
    rejected: int
    problem: Remark | None = Field(description="Why it cannot be read in as things stand, or why it failed")


class Meaning(Schema):
    """What a column means; an empty `fact` leaves it out."""

    model_config = ConfigDict(extra="forbid")

    fact: str = Field("", max_length=64, pattern=NO_NUL)
    year: int | None = Field(None, ge=1990, le=2099)
    unit: str = Field("", max_length=20, pattern=NO_NUL)


class Meanings(Schema):
    """What columns mean, by their letter; a letter that is not named is left out."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[str, Meaning]


class Undoing(Schema):
    """Why an import is undone; it goes into the journal."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=150, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")


@router.get("/imports", response=Imports, summary="Files that came in")
def imports(request: HttpRequest, paging: Query[Paging]) -> Imports:
    """Give the imports of the zone, the latest first."""
    rows, following = page_of(
        queries.imports(by=caller(request)), order=("-pk",), paging=paging, name="imports"
    )
    return Imports(items=[ImportOut(**_import(row)) for row in rows], next=following)


@router.get("/imports/{number}", response=ImportWhole, summary="One file")
def one(request: HttpRequest, number: Number) -> ImportWhole:
    """Give an import with its columns and first rows; the reading of confidential cells is put down."""
    by = caller(request)
    found = queries.opened(by=by, number=number)
    disclose(by=by, subject=None, facts=found.facts, purpose="import", at=timezone.now())
    return _whole(found)


@router.post("/imports", response={201: ImportOut}, summary="Upload a file")
def upload(
    request: HttpRequest, *, file: File[UploadedFile], as_of: Form[Day], data_date: Form[Day | None] = None
) -> HttpResponse:
    """Take an XLSX or CSV in: it is looked at, understood, and waits to be read in."""
    by = require(caller(request), "import.write")
    stopped = getattr(request, "upload_too_large", False)
    form = UploadForm(request.POST, request.FILES, today=timezone.localdate(), stopped=stopped)
    looked: list[dict[str, Any]] = []

    def before(call: Call) -> None:
        given = cleaned(form)
        path = Path(given["file"].temporary_file_path())
        preview = _understood(path, zone_id=by.zone_id, on=given["as_of"], said={}, field="file")
        kept = keep(given["file"].chunks(), zone_id=by.zone_id, name=given["file"].name)
        looked.append({"preview": preview, "file": kept})

    def act(call: Call) -> ImportOut:
        if not looked:
            before(call)
        given = form.cleaned_data
        row = actions.upload(
            by=call.by,
            **looked[0],
            as_of=given["as_of"],
            data_date=given["data_date"],
            at=call.at,
            key=call.key,
        )
        return ImportOut(**_import(row))

    return write(request, act, status=201, before=before)


@router.put(
    "/imports/{number}/columns",
    response=ImportOut,
    summary="Say what the columns mean",
    openapi_extra=VERSIONED,
)
def columns(request: HttpRequest, number: Number, body: Meanings) -> HttpResponse:
    """Keep what a person says of the columns, and look at the file again; `If-Match` is the ETag of the import."""
    by = require(caller(request), "import.write")
    looked: list[dict[str, Any]] = []

    def before(call: Call) -> None:
        found = queries.opened(by=by, number=number)
        letters = [column["letter"] for column in found.preview.get("columns", [])]
        form = ColumnsForm(_fields(body), letters=letters, facts=dictionary_of(by.zone_id))
        if not form.is_valid():
            lang = language()
            raise Unfit(
                [(f"columns/{letter}", words.text(lang=lang)) for letter, words in form.errors.items()]
            )
        preview = _understood(
            place_of(found.row.path),
            zone_id=by.zone_id,
            on=found.row.as_of,
            said=form.said,
            field="columns",
        )
        looked.append({"preview": preview, "said": form.said})

    def act(call: Call) -> ImportOut:
        if not looked:
            before(call)
        row = actions.map_columns(
            by=call.by, number=number, version=call.version, **looked[0], at=call.at, key=call.key
        )
        return ImportOut(**_import(row))

    return write(request, act, before=before)


@router.post(
    "/imports/{number}/start", response={202: ImportOut}, summary="Read it in", openapi_extra=VERSIONED
)
def start(request: HttpRequest, number: Number) -> HttpResponse:
    """Let the file be read in behind the answer; `state` and `part_done` tell how far it is."""

    def act(call: Call) -> ImportOut:
        row = actions.start(by=call.by, number=number, version=call.version, at=call.at, key=call.key)
        transaction.on_commit(partial(behind.read_in_behind, row.pk, clock=timezone.now))
        return ImportOut(**_import(row))

    return write(request, act, status=202)


@router.post("/imports/{number}/undo", response=ImportOut, summary="Undo it", openapi_extra=VERSIONED)
def undo(request: HttpRequest, number: Number, body: Undoing) -> HttpResponse:
    """Let nothing that came with the file count from now on; what was known before stays told."""

    def act(call: Call) -> ImportOut:
        given = cleaned(UndoForm(body.model_dump()))
        row = actions.undo(
            by=call.by,
            number=number,
            version=call.version,
            reason=given["reason"],
            at=call.at,
            key=call.key,
        )
        return ImportOut(**_import(row))

    return write(request, act)


@router.get("/imports/{number}/rejects", summary="What was left out, as CSV", openapi_extra=CSV)
def rejects(request: HttpRequest, number: Number) -> FileResponse:
    """Give what was left out or doubted, line by line; the reading of confidential cells is put down."""
    by = require(caller(request), "import.write")
    found = queries.opened(by=by, number=number)
    path = rejects_of(number)
    if not path.exists():
        raise Absent("not found")
    disclose(by=by, subject=None, facts=found.facts, purpose="import rejects", at=timezone.now())
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"rejects-{number}.csv", content_type="text/csv"
    )


def _understood(path: Path, *, zone_id: int, on: date, said: dict[str, Any], field: str) -> dict[str, Any]:
    try:
        return understand(path, facts=dictionary_of(zone_id), on=on, said=said)
    except Refused as refusal:
        raise Unfit([(field, refusal.both().text(lang=language()))]) from None


def _fields(body: Meanings) -> dict[str, str]:
    fields: dict[str, str] = {}
    for letter, meaning in body.columns.items():
        fields[f"fact-{letter}"] = meaning.fact
        fields[f"year-{letter}"] = str(meaning.year or "")
        fields[f"unit-{letter}"] = meaning.unit
    return fields


def _import(row: Import) -> dict[str, Any]:
    return {
        "id": row.pk,
        "file_name": row.file_name,
        "sha256": row.digest,
        "bytes": row.size,
        "as_of": row.as_of,
        "data_date": row.data_date,
        "uploaded_at": row.uploaded_at,
        "uploaded_by": str(row.uploaded_by.user),
        "state": cast("State", row.state),
        "part_done": row.part_done,
        "rows_read": row.rows_read,
        "rows_accepted": row.rows_accepted,
        "rows_rejected": row.rows_rejected,
        "observations": row.observations,
        "finished_at": row.finished_at,
        "version": row.version,
    }


def _whole(found: Opened) -> ImportWhole:
    preview, shows = found.preview, found.values_shown
    said = preview.get("error") or found.error or None
    return ImportWhole(
        **_import(found.row),
        columns=[
            Column(
                letter=each["letter"],
                header=each["header"],
                samples=each["samples"] if shows else [],
                fact=each["fact"],
                year=each["year"],
                unit=each["unit"],
            )
            for each in preview.get("columns", [])
        ],
        shown=[Shown(fact=fact, year=year) for fact, year in preview.get("shown", [])],
        rows=[PreviewRow(**row) for row in preview.get("rows", [])] if shows else [],
        looked_at=preview.get("looked_at", 0),
        accepted=preview.get("accepted", 0),
        rejected=preview.get("rejected", 0),
        problem=Remark(**said) if said else None,
    )
