"""Read one cell with care: exact figures, and a reason where nothing certain can be read.

Numbers are decimals from text to the stored value; a binary float never stands in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.rulebook.width import label_key, plain
from kaiyuan.sheets.columns import ColumnMatch
from kaiyuan.sheets.dates import read_date
from kaiyuan.sheets.measures import fact_measure, scale_to_stored

Value = int | float | str | bool | date | None

INT64_MAX = 2**63 - 1
# A ratio above this without a percent sign may be a multiple or a percentage.
LARGEST_PLAIN_RATIO = Fraction(3, 2)
_LONGEST_FIGURE = 80
_LARGEST_EXPONENT = 30

_UNKNOWN = (
    "n/a na null none nan nil tbd tbc unknown missing - -- --- —— / // \\ * ** *** ? ?? ??? . … ...... "
    "无 暂无 空 未知 不详 不明 未填 未填报 未提供 未报 缺 缺失 待定 待补 待补充 待填 保密 不适用 无数据 暂缺 "
    "(空) (空白) 空白 暂未填报"
)
_YES = "是 有 √ ✓ ✔ ☑ 对 真 y yes true t 1 1.0 是的 属于 具备 符合"
_NO = "否 无 × ✗ ✘ 错 假 n no false f 0 0.0 不是 没有 非 不属于 不具备 不符合 未 没"
UNKNOWN_WORDS: frozenset[str] = frozenset(_UNKNOWN.split())
_TRUE = frozenset(_YES.split())
_FALSE = frozenset(_NO.split())
# Forms with boxes: the tick stands before its word (□是 ☑否) or, where the text begins with a word, behind it.
_TICK_FIRST = re.compile(r"[√✓✔☑■☒]\s*(是|否|有|无)")
_WORD_FIRST = re.compile(r"(是|否|有|无)\s*[√✓✔☑■☒]")
_FORMULA_ERROR = re.compile(
    r"^#(?:div/0!|n/a|name\?|null!|num!|ref!|value!|spill!|calc!|getting_data)$", re.I
)
_APPROXIMATE = re.compile(
    r"^(?:约|大约|近|接近|超|超过|不足|不到|逾|>=?|<=?|至少|最多|预计)\s*\d|\d.*(?:左右|以上|以下|\+)$|\d\s*(?:余|多|几)"
)
_FIGURE = r"(?:\d{1,3}(?:[, ']\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_INTERVAL = re.compile(rf"^(?:{_FIGURE})\s*[^\d\s]{{0,4}}\s*(?:-|~|—|至|到)+\s*(?:{_FIGURE})\s*[^\d]*$")
_NUMBER = re.compile(
    rf"^(?P<sign>[-+负])?\s*(?P<currency>[¥￥]|人民币|rmb|cny)?\s*(?P<inner>[-+])?(?P<figure>{_FIGURE})"
    r"(?P<exponent>e[+-]?\d{1,3})?(?P<trailing>-)?\s*(?P<unit>\D.*)?$",
    re.I,
)
_IN_BRACKETS = re.compile(rf"^\(\s*((?:{_FIGURE})\D*)\)(\D*)$")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell holds: a value, or none; and the kind of remark it deserves, if any."""

    value: Value = None
    kind: str | None = None
    detail: str = ""


UNKNOWN = Cell()
Parser = Callable[[str], Cell]


def is_unknown(text: str) -> bool:
    """Tell whether the cell says that nothing is known: empty, N/A, —, 暂无 …"""
    key = label_key(text)
    return not key or key in UNKNOWN_WORDS or not key.strip("-—_/*.·…")


def cell_parser(column: ColumnMatch) -> Parser:
    """Give the function that reads the cells of this column."""
    definition = column.definition
    assert definition is not None
    match definition.type:
        case "money" | "ratio" | "number" | "integer":
            return lambda text: _quantity(text, definition, column)
        case "boolean":
            return _boolean
        case "category":
            return lambda text: _category(text, definition)
        case "date":
            return _date
        case "text":
            return _text


def read_quantity(text: str) -> tuple[Decimal, str] | str:
    """Give the figure a cell writes and the unit behind it, or the kind of remark when there is none."""
    written = plain(text).strip().lower()
    if _FORMULA_ERROR.match(written):
        return "formula_error"
    if len(written) > _LONGEST_FIGURE:
        return "not_a_number"
    negative = False
    if bracketed := _IN_BRACKETS.match(written):
        written, negative = bracketed[1] + bracketed[2], True
    match = _NUMBER.match(written)
    if match is None or (match["sign"] and match["inner"]):
        return _why_no_number(written)
    unit = (match["unit"] or "").strip()
    if unit and _APPROXIMATE.search(written):
        return "approximate"
    if unit and re.search(r"\d", unit):
        return "interval" if _INTERVAL.match(written) else "not_a_number"
    figure = re.sub(r"[, ']", "", match["figure"]) + (match["exponent"] or "")
    value = Decimal(figure)
    if value and abs(value.adjusted()) > _LARGEST_EXPONENT:
        return "too_large" if value.adjusted() > 0 else "not_a_number"
    signs = [match["sign"] in ("-", "负"), match["inner"] == "-", bool(match["trailing"]), negative]
    if sum(signs) > 1:
        return "not_a_number"
    return (-value if any(signs) else value), unit


def _why_no_number(written: str) -> str:
    if _APPROXIMATE.search(written):
        return "approximate"
    return "interval" if _INTERVAL.match(written) else "not_a_number"


def _quantity(text: str, definition: FactDefinition, column: ColumnMatch) -> Cell:
    if is_unknown(text):
        return UNKNOWN
    read = read_quantity(text)
    if isinstance(read, str):
        return Cell(kind=read)
    figure, unit = read
    scale = column.scale
    if unit:
        measure = fact_measure(definition, unit)
        if measure is not None and measure.foreign:
            return Cell(kind="foreign_currency")
        own = scale_to_stored(definition, measure) if measure is not None else None
        if own is None:
            return Cell(kind="unit_unclear", detail=unit)
        scale = own
    exact = Fraction(figure) * scale
    if definition.type == "money":
        return fen(exact)
    if definition.type == "integer":
        if exact.denominator != 1:
            return Cell(kind="not_whole")
        whole = exact.numerator
        return Cell(whole) if abs(whole) <= INT64_MAX else Cell(kind="too_large")
    if definition.type == "ratio" and not unit and not column.unit_said and abs(exact) > LARGEST_PLAIN_RATIO:
        return Cell(kind="ratio_without_percent")
    return Cell(float(exact))


def fen(exact: Fraction) -> Cell:
    """Give an amount as whole fen, rounded half up (away from zero) with a remark where it is not whole."""
    if exact.denominator == 1:
        return Cell(exact.numerator) if abs(exact.numerator) <= INT64_MAX else Cell(kind="too_large")
    half = Fraction(1, 2)
    rounded = int(exact + half) if exact > 0 else int(exact - half)
    return Cell(rounded, "rounded") if abs(rounded) <= INT64_MAX else Cell(kind="too_large")


def _boolean(text: str) -> Cell:
    # Looked at before the width is made plain: × would become a star.
    key = "".join(text.split()).lower()
    for word in (key, label_key(text)):
        if word in _TRUE:
            return Cell(True)
        if word in _FALSE:
            return Cell(False)
    pattern = _WORD_FIRST if text.strip()[:1] in ("是", "否", "有", "无") else _TICK_FIRST
    ticked = set(pattern.findall(text))
    if len(ticked) == 1:
        return Cell(ticked <= {"是", "有"})
    if is_unknown(text):
        return UNKNOWN
    return Cell(kind="formula_error" if _FORMULA_ERROR.match(plain(text).strip()) else "not_boolean")


def _category(text: str, definition: FactDefinition) -> Cell:
    word = definition.category(text)
    if word is not None:
        return Cell(word)
    if is_unknown(text):
        return UNKNOWN
    if _FORMULA_ERROR.match(plain(text).strip()):
        return Cell(kind="formula_error")
    return Cell(kind="unknown_category", detail="、".join(value.zh for value in definition.values))


def _date(text: str) -> Cell:
    if is_unknown(text):
        return UNKNOWN
    value, kind = read_date(text)
    return Cell(value, kind)


def _text(text: str) -> Cell:
    stripped = text.strip()
    return UNKNOWN if is_unknown(stripped) else Cell(stripped)
