"""Files as officers send them, for the tests of imports."""

from __future__ import annotations

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import OTHERS, OWN

LIST = f"""示范名单,,,,,
企业名称,统一社会信用代码,2025年营业收入（亿元）,2024年营业收入(万元),从业人员,备注
示例精密（合成）,{OWN},0.5,4200,186人,好
示例软件（合成）,{OTHERS},N/A,980,42,
示例错码（合成）,91610131MADEM0011X,1,2,3,
"""


def csv_file(text: str = LIST, *, name: str = "名单.csv") -> SimpleUploadedFile:
    """Give an upload of a text table."""
    return SimpleUploadedFile(name, text.encode("utf-8-sig"))


def workbook(rows: list[list[object]], *, name: str = "名单.xlsx") -> SimpleUploadedFile:
    """Give an upload of a workbook."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())
