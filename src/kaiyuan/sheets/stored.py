"""How each type of fact is stored in the canonical table."""

from __future__ import annotations

import pyarrow as pa

from kaiyuan.rulebook.facts import FactDefinition

FEN = "fen"

_TYPES: dict[str, pa.DataType] = {
    "money": pa.int64(),
    "number": pa.float64(),
    "ratio": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "category": pa.string(),
    "text": pa.string(),
    "date": pa.date32(),
}

KEY_FIELDS: tuple[pa.Field, ...] = (
    pa.field("subject", pa.string(), nullable=False),
    pa.field("subject_name", pa.string()),
    pa.field("source_line", pa.int64(), nullable=False),
)


def stored_type(definition: FactDefinition) -> pa.DataType:
    """Give the Arrow type in which the fact is stored: money as whole fen, ratios and numbers as doubles."""
    return _TYPES[definition.type]


def stored_unit(definition: FactDefinition) -> str:
    """Give the unit of the stored values: fen for money, nothing for a ratio, else the dictionary's unit."""
    if definition.type == "money":
        return FEN
    return "" if definition.type == "ratio" else definition.unit or ""
