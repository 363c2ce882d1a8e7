"""Values of facts as pages show them, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaiyuan.apps.facts.queries import Known
from kaiyuan.reports.checks import value_words
from kaiyuan.reports.figures import quantities
from kaiyuan.rulebook import FactDefinition
from kaiyuan.rulebook.explanation import FactValue
from kaiyuan.rulebook.model import Words
from kaiyuan.rulebook.units import unit


@dataclass(frozen=True)
class Point:
    """One year of a fact, for a chart: a number or None, and its words without the unit."""

    year: int
    value: float | None
    text: str


@dataclass(frozen=True)
class Years:
    """A fact by years, the oldest first, in one unit."""

    fact: FactDefinition
    unit: str
    points: tuple[Point, ...]


def value_shown(known: Known, *, lang: str) -> str:
    """Give a value with its unit: 8,246.30 万元, 12.5%, 是, 2016-03-08, 未知; words of a list in the language."""
    return stored_shown(known.definition, known.value, lang=lang)


def stored_shown(definition: FactDefinition, value: object, *, lang: str) -> str:
    """Give a stored value (money in fen) with its unit."""
    if isinstance(value, str) and lang == "en":
        value = next((word.en for word in definition.values if word.zh == value), value)
    return value_words(
        FactValue(
            definition.name,
            Words(definition.zh, definition.en),
            _plain(definition, value),
            unit=definition.unit or "",
            ratio=definition.type == "ratio",
        ),
        lang=lang,
    )


def by_years(definition: FactDefinition, values: list[Known], *, last: int, count: int, lang: str) -> Years:
    """Give a yearly fact for `count` years up to `last`; a year without a value is unknown."""
    held = {value.year: _plain(definition, value.value) for value in values}
    years = list(range(last - count + 1, last + 1))
    numbers = [held.get(year) for year in years]
    known = [each if isinstance(each, Fraction) else None for each in numbers]
    shown = quantities(known, definition.unit or "", lang=lang, ratio=definition.type == "ratio")
    words = next((each.unit for each, number in zip(shown, known, strict=True) if number is not None), "")
    return Years(
        definition,
        "" if words == "%" else words,
        tuple(
            Point(
                year,
                None if number is None else float(number),
                f"{each.number}{'%' if each.unit == '%' else ''}",
            )
            for year, each, number in zip(years, shown, known, strict=True)
        ),
    )


def _plain(definition: FactDefinition, value: object) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if definition.type == "money":
        return Fraction(int(value), 100) / unit(definition.unit or "元").factor
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
