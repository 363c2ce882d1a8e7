"""Read one file of facts: columns understood, rows accounted for, cells as the rulebook wants them.

open → header → columns → per chunk: enterprises → cells → canonical batch + findings → report
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.errors import InputError
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.sheets import exact
from kaiyuan.sheets.columnar import ColumnarTable
from kaiyuan.sheets.columns import ColumnMatch, ColumnMatcher
from kaiyuan.sheets.convert import Converted, Remark, TextConverter
from kaiyuan.sheets.delimited import DelimitedTable
from kaiyuan.sheets.duplicates import DuplicateFinder
from kaiyuan.sheets.exact import Flags, Int64
from kaiyuan.sheets.formats import detect_format
from kaiyuan.sheets.header_rows import title_hints
from kaiyuan.sheets.header_words import SOURCE_LINE, SUBJECT, SUBJECT_NAME, HeaderIndex
from kaiyuan.sheets.mapping import ColumnMapping
from kaiyuan.sheets.reasons import Finding
from kaiyuan.sheets.rejects import RejectWriter
from kaiyuan.sheets.report import ReadReport
from kaiyuan.sheets.stored import FEN, KEY_FIELDS, stored_type, stored_unit
from kaiyuan.sheets.subjects import Accepted, SubjectReader
from kaiyuan.sheets.table import RawChunk, RawTable
from kaiyuan.sheets.typed import ColumnConverter, readable
from kaiyuan.sheets.wording import Wording
from kaiyuan.sheets.workbook import WorkbookTable

Progress = Callable[[int, int | None, int | None], None]
"""Called with rows done, bytes done (None where rows are counted) and the total of the one that is counted."""

BATCH_ROWS = 131_072
_IMPLAUSIBLE_FEN = 1000 * 10**8 * 100


class SheetReading:
    """One file, opened and understood; its batches are read on demand, and may be read again.

    `columns` says what each column was taken for, `used` are those that give facts, `code` and `name` those that
    identify the enterprise; `schema` is that of the batches.
    """

    def __init__(
        self,
        *,
        table: RawTable,
        path: Path,
        columns: tuple[ColumnMatch, ...],
        facts: FactDictionary,
        on: date,
        recorded: date | None,
        batch_rows: int,
    ) -> None:
        self.path, self.file, self.sheet, self.format = path, table.file, table.sheet, table.format
        self.columns, self.facts, self.on = columns, facts, on
        self._table, self._batch_rows = table, batch_rows
        self.used = tuple(column for column in columns if column.definition and column.how != "ignored")
        self.code = _key(columns, SUBJECT)
        self.name = _key(columns, SUBJECT_NAME)
        self.schema = _schema(self.used, table, recorded)
        self.report = self._fresh_report()

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Give the headers of columns that nothing was made of."""
        return tuple(column.header for column in self.columns if column.how == "unmapped" and column.header)

    @property
    def base_year(self) -> int:
        """Give the last complete year before the day of the decision."""
        return self.on.year - 1

    def batches(
        self, *, rejects: RejectWriter | None = None, progress: Progress | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Give the rows as canonical batches; `report` is complete when they are exhausted.

        Each row that is left out, each cell that is unknown for a reason and each remark goes to `rejects`.
        Raises InputError when no column says which enterprise a row is about.
        """
        if self.code is None and self.name is None:
            raise InputError(
                "no column holds the name or the credit code of an enterprise",
                file=str(self.path),
                text=" | ".join(column.header for column in self.columns[:8]),
                remedy="Name one 企业名称 or 统一社会信用代码, or map it (`fact: subject`) in a mapping file",
            )
        self.report = self._fresh_report()
        run = _Run(self, rejects)
        for chunk in self._table.chunks(
            wanted=frozenset(column.position for column in self.columns if column.fact),
            ratios=frozenset(column.position for column in self.used if _is_ratio(column)),
            batch_rows=self._batch_rows,
        ):
            batch = run.read(chunk)
            if batch is not None and len(batch):
                yield batch
            if progress is not None:
                progress(self.report.rows_read, chunk.bytes_done, self._table.total)
        run.finish()

    def sample(self, *, rows: int) -> dict[int, list[str]]:
        """Give the first cells of every column as they stand in the file, by position."""
        everything = frozenset(column.position for column in self.columns)
        for chunk in self._table.chunks(wanted=everything, ratios=frozenset(), batch_rows=rows):
            return {
                position: [_shown(cells, row) for row in range(min(rows, len(cells)))]
                for position, cells in chunk.columns.items()
            }
        return {}

    def _fresh_report(self) -> ReadReport:
        notes = [*self._table.header.notes, *self._table.notes]
        if self.code is None and self.name is not None:
            notes.append(
                Wording("没有信用代码列，以企业名称识别", "no column of codes; names identify enterprises")
            )
        return ReadReport(self.file, self.sheet, notes=notes)

    @property
    def table_notes(self) -> list[Wording]:
        """Give the remarks on the file itself, some of which come up only while it is read."""
        return self._table.notes

    def is_stored(self, column: ColumnMatch) -> bool:
        """Tell whether the column holds values as the canonical table stores them."""
        return column.definition is not None and _stored(self._table.types().get(column.position))


class _Run:
    """One pass over the rows of a file."""

    def __init__(self, reading: SheetReading, rejects: RejectWriter | None) -> None:
        self._reading, self._rejects, self._report = reading, rejects, reading.report
        self._subjects = SubjectReader(code=reading.code, name=reading.name)
        self._converters = {
            column.position: ColumnConverter(TextConverter(column), stored=reading.is_stored(column))
            for column in reading.used
        }
        self._duplicates = DuplicateFinder()
        self._pending_blank: list[int] = []

    def read(self, chunk: RawChunk) -> pa.RecordBatch | None:
        """Give the canonical batch of a chunk, and put its findings down."""
        found: list[Finding] = list(chunk.unaligned)
        batch = None
        if len(chunk.lines):
            accepted = self._subjects.read(chunk.columns, chunk.lines)
            found += accepted.findings
            self._pending_blank += accepted.blank_lines
            batch = self._batch(chunk, accepted, found)
            self._report.count_silently(kind="synthetic_code", count=accepted.synthetic)
        found += self._blank_rows(found, batch)
        rejected = sum(finding.reason.severity == "row" for finding in found)
        self._report.rows_rejected += rejected
        self._report.rows_read += rejected + (len(batch) if batch is not None else 0)
        self._put_down(found)
        return batch

    def _blank_rows(self, found: list[Finding], batch: pa.RecordBatch | None) -> list[Finding]:
        """Give the empty rows that something follows; the others wait, they may be the end of the file."""
        last = max((finding.line for finding in found), default=0)
        if batch is not None and len(batch):
            last = max(last, batch.column(SOURCE_LINE)[-1].as_py())
        followed = [line for line in self._pending_blank if line < last]
        self._pending_blank = self._pending_blank[len(followed) :]
        return [Finding("blank_row", line) for line in followed]

    def finish(self) -> None:
        """Close the account: duplicates, empty rows at the end, remarks of the file."""
        if self._pending_blank:
            first, last = self._pending_blank[0], self._pending_blank[-1]
            self._report.note(
                zh=f"末尾第{first}至{last}行为空，不计入行数",
                en=f"lines {first} to {last} at the end are empty",
            )
        self._report.duplicates = self._duplicates.duplicates()
        for note in self._reading.table_notes:
            self._report.note(zh=note.zh, en=note.en)
        self._report.complete = True

    def _batch(self, chunk: RawChunk, accepted: Accepted, found: list[Finding]) -> pa.RecordBatch:
        keep = accepted.keep
        everything = bool(keep.all())
        rows = None if everything else pa.array(np.flatnonzero(keep))
        arrays = [accepted.subject, accepted.name, pa.array(chunk.lines)]
        for column in self._reading.used:
            converted = self._converters[column.position].convert(chunk.columns[column.position])
            converted = _unmerged(converted, column, chunk)
            self._remarks(converted, column, chunk, keep, found)
            arrays.append(converted.array)
        if rows is not None:
            arrays = [array.take(rows) for array in arrays]
        for column, array in zip(self._reading.used, arrays[len(KEY_FIELDS) :], strict=True):
            self._report.cells_unknown += array.null_count
            self._report.cells_read += len(array)
            self._doubt_size(column, array, chunk.lines[keep])
        batch = pa.RecordBatch.from_arrays(arrays, schema=self._reading.schema)
        self._report.rows_accepted += len(batch)
        self._duplicates.add(batch.column(0), chunk.lines[keep])
        return batch

    def _remarks(
        self,
        converted: Converted,
        column: ColumnMatch,
        chunk: RawChunk,
        keep: Flags,
        found: list[Finding],
    ) -> None:
        raw = chunk.columns[column.position]
        for remark in converted.remarks:
            if keep[remark.row]:
                value, detail = _shown(raw, remark.row), Wording(remark.detail, remark.detail)
                line = int(chunk.lines[remark.row])
                found.append(Finding(remark.kind, line, column.position, column.header, value, detail))
        for kind, counted in converted.counted.items():
            kept = counted[keep[counted]]
            if len(kept):
                first = int(kept[0])
                example = Finding(
                    kind, int(chunk.lines[first]), column.position, column.header, _shown(raw, first)
                )
                self._report.count_silently(kind=kind, count=len(kept), example=example)

    def _doubt_size(self, column: ColumnMatch, array: pa.Array, lines: Int64) -> None:
        """Count amounts so large that the unit, which nobody wrote down, is likely another."""
        definition = column.definition
        if definition is None or definition.type != "money" or column.unit_said or not len(array):
            return
        if self._reading.is_stored(column):
            return
        largest = pc.max(array).as_py()
        if largest is not None and largest > _IMPLAUSIBLE_FEN:
            large = np.flatnonzero(array.fill_null(0).to_numpy(zero_copy_only=False) > _IMPLAUSIBLE_FEN)
            example = Finding("implausible_size", int(lines[large[0]]), column.position, column.header)
            self._report.count_silently(kind="implausible_size", count=len(large), example=example)

    def _put_down(self, found: list[Finding]) -> None:
        found.sort(key=lambda finding: (finding.line, -1 if finding.position is None else finding.position))
        self._report.count(found)
        if self._rejects is not None:
            self._rejects.write(
                (finding for finding in found if finding.reason.listed),
                file=self._report.file,
                sheet=self._report.sheet,
            )


def read_sheet(
    path: Path,
    *,
    facts: FactDictionary,
    on: date,
    mapping: ColumnMapping | None = None,
    sheet: str | None = None,
    recorded: date | None = None,
    batch_rows: int = BATCH_ROWS,
) -> SheetReading:
    """Open a file of enterprises and understand its columns as of a day.

    CSV, TSV (also .gz), XLSX, Parquet and Arrow files are told by their content. `mapping` says what headers
    mean that the dictionary does not know; `sheet` chooses one of a workbook; `recorded` is the day since when
    the file's facts are known. Raises InputError where the file, its header or the mapping cannot be used.
    """
    fmt = detect_format(path)
    if sheet is not None and fmt.kind != "xlsx":
        raise InputError(
            f"{fmt.shown} has no sheets", file=str(path), text=sheet, remedy="Leave the sheet out"
        )
    index = HeaderIndex(facts=facts, newest_year=on.year)
    table: RawTable
    if fmt.kind == "text":
        table = DelimitedTable(path, fmt=fmt, index=index)
    elif fmt.kind == "xlsx":
        table = WorkbookTable(path, index=index, sheet=sheet)
    else:
        table = ColumnarTable(path, fmt=fmt)
    if note := fmt.note(path):
        table.notes.insert(0, note)
    matcher = ColumnMatcher(
        facts=facts,
        index=index,
        on=on,
        mapping=mapping or ColumnMapping(),
        hints=title_hints(table.header.titles, base_year=on.year - 1),
    )
    columns = tuple(
        _of_readable_type(column, table.types().get(column.position))
        for column in matcher.match(table.header.headers, file=str(path))
    )
    return SheetReading(
        table=table, path=path, columns=columns, facts=facts, on=on, recorded=recorded, batch_rows=batch_rows
    )


def _key(columns: tuple[ColumnMatch, ...], target: str) -> ColumnMatch | None:
    return next((column for column in columns if column.fact == target), None)


def _is_ratio(column: ColumnMatch) -> bool:
    return column.definition is not None and column.definition.type == "ratio"


def _of_readable_type(column: ColumnMatch, field: pa.Field | None) -> ColumnMatch:
    if field is None or column.fact is None:
        return column
    kind = column.definition.type if column.definition else "text"
    if readable(kind, field.type):
        return column
    return column.left_out(
        zh=f"列类型{field.type}无法读作{kind}", en=f"{field.type} cannot be read as {kind}"
    )


def _stored(field: pa.Field | None) -> bool:
    metadata = (field.metadata if field is not None else None) or {}
    return FEN.encode() in (metadata.get(b"unit"), metadata.get(b"stored")) or b"stored" in metadata


def _schema(used: tuple[ColumnMatch, ...], table: RawTable, recorded: date | None) -> pa.Schema:
    fields = list(KEY_FIELDS)
    for column in used:
        assert column.definition is not None
        place = " · ".join(
            part for part in (table.file, table.sheet, f"{column.letter}列 {column.header}") if part
        )
        metadata = {
            b"source": place.encode(),
            b"unit": (column.unit or "").encode(),
            b"stored": stored_unit(column.definition).encode(),
        }
        if recorded is not None:
            metadata[b"recorded"] = recorded.isoformat().encode()
        field = table.types().get(column.position)
        if field is not None and _stored(field):
            # A canonical table keeps saying where its facts came from first.
            metadata |= {
                key: value for key, value in field.metadata.items() if key in metadata or key == b"recorded"
            }
        fields.append(pa.field(column.column, stored_type(column.definition), metadata=metadata))
    return pa.schema(fields)


def _unmerged(converted: Converted, column: ColumnMatch, chunk: RawChunk) -> Converted:
    """Make figures unknown that come from a cell merged over several rows; words hold for each of them."""
    rows = chunk.merged.get(column.position)
    if rows is None or column.definition is None or not column.definition.numeric:
        return converted
    mask = np.zeros(len(chunk.lines), np.bool_)
    mask[rows] = exact.known(converted.array)[rows]
    array = pc.if_else(pa.array(mask), pa.scalar(None, converted.array.type), converted.array)
    result = Converted(array, [each for each in converted.remarks if not mask[each.row]], converted.counted)
    result.remarks += [Remark(row, "merged_cell") for row in rows.tolist() if mask[row]]
    return result


def _shown(array: pa.Array, row: int) -> str:
    cell = array.slice(row, 1)
    if pa.types.is_date32(array.type):
        cell = cell.cast(pa.int32())  # a day outside the calendar has no other form
    value = cell[0].as_py()
    return "" if value is None else str(value)
