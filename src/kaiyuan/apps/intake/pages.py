"""Pages of imports: list, upload, columns and preview, progress, report, undo."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaiyuan.apps.facts.actions import disclose
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.intake import actions, queries
from kaiyuan.apps.intake.behind import read_in_behind
from kaiyuan.apps.intake.forms import KEYS, ColumnsForm, UndoForm, UploadForm, told
from kaiyuan.apps.intake.queries import Opened
from kaiyuan.apps.intake.refusals import Refused
from kaiyuan.apps.intake.storing import keep, place_of, rejects_of
from kaiyuan.apps.intake.understanding import understand
from kaiyuan.apps.journal.writes import Call, submit
from kaiyuan.apps.zones.access import page, person
from kaiyuan.apps.zones.rights import Absent
from kaiyuan.sheets import Wording, facts_template

STEPS = (
    Wording("选择文件", "Choose a file"),
    Wording("核对列", "Check its columns"),
    Wording("读入", "Read it in"),
    Wording("报告", "Report"),
)
_STEP = {"uploaded": 2, "reading": 3, "failed": 2, "done": 4, "undone": 4}
_ROWS = (20, 50, 100)


@page("import.read")
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """Show the imports of the zone."""
    size = request.GET.get("size", "")
    pages = Paginator(queries.imports(by=person(request)), int(size) if size in map(str, _ROWS) else _ROWS[0])
    return render(request, "intake/imports.html", {"page": pages.get_page(request.GET.get("page"))})


@page("import.write")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a file in: look at it, understand its columns, and go on to them."""
    by, today = person(request), timezone.localdate()
    if request.method == "GET":
        return _upload_page(request, UploadForm(today=today, initial={"as_of": today}))
    posted, files = request.POST, request.FILES
    # Set while the body is read, which the line above does.
    stopped = getattr(request, "upload_too_large", False)
    form = UploadForm(posted, files, today=today, stopped=stopped)
    if not form.is_valid():
        return _upload_page(request, form, status=422)
    file, on = form.cleaned_data["file"], form.cleaned_data["as_of"]
    try:
        preview = understand(
            Path(file.temporary_file_path()), facts=dictionary_of(by.zone_id), on=on, said={}
        )
    except Refused as refusal:
        form.add_error("file", told(refusal))
        return _upload_page(request, form, status=422)
    kept = keep(file.chunks(), zone_id=by.zone_id, name=file.name)

    def act(call: Call) -> str:
        row = actions.upload(
            by=call.by,
            file=kept,
            preview=preview,
            as_of=on,
            data_date=form.cleaned_data["data_date"],
            at=call.at,
            key=call.key,
        )
        return _address(row.pk)

    return submit(request, act)


@page("import.read")
@require_GET
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show an import in its state: columns and preview, progress, report."""
    found = queries.opened(by=person(request), number=number)
    return _page_of(request, found)


@page("import.write")
@require_POST
def columns(request: HttpRequest, number: int) -> HttpResponse:
    """Take what a person says of the columns, and show what the file says then."""
    by = person(request)
    found = queries.opened(by=by, number=number)
    facts = dictionary_of(by.zone_id)
    letters = [column["letter"] for column in found.preview.get("columns", [])]
    form = ColumnsForm(request.POST, letters=letters, facts=facts)
    if not form.is_valid():
        return _page_of(request, found, wrong=form, status=422)
    try:
        preview = understand(place_of(found.row.path), facts=facts, on=found.row.as_of, said=form.said)
    except Refused as refusal:
        return _page_of(request, found, refusal=refusal, status=422)

    def act(call: Call) -> str:
        actions.map_columns(
            by=call.by,
            number=number,
            version=call.version,
            said=form.said,
            preview=preview,
            at=call.at,
            key=call.key,
        )
        return f"{_address(number)}#preview"

    return submit(request, act)


@page("import.write")
@require_POST
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Let the file be read in by a thread of this process."""

    def act(call: Call) -> str:
        row = actions.start(by=call.by, number=number, version=call.version, at=call.at, key=call.key)
        transaction.on_commit(partial(read_in_behind, row.pk, clock=timezone.now))
        return _address(number)

    return submit(request, act)


@page("import.read")
@require_GET
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far the reading is; wake it up if the process that read is gone."""
    found = queries.opened(by=person(request), number=number)
    if actions.abandoned(row=found.row, at=timezone.now()):
        read_in_behind(found.row.pk, clock=timezone.now)
    response = render(request, "intake/progress.html", {"row": found.row, "percent": _percent(found)})
    if found.row.state != "reading":
        response["HX-Refresh"] = "true"
    return response


@page("import.write")
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Let nothing of an import count any longer."""
    found = queries.opened(by=person(request), number=number)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _page_of(request, found, undo=form, status=422)

    def act(call: Call) -> str:
        actions.undo(
            by=call.by,
            number=number,
            version=call.version,
            reason=form.cleaned_data["reason"],
            at=call.at,
            key=call.key,
        )
        return _address(number)

    return submit(request, act)


@page("import.write")
@require_GET
def rejects(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """Give what was left out or doubted, line by line, as a file; its cells may be of confidential facts."""
    by = person(request)
    found = queries.opened(by=by, number=number)
    path = rejects_of(number)
    if not path.exists():
        raise Absent("not found")
    disclose(by=by, subject=None, facts=found.facts, purpose=f"导入 {number} 的不可用清单", at=timezone.now())
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"rejects-{number}.csv", content_type="text/csv"
    )


@page("import.write")
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Give an empty workbook that is understood without a mapping."""
    facts = dictionary_of(person(request).zone_id)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        facts_template(path, facts=facts, base_year=timezone.localdate().year - 1)
        content = path.read_bytes()
    response = HttpResponse(
        content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = 'attachment; filename="kaiyuan-template.xlsx"'
    return response


def _upload_page(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    return render(request, "intake/new.html", {"form": form, "steps": STEPS}, status=status)


def _page_of(
    request: HttpRequest,
    found: Opened,
    *,
    wrong: ColumnsForm | None = None,
    refusal: Refused | None = None,
    undo: UndoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    by = person(request)
    if found.row.state in ("uploaded", "failed", "done"):
        disclose(by=by, subject=None, facts=found.facts, purpose="导入预览与报告", at=timezone.now())
    facts = queries.known_facts(by)
    return render(
        request,
        "intake/import.html",
        {
            "found": found,
            "row": found.row,
            "steps": STEPS,
            "step": _STEP[found.row.state],
            "columns": [
                _column_line(column, facts, wrong, request.POST)
                for column in found.preview.get("columns", [])
            ],
            "table": _preview_table(found, facts),
            "facts": facts.values(),
            "keys": KEYS.values(),
            "wrong": wrong,
            "refusal": refusal.both() if refusal else None,
            "undo": undo or UndoForm(),
            "percent": _percent(found),
            "report_kinds": [list(found.report.get(kind, {}).values()) for kind in ("rejects", "warnings")],
            "same": queries.same_file(by=by, row=found.row) if found.row.state == "uploaded" else None,
        },
        status=status,
    )


def _column_line(column: dict[str, Any], facts: Any, wrong: ColumnsForm | None, typed: Any) -> dict[str, Any]:
    """Give one column with what stands in its fields: what was typed if that was wrong, else what was understood."""
    letter = column["letter"]
    definition = facts.get(column["fact"])
    line = {**column, "definition": definition, "key": KEYS.get(column["fact"] or "")}
    if wrong is not None:
        line |= {name: typed.get(f"{name}-{letter}", "") for name in ("year", "unit")}
        line["typed"] = typed.get(f"fact-{letter}", "")
        line["error"] = wrong.errors.get(letter)
    return line


def _preview_table(found: Opened, facts: Any) -> dict[str, Any]:
    heads = [(facts.get(fact), year) for fact, year in found.preview.get("shown", [])]
    rows = [
        {**row, "cells": [(heads[at][0], value) for at, value in enumerate(row["cells"]) if heads[at][0]]}
        for row in found.preview.get("rows", [])
    ]
    return {"heads": [head for head in heads if head[0]], "rows": rows if found.values_shown else []}


def _percent(found: Opened) -> int:
    return round(found.row.part_done * 100)


def _address(number: int) -> str:
    return reverse("intake:import", args=[number])
