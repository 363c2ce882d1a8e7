"""Dates as people write them: 2019年3月5日, 2019.03.05, 20190305, 二〇一九年三月, 43529 (a sheet's serial number)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kaiyuan.rulebook.width import plain

# Serial numbers of sheet programs that are taken for dates: 1954-10-03 to 2064-04-08.
_SERIALS = range(20_000, 60_000)
_SERIAL_ZERO = date(1899, 12, 30)

_FULL = re.compile(r"^(\d{4})(?:年|[-./ ])(\d{1,2})(?:月|[-./ ])(\d{1,2})日?(?:[ t]\d{1,2}[:时].*)?$", re.I)
_PACKED = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\.0+)?$")
_MONTH = re.compile(r"^(\d{4})(?:年|[-./])(\d{1,2})月?$")
_PACKED_MONTH = re.compile(r"^((?:19|20)\d{2})(0[1-9]|1[0-2])(?:\.0+)?$")
_YEAR = re.compile(r"^((?:19|20)\d{2})年?度?(?:\.0+)?$")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_DIGITS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "O": "0",
}
_CHINESE = re.compile(
    r"^([〇零○O一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十廿卅]{1,3})[日号]?)?)?$"
)


def read_date(text: str) -> tuple[date | None, str | None]:
    """Give the date `text` writes and the kind of remark it deserves (None: a plain full date).

    Without a day the first of the month is given with `day_missing`; a year alone is no date
    (`incomplete_date`); a day that no calendar has is `not_a_date`.
    """
    written = plain(text).strip().replace("号", "日")
    if chinese := _CHINESE.match(written):
        return _from_chinese(chinese)
    for pattern in (_FULL, _PACKED):
        if match := pattern.match(written):
            return _day(*(int(part) for part in match.groups()))
    for pattern in (_MONTH, _PACKED_MONTH):
        if match := pattern.match(written):
            return _first_of(int(match[1]), int(match[2]))
    if _YEAR.match(written):
        return None, "incomplete_date"
    if (match := _SERIAL.match(written)) and int(match[1]) in _SERIALS:
        return from_serial(int(match[1])), "serial_date"
    return None, "not_a_date"


def from_serial(number: int) -> date:
    """Give the date behind a sheet program's serial number (1900 system)."""
    return _SERIAL_ZERO + timedelta(days=number)


def is_serial(number: float) -> bool:
    """Tell whether a number lies where serial numbers of plausible dates lie."""
    return int(number) in _SERIALS


def _day(year: int, month: int, day: int) -> tuple[date | None, str | None]:
    try:
        result = date(year, month, day)
    except ValueError:
        return None, "not_a_date"
    return (result, None) if 1800 <= year <= 2200 else (None, "not_a_date")


def _first_of(year: int, month: int) -> tuple[date | None, str | None]:
    result, fault = _day(year, month, 1)
    return result, fault or "day_missing"


def _from_chinese(match: re.Match[str]) -> tuple[date | None, str | None]:
    year = int("".join(_DIGITS[sign] for sign in match[1]))
    if match[2] is None:
        return None, "incomplete_date"
    month = _chinese_number(match[2])
    if match[3] is None:
        return _first_of(year, month)
    return _day(year, month, _chinese_number(match[3]))


def _chinese_number(text: str) -> int:
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return int("".join(_DIGITS[sign] for sign in text))
    tens, _, ones = text.partition("十")
    return int(_DIGITS.get(tens, "1")) * 10 + (int(_DIGITS[ones]) if ones in _DIGITS else 0)
