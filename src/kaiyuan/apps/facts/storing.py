"""How a value lies in an observation, and how it comes back: the canonical table's types in three columns.

Money in fen, integers, booleans and dates are whole numbers, numbers and ratios are real, the rest is words.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Literal

from kaiyuan.errors import InputError
from kaiyuan.rulebook.facts import FactDefinition

Value = int | float | bool | str | date | None
Place = Literal["whole", "real", "words"]

_PLACES: dict[str, Place] = {
    "money": "whole",
    "integer": "whole",
    "boolean": "whole",
    "date": "whole",
    "number": "real",
    "ratio": "real",
}
_EPOCH = date(1970, 1, 1)
_LARGEST = 2**63 - 1
LONGEST_WORDS = 500


def place_of(definition: FactDefinition) -> Place:
    """Give the column of an observation that holds this fact's values."""
    return _PLACES.get(definition.type, "words")


def stored(definition: FactDefinition, value: Value) -> int | float | str | None:
    """Give the value as its column holds it; raises InputError for one that the fact cannot have."""
    if value is None:
        return None
    place = place_of(definition)
    if definition.type == "boolean" and isinstance(value, bool):
        return int(value)
    if definition.type == "date" and isinstance(value, date):
        return (value - _EPOCH).days
    whole = isinstance(value, int) and not isinstance(value, bool)
    if definition.type in ("money", "integer") and whole and abs(value) <= _LARGEST:  # type: ignore[arg-type]
        return value  # type: ignore[return-value]
    if place == "real" and isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(value):
            return float(value)
    if place == "words" and isinstance(value, str) and value.strip():
        if definition.values and value not in {word.zh for word in definition.values}:
            raise InputError(
                f"{definition.name} takes none but the words of its list",
                text=value,
                remedy="One of: " + ", ".join(word.zh for word in definition.values),
            )
        if len(value) <= LONGEST_WORDS:
            return value
    raise InputError(
        f"this is no value of type {definition.type} ({definition.name})",
        text=str(value)[:100],
        remedy="Money is whole fen, dates are dates, numbers are finite, words have 500 signs at most",
    )


def read_back(
    definition: FactDefinition, *, whole: int | None, real: float | None, words: str | None
) -> Value:
    """Give the value that an observation holds; None if it says that the value is unknown."""
    place = place_of(definition)
    if place == "real":
        return real
    if place == "words":
        return words
    if whole is None:
        return None
    if definition.type == "boolean":
        return bool(whole)
    if definition.type == "date":
        return _EPOCH + timedelta(days=whole)
    return whole
