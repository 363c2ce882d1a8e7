"""The small cast every test of this room plays with: a dictionary, an officer's day, files written on the spot."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa

from kaiyuan.calculators.credit_code import check_sign, organisation_check_sign
from kaiyuan.rulebook.facts import CategoryValue, FactDefinition, FactDictionary
from kaiyuan.sheets import ReadReport, RejectWriter, SheetReading, read_sheet

ON = date(2026, 6, 1)
CODE = "91370800MA0000015H"
CODE_2 = "91441283TE5T00016N"
CODE_3 = "91610131MADEM0011G"

FACTS = FactDictionary(
    [
        FactDefinition("name", "企业名称", "Name of enterprise", "text", aliases=("单位名称",)),
        FactDefinition("credit_code", "统一社会信用代码", "Credit code", "text", aliases=("信用代码",)),
        FactDefinition("revenue", "营业收入", "Operating revenue", "money", "万元", "year", aliases=("营收", "销售收入")),
        FactDefinition("rd_expense", "研发费用", "R&D expense", "money", "万元", "year", aliases=("研发投入",)),
        FactDefinition("staff", "从业人员", "Persons employed", "integer", "人", "year", aliases=("员工人数",)),
        FactDefinition("registered_capital", "注册资本", "Registered capital", "money", "万元", aliases=("注册资金",)),
        FactDefinition("market_share", "市场占有率", "Market share", "ratio"),
        FactDefinition("land_area", "用地面积", "Land in use", "number", "亩", "year"),
        FactDefinition("energy", "综合能耗", "Energy use", "number", "吨标准煤", "year"),
        FactDefinition("electricity", "用电量", "Electricity", "number", "万千瓦时", "year"),
        FactDefinition("patents", "发明专利数", "Invention patents", "integer", "项", aliases=("发明专利",)),
        FactDefinition("hnte", "高新技术企业", "High-tech enterprise", "boolean", aliases=("是否高新技术企业", "高企")),
        FactDefinition("registration_date", "成立日期", "Date of registration", "date", aliases=("注册日期",)),
        FactDefinition("equity_2y", "近两年股权融资", "New equity in two years", "money", "万元"),
        FactDefinition(
            "industry",
            "所属行业",
            "Industry",
            "category",
            values=(
                CategoryValue("工业", "Industry", ("制造业",)),
                CategoryValue("建筑业", "Construction"),
                CategoryValue("无", "None"),
            ),
        ),
        FactDefinition("scope", "经营范围", "Scope of business", "text"),
    ]
)  # fmt: skip


def code_of(number: int, *, division: str = "370800") -> str:
    """Give a made-up credit code whose check signs are right."""
    organisation = f"TE{number:06d}"
    first = f"91{division}{organisation}{organisation_check_sign(organisation)}"
    return first + check_sign(first)


@dataclass
class Read:
    """What came of reading a file to its end."""

    reading: SheetReading
    rows: list[dict]
    rejects: list[dict[str, str]]
    table: pa.Table

    @property
    def report(self) -> ReadReport:
        return self.reading.report

    def column(self, name: str) -> list:
        """Give one column of the canonical table."""
        return self.table.column(name).to_pylist()

    def match(self, header: str):
        """Give what the column with this header was taken for."""
        return next(column for column in self.reading.columns if column.header == header)

    def notes(self, header: str) -> str:
        """Give the remarks on one column, in Chinese."""
        return "；".join(note.zh for note in self.match(header).notes)

    def listed(self, kind: str) -> list[dict[str, str]]:
        """Give the lines of rejects.csv of one kind."""
        return [line for line in self.rejects if line["kind"] == kind]


def read_file(path: Path, *, on: date = ON, facts: FactDictionary = FACTS, **options) -> Read:
    """Read a file to its end; the counts add up or the test fails here."""
    reading = read_sheet(path, facts=facts, on=on, **options)
    rejects = path.parent / "rejects.csv"
    with RejectWriter(rejects) as writer:
        batches = list(reading.batches(rejects=writer))
    table = pa.Table.from_batches(batches, schema=reading.schema)
    with rejects.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    report = reading.report
    assert report.complete
    assert report.rows_accepted + report.rows_rejected == report.rows_read
    assert report.rows_accepted == len(table)
    assert report.rows_rejected == sum(line["severity"] == "row" for line in lines)
    return Read(reading, table.to_pylist(), lines, table)


def write_csv(path: Path, *rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows as a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, *rows, merge: tuple[str, ...] = (), sheet: str = "Sheet1", formats=None) -> Path:
    """Write rows as a workbook with some cells merged and some number formats set."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for area in merge:
        page.merge_cells(area)
    for cell, number_format in (formats or {}).items():
        page[cell].number_format = number_format
    book.save(path)
    return path


def one_column(tmp_path: Path, header: str, *cells, on: date = ON) -> Read:
    """Read a CSV file of one fact column beside the codes."""
    rows = [[code_of(number), cell] for number, cell in enumerate(cells)]
    return read_file(write_csv(tmp_path / "名单.csv", ["统一社会信用代码", header], *rows), on=on)
