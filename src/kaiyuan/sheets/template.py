"""An empty workbook to fill in: every fact with its unit and years, notes beside it, lists to choose from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from kaiyuan.rulebook.facts import FactDefinition, FactDictionary
from kaiyuan.sheets.header_words import KEY_FACTS
from kaiyuan.sheets.wording import Wording

DATA_SHEET = "企业数据"
NOTES_SHEET = "填写说明"
_LAGGED = re.compile(r"^(.+)__(\d+)$")
_ROWS_WITH_LISTS = 10_000
_LONGEST_LIST = 255
_WIDEST, _NARROWEST = 26, 10
_YEARS = 3

_PRIVACY = {
    "public": Wording("公开", "public"),
    "internal": Wording("内部", "internal"),
    "confidential": Wording("保密", "confidential"),
    "personal": Wording("个人信息", "personal"),
}
_TYPES = {
    "money": Wording("金额", "money"),
    "number": Wording("数值", "number"),
    "ratio": Wording("比例", "ratio"),
    "integer": Wording("整数", "whole number"),
    "boolean": Wording("是／否", "yes or no"),
    "category": Wording("选项", "one of a list"),
    "text": Wording("文字", "text"),
    "date": Wording("日期", "date"),
}
_NOTE_HEADS = (
    ("事实 / Fact", 24),
    ("English", 30),
    ("名称 / Name", 22),
    ("类型 / Type", 14),
    ("单位 / Unit", 14),
    ("年度 / Years", 18),
    ("可填内容 / Values", 40),
    ("密级 / Class", 18),
    ("说明 / Note", 60),
)
_ADVICE = (
    Wording(
        "未知的单元格请留空：空白表示“未知”，不表示“否”或“零”。",
        "Leave a cell empty where you do not know: empty means unknown, not no and not zero.",
    ),
    Wording(
        "金额可以自带单位（如 3亿元），自带单位优先于表头单位。",
        "An amount may carry its own unit (3亿元), which then counts instead of the header's.",
    ),
    Wording(
        "统一社会信用代码请以文本填写；校验不通过的行不会被采用，并列入 rejects.csv。",
        "Write credit codes as text; a row whose code fails its check is left out and listed in rejects.csv.",
    ),
)


@dataclass(frozen=True)
class FactColumn:
    """One column to fill in: a fact, how many years before the base year, and its header."""

    definition: FactDefinition
    lag: int
    header: str


def facts_template(
    path: Path,
    *,
    facts: FactDictionary,
    base_year: int,
    used: Collection[str] | None = None,
    years: int = _YEARS,
) -> int:
    """Write a workbook to fill in; give the number of fact columns.

    `used` narrows it to these facts, by name (`revenue`, with all `years`) or by column (`revenue__1`).
    Everything read back from it is understood without a mapping.
    """
    columns = list(fact_columns(facts=facts, base_year=base_year, used=used, years=years))
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    _data_sheet(book, columns)
    _notes_sheet(book, [column.definition for column in columns], base_year)
    # The same dictionary gives the same bytes: no clock is read for the file's own date.
    book.set_properties({"title": "Kaiyuan facts", "created": datetime(base_year + 1, 1, 1)})
    book.close()
    return len(columns)


def header_of(definition: FactDefinition, *, year: int | None) -> str:
    """Give the header under which a fact is asked for: its year, label and unit."""
    unit = "%" if definition.type == "ratio" else definition.unit
    label = f"{year}年{definition.zh}" if year is not None else definition.zh
    return f"{label}（{unit}）" if unit and definition.numeric else label


def fact_columns(
    *, facts: FactDictionary, base_year: int, used: Collection[str] | None = None, years: int = _YEARS
) -> Iterator[FactColumn]:
    """Give a column for every fact (or those in `used`, by name or column), and for each of its years."""
    named = None if used is None else {_LAGGED.sub(r"\1", name) for name in used}
    lagged = {name for name in used or () if _LAGGED.match(name)}
    for definition in facts.values():
        if definition.name in KEY_FACTS or (named is not None and definition.name not in named):
            continue
        if definition.period != "year":
            yield FactColumn(definition, 0, header_of(definition, year=None))
            continue
        own = {
            int(match[2]) for name in lagged if (match := _LAGGED.match(name)) and match[1] == definition.name
        }
        for lag in sorted(own | {0}) if own else range(years):
            yield FactColumn(definition, lag, header_of(definition, year=base_year - lag))


def _data_sheet(book: Any, columns: list[FactColumn]) -> None:
    sheet = book.add_worksheet(DATA_SHEET)
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF4", "border": 1}
    )
    text = book.add_format({"num_format": "@"})
    formats = {
        "money": book.add_format({"num_format": "#,##0.00####"}),
        "integer": book.add_format({"num_format": "#,##0"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet.set_row(0, 48)
    sheet.freeze_panes(1, 2)
    for position, (title, width) in enumerate((("企业名称", 34), ("统一社会信用代码", 22))):
        sheet.write_string(0, position, title, head)
        sheet.set_column(position, position, width, text)
    for position, column in enumerate(columns, start=2):
        sheet.write_string(0, position, column.header, head)
        width = min(_WIDEST, max(_NARROWEST, len(column.header) + 3))
        sheet.set_column(position, position, width, formats.get(column.definition.type))
        if choices := _choices(column.definition):
            sheet.data_validation(
                1,
                position,
                _ROWS_WITH_LISTS,
                position,
                {
                    "validate": "list",
                    "source": choices,
                    "error_type": "warning",
                    "error_title": column.header[:32],
                },
            )
    sheet.autofilter(0, 0, 0, len(columns) + 1)


def _choices(definition: FactDefinition) -> list[str]:
    """Give the words to choose from, or none where there are none or they do not fit into a list."""
    words = ["是", "否"] if definition.type == "boolean" else [value.zh for value in definition.values]
    # A sheet program takes no list of more than 255 signs, and cuts it at commas.
    fits = len(",".join(words)) <= _LONGEST_LIST and not any("," in word for word in words)
    return words if fits else []


def _notes_sheet(book: Any, definitions: list[FactDefinition], base_year: int) -> None:
    sheet = book.add_worksheet(NOTES_SHEET)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "valign": "vcenter"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for row, advice in enumerate(_ADVICE):
        sheet.write_string(row, 0, advice.zh)
        sheet.write_string(row, 6, advice.en)
    first = len(_ADVICE) + 1
    for position, (title, width) in enumerate(_NOTE_HEADS):
        sheet.write_string(first, position, title, head)
        sheet.set_column(position, position, width, wrap)
    for row, definition in enumerate(dict.fromkeys(definitions), start=first + 1):
        for position, text in enumerate(_notes(definition, base_year)):
            sheet.write_string(row, position, text)
    sheet.freeze_panes(first + 1, 1)


def _notes(definition: FactDefinition, base_year: int) -> tuple[str, ...]:
    values = "、".join(value.zh for value in definition.values)
    if definition.type == "ratio":
        values = "3% = 0.03"
    yearly = definition.period == "year"
    return (
        definition.zh,
        definition.en,
        definition.name,
        _TYPES[definition.type].both(),
        definition.unit or "",
        f"{base_year} = 最近完整年度 / last full year" if yearly else "决定之日 / on the day",
        "是、否" if definition.type == "boolean" else values,
        _PRIVACY[definition.privacy].both(),
        " / ".join(note for note in (definition.note_zh, definition.note_en) if note),
    )
