"""The enterprises of one or several files as one stream of canonical batches, which can be read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from kaiyuan.errors import InputError
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.width import label_key
from kaiyuan.sheets import ReadReport, RejectWriter, SheetReading, read_mapping, read_sheet

Progress = Callable[[str, int, float | None], None]
"""Told the file, the rows read of it, and the part of it that is done (None when that is not known)."""


@dataclass
class Population:
    """Files of enterprises, opened and understood as of a day."""

    readings: tuple[SheetReading, ...]
    facts: FactDictionary
    on: date
    reports: list[ReadReport] = field(default_factory=list)

    def batches(
        self, *, rejects: RejectWriter | None = None, progress: Progress | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Give all rows of all files; `reports` is complete when they are exhausted."""
        self.reports = []
        for reading in self.readings:
            yield from reading.batches(rejects=rejects, progress=_told(reading, progress))
            self.reports.append(reading.report)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of the files, with the sheet of a workbook."""
        return tuple(f"{r.file} · {r.sheet}" if r.sheet else r.file for r in self.readings)

    @property
    def rows_read(self) -> int:
        """Give the rows read; the accepted and the rejected add up to it."""
        return sum(report.rows_read for report in self.reports)

    @property
    def rows_rejected(self) -> int:
        """Give the rows that could not be used."""
        return sum(report.rows_rejected for report in self.reports)

    def account(self) -> list[dict[str, Any]]:
        """Give the account of every file as plain data."""
        return [
            {
                **report.as_dict(),
                "columns": [
                    {
                        "header": column.header,
                        "letter": column.letter,
                        "fact": column.fact,
                        "year": column.year,
                        "unit": column.unit,
                        "how": column.how,
                        "notes": [{"zh": note.zh, "en": note.en} for note in column.notes],
                    }
                    for column in reading.columns
                ],
            }
            for reading, report in zip(self.readings, self.reports, strict=True)
        ]

    def find(self, wanted: str) -> tuple[pa.RecordBatch, int]:
        """Give the batch and row of an enterprise by code or name; raises `InputError` when it is not there."""
        key = label_key(wanted)
        seen: list[str] = []
        for batch in self.batches():
            for name in ("subject", "subject_name"):
                if name not in batch.schema.names:
                    continue
                for row, value in enumerate(batch.column(name).to_pylist()):
                    if value is not None and label_key(value) == key:
                        return batch, row
                    if value is not None and len(seen) < 3 and name == "subject":
                        seen.append(value)
        raise InputError(
            "no enterprise in these files has this code or name",
            file=", ".join(self.names),
            text=wanted,
            remedy="Take a code from the file, such as " + " or ".join(seen)
            if seen
            else "The files hold no rows",
        )


def open_population(
    files: Sequence[Path],
    *,
    facts: FactDictionary,
    on: date,
    mapping: Path | None = None,
    sheet: str | None = None,
) -> Population:
    """Open files of enterprises; raises `InputError` on one that cannot be used."""
    columns = None if mapping is None else read_mapping(mapping)
    readings = tuple(
        read_sheet(path, facts=facts, on=on, mapping=columns, sheet=sheet, recorded=_recorded(path))
        for path in files
    )
    return Population(readings, facts, on)


def _recorded(path: Path) -> date | None:
    # The file's own date stands for the day since when its facts are known.
    try:
        return date.fromtimestamp(path.stat().st_mtime)
    except OSError:
        return None


def _told(
    reading: SheetReading, progress: Progress | None
) -> Callable[[int, int | None, int | None], None] | None:
    if progress is None:
        return None

    def tell(rows: int, done_bytes: int | None, total: int | None) -> None:
        done = rows if done_bytes is None else done_bytes
        progress(reading.file, rows, min(1.0, done / total) if total else None)

    return tell
