"""What the filters leave of the list, as a workbook that holds no live formula."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.db import transaction
from django.utils import timezone

from kaiyuan.apps.enterprises import queries
from kaiyuan.apps.enterprises.filters import COLUMNS, MONEY_UNIT, Filters
from kaiyuan.apps.enterprises.rule_views import assessment_titles
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.zones.rights import Person, require
from kaiyuan.sheets.wording import Wording

_TITLE = Wording("企业清单", "Enterprises")
_CODE = Wording("统一社会信用代码", "Credit code")
_RUN = Wording(
    "测算日 {day}，资料截至 {known}；这是测算，不是决定", "As of {day}, facts known at {known}; an estimate"
)
_NO_RUN = Wording("还没有测算过", "No run yet")
_FROM = Wording("导出于 {at}，筛选 {filters}", "Exported {at}, filters {filters}")
_ALL = Wording("无（全部企业）", "none (all enterprises)")
_ANSWER, _ITS_AMOUNT = Wording("结果", "Answer"), Wording("本项金额", "Amount of it")
_NOT_YET = Wording("尚未测算", "not yet run")
_FEN_PER_WAN = 1_000_000


def export(*, by: Person, filters: Filters, at: datetime, lang: str) -> IO[bytes]:
    """Give every enterprise that the filters leave, in the columns chosen, and put down that it was taken out.

    Words are written as text cells, whatever they begin with; amounts are numbers in 万元.
    """
    require(by, "enterprise.export")
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    rows = _write(file, by, filters, at, lang)
    with transaction.atomic():
        record(
            by=by,
            type="enterprise.exported",
            subject=f"zone:{by.zone_code}",
            at=at,
            payload={"rows": rows, "filters": dict(filters.pairs()), "columns": list(filters.columns)},
        )
    file.seek(0)
    return file


def _write(file: IO[bytes], by: Person, filters: Filters, at: datetime, lang: str) -> int:
    run = queries.latest_run(zone_id=by.zone_id)
    shows_amounts = queries.sees_amounts(by)
    columns = [c for c in COLUMNS if c.name in filters.columns and (shows_amounts or not c.money)]
    # Without constant_memory a sheet of 100,000 rows would lie in memory as a whole.
    workbook = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = workbook.add_worksheet(_TITLE.text(lang=lang))
    bold, day, money = (
        workbook.add_format(kind)
        for kind in ({"bold": True}, {"num_format": "yyyy-mm-dd"}, {"num_format": "#,##0.00"})
    )
    when = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    asked = "&".join(f"{name}={value}" for name, value in filters.pairs()) or _ALL.text(lang=lang)
    head = _NO_RUN.text(lang=lang)
    if run is not None:
        known = timezone.localtime(run.known_at).strftime("%Y-%m-%d %H:%M")
        head = _RUN.text(lang=lang).format(day=run.as_of.isoformat(), known=known)
    sheet.write_string(0, 0, head)
    sheet.write_string(1, 0, _FROM.text(lang=lang).format(at=when, filters=asked))
    cells: list[tuple[str, Callable[[queries.Line], Any], Any]] = []
    for column in columns:
        cells.append((column.head.text(lang=lang), _getter(column.name), money if column.money else None))
        if column.name == "name":
            cells.append((_CODE.text(lang=lang), _getter("code"), None))
    if filters.assessment:
        title = assessment_titles(by.zone_id).get(filters.assessment)
        named = f" · {title.get(lang)}" if title is not None else ""
        cells.append((_ANSWER.text(lang=lang) + named, _answer_in(lang), None))
        if shows_amounts:
            cells.append(
                (_ITS_AMOUNT.text(lang=lang) + MONEY_UNIT.text(lang=lang), _getter("answer_amount"), money)
            )
    for place, (words, _, _) in enumerate(cells):
        sheet.write_string(3, place, words, bold)
        sheet.set_column(place, place, 36 if place == 0 else 20)
    sheet.freeze_panes(4, 1)
    rows = 0
    for row, line in enumerate(queries.lines(by=by, filters=filters), 4):
        rows += 1
        for place, (_, value_of, shape) in enumerate(cells):
            value = value_of(line)
            if shape is money and value is not None:
                sheet.write_number(row, place, value / _FEN_PER_WAN, money)
            elif isinstance(value, datetime):
                sheet.write_string(row, place, timezone.localtime(value).strftime("%Y-%m-%d %H:%M"))
            elif isinstance(value, date):
                sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), day)
            elif isinstance(value, int):
                sheet.write_number(row, place, value)
            elif value is not None:
                sheet.write_string(row, place, str(value))
    workbook.close()
    return rows


def _getter(name: str) -> Callable[[queries.Line], Any]:
    return lambda line: getattr(line, name)


def _answer_in(lang: str) -> Callable[[queries.Line], str]:
    return lambda line: (line.answer.words if line.answer is not None else _NOT_YET).text(lang=lang)
