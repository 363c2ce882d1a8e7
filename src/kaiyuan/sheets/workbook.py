"""XLSX workbooks: choose the sheet, undo merged cells, give rows in chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from kaiyuan.errors import InputError
from kaiyuan.sheets.header_rows import TOP_ROWS, find_header
from kaiyuan.sheets.header_words import HeaderIndex
from kaiyuan.sheets.percent_formats import percent_cells
from kaiyuan.sheets.table import HeaderBlock, RawChunk
from kaiyuan.sheets.typed import shown
from kaiyuan.sheets.wording import Wording

Merged = tuple[tuple[int, int], tuple[int, int]]


class WorkbookTable:
    """One sheet of a workbook opened for reading."""

    def __init__(self, path: Path, *, index: HeaderIndex, sheet: str | None) -> None:
        self._path = path
        self.file = path.name
        self.notes: list[Wording] = []
        self._sheet, self.header = self._chosen(index, sheet)
        self.sheet = self._sheet.name
        self.format = f"Excel · {self.sheet}"
        self._offset = _offset(self._sheet)
        self._merged = [_shifted(area, self._offset) for area in self._sheet.merged_cell_ranges or ()]
        self.total: int | None = self._sheet.end[0] - self.header.last if self._sheet.end else None
        if not any(any(cell != "" for cell in row) for row in islice(self._data(), TOP_ROWS * 10)):
            raise InputError(
                f"the sheet {self.sheet!r} has a header but no rows",
                file=str(path),
                remedy="Fill in the rows",
            )

    def types(self) -> dict[int, pa.Field]:
        """Give none: a cell of a workbook may hold anything."""
        return {}

    def chunks(
        self, *, wanted: frozenset[int], ratios: frozenset[int], batch_rows: int
    ) -> Iterator[RawChunk]:
        """Give the rows below the header; numbers as doubles where a whole column of a chunk is numbers."""
        percent = percent_cells(
            self._path, sheet=self.sheet, positions=[each + self._offset for each in ratios]
        )
        first = self.header.last + 1
        rows, width = self._data(), len(self.header.headers)
        carried: dict[int, Any] = {}
        while block := list(islice(rows, batch_rows)):
            for row in block:
                row += [""] * (width - len(row))
            merged = self._undo_merged(block, first, carried)
            for line, position in percent:
                inside, number = line - first, position - self._offset
                if 0 <= inside < len(block) and isinstance(block[inside][number], int | float):
                    value = Decimal(repr(block[inside][number])).scaleb(2)
                    block[inside][number] = f"{value:f}%"
            columns = {position: _column([row[position] for row in block]) for position in range(width)}
            lines = np.arange(first + 1, first + 1 + len(block), dtype=np.int64)
            yield RawChunk(columns, lines, merged=merged)
            first += len(block)

    def _data(self) -> Iterator[list[Any]]:
        return islice(self._sheet.iter_rows(), self.header.last + 1, None)

    def _undo_merged(
        self, block: list[list[Any]], first: int, carried: dict[int, Any]
    ) -> dict[int, np.ndarray[Any, np.dtype[np.int64]]]:
        """Fill every row of a cell merged downwards with its value; give the rows so filled by position."""
        filled: dict[int, list[int]] = {}
        for number, ((top, left), (bottom, _)) in enumerate(self._merged):
            start, end = max(top, first), min(bottom + 1, first + len(block))
            if bottom == top or start >= end or top <= self.header.last or not 0 <= left < len(block[0]):
                continue
            if top >= first:
                carried[number] = block[top - first][left]
            for row in range(start - first, end - first):
                block[row][left] = carried[number]
            filled.setdefault(left, []).extend(range(start - first, end - first))
        return {position: np.array(sorted(rows), np.int64) for position, rows in filled.items()}

    def _chosen(self, index: HeaderIndex, sheet: str | None) -> tuple[CalamineSheet, HeaderBlock]:
        try:
            book = CalamineWorkbook.from_path(str(self._path))
            names = [
                each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible
            ] or book.sheet_names
            if sheet is not None:
                if sheet not in book.sheet_names:
                    raise InputError(
                        "the workbook has no such sheet",
                        file=str(self._path),
                        text=sheet,
                        remedy=f"It has {'、'.join(book.sheet_names)}",
                    )
                names = [sheet]
            return self._best([(name, book.get_sheet_by_name(name)) for name in names], index, len(names))
        except PasswordError:
            raise InputError(
                "the workbook is protected by a password", file=str(self._path), remedy="Remove it and save"
            ) from None
        except CalamineError as error:
            raise InputError(
                f"the workbook cannot be read ({error})",
                file=str(self._path),
                remedy="Open and save it once more",
            ) from None

    def _best(
        self, sheets: Sequence[tuple[str, CalamineSheet]], index: HeaderIndex, count: int
    ) -> tuple[CalamineSheet, HeaderBlock]:
        """Give the first sheet whose header names an enterprise or two facts, else the first with data."""
        fallback = None
        for name, sheet in sheets:
            if not sheet.height:
                continue
            header = find_header(_top(sheet), index)
            known = sum(index.understand(parts) is not None for parts in header.headers if parts)
            if known >= 2:
                if count > 1:
                    self.notes.append(
                        Wording(f"读取工作表“{name}”（共{count}张）", f"sheet {name!r} of {count} was read")
                    )
                return sheet, header
            fallback = fallback or (sheet, header)
        if fallback is None:
            raise InputError("the workbook holds no table", file=str(self._path), remedy="Fill in a sheet")
        if count > 1:
            self.notes.append(
                Wording(
                    f"没有一张工作表的表头可以识别，读取第一张有数据的“{fallback[0].name}”",
                    f"no sheet has a header that is known; {fallback[0].name!r}, the first with data, was read",
                )
            )
        return fallback


def _top(sheet: CalamineSheet) -> list[list[str]]:
    """Give the first rows as text, cells merged over several columns or rows filled with their value."""
    rows = [[_text(cell) for cell in row] for row in islice(sheet.iter_rows(), TOP_ROWS)]
    for (top, left), (bottom, right) in (
        _shifted(each, _offset(sheet)) for each in sheet.merged_cell_ranges or ()
    ):
        if left < 0:
            continue
        whole_width = left == 0 and right + 1 >= max(map(len, rows), default=0) > 1
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                # A title over the whole sheet is no part of any header: it stays in its first cell.
                if not whole_width:
                    rows[row][column] = rows[top][left]
    return rows


def _offset(sheet: CalamineSheet) -> int:
    """Give how many empty columns stand before the first one with data."""
    return sheet.start[1] if sheet.start else 0


def _shifted(area: Merged, offset: int) -> Merged:
    (top, left), (bottom, right) = area
    return (top, left - offset), (bottom, right - offset)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return shown(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _column(cells: list[Any]) -> pa.Array:
    kinds = {type(cell) for cell in cells if cell != ""}
    if kinds <= {float, int} and kinds:
        return pa.array([None if cell == "" else float(cell) for cell in cells], pa.float64())
    return pa.array([None if cell == "" else _text(cell) for cell in cells], pa.string())
