"""Turn one column of a chunk into stored values: at once where the cells are clean, with care where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.sheets import exact
from kaiyuan.sheets.cells import LARGEST_PLAIN_RATIO, UNKNOWN_WORDS, Cell, Parser, cell_parser
from kaiyuan.sheets.columns import ColumnMatch
from kaiyuan.sheets.exact import Flags
from kaiyuan.sheets.reasons import REASONS
from kaiyuan.sheets.stored import stored_type

_GROUPED = r"^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$"
# A column is taken to hold percentages when so many of its plain figures cannot be shares.
_PERCENT_SHARE = 0.05
_FIRST_DAY = (date(1800, 1, 1) - date(1970, 1, 1)).days
_LAST_DAY = (date(2200, 12, 31) - date(1970, 1, 1)).days


@dataclass(frozen=True)
class Remark:
    """A remark on the cell in one row of a chunk."""

    row: int
    kind: str
    detail: str = ""


@dataclass
class Converted:
    """One column of stored values, the remarks on its cells, and the rows of remarks that are only counted."""

    array: pa.Array
    remarks: list[Remark] = field(default_factory=list)
    counted: dict[str, exact.Int64] = field(default_factory=dict)


class TextConverter:
    """Converts the text cells of one column, chunk by chunk."""

    def __init__(self, column: ColumnMatch) -> None:
        assert column.definition is not None
        self.column = column
        self.kind = column.definition.type
        self.type = stored_type(column.definition)
        self._parse: Parser = cell_parser(column)
        self.percent_suspected = False

    def convert(self, texts: pa.Array) -> Converted:
        """Give the stored values of `texts` (string array)."""
        match self.kind:
            case "text":
                return Converted(_plain_text(texts))
            case "boolean" | "category":
                return self._by_word(texts)
            case "date":
                return self._dates(texts)
            case "money":
                return self._money(texts)
            case "integer":
                return self._integers(texts)
            case "ratio":
                return self._ratios(texts)
            case "number":
                return self._numbers(texts)

    # ---- words

    def _by_word(self, texts: pa.Array) -> Converted:
        encoded = texts.dictionary_encode()
        cells = [self._parse(word) for word in encoded.dictionary.to_pylist()]
        values = pa.array([cell.value for cell in cells], type=self.type)
        return _with_remarks(values.take(encoded.indices), cells, encoded.indices, np.arange(len(texts)))

    def _dates(self, texts: pa.Array) -> Converted:
        try:
            return plausible_days(pc.cast(texts, pa.date32()))
        except pa.ArrowInvalid:
            clean = exact.flags(
                pc.match_substring_regex(texts, r"^(19|20)\d\d-(0[1-9]|1[0-2])-([01]\d|2[0-8])$")
            )
            dates = pc.cast(pc.if_else(pa.array(clean), texts, None), pa.date32())
            return self._with_care(texts, dates, ~clean)

    # ---- figures

    def _money(self, texts: pa.Array) -> Converted:
        decimals = exact.power_of_ten(self.column.scale)
        if decimals is None:
            return self._with_care(texts, pa.nulls(len(texts), self.type), _all(texts))
        fen, fits = _figures(texts, digits=18 - decimals, decimals=decimals)
        return self._with_care(texts, exact.array_of(fen, fits), ~fits)

    def _integers(self, texts: pa.Array) -> Converted:
        if self.column.scale != 1:
            return self._with_care(texts, pa.nulls(len(texts), self.type), _all(texts))
        whole, fits = _figures(texts, digits=18, decimals=0)
        return self._with_care(texts, exact.array_of(whole, fits), ~fits)

    def _numbers(self, texts: pa.Array) -> Converted:
        values, fits = self._doubles(texts)
        return self._with_care(texts, exact.array_of(values, fits), ~fits)

    def _ratios(self, texts: pa.Array) -> Converted:
        values, fits = self._doubles(texts)
        if self.column.unit_said:
            return self._with_care(texts, exact.array_of(values, fits), ~fits)
        large = fits & (np.abs(values) > float(LARGEST_PLAIN_RATIO))
        result = self._with_care(texts, exact.array_of(values, fits & ~large), ~fits | large)
        return self.doubt_percentages(result, plain=fits & (values != 0), large=large)

    def doubt_percentages(self, result: Converted, *, plain: Flags, large: Flags) -> Converted:
        """Make the plain figures unknown where the column looks like percentages that do not say so."""
        figures = int(plain.sum())
        if figures and large.sum() >= max(1.0, _PERCENT_SHARE * figures):
            self.percent_suspected = True
        doubtful = plain & ~large
        if not self.percent_suspected or not doubtful.any():
            return result
        array = pc.if_else(pa.array(doubtful), pa.scalar(None, self.type), result.array)
        rows = np.flatnonzero(doubtful).tolist()
        unsaid = [Remark(row, "percent_column_unsaid") for row in rows]
        return Converted(array, [*result.remarks, *unsaid], result.counted)

    def _doubles(self, texts: pa.Array) -> tuple[exact.Float64, Flags]:
        if self.column.scale == 1:
            clean = pc.match_substring_regex(texts, r"^[-+]?\d{1,25}(\.\d{1,25})?$")
            doubles = pc.cast(pc.if_else(clean, texts, None), pa.float64())
            return doubles.fill_null(0.0).to_numpy(zero_copy_only=False), exact.flags(clean)
        whole, fits = _figures(texts, digits=12, decimals=exact.FRACTION_DIGITS)
        return exact.scaled(whole, fits, decimals=exact.FRACTION_DIGITS, scale=self.column.scale)

    # ---- with care

    def _with_care(self, texts: pa.Array, done: pa.Array, rest: Flags) -> Converted:
        """Read the cells flagged in `rest` one by one (each distinct text once); the others are `done`."""
        rows = np.flatnonzero(rest & exact.known(texts))
        if not len(rows):
            return Converted(done.cast(self.type) if done.type != self.type else done)
        return self.read_singly(texts.take(pa.array(rows)), rows, done)

    def read_singly(self, texts: pa.Array, rows: exact.Int64, done: pa.Array) -> Converted:
        """Put the values of `texts`, which stand in `rows`, into `done`."""
        encoded = texts.dictionary_encode()
        cells = [self._parse(text) for text in encoded.dictionary.to_pylist()]
        values = pa.array([cell.value for cell in cells], type=self.type).take(encoded.indices)
        mask = np.zeros(len(done), dtype=np.bool_)
        mask[rows] = True
        array = pc.replace_with_mask(done.cast(self.type), pa.array(mask), values)
        return _with_remarks(array, cells, encoded.indices, rows)


def _figures(texts: pa.Array, *, digits: int, decimals: int) -> tuple[exact.Int64, Flags]:
    """Give the plain figures among texts as whole numbers of 10^-decimals, and which they are."""
    try:
        return exact.whole_parts(texts, decimals=decimals)
    except pa.ArrowInvalid:
        pass
    if exact.flags(pc.match_substring_regex(texts, _GROUPED)).any():
        ungrouped = pc.replace_substring(texts, ",", "")
        texts = pc.if_else(pc.match_substring_regex(texts, _GROUPED), ungrouped, texts)
    clean = pc.match_substring_regex(texts, exact.clean_pattern(digits=digits, decimals=decimals))
    return exact.whole_parts(pc.if_else(clean, texts, None), decimals=decimals)


def _with_remarks(array: pa.Array, cells: Sequence[Cell], indices: pa.Array, rows: exact.Int64) -> Converted:
    """Put the remarks on distinct cells down for every row they stand in."""
    result = Converted(array)
    if not any(cell.kind for cell in cells):
        return result
    codes = indices.fill_null(len(cells)).to_numpy(zero_copy_only=False)
    for kind in dict.fromkeys(cell.kind for cell in cells if cell.kind):
        of_kind = np.array([cell.kind == kind for cell in cells] + [False])[codes]
        if REASONS[kind].listed:
            found = zip(rows[of_kind].tolist(), codes[of_kind].tolist(), strict=True)
            result.remarks += [Remark(row, kind, cells[code].detail) for row, code in found]
        else:
            result.counted[kind] = rows[of_kind]
    return result


def plausible_days(dates: pa.Array) -> Converted:
    """Give days outside 1800 to 2200 as unknown: they are slips, and some are no days at all."""
    numbers = dates.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
    absurd = (numbers < _FIRST_DAY) | (numbers > _LAST_DAY)
    if not absurd.any():
        return Converted(dates)
    remarks = [Remark(row, "not_a_date") for row in np.flatnonzero(absurd).tolist()]
    return Converted(pc.if_else(pa.array(absurd), pa.scalar(None, pa.date32()), dates), remarks)


def _plain_text(texts: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(texts)
    unknown = pc.is_in(trimmed, value_set=UNKNOWN_TEXTS)
    return pc.if_else(unknown, pa.scalar(None, pa.string()), trimmed)


def _all(texts: pa.Array) -> Flags:
    return np.ones(len(texts), dtype=np.bool_)


UNKNOWN_TEXTS = pa.array(
    sorted(
        {
            "",
            "－",
            "——",
            "／",
            *UNKNOWN_WORDS,
            *(word.upper() for word in UNKNOWN_WORDS),
            "None",
            "Null",
            "NaN",
        }
    )
)
