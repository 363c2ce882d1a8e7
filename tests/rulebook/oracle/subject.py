"""One subject on one day: its facts, the parameters in force, its scores, and whether it may judge."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.rulebook.oracle.numbers import exact
from tests.rulebook.oracle.written_units import Written, written

Raw = bool | int | float | Decimal | Fraction | str | date | None
Value = bool | Fraction | str | date | None


@dataclass
class Subject:
    """The facts of one enterprise as people write them, and what is needed to read rules about it.

    `facts` gives for each ASCII name the value of the base year, of the year before, and so on (one value
    for a fact of a moment), in the dictionary's unit. `dictionary` is the plain `facts:` mapping of a
    facts.yaml.
    """

    facts: Mapping[str, Sequence[Raw]]
    dictionary: Mapping[str, Mapping[str, Any]]
    on: date
    parameters: Mapping[str, Mapping[str, Any] | Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    overrides: Mapping[str, Raw] = field(default_factory=dict)
    scores: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    rough_scores: bool = False  # proportional points, in doubles
    doubtful: bool = False

    def name(self, word: str) -> str:
        """Give the ASCII name of a fact called by name, Chinese label or alias."""
        for name, entry in self.dictionary.items():
            if word in (name, entry["label"]["zh"], *entry.get("aliases", ())):
                return name
        raise KeyError(word)

    def value(self, word: str, years_before: int = 0) -> Value:
        """Give a fact's value, None when it is missing or no number (NaN, infinite)."""
        years = self.facts.get(self.name(word), ())
        raw = years[years_before] if years_before < len(years) else None
        if isinstance(raw, float) and not math.isfinite(raw):
            return None
        if raw is None or isinstance(raw, bool | str | date):
            return raw
        return exact(raw)

    def type(self, word: str) -> str:
        """Give the type of a fact."""
        return str(self.dictionary[self.name(word)]["type"])

    def as_declared(self, word: str, value: Fraction) -> bool:
        """Tell whether a value has no more decimals than its fact declares (4 if it does not; ratios have 6)."""
        entry = self.dictionary[self.name(word)]
        decimals = 6 if entry["type"] == "ratio" else entry.get("decimals", 4)
        return entry["type"] in ("money", "integer") or (value * 10**decimals).denominator == 1

    def unit(self, word: str) -> Written:
        """Give the unit in which people write a fact."""
        return written(self.dictionary[self.name(word)].get("unit"))

    def parameter(self, name: str) -> tuple[Raw, str | None]:
        """Give a parameter's value on the day (an expression text, a number or None) and its unit."""
        entry = self.parameters[name]
        by = entry.get("by") if isinstance(entry, Mapping) else None
        values = entry["values"] if isinstance(entry, Mapping) else entry
        begun = [one for one in values if one["from"] <= self.on]
        if not begun:
            return None, values[0].get("unit")
        current = max(begun, key=lambda one: one["from"])
        value = current["value"]
        if name in self.overrides:
            value = self.overrides[name]
        if isinstance(value, Mapping):
            word = self.value(by) if by is not None else None
            value = self.overrides.get(f"{name}[{word}]", value.get(word))
        return value, current.get("unit")
