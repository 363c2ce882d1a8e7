"""CSV and TSV files, plain or gzip, in any of the usual encodings, streamed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from kaiyuan.errors import InputError
from kaiyuan.sheets.encodings import SHOWN, Utf8Stream, detect_encoding
from kaiyuan.sheets.exact import Int64
from kaiyuan.sheets.formats import FileFormat
from kaiyuan.sheets.header_rows import TOP_ROWS, find_header
from kaiyuan.sheets.header_words import HeaderIndex
from kaiyuan.sheets.reasons import Finding
from kaiyuan.sheets.table import RawChunk
from kaiyuan.sheets.wording import Wording

_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_BLOCK = 16 << 20
_TOP_LINES = 400
_LONGEST_FIELD = 1 << 24


class DelimitedTable:
    """A text table opened for reading: header found, delimiter and encoding told."""

    def __init__(self, path: Path, *, fmt: FileFormat, index: HeaderIndex) -> None:
        self._path, self._fmt = path, fmt
        self.file, self.sheet = path.name, ""
        self._encoding = detect_encoding(path, gzipped=fmt.gzipped)
        lines, ended = self._top_lines()
        self._delimiter = _sniffed(lines)
        rows, last_lines = _parsed(lines, self._delimiter)
        if not any(cell.strip() for row in rows for cell in row):
            raise InputError("the file holds no table", file=str(path), remedy="Export the table again")
        found = find_header(rows, index)
        data = [row for row in rows[found.last + 1 :] if any(cell.strip() for cell in row)]
        if not data and ended:
            raise InputError(
                "the file has a header but no rows", file=str(path), remedy="Fill in or export the rows"
            )
        self.header = found
        self._skip = last_lines[found.last]
        self._width = _width(len(found.headers), data)
        self._headless = [not any(parts) for parts in found.headers] + [True] * self._width
        self.format = f"{_DELIMITERS[self._delimiter]} · {SHOWN[self._encoding]}"
        self.notes: list[Wording] = []
        self.total: int | None = path.stat().st_size

    def types(self) -> dict[int, pa.Field]:
        """Give none: every cell of a text table is text."""
        return {}

    def chunks(
        self, *, wanted: frozenset[int], ratios: frozenset[int], batch_rows: int
    ) -> Iterator[RawChunk]:
        """Give the rows below the header.

        Raises InputError where a quotation mark is never closed or the file breaks off.
        """
        stream = Utf8Stream(self._path, gzipped=self._fmt.gzipped, encoding=self._encoding)
        with stream:
            for _ in range(self._skip):
                stream.readline()
            yield from _Rows(self, stream).chunks(batch_rows)
        if stream.faults:
            note = Wording(
                f"有{stream.faults}处字符无法按{SHOWN[self._encoding]}读取，已显示为“\ufffd”",
                f"{stream.faults} signs are no {SHOWN[self._encoding]} and show as “\ufffd”",
            )
            if note not in self.notes:
                self.notes.append(note)

    def _top_lines(self) -> tuple[list[str], bool]:
        lines: list[str] = []
        with Utf8Stream(self._path, gzipped=self._fmt.gzipped, encoding=self._encoding) as stream:
            while len(lines) < _TOP_LINES and (line := stream.readline()):
                lines.append(line.decode("utf-8"))
            ended = len(lines) < _TOP_LINES
        return lines, ended

    def open_csv(self, stream: Utf8Stream, unfit: list[arrow_csv.InvalidRow]) -> arrow_csv.CSVStreamingReader:
        """Open the rest of the stream as text columns; rows of another width are put into `unfit`."""
        names = [str(position) for position in range(self._width)]

        def put_aside(row: arrow_csv.InvalidRow) -> str:
            unfit.append(row)
            return "skip"

        return arrow_csv.open_csv(
            stream,
            # Rows are numbered only where one thread reads them.
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK, use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=put_aside,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""]
            ),
        )

    def aligned(self, text: str) -> list[str] | int:
        """Give the fields of a row of another width where only empty ones are missing or too many, else how
        many fields it has.
        """
        fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter), [])
        surplus, missing = fields[self._width :], range(len(fields), self._width)
        if not any(field.strip() for field in surplus) and all(self._headless[each] for each in missing):
            return (fields + [""] * len(missing))[: self._width]
        return len(fields)

    @property
    def width(self) -> int:
        """Give the number of fields a row should have."""
        return self._width

    @property
    def skipped_lines(self) -> int:
        """Give the number of lines above the first row."""
        return self._skip

    @property
    def path(self) -> Path:
        """Give the path of the file."""
        return self._path


class _Rows:
    """Numbers the rows that Arrow's reader gives, and puts rows of another width back where they fit."""

    def __init__(self, table: DelimitedTable, stream: Utf8Stream) -> None:
        self._table, self._stream = table, stream
        self._unfit: list[arrow_csv.InvalidRow] = []
        self._row = 1
        self._line = table.skipped_lines + 1
        self._open_since: int | None = None

    def chunks(self, batch_rows: int) -> Iterator[RawChunk]:
        try:
            for batch in self._table.open_csv(self._stream, self._unfit):
                chunk = self._numbered(batch.columns, len(batch))
                for start in range(0, max(len(chunk.lines), 1), batch_rows):
                    yield _part(chunk, start, batch_rows)
            if self._unfit:
                yield self._numbered([pa.array([], pa.string())] * self._table.width, 0)
        except pa.ArrowInvalid as error:
            if "Empty CSV" not in str(error):
                raise self._broken(f"the rows cannot be read on from line {self._line}") from None
        if self._stream.quotes % 2 and self._open_since is not None:
            raise self._broken(f"a quotation mark opened on line {self._open_since} is never closed")

    def _broken(self, message: str) -> InputError:
        return InputError(
            message,
            file=str(self._table.path),
            line=self._open_since or self._line,
            remedy="Look for a stray quotation mark there, or save the table as XLSX",
        )

    def _numbered(self, columns: list[pa.Array], length: int) -> RawChunk:
        unfit, numbers = self._of_this_batch(length)
        newlines = _newlines(columns, length) if self._stream.quotes else np.zeros(length, np.int64)
        extra_rows, findings, extra_numbers = [], [], []
        every = np.concatenate([numbers, np.array([row.number for row in unfit], np.int64)])
        breaks = np.concatenate([newlines, np.array([row.text.count("\n") for row in unfit], np.int64)])
        order = np.argsort(every, kind="stable")
        before = np.empty(len(every), np.int64)
        before[order] = np.cumsum(breaks[order]) - breaks[order]
        lines = self._line + (every - self._row) + before
        for row, line in zip(unfit, lines[length:].tolist(), strict=True):
            fields = self._table.aligned(row.text)
            if isinstance(fields, int):
                findings.append(_unaligned(row.text, fields, self._table.width, line))
            else:
                extra_rows.append(fields)
                extra_numbers.append(line)
        if len(every):
            last = order[-1]
            self._open_since = int(lines[last]) if breaks[last] else None
            self._row += len(every)
            self._line += len(every) + int(breaks.sum())
        kept = lines[:length]
        if extra_rows:
            kept = np.concatenate([kept, np.array(extra_numbers, np.int64)])
            sequence = np.argsort(kept, kind="stable")
            kept = kept[sequence]
            columns = [
                pa.concat_arrays(
                    [column, pa.array([row[number] or None for row in extra_rows], pa.string())]
                ).take(pa.array(sequence))
                for number, column in enumerate(columns)
            ]
        if self._stream.wrapped:
            # ="001" is how some programs keep a sheet from taking a code for a number.
            columns = [pc.replace_substring_regex(column, r'^="(.*)"$', r"\1") for column in columns]
        return RawChunk(dict(enumerate(columns)), kept, findings, bytes_done=self._stream.packed_position)

    def _of_this_batch(self, length: int) -> tuple[list[arrow_csv.InvalidRow], Int64]:
        """Give the rows put aside among these, and the numbers of the others; the reader may be ahead."""
        unfit: list[arrow_csv.InvalidRow] = []
        waiting = sorted(self._unfit, key=lambda row: row.number)
        for row in waiting:
            if length and row.number > self._row + length + len(unfit) - 1:
                break
            unfit.append(row)
        self._unfit = waiting[len(unfit) :]
        taken = {row.number for row in unfit}
        numbers = np.arange(self._row, self._row + length + len(unfit), dtype=np.int64)
        if taken:
            numbers = numbers[~np.isin(numbers, list(taken))]
        return unfit, numbers


def _part(chunk: RawChunk, start: int, length: int) -> RawChunk:
    """Give a slice of a chunk; what stands for the whole of it goes with its first slice."""
    columns = {position: column.slice(start, length) for position, column in chunk.columns.items()}
    unaligned = chunk.unaligned if start == 0 else []
    return RawChunk(columns, chunk.lines[start : start + length], unaligned, bytes_done=chunk.bytes_done)


def _newlines(columns: list[pa.Array], length: int) -> Int64:
    total = np.zeros(length, np.int64)
    for column in columns:
        total += pc.count_substring(column, "\n").fill_null(0).to_numpy(zero_copy_only=False)
    return total


def _unaligned(text: str, found: int, expected: int, line: int) -> Finding:
    detail = Wording(f"本行{found}个，表头{expected}个", f"{found} here, {expected} in the header")
    return Finding("field_count", line, value=" ".join(text.split()), detail=detail)


def _sniffed(lines: list[str]) -> str:
    """Give the delimiter that cuts the most rows into the same number of fields, and into the most fields."""

    def score(delimiter: str) -> tuple[bool, int]:
        widths = Counter(len(row) for row in _parsed(lines, delimiter)[0] if any(row))
        if not widths:
            return (False, 0)
        width, count = widths.most_common(1)[0]
        return (width > 1 and count * 2 >= sum(widths.values()), width)

    return max(_DELIMITERS, key=score)


def _parsed(lines: list[str], delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Give the first rows and the number of the last line of each."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(lines, delimiter=delimiter)
    rows, last_lines = [], []
    for row in reader:
        rows.append(row)
        last_lines.append(reader.line_num)
        if len(rows) == TOP_ROWS:
            break
    return rows, last_lines


def _width(header: int, data: list[list[str]]) -> int:
    """Give the number of fields of a row: the usual one where rows carry more than the header has."""
    widths = Counter(len(row) for row in data)
    return max(header, widths.most_common(1)[0][0]) if widths else header
