"""Why a file is refused, in both languages, and what to do about it."""

from __future__ import annotations

import re

from kaiyuan.errors import InputError, KaiyuanError
from kaiyuan.sheets.wording import Wording


class Refused(KaiyuanError):
    """A file that is not taken in; `said` and `todo` are for the reader."""

    def __init__(self, said: Wording, todo: Wording) -> None:
        super().__init__(said.en, remedy=todo.en)
        self.said, self.todo = said, todo

    def both(self) -> Wording:
        """Give reason and remedy as one sentence in each language."""
        return Wording(f"{self.said.zh}。{self.todo.zh}", f"{_capital(self.said.en)}. {self.todo.en}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_AGAIN = Wording("请重新导出或另存一次，再上传", "Export or save it once more, and upload that")
_AS_XLSX = Wording("请用表格软件打开，另存为 .xlsx 后上传", "Open it in a sheet program and save it as .xlsx")
_VALUES = Wording("请填写后再上传", "Fill it in and upload it again")

# What the reader of sheets says in English, and the same in Chinese. {0} is what it names.
_KNOWN: tuple[tuple[str, str, Wording], ...] = (
    (r"the file is empty", "文件是空的", _AGAIN),
    (
        r"the workbook is protected by a password",
        "工作簿有密码保护",
        Wording("请去掉密码、保存后再上传", "Remove the password, save it and upload it again"),
    ),
    (r"this is a workbook of the old \.xls kind", "这是旧版 .xls 工作簿", _AS_XLSX),
    (r"the workbook is damaged or cut short", "工作簿已损坏或不完整", _AGAIN),
    (r"the workbook cannot be read.*", "工作簿无法读取", _AGAIN),
    (r"the workbook holds no table", "工作簿里没有表格", _VALUES),
    (r"the workbook unpacks to .*", "工作簿解压后过大", Wording("请另存为 CSV", "Save the sheet as CSV")),
    (r"the sheet (.*) has a header but no rows", "工作表 {0} 只有表头，没有数据", _VALUES),
    (r"the file holds no table", "文件里没有表格", _VALUES),
    (r"the file has a header but no rows", "文件只有表头，没有数据", _VALUES),
    (
        r"this is a PDF, not a table.*",
        "这是 PDF，不是表格",
        Wording("请索取 XLSX 或 CSV", "Ask for the XLSX or CSV"),
    ),
    (r"this is a web page or XML, not a table.*", "这是网页或 XML，不是表格", _AS_XLSX),
    (r"this is JSON, not a table.*", "这是 JSON，不是表格", _AS_XLSX),
    (r"this is an OpenDocument sheet, not a table.*", "这是 OpenDocument 表格", _AS_XLSX),
    (r"this is a binary workbook.*", "这是二进制工作簿（.xlsb）", _AS_XLSX),
    (
        r"this is a zip archive, not a table.*",
        "这是压缩包，不是表格",
        Wording("请解压后上传里面的表格", "Unpack it and upload the table inside"),
    ),
    (r"this is neither text nor a known table format.*", "这不是表格文件", _AS_XLSX),
    (
        r"a quotation mark opened on line (\d+) is never closed",
        "第 {0} 行的引号没有配对",
        Wording("请检查该行，或另存为 .xlsx", "Look at that line, or save the table as .xlsx"),
    ),
    (r"the rows cannot be read on from line (\d+)", "从第 {0} 行起无法读取", _AS_XLSX),
    (
        r"no column holds the name or the credit code of an enterprise",
        "没有企业名称或统一社会信用代码列",
        Wording(
            "请在下表把其中一列指定为企业名称或信用代码", "Say below which column is the name or the code"
        ),
    ),
    (
        r"columns (\w+) and (\w+) give the same fact(?: for (\d+))?",
        "{0} 列与 {1} 列是同一指标",
        Wording("请把其中一列改为“不读”", "Set one of them to be left out"),
    ),
    (
        r"the unit does not fit the fact (.*)",
        "单位与指标 {0} 不符",
        Wording("请改正单位", "Correct the unit"),
    ),
    (
        r"the mapping names a fact that no dictionary has",
        "没有这个指标",
        Wording("请从列表中选择", "Choose one from the list"),
    ),
)


def refused(error: Exception | None) -> Refused:
    """Give the refusal of a file for an error of the reader; whatever is not known is told in general words."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, InputError):
        for pattern, zh, todo in _KNOWN:
            if found := re.fullmatch(pattern, error.message):
                said = zh.format(*[group or "" for group in found.groups()])
                named = f"：{error.text}" if error.text and "{0}" not in zh and len(error.text) < 80 else ""
                return Refused(Wording(said + named, error.message), todo)
        return Refused(Wording(f"文件无法使用（{error.message}）", error.message), _AGAIN)
    return Refused(Wording("文件无法读取，可能已损坏", "the file cannot be read; it may be damaged"), _AGAIN)
