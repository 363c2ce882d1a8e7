"""Files as officers send them, for the tests of imports."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import AT, ON, OTHERS, OWN, Cast

from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.intake.actions import read_in, start, upload
from kaiyuan.apps.intake.storing import keep
from kaiyuan.apps.intake.understanding import understand

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


def put_import(cast: Cast, *, done: bool, text: str | None = None) -> int:
    """Put an import into a zone, read in or not; give its number."""
    by = cast.person("officer")
    said = (
        text or f"企业名称,统一社会信用代码,从业人员\n甲（合成）,{cast.firms[0].code},12\n乙（合成）,91X,3\n"
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_text(said, encoding="utf-8")
        preview = understand(path, facts=dictionary_of(by.zone_id), on=ON, said={})
    kept = keep([said.encode()], zone_id=by.zone_id, name="名单.csv")
    row = upload(by=by, file=kept, preview=preview, as_of=ON, data_date=None, at=AT)
    if done:
        start(by=by, number=row.pk, version=row.version, at=AT)
        read_in(number=row.pk, token="test", clock=lambda: AT)
    return row.pk
