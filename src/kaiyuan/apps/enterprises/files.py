"""The file of one enterprise: who it is, its figures by year, its titles, what else is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kaiyuan.apps.enterprises.shown import Years, by_years, value_shown
from kaiyuan.apps.facts.queries import Known
from kaiyuan.rulebook import FactDefinition

CHARTED_YEARS = 3
MOST_CHARTS = 8
_PROFILE = (
    "registration_date",
    "business_status",
    "size_industry",
    "trade_direction",
    "enterprise_kind",
    "registered_capital",
    "legal_representative",
    "contact_phone",
    "province",
    "city",
    "address",
    "business_scope",
)
# What most people ask for first; others follow in the order of the dictionary.
_FIRST = (
    "revenue",
    "rd_expense",
    "net_profit",
    "tax_paid",
    "staff",
    "total_assets",
    "output_value",
    "energy",
)


@dataclass(frozen=True)
class Cell:
    """A value as it is shown, with its source; `fact` opens its history."""

    fact: FactDefinition
    year: int | None
    value: str
    qualifier: str
    source: str
    day: date


@dataclass(frozen=True)
class YearRow:
    """A yearly fact in a table, in one unit: one cell a year, the newest first, None where nothing is known."""

    fact: FactDefinition
    unit: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class FileView:
    """Everything the file shows of an enterprise's facts, to somebody of some classes."""

    profile: tuple[Cell, ...]
    titles: tuple[Cell, ...]
    charts: tuple[Years, ...]
    years: tuple[int, ...]
    rows: tuple[YearRow, ...]
    others: tuple[Cell, ...]
    values: int

    @property
    def empty(self) -> bool:
        """Tell whether nothing is known."""
        return self.values == 0


def file_view(values: Sequence[Known], *, base_year: int, lang: str) -> FileView:
    """Arrange the values of one enterprise for its file."""
    moments = {value.fact: value for value in values if value.year is None}
    yearly: dict[str, list[Known]] = {}
    for value in values:
        if value.year is not None:
            yearly.setdefault(value.fact, []).append(value)
    profile = [moments.pop(name) for name in _PROFILE if name in moments]
    titles = [value for name, value in moments.items() if _is_title(value)]
    for value in titles:
        del moments[value.fact]
    # Name and code stand in the head of the page.
    rest = [value for name, value in moments.items() if name not in ("name", "credit_code")]
    order = [name for name in _FIRST if name in yearly] + [name for name in yearly if name not in _FIRST]
    charted = [
        by_years(yearly[name][0].definition, yearly[name], last=base_year, count=CHARTED_YEARS, lang=lang)
        for name in order
        if yearly[name][0].definition.numeric
    ]
    years = tuple(
        sorted({value.year for told in yearly.values() for value in told if value.year}, reverse=True)
    )
    return FileView(
        profile=tuple(_cell(value, lang) for value in profile),
        titles=tuple(_cell(value, lang) for value in titles if value.value is True),
        charts=tuple(each for each in charted if _drawn(each))[:MOST_CHARTS],
        years=years,
        rows=tuple(_row(yearly[name], years, lang) for name in order),
        others=tuple(_cell(value, lang) for value in rest)
        + tuple(_cell(value, lang) for value in titles if value.value is not True),
        values=len(values),
    )


def _is_title(value: Known) -> bool:
    return value.definition.type == "boolean" and value.fact.endswith("_title")


def _drawn(years: Years) -> bool:
    known = [point for point in years.points if point.value is not None]
    return len(known) >= 2 and any(point.value for point in known)


def _row(told: Sequence[Known], years: Sequence[int], lang: str) -> YearRow:
    definition = told[0].definition
    held = {value.year: _cell(value, lang) for value in told}
    unit = ""
    if definition.numeric and years:
        shown = by_years(definition, list(told), last=years[0], count=years[0] - years[-1] + 1, lang=lang)
        unit = shown.unit
        # The unit stands beside the name, once a row; what is known to be unknown keeps its word.
        for point in shown.points:
            if point.value is not None and point.year in held:
                held[point.year] = replace(held[point.year], value=point.text)
    return YearRow(definition, unit, tuple(held.get(year) for year in years))


def _cell(value: Known, lang: str) -> Cell:
    return Cell(
        fact=value.definition,
        year=value.year,
        value=value_shown(value, lang=lang),
        qualifier=value.qualifier,
        source=f"{value.source}{f' · {value.line}' if value.line else ''}",
        day=value.data_date or value.recorded_at.date(),
    )
