"""Sheets and their formats: frozen heads, filters, widths, text for codes, and what is left out said on top."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any

from kaiyuan.matching import AssessmentSummary, Summary
from kaiyuan.reports.figures import count, day
from kaiyuan.reports.markup import UNPRINTABLE
from kaiyuan.reports.words import answer_word, cited, say
from kaiyuan.reports.workbook_rows import Row
from kaiyuan.rulebook.plan import PlanAssessment

EXCEL_ROWS = 1_048_576
_LONGEST_TEXT = 32_000
_LONGEST_NAME = 31
_FORBIDDEN = str.maketrans("[]:*?/\\", "【】：＊？／＼")
_LISTED = ("yes", "near", "unknown")


class Formats:
    """The few formats of the workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_size": 10.5, "valign": "top"}

        def made(**more: object) -> Any:
            return book.add_format({**base, **more})

        self.title = made(bold=True, font_size=15)
        self.note = made(font_color="#5A6673")
        self.warn = made(font_color="#7D4A00", bold=True)
        self.head = made(bold=True, bg_color="#E9EDF1", bottom=1, text_wrap=True, valign="vcenter")
        self.text = made(text_wrap=True)
        self.code = made(num_format="@")
        self.whole = made(num_format="#,##0")
        self.money = made(num_format="#,##0.00")
        self.number = made(num_format="#,##0.######")
        self.total = made(bold=True, top=1, num_format="#,##0")
        self.total_money = made(bold=True, top=1, num_format="#,##0.00")
        self.total_text = made(bold=True, top=1)
        self.link = made(font_color="#1B4A94", underline=1, text_wrap=True)
        self.answers = {
            "yes": made(bold=True, font_color="#1D6A12"),
            "near": made(bold=True, font_color="#7D4A00"),
            "unknown": made(bold=True, font_color="#5A3A9B"),
        }


def put(sheet: Any, place: tuple[int, int], value: object, *, style: Any) -> None:
    """Write a cell (row, column) by the type of its value; texts are texts, whatever they begin with."""
    row, column = place
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool | str):
        sheet.write_string(row, column, _clean(str(value)), style)
    else:
        sheet.write_number(row, column, value, style)


def _clean(text: str) -> str:
    # What XML cannot carry would make the whole workbook unreadable.
    shown = text.translate(UNPRINTABLE)
    return shown if len(shown) <= _LONGEST_TEXT else shown[:_LONGEST_TEXT] + "…"


def prepared(sheet: Any, widths: Sequence[float], *, head: int, repeat: bool = True) -> None:
    """Set widths, freeze what stands above `head`, and make the sheet fit A4 across."""
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.freeze_panes(head + 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")
    if repeat:
        sheet.repeat_rows(head)


def sheet_names(titles: Sequence[str], *, lang: str) -> list[str]:
    """Give names that Excel takes: at most 31 characters, none of its forbidden signs, each once whatever the case."""
    taken = {
        say(lang, f"book.{name}").casefold()
        for name in ("summary", "missing", "near", "budgets", "documents")
    }
    names: list[str] = []
    for title in titles:
        plain = (
            "".join(char if char >= " " else " " for char in title).translate(_FORBIDDEN).strip("' ") or "?"
        )
        name, number = plain[:_LONGEST_NAME], 1
        while name.casefold() in taken or name.casefold() == "history":
            number += 1
            tail = f" {number}"
            name = plain[: _LONGEST_NAME - len(tail)] + tail
        taken.add(name.casefold())
        names.append(name)
    return names


class AssessmentSheet:
    """One assessment: what it is cited from on top, then its subjects by answer."""

    def __init__(
        self,
        sheet: Any,
        formats: Formats,
        *,
        assessment: PlanAssessment,
        counted: AssessmentSummary,
        summary: Summary,
        lang: str,
        rows_per_sheet: int,
        most_measured: int,
        files: ExitStack,
    ) -> None:
        self.files = files
        self.sheet, self.formats, self.lang = sheet, formats, lang
        self.columns = _columns(assessment, formats)
        self.waiting: dict[str, IO[str]] = {}
        self._top(assessment, counted, summary, rows_per_sheet, most_measured)
        self.head = self.row
        for index, (name, _, _) in enumerate(self.columns):
            sheet.write_string(self.row, index, say(lang, f"book.{name}"), formats.head)
        prepared(sheet, [width for _, width, _ in self.columns], head=self.head)
        self.row += 1
        self.last = rows_per_sheet - 1

    def _top(
        self,
        assessment: PlanAssessment,
        counted: AssessmentSummary,
        summary: Summary,
        rows_per_sheet: int,
        most_measured: int,
    ) -> None:
        lang, source, formats = self.lang, assessment.source, self.formats
        lines = [(source.title.get(lang) or source.id, formats.title)]
        lines.append((cited(source.document, source.clause, lang=lang), formats.note))
        asof = [
            f"{say(lang, 'asof.on')} {day(summary.on)}",
            f"{say(lang, 'asof.base_year')} {summary.base_year}",
            f"{say(lang, 'asof.rule')} {source.version}",
            f"{say(lang, 'asof.confidence')} {source.confidence}",
            say(lang, "nature"),
        ]
        lines.append((" · ".join(asof), formats.note))
        numbers = [f"{answer_word(a, lang=lang)} {count(getattr(counted, a))}" for a in (*_LISTED, "no")]
        total = f"{' + '.join(numbers)} = {count(counted.subjects)}"
        lines.append(
            (f"{total}{say(lang, 'period')}{say(lang, 'book.not_listed', n=count(counted.no))}", formats.note)
        )
        if source.demo:
            lines.append((say(lang, "demo"), formats.warn))
        if summary.changes:
            changes = ", ".join(f"{name} = {value}" for name, value in summary.changes.items())
            lines.append((f"{say(lang, 'trial')} {changes}", formats.warn))
        if counted.near > most_measured:
            lines.append((say(lang, "book.not_measured", n=count(most_measured)), formats.warn))
        rows = counted.yes + counted.near + counted.unknown
        room = rows_per_sheet - len(lines) - 1
        if rows > room:
            # The line that says so takes a row itself.
            limit, out = count(rows_per_sheet), count(rows - room + 1)
            lines.append((say(lang, "book.left_out", limit=limit, n=out), formats.warn))
        self.row = 0
        for text, style in lines:
            self.sheet.write_string(self.row, 0, _clean(text), style)
            self.row += 1

    def take(self, row: Row) -> None:
        """Write an eligible subject; keep any other until the eligible are written."""
        if row.answer == "yes":
            self._write(row)
            return
        if row.answer not in self.waiting:
            self.waiting[row.answer] = self.files.enter_context(
                TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - the stack closes it
            )
        self.waiting[row.answer].write(json.dumps(vars(row), ensure_ascii=False) + "\n")

    def finish(self) -> None:
        """Write the near misses, then the unknown, and set the filter over all of them."""
        for answer in _LISTED[1:]:
            for row in self._kept(answer):
                self._write(row)
        if self.row > self.head + 1:
            self.sheet.autofilter(self.head, 0, self.row - 1, len(self.columns) - 1)

    def _kept(self, answer: str) -> Iterator[Row]:
        file = self.waiting.pop(answer, None)
        if file is None:
            return
        with file:
            file.seek(0)
            for line in file:
                yield Row(**json.loads(line))

    def _write(self, row: Row) -> None:
        if self.row > self.last:
            return
        for index, (name, _, style) in enumerate(self.columns):
            if name == "answer":
                word = answer_word(row.answer, lang=self.lang)
                self.sheet.write_string(self.row, index, word, self.formats.answers[row.answer])
                continue
            value = getattr(row, name)
            if name == "amount" and row.answer == "yes" and value is None:
                value = say(self.lang, "unknown")
            if value not in (None, ""):
                put(self.sheet, (self.row, index), value, style=style)
        self.row += 1


def _columns(assessment: PlanAssessment, formats: Formats) -> list[tuple[str, float, Any]]:
    f = formats
    columns: list[tuple[str, float, Any]] = [
        ("answer", 10, f.text),
        ("name", 34, f.text),
        ("code", 21, f.code),
        ("line", 9, f.whole),
    ]
    if assessment.tiers:
        columns.append(("tier", 16, f.text))
    if assessment.table is not None:
        columns.append(("score", 10, f.text))
    if assessment.award is not None:
        columns += [("amount", 17, f.money), ("granted", 17, f.money), ("changed_by", 30, f.text)]
    if assessment.tree is not None:
        columns += [
            ("condition", 36, f.text),
            ("actual", 18, f.text),
            ("needed", 18, f.text),
            ("gap", 13, f.number),
            ("gap_unit", 11, f.text),
            ("about", 13, f.number),
            ("about_unit", 10, f.text),
            ("clause", 16, f.text),
        ]
    return [*columns, ("ask", 48, f.text)]
