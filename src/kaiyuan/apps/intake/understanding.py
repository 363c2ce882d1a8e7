"""What a file says, before anything of it is read in: its columns, its first rows, its first remarks.

Made once when a file comes or what its columns mean is changed, and kept: opening a large workbook takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from kaiyuan.apps.intake.parsing import parsed
from kaiyuan.apps.intake.refusals import Refused, refused
from kaiyuan.errors import InputError
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.width import label_key
from kaiyuan.sheets import ColumnMapping, ColumnMatch, RejectWriter, SheetReading, Wording, read_sheet
from kaiyuan.sheets.mapping import MappedColumn
from kaiyuan.sheets.reasons import Finding

Said = Mapping[str, Mapping[str, Any]]
"""What a person says of columns: letter → fact (None: left out), year, unit."""
LOOKED_AT = 2_000
SHOWN_ROWS, SHOWN_REMARKS, SAMPLES = 20, 50, 3
_LONGEST = 60


class NothingKnown(Refused):
    """A table of which no column says anything that the packs know."""

    def __init__(self) -> None:
        super().__init__(
            Wording("没有一列能识别", "no column of it is known"),
            Wording(
                "表头应含企业名称、统一社会信用代码与指标名，可下载模板",
                "Its header should name the enterprise, its credit code and facts; the template has them",
            ),
        )


class _LeftOut(ColumnMapping):
    """A mapping that leaves every column out: to see the headers of a file that contradicts itself."""

    def find(self, header: str) -> MappedColumn | None:
        return MappedColumn(header, None)


class _Remarks(RejectWriter):
    """Remarks kept in a list, not written to a file."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def write(self, findings: Iterable[Finding], *, file: str, sheet: str = "") -> None:
        self.found += findings

    def close(self) -> None:
        """Do nothing: there is no file."""


def mapping_of(said: Said) -> ColumnMapping:
    """Give what a person said of columns as the reader of sheets takes it."""
    columns = {
        label_key(f"{letter}列"): MappedColumn(
            f"{letter}列", each["fact"], each.get("year"), each.get("unit") or None
        )
        for letter, each in said.items()
    }
    return ColumnMapping(columns)


def opened(
    path: Path,
    *,
    facts: FactDictionary,
    on: date,
    said: Said,
    recorded: date | None = None,
    rows: int = LOOKED_AT,
) -> SheetReading:
    """Open a file with what was said of its columns; raises InputError."""
    return read_sheet(path, facts=facts, on=on, mapping=mapping_of(said), recorded=recorded, batch_rows=rows)


def understand(path: Path, *, facts: FactDictionary, on: date, said: Said) -> dict[str, Any]:
    """Give the columns, the first rows and the first remarks of a file as plain values.

    `error` says why it cannot be read in as things stand. Raises Refused for a file that cannot be read at all, and
    NothingKnown for one that says nothing.
    """
    return parsed(lambda: _understood(path, facts=facts, on=on, said=said))


def _understood(path: Path, *, facts: FactDictionary, on: date, said: Said) -> dict[str, Any]:
    error: Refused | None = None
    try:
        reading = opened(path, facts=facts, on=on, said=said)
    except InputError as refusal:
        # Perhaps only what its columns mean is wrong; then its headers can be shown, and the person can say.
        reading = read_sheet(path, facts=facts, on=on, mapping=_LeftOut(), batch_rows=LOOKED_AT)
        error = refused(refusal)
    if error is None and not said and all(column.fact is None for column in reading.columns):
        raise NothingKnown()
    samples = reading.sample(rows=SAMPLES)
    rows: list[dict[str, Any]] = []
    remarks = _Remarks()
    if error is None:
        try:
            for batch in islice(reading.batches(rejects=remarks), 1):
                rows = _rows(batch)
        except InputError as refusal:
            if reading.code is not None or reading.name is not None:
                raise
            error = refused(refusal)  # no enterprise in it yet: a person can say which column names it
    report = reading.report
    return {
        "sheet": reading.sheet,
        "format": reading.format,
        "base_year": reading.base_year,
        "columns": [_column(column, samples.get(column.position, [])) for column in reading.columns],
        "shown": [[column.fact, column.year] for column in reading.used],
        "rows": rows,
        "remarks": [_remark(finding) for finding in remarks.found[:SHOWN_REMARKS]],
        "looked_at": report.rows_read,
        "accepted": report.rows_accepted,
        "rejected": report.rows_rejected,
        "notes": [_wording(note) for note in report.notes],
        "error": None if error is None else _wording(error.both()),
    }


def _column(column: ColumnMatch, samples: list[str]) -> dict[str, Any]:
    return {
        "letter": column.letter,
        "header": column.header[:_LONGEST],
        "samples": [cell[:_LONGEST] for cell in samples if cell],
        "fact": column.fact,
        "year": column.year if column.definition and column.definition.period == "year" else None,
        "unit": column.unit or "",
        "how": column.how,
        "notes": [_wording(note) for note in column.notes],
    }


def _rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    return [
        {
            "line": row["source_line"],
            "subject": row["subject"],
            "name": row["subject_name"] or "",
            "cells": [
                value.isoformat() if isinstance(value, date) else value for value in list(row.values())[3:]
            ],
        }
        for row in batch.slice(0, SHOWN_ROWS).to_pylist()
    ]


def _remark(finding: Finding) -> dict[str, Any]:
    why = finding.why()
    return {
        "line": finding.line,
        "header": finding.header[:_LONGEST],
        "value": finding.value[:_LONGEST],
        "severity": finding.reason.severity,
        "zh": why.zh,
        "en": why.en,
    }


def _wording(words: Wording) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
