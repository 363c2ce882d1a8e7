"""The spreadsheet that the officer of the journeys brings: as people send them."""

from __future__ import annotations

from pathlib import Path

import openpyxl

UNKNOWN_HEAD = "研究与试验发展投入"


def messy_list(path: Path, *, codes: list[str], year: int) -> Path:
    """Write a workbook with a title, two units, a column whose head nobody knows, and one wrong credit code."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([f"某街道{year}年企业情况（合成数据）"])
    sheet.append(["企业名称", "统一社会信用代码", f"{year}年营业收入（亿元）", UNKNOWN_HEAD])
    for number, code in enumerate(codes):
        sheet.append([f"示例企业{number}（合成）", code, 1.5 + number / 100, 480 + number])
    wrong = codes[0][:-1] + ("0" if codes[0][-1] != "0" else "1")
    sheet.append(["示例坏行（合成）", wrong, 9.9, 999])
    book.save(path)
    return path
