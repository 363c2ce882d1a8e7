"""Find the header among the first rows: below a title, over one row or several, with a row of units or numbers.

A window of one to three rows is taken for the header when its columns name the most different facts. Cells merged
over several columns count for each of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kaiyuan.rulebook.width import label_key, plain
from kaiyuan.sheets.columns import TitleHints
from kaiyuan.sheets.header_words import HeaderIndex
from kaiyuan.sheets.measures import Measure, read_measure
from kaiyuan.sheets.table import HeaderBlock
from kaiyuan.sheets.wording import Wording

Row = Sequence[str]

TOP_ROWS = 60
_TALLEST = 3
# A header further down than this is not looked for.
_DEEPEST = 25
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"
_YEAR_CELL = re.compile(r"^(?:(?:19|20)\d\d年度?|[上本去前]年度?)$")
_TITLE_UNIT = re.compile(r"单位\s*:\s*([^\s,;)]+(?:[,、/][^\s,;)]+)*)")
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)年(度?)")


def find_header(rows: Sequence[Row], index: HeaderIndex) -> HeaderBlock:
    """Give the header among the first rows of a file.

    Where no word is known, the first row with two cells or more is taken.
    """
    near = min(len(rows), _DEEPEST)
    scores = {first: _score(rows, first, 1, index) for first in range(near)}
    best, window = 0, (_first_wide(rows), 1)
    for height in range(1, _TALLEST + 1):
        for first in range(near - height + 1):
            if height > 1 and not any(scores[row] for row in range(first, first + height)):
                continue
            score = scores[first] if height == 1 else _score(rows, first, height, index)
            if score > best:
                best, window = score, (first, height)
    first, height = window
    while first > 0 and best and _row_above_adds(rows, first, height, index):
        first, height = first - 1, height + 1
    while _is_units(rows, first + height):
        height += 1
    headers = _joined(rows, first, height)
    notes = []
    if _is_numbering(rows, first + height, len(headers)):
        height += 1
        notes.append(Wording("表头下的栏次行未作为数据", "the row of column numbers was not taken for data"))
    titles = tuple(cell.strip() for row in rows[:first] for cell in row if cell.strip())
    return HeaderBlock(headers, first, first + height - 1, titles, tuple(notes))


def title_hints(titles: Sequence[str], *, base_year: int) -> TitleHints:
    """Give what the lines above the header say for every column: 单位：万元, 2024年度.

    Only a complete year written as 年度 is taken; another year is passed on to be mentioned.
    """
    money: list[Measure] = []
    years: dict[int, bool] = {}
    for title in map(plain, titles):
        for words in _TITLE_UNIT.findall(title):
            measures = [read_measure(word) for word in re.split(r"[,、/]", words)]
            money += [measure for measure in measures if measure and measure.word == "元"]
        for year, of_a_year in _TITLE_YEAR.findall(title):
            years[int(year)] = bool(of_a_year) or years.get(int(year), False)
    one = next(iter(years)) if len(years) == 1 else None
    taken = one if one is not None and years[one] and one <= base_year else None
    return TitleHints(
        money=money[0] if len({measure.times for measure in money}) == 1 else None,
        year=taken,
        other_year=one if taken is None and one != base_year else None,
    )


def _first_wide(rows: Sequence[Row]) -> int:
    for number, row in enumerate(rows):
        if sum(bool(cell.strip()) for cell in row) > 1:
            return number
    return next((number for number, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def _score(rows: Sequence[Row], first: int, height: int, index: HeaderIndex) -> int:
    return len(_known(_joined(rows, first, height), index))


def _known(headers: Sequence[tuple[str, ...]], index: HeaderIndex) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for parts in headers:
        understood = index.understand(parts) if any(parts) else None
        if understood is not None:
            text = understood.text
            found.add((understood.target, text.years, text.relative, understood.lag, text.meaning_changed_by))
    return found


def _joined(rows: Sequence[Row], first: int, height: int) -> tuple[tuple[str, ...], ...]:
    """Give the parts of each column's header; an upper cell reaches over the empty ones to its right."""
    window = [list(row) for row in rows[first : first + height]]
    width = max((len(row) for row in window), default=0)
    window = [row + [""] * (width - len(row)) for row in window]
    for upper, lower in pairwise(window):
        for position in range(1, width):
            if not upper[position].strip() and lower[position].strip():
                upper[position] = upper[position - 1]
    return tuple(
        tuple(part for row in window if (part := " ".join(row[position].split())))
        for position in range(width)
    )


def _row_above_adds(rows: Sequence[Row], first: int, height: int, index: HeaderIndex) -> bool:
    """Tell whether the row above says years or units for some of the columns below it."""
    if height >= _TALLEST or sum(bool(cell.strip()) for cell in rows[first - 1]) < 2:
        return False
    now, wider = _joined(rows, first, height), _joined(rows, first - 1, height + 1)
    if len(_known(wider, index)) < len(_known(now, index)):
        return False
    said_now, said_wider = _years_and_units(now, index), _years_and_units(wider, index)
    return said_wider > said_now


def _years_and_units(headers: Sequence[tuple[str, ...]], index: HeaderIndex) -> int:
    understood = [index.understand(parts) for parts in headers if any(parts)]
    return sum(bool(each.text.years) + (each.text.measure is not None) for each in understood if each)


def _is_units(rows: Sequence[Row], number: int) -> bool:
    """Tell whether a row holds nothing but units and years: 万元 | 人 | %."""
    if number >= len(rows):
        return False
    cells = [plain(cell).strip().strip("()") for cell in rows[number] if cell.strip()]
    return bool(cells) and all(
        (not cell[:1].isdigit() or _YEAR_CELL.match(cell)) and (_YEAR_CELL.match(cell) or read_measure(cell))
        for cell in cells
    )


def _is_numbering(rows: Sequence[Row], number: int, width: int) -> bool:
    """Tell whether a row numbers the columns: 甲 | 1 | 2 | 3, or (1) | (2) | (3)."""
    if number >= len(rows) or width < 3:
        return False
    cells = [label_key(cell).strip("()") for cell in rows[number] if cell.strip()]
    if len(cells) < 3 or cells[0] not in ("栏次", "序号", "1", "0", *_ORDINALS):
        return False
    figures = [int(cell) for cell in cells if cell.isascii() and cell.isdigit()]
    words = [cell for cell in cells if not (cell.isascii() and cell.isdigit())]
    consecutive = figures == list(range(figures[0], figures[0] + len(figures))) if figures else True
    return consecutive and all(word in (*_ORDINALS, "栏次", "序号") for word in words) and len(figures) >= 2
