"""Synthetic enterprises for demonstrations and benchmarks: the same seed gives the same firms, and all say so.

Names carry （合成）, codes a division (999999) that exists nowhere although their check signs are right. About five
in a hundred known cells are left empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import xlsxwriter

from kaiyuan.calculators.credit_code import ALPHABET, SYNTHETIC_DIVISION, WEIGHTS
from kaiyuan.errors import InputError
from kaiyuan.rulebook.facts import FactDefinition, FactDictionary
from kaiyuan.rulebook.units import unit
from kaiyuan.sheets.measures import scale_to_stored
from kaiyuan.sheets.stored import KEY_FIELDS, stored_type, stored_unit
from kaiyuan.sheets.synthetic_facts import days, figures, words
from kaiyuan.sheets.synthetic_firms import BLOCK, TRADES, YEARS, Firms
from kaiyuan.sheets.template import DATA_SHEET, FactColumn, fact_columns

MISSING = 0.05
_ENDINGS = (".csv", ".xlsx", ".parquet", ".arrow")
_LARGEST_SHEET = 1_048_575
_FEN_PER_WAN = 1_000_000


def synthetic_enterprises(
    *,
    facts: FactDictionary,
    count: int,
    seed: int,
    base_year: int,
    used: Collection[str] | None = None,
    years: int = YEARS,
) -> Iterator[pa.RecordBatch]:
    """Give `count` made-up enterprises as canonical batches of 65,536 rows.

    Every fact of the dictionary gets values (or those in `used`, by name or column), yearly ones for `years`
    years. A longer list begins with the shorter one; a fact more or less leaves the others as they are.
    """
    columns = list(fact_columns(facts=facts, base_year=base_year, used=used, years=min(years, YEARS)))
    schema = _schema(columns)
    for block in range(-(-count // BLOCK)):
        firms = Firms(seed=seed, block=block, count=min(BLOCK, count - block * BLOCK), base_year=base_year)
        arrays = [
            _codes(firms),
            _names(firms),
            pa.array(np.arange(firms.first + 1, firms.first + 1 + firms.count)),
        ]
        arrays += [_array(column, firms) for column in columns]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def write_demo_data(
    path: Path,
    *,
    facts: FactDictionary,
    enterprises: int,
    seed: int,
    base_year: int,
    used: Collection[str] | None = None,
) -> int:
    """Write made-up enterprises as CSV or XLSX (labels, years and units in the header), Parquet or Arrow
    (canonical), by the ending of the name; give the number of rows.
    """
    if path.suffix.lower() not in _ENDINGS:
        raise InputError(
            "demonstration data is written as CSV, XLSX, Parquet or Arrow",
            file=str(path),
            text=path.suffix,
            remedy=f"Let the name end in {', '.join(_ENDINGS)}",
        )
    if enterprises < 1:
        raise InputError(
            "at least one enterprise is wanted", text=str(enterprises), remedy="Give a number above 0"
        )
    if path.suffix.lower() == ".xlsx" and enterprises > _LARGEST_SHEET:
        raise InputError(
            f"a sheet holds {_LARGEST_SHEET:,} rows", text=f"{enterprises:,}", remedy="Write Parquet or CSV"
        )
    columns = list(fact_columns(facts=facts, base_year=base_year, used=used, years=YEARS))
    batches = synthetic_enterprises(facts=facts, count=enterprises, seed=seed, base_year=base_year, used=used)
    match path.suffix.lower():
        case ".parquet":
            with pq.ParquetWriter(path, _schema(columns), compression="zstd") as parquet:
                for batch in batches:
                    parquet.write_batch(batch)
        case ".arrow":
            with pa.ipc.new_file(path, _schema(columns)) as arrow:
                for batch in batches:
                    arrow.write_batch(batch)
        case ".csv":
            _write_csv(path, columns, batches)
        case _:
            _write_workbook(path, columns, batches, base_year)
    return enterprises


# ---- canonical arrays


def _schema(columns: list[FactColumn]) -> pa.Schema:
    fields = list(KEY_FIELDS)
    for column in columns:
        metadata = {
            b"source": "合成演示数据 / synthetic".encode(),
            b"unit": (column.definition.unit or "").encode(),
            b"stored": stored_unit(column.definition).encode(),
        }
        name = column.definition.column(lag=column.lag)
        fields.append(pa.field(name, stored_type(column.definition), metadata=metadata))
    return pa.schema(fields)


def _codes(firms: Firms) -> pa.Array:
    """Give codes of enterprises (91) in no division, numbered through, with both check signs right."""
    signs = np.frombuffer(ALPHABET.encode(), np.uint8)
    numbers = np.arange(firms.first + 1, firms.first + 1 + firms.count)
    digits = numbers[:, None] // 10 ** np.arange(7, -1, -1) % 10
    organisation = 11 - digits @ np.array([3, 7, 9, 10, 5, 8, 4, 2]) % 11
    ninth = np.array([ALPHABET.index(sign) for sign in "0123456789X0"])[organisation]
    fixed = np.array([int(sign) for sign in f"91{SYNTHETIC_DIVISION}"])
    values = np.column_stack([np.broadcast_to(fixed, (firms.count, len(fixed))), digits, ninth])
    check = (31 - values @ np.array(WEIGHTS) % 31) % 31
    content = signs[np.column_stack([values, check])]
    offsets = np.arange(0, 18 * (firms.count + 1), 18, dtype=np.int32)
    return pa.StringArray.from_buffers(
        firms.count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(content))
    )


def _names(firms: Firms) -> pa.Array:
    chosen = [TRADES[trade].words for trade in firms.trade.tolist()]
    return pa.array(
        [
            f"示例{each[int(place * len(each))]}有限公司（合成）{number:06d}"
            for number, (each, place) in enumerate(
                zip(chosen, firms.word.tolist(), strict=True), firms.first + 1
            )
        ]
    )


def _array(column: FactColumn, firms: Firms) -> pa.Array:
    definition = column.definition
    known = firms.chance(f"{definition.name} {column.lag} missing") >= MISSING
    if definition.type in ("category", "text"):
        every = pa.array(words(definition, firms), pa.string())
        return pc.if_else(pa.array(known), every, pa.scalar(None, pa.string()))
    if definition.type == "date":
        day = days(definition, firms)
        known &= ~np.isnan(day)
        return pa.array(np.where(known, day, 0).astype(np.int32), mask=~known).cast(pa.date32())
    values = figures(definition, firms, column.lag)
    known &= ~np.isnan(values)
    return pa.array(_stored(definition, np.where(known, values, 0)), stored_type(definition), mask=~known)


def _stored(definition: FactDefinition, values: Any) -> Any:
    """Give figures as they are stored; money to a hundredth of its written unit, so that files stay readable."""
    match definition.type:
        case "money":
            step = max(int(unit(definition.unit).factor), 1)
            return np.rint(values * _FEN_PER_WAN / step).astype(np.int64) * step
        case "integer":
            return np.rint(values).astype(np.int64)
        case "boolean":
            return values > 0.5
        case "ratio":
            return np.rint(values * 10_000) / 10_000
    return np.round(values, definition.decimals)


# ---- files for people


def _written(column: FactColumn, array: pa.Array) -> pa.Array:
    """Give a canonical column as people write it: money in its unit, ratios in percent, 是 and 否."""
    definition = column.definition
    match definition.type:
        case "money":
            scale = scale_to_stored(definition, None)
            assert scale is not None
            return pc.divide(pc.cast(array, pa.float64()), float(scale))
        case "ratio":
            return pc.divide(pc.round(pc.multiply(array, 10_000.0)), 100.0)
        case "boolean":
            return pc.if_else(array, "是", "否")
    return array


def _readable(columns: list[FactColumn], batch: pa.RecordBatch) -> list[pa.Array]:
    facts = [
        _written(column, array)
        for column, array in zip(columns, batch.columns[len(KEY_FIELDS) :], strict=True)
    ]
    return [batch.column("subject_name"), batch.column("subject"), *facts]


def _headers(columns: list[FactColumn]) -> list[str]:
    return ["企业名称", "统一社会信用代码", *(column.header for column in columns)]


def _write_csv(path: Path, columns: list[FactColumn], batches: Iterator[pa.RecordBatch]) -> None:
    headers = _headers(columns)
    with path.open("wb") as stream:
        # The mark lets a sheet program see that this is UTF-8.
        stream.write(b"\xef\xbb\xbf")
        options = arrow_csv.WriteOptions(include_header=True, quoting_style="needed")
        for batch in batches:
            table = pa.table(_readable(columns, batch), names=headers)
            arrow_csv.write_csv(table, stream, options)
            options = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")


def _write_workbook(
    path: Path, columns: list[FactColumn], batches: Iterator[pa.RecordBatch], base_year: int
) -> None:
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    )
    # The same seed gives the same bytes: no clock is read for the file's own date.
    book.set_properties({"title": "合成演示数据 / synthetic", "created": datetime(base_year + 1, 1, 1)})
    sheet = book.add_worksheet(DATA_SHEET)
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E8EEF4", "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 1, 22)
    for position, header in enumerate(_headers(columns)):
        sheet.write_string(0, position, header, head)
    row = 0
    for batch in batches:
        arrays = [array.to_pylist() for array in _readable(columns, batch)]
        for cells in zip(*arrays, strict=True):
            row += 1
            for position, cell in enumerate(cells):
                if cell is None:
                    continue
                if isinstance(cell, str):
                    sheet.write_string(row, position, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(row, position, cell)
                else:
                    sheet.write_datetime(row, position, cell, day)
    book.close()
