"""The spreadsheets that officers of the demonstration import: made as people make them, with slips of the pen."""

from __future__ import annotations

from io import BytesIO

import pyarrow as pa
import xlsxwriter

_FEN_PER_WAN = 1_000_000
LATEST = "研发与人员补报（合成）.xlsx"
_HEADS = ("{year}年研发费用（万元）", "{year}年研发人员（人）", "{year}年新招用高校毕业生（人）")
WRONG = "研发投入（单位填错，合成）.xlsx"


def latest_figures(batch: pa.RecordBatch, *, year: int) -> bytes:
    """Give a workbook in which firms report research and staff of a year anew; two of its rows cannot be used."""
    rows = batch.num_rows
    cells = [[*_firm(batch, row), *_figures(batch, row, 1.04), _graduates(batch, row)] for row in range(rows)]
    # In one row a sign of the code is wrong, in another one is missing.
    code = str(cells[rows // 3][1])
    cells[rows // 3][1] = code[:-1] + ("0" if code[-1] != "0" else "1")
    cells[rows // 2][1] = str(cells[rows // 2][1])[1:]
    title = f"示例高新区{year}年度研发与人员情况补报（合成数据）"
    heads = ("企业名称", "统一社会信用代码", *(head.format(year=year) for head in _HEADS))
    return _workbook(title, heads, cells)


def wrong_figures(batch: pa.RecordBatch, *, year: int) -> bytes:
    """Give a workbook whose header says 亿元 where the figures are in 万元: read in, and then undone."""
    cells = [[*_firm(batch, row), _figures(batch, row, 1.0)[0]] for row in range(batch.num_rows)]
    heads = ("企业名称", "统一社会信用代码", f"{year}年研发费用（亿元）")
    return _workbook("研发投入汇总（合成数据）", heads, cells)


def _firm(batch: pa.RecordBatch, row: int) -> list[str]:
    return [batch.column(name)[row].as_py() for name in ("subject_name", "subject")]


def _figures(batch: pa.RecordBatch, row: int, growth: float) -> list[float | None]:
    research = batch.column("rd_expense")[row].as_py()
    staff = batch.column("rd_staff")[row].as_py()
    return [None if research is None else round(research * growth / _FEN_PER_WAN, 2), staff]


def _graduates(batch: pa.RecordBatch, row: int) -> int | None:
    before = batch.column("new_graduates")[row].as_py()
    return None if before is None else before + 1


def _workbook(title: str, heads: tuple[str, ...], cells: list[list[str | float | None]]) -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("补报")
    sheet.merge_range(0, 0, 0, len(heads) - 1, title, book.add_format({"bold": True, "align": "center"}))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(heads) - 1, 24)
    sheet.write_row(1, 0, heads, book.add_format({"bold": True}))
    for row, values in enumerate(cells, 2):
        sheet.write_row(row, 0, values)
    book.close()
    return stream.getvalue()
