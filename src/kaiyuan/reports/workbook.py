"""The workbook an officer wants: a summary, and a sheet per assessment with who is eligible, who is one short, what to ask.

Rows are written as they come and never held: eligible ones go straight to their sheet, the others wait on disk for
their turn below. Codes stay text, and no cell is ever a formula, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import xlsxwriter

from kaiyuan.matching import Job, Population, Summary
from kaiyuan.reports.workbook_overview import write_overview
from kaiyuan.reports.workbook_rows import AssessmentRows, Awards, Pair
from kaiyuan.reports.workbook_sheets import EXCEL_ROWS, AssessmentSheet, Formats, sheet_names
from kaiyuan.rulebook.plan import Plan

MEASURED_NEAR_MISSES = 50_000


def write_workbook(path: Path, *, job: Job, plan: Plan, population: Population, lang: str = "zh") -> None:
    """Write the workbook of a job; the files of the population are read once more for the values behind the gaps."""
    write_workbook_of(
        path,
        summary=job.summary,
        plan=plan,
        pairs=aligned(population.batches(), decision_batches(job.outcome.decisions)),
        awards=job.outcome.awards,
        lang=lang,
    )


def write_workbook_of(
    path: Path,
    *,
    summary: Summary,
    plan: Plan,
    pairs: Iterable[Pair],
    awards: Path | None = None,
    lang: str = "zh",
    most_measured: int = MEASURED_NEAR_MISSES,
    rows_per_sheet: int = EXCEL_ROWS,
) -> None:
    """Write a workbook from pairs of (facts, decisions), batches of the same subjects.

    The gap of a near miss is worked out for up to `most_measured` subjects of each assessment; beyond that only the
    condition is named, and the sheet says so. A sheet holds at most `rows_per_sheet` rows; it says what is left out.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    granted = Awards.read(awards)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book, ExitStack() as files:
        formats = Formats(book)
        names = sheet_names([a.title.get(lang) or a.id for a in summary.assessments], lang=lang)
        write_overview(book, formats=formats, summary=summary, names=names, lang=lang)
        sheets: list[tuple[AssessmentRows, AssessmentSheet]] = []
        for counted, name in zip(summary.assessments, names, strict=True):
            assessment = plan.assessment(counted.id)
            rows = AssessmentRows(
                plan=plan, assessment=assessment, granted=granted, lang=lang, most_measured=most_measured
            )
            sheet = AssessmentSheet(
                book.add_worksheet(name), formats, assessment=assessment, counted=counted, summary=summary,
                lang=lang, rows_per_sheet=rows_per_sheet, most_measured=most_measured, files=files,
            )  # fmt: skip
            sheets.append((rows, sheet))
        for facts, decided in pairs:
            for rows, sheet in sheets:
                for row in rows.of(facts, decided):
                    sheet.take(row)
        for _, sheet in sheets:
            sheet.finish()


def decision_batches(path: Path | None) -> Iterator[pa.RecordBatch]:
    """Give the batches of a file of decisions."""
    if path is None:
        return
    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source)
        for index in range(reader.num_record_batches):
            yield reader.get_batch(index)


def aligned(facts: Iterable[pa.RecordBatch], decided: Iterable[pa.RecordBatch]) -> Iterator[Pair]:
    """Give facts and decisions of the same subjects, cut to the same sizes."""
    decisions = iter(decided)
    current: pa.RecordBatch | None = None
    used = 0
    for batch in facts:
        start = 0
        while start < batch.num_rows:
            if current is None or used == current.num_rows:
                current, used = next(decisions, None), 0
                if current is None:
                    return
            size = min(batch.num_rows - start, current.num_rows - used)
            if size:
                yield batch.slice(start, size), current.slice(used, size)
            start, used = start + size, used + size
