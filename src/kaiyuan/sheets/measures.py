"""Units as people write them in headers and cells, and the exact factor to what the fact table stores.

Money is stored in fen, a ratio as a plain number (3 % = 0.03), everything else in the dictionary's unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.rulebook.units import FEN_PER_YUAN, unit
from kaiyuan.rulebook.width import label_key

_TIMES: dict[str, int] = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "w": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "十亿": 1_000_000_000,
    "百亿": 10_000_000_000,
    "万亿": 1_000_000_000_000,
}
_MONEY = re.compile(r"^(?P<times>十|百|千|万|w|十万|百万|千万|亿|十亿|百亿|万亿)?(?P<yuan>元整?|圆整?|块)?$")
_RENMINBI = re.compile(r"人民币|rmb|cny|￥|¥")
# Currencies by the word or sign that gives them away. 元 alone, 圆 and 块 are renminbi.
_FOREIGN = re.compile(
    r"美元|美金|美|日元|日圆|日币|欧元|欧|英镑|港元|港币|香港元|港|澳门元|澳大利亚元|澳元|新加坡元|新元|加元|加拿大元|"
    r"瑞士法郎|法郎|韩元|韩圆|新台币|台币|卢布|泰铢|马克|卢比|克朗|usd|hkd|eur|jpy|gbp|aud|sgd|cad|chf|krw|twd|"
    r"us\$|hk\$|\$|€|£"
)
_COUNTING = "人 名 位 项 件 个 家 户 台 套 次 种 款 篇 条 所 支"
_COUNTERS: frozenset[str] = frozenset(_COUNTING.split())
_SYNONYMS: dict[str, str] = {
    "平米": "平方米",
    "平方": "平方米",
    "m2": "平方米",
    "m²": "平方米",
    "㎡": "平方米",
    "kwh": "千瓦时",
    "千瓦小时": "千瓦时",
    "度": "千瓦时",
    "吨标煤": "吨标准煤",
    "tce": "吨标准煤",
    "百分比": "%",
    "百分数": "%",
}
_PLAIN = ("平方米", "千瓦时", "吨标准煤", "公顷", "亩", "吨", "年")
# A multiple may stand before these: 万人, 万平方米, 万吨标准煤.
_MULTIPLIED = re.compile(r"^(百|千|万|百万|千万|亿)(.+)$")
_RATIOS: dict[str, Fraction] = {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "倍": Fraction(1)}


@dataclass(frozen=True)
class Measure:
    """A unit as written: `times` of a base unit (`word`; empty when only a multiple such as 万 is written)."""

    written: str
    word: str
    times: Fraction = Fraction(1)
    foreign: bool = False


@cache
def read_measure(text: str) -> Measure | None:
    """Give the unit that `text` writes (万元, 亿, 美元, %, 平米, 万人 …), or None when it is none that is known."""
    key = label_key(text).strip("()[]{}")
    key = re.sub(r"[()\[\]{}]", "", key)
    renminbi = _RENMINBI.sub("", key)
    if money := _MONEY.match(renminbi):
        if not renminbi:
            return None  # 人民币 names the currency, not the unit
        yuan = money["yuan"] or renminbi != key
        return Measure(text, "元" if yuan else "", Fraction(_TIMES[money["times"] or ""]))
    if _FOREIGN.search(key):
        bare = _FOREIGN.sub("", key)
        return Measure(text, key, foreign=True) if not bare.strip("元圆") or _MONEY.match(bare) else None
    return _other_measure(text, _SYNONYMS.get(key, key))


def _other_measure(text: str, key: str) -> Measure | None:
    if key in _RATIOS:
        return Measure(text, key)
    if key in _COUNTERS or unit(key).factor != 1 or key in _PLAIN:
        return Measure(text, key)
    if multiple := _MULTIPLIED.match(key):
        rest = _SYNONYMS.get(multiple[2], multiple[2])
        if rest in _COUNTERS or rest in _PLAIN:
            return Measure(text, rest, Fraction(_TIMES[multiple[1]]))
    return None


def fact_measure(fact: FactDefinition, text: str) -> Measure | None:
    """Give the unit that `text` writes beside this fact; the fact's own unit is always known."""
    if fact.unit and label_key(text) == label_key(fact.unit) and fact.type != "money":
        return Measure(text, fact.unit)
    return read_measure(text)


def scale_to_stored(fact: FactDefinition, measure: Measure | None) -> Fraction | None:
    """Give the factor from a figure in `measure` (None: the dictionary's unit) to what is stored.

    None means that this unit does not fit the fact (人 beside money, 元 beside an area, a foreign currency).
    """
    if measure is None:
        return unit(fact.unit).factor * FEN_PER_YUAN if fact.type == "money" else Fraction(1)
    if measure.foreign:
        return None
    if fact.type == "money":
        return measure.times * FEN_PER_YUAN if measure.word in ("", "元") else None
    if fact.type == "ratio":
        return _RATIOS.get(measure.word)
    if fact.type not in ("number", "integer"):
        return None
    own = unit(fact.unit)
    if not measure.word:
        return measure.times if own.factor == 1 else None
    if measure.word == fact.unit or (measure.word in _COUNTERS and fact.unit in _COUNTERS):
        return measure.times
    other = unit(measure.word)
    if other.dimensions and other.dimensions == own.dimensions:
        return other.factor * measure.times / own.factor
    return None
