"""Generated populations: small numbers so that edges are hit, holes, zeros, NaN, years that are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pyarrow as pa
import yaml

from tests.rulebook.oracle import Raw
from tests.rulebook.oracle.numbers import exact
from tests.rulebook.oracle.written_units import written

YEARS = 4  # the base year and three before it

# One dictionary for all generated rulebooks, so that an engine needs one table.
DICTIONARY_TEXT = """\
facts:
  revenue: {label: {zh: 营业收入, en: Revenue}, type: money, unit: 万元, period: year, class: public, aliases: [营收]}
  rd: {label: {zh: 研发费用, en: Research}, type: money, unit: 万元, period: year, class: public}
  profit: {label: {zh: 利润总额, en: Profit}, type: money, unit: 元, period: year, class: public}
  assets: {label: {zh: 总资产, en: Assets}, type: money, unit: 亿元, period: moment, class: public}
  received: {label: {zh: 已获奖励, en: Received}, type: money, unit: 万元, period: moment, class: public}
  staff: {label: {zh: 从业人数, en: Staff}, type: integer, unit: 人, period: year, class: public}
  patents: {label: {zh: 发明专利数, en: Patents}, type: integer, unit: 项, period: moment, class: public}
  land: {label: {zh: 用地面积, en: Land}, type: number, unit: 亩, decimals: 2, period: moment, class: public}
  energy: {label: {zh: 综合能耗, en: Energy}, type: number, unit: 吨标准煤, decimals: 1, period: year, class: public}
  debt: {label: {zh: 资产负债率, en: Debt ratio}, type: ratio, period: moment, class: public}
  share: {label: {zh: 市场占有率, en: Market share}, type: ratio, period: year, class: public}
  dishonest: {label: {zh: 严重失信, en: Dishonest}, type: boolean, period: moment, class: public}
  listed: {label: {zh: 已上市, en: Listed}, type: boolean, period: moment, class: public}
  trade:
    label: {zh: 所属行业, en: Trade}
    type: category
    period: moment
    class: public
    values: [{zh: 工业, en: Industry}, {zh: 建筑业, en: Construction}, {zh: 软件业, en: Software, aliases: [软件]}]
  place: {label: {zh: 注册地, en: Place}, type: text, period: moment, class: public}
  founded: {label: {zh: 成立日期, en: Founded}, type: date, period: moment, class: public}
"""
DICTIONARY: Mapping[str, Mapping[str, Any]] = yaml.safe_load(DICTIONARY_TEXT)["facts"]

MONEY = (
    "0",
    "1",
    "2",
    "3",
    "5",
    "10",
    "20",
    "0.5",
    "1.2",
    "2.25",
    "0.07",
    "100",
    "-1",
    "-3.4",
    "12345.67",
    "1.234567",
)
COUNTS = (0, 1, 2, 3, 5, 10, 20, 100, -1)
# The last two have more decimals than their fact declares.
NUMBERS = {
    2: ("0", "1", "2", "0.5", "33.4", "0.1", "0.2", "0.3", "6.67", "10", "0.125", "33.333"),
    1: ("0", "1", "5", "0.1", "2.5", "10", "0.07", "1.11"),
}
RATIOS = ("0", "0.03", "0.05", "0.1", "0.2", "0.3", "0.5", "0.55", "0.7", "1", "-0.1")
DAYS = (
    "2020-02-29",
    "2023-06-01",
    "2023-06-02",
    "2024-02-29",
    "2025-12-31",
    "2026-06-01",
    "2026-07-01",
    "1999-01-01",
)
PLACES = ("高新区", "开发区", "O'Neill 路", "")

Facts = dict[str, list[Raw]]


def population(random: Random, rows: int) -> list[Facts]:
    """Give the facts of some subjects, in the dictionary's units; some facts are missing for everyone."""
    absent = {name for name in DICTIONARY if random.random() < 0.05}
    return [
        {name: _years(random, entry) for name, entry in DICTIONARY.items() if name not in absent}
        for _ in range(rows)
    ]


def _years(random: Random, entry: Mapping[str, Any]) -> list[Raw]:
    known = 1 if entry["period"] == "moment" else random.choice((0, 1, 2, 3, YEARS, YEARS))
    return [None if random.random() < 0.12 else _value(random, entry) for _ in range(known)]


def _value(random: Random, entry: Mapping[str, Any]) -> Raw:
    kind = entry["type"]
    if kind in ("number", "ratio") and random.random() < 0.06:
        return random.choice((float("nan"), float("nan"), float("inf"), float("-inf")))
    match kind:
        case "money":
            fen = Fraction(1, 100) / written(entry["unit"]).factor
            value = Fraction(random.choice(MONEY))
            return value // fen * fen  # nothing is finer than a fen
        case "integer":
            return random.choice(COUNTS)
        case "number":
            return Fraction(random.choice(NUMBERS[entry["decimals"]]))
        case "ratio":
            return Fraction(random.choice(RATIOS))
        case "boolean":
            return random.random() < 0.5
        case "category":
            return str(random.choice(entry["values"])["zh"])
        case "text":
            return random.choice(PLACES)
    return date.fromisoformat(random.choice(DAYS))


def table(population: Sequence[Facts], *, absent_columns: bool = False) -> pa.RecordBatch:
    """Give the canonical table: fen, doubles, words, days; null where unknown.

    With `absent_columns`, columns without any known value are left out, as a sheet without them would.
    """
    rows = len(population)
    columns: dict[str, pa.Array] = {
        "subject": pa.array([f"S{row:05d}" for row in range(rows)]),
        "subject_name": pa.array([f"企业{row}" for row in range(rows)]),
        "source_line": pa.array(range(2, rows + 2), pa.int64()),
    }
    for name, entry in DICTIONARY.items():
        for lag in range(YEARS if entry["period"] == "year" else 1):
            values = [_stored(facts.get(name, []), lag, entry) for facts in population]
            if absent_columns and all(value is None for value in values):
                continue
            columns[name if lag == 0 else f"{name}__{lag}"] = pa.array(values, ARROW[entry["type"]])
    return pa.RecordBatch.from_pydict(columns)


ARROW = {
    "money": pa.int64(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "ratio": pa.float64(),
    "boolean": pa.bool_(),
    "category": pa.string(),
    "text": pa.string(),
    "date": pa.date32(),
}


def _stored(years: Sequence[Raw], lag: int, entry: Mapping[str, Any]) -> object:
    value = years[lag] if lag < len(years) else None
    if entry["type"] == "money" and value is not None:
        fen = exact(value) * written(entry["unit"]).factor * 100
        assert fen.denominator == 1, "amounts finer than a fen do not exist"
        return int(fen)
    return float(value) if isinstance(value, Fraction) else value
