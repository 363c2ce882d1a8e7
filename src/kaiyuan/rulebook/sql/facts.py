"""The columns of the canonical table as SQL reads them; an absent column is NULL."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlglot import exp

from kaiyuan.rulebook.sql import fragments as f
from kaiyuan.rulebook.sql.fragments import Sql
from kaiyuan.rulebook.sql.layers import Layers

_Read = Callable[[exp.Column], Sql]

WHOLE_PREFIX = "_whole_"
CARRIED_PREFIX = "_fact_"


class FactSql:
    """Reads facts into the first layer. `columns` are those the table has; None: all that are asked for."""

    def __init__(self, layers: Layers, columns: Collection[str] | None) -> None:
        self._layers = layers
        self._columns = None if columns is None else frozenset(columns)

    def has(self, name: str) -> bool:
        """Tell whether the table has a column."""
        return self._columns is None or name in self._columns

    def number(self, fact: str, lag: int) -> exp.Column:
        """Give a numeric column as a double, NULL where it is NaN or infinite."""
        return self._read(fact, lag, "double", lambda raw: f.finite(f.cast(raw, "double")))

    def whole(self, fact: str, lag: int, kind: str) -> exp.Column:
        """Give a column of whole numbers as the widest whole type, for exact money."""
        return self._read(fact, lag, kind, lambda raw: f.cast(raw, kind), WHOLE_PREFIX)

    def flag(self, fact: str, lag: int) -> exp.Column:
        """Give a yes/no column."""
        return self._read(fact, lag, "boolean", lambda raw: raw)

    def word(self, fact: str, lag: int) -> exp.Column:
        """Give a category or text column."""
        return self._read(fact, lag, "text", lambda raw: raw)

    def day(self, fact: str, lag: int) -> exp.Column:
        """Give a date column."""
        return self._read(fact, lag, "date", lambda raw: f.cast(raw, "date"))

    def carried(self, name: str) -> exp.Column:
        """Give a column of the table as it is, to be handed on."""
        return self._layers.fact(CARRIED_PREFIX + name, f.column(name))

    def _read(self, fact: str, lag: int, kind: str, read: _Read, prefix: str = "") -> exp.Column:
        name = column_name(fact, lag)
        value = read(f.column(name)) if self.has(name) else f.nothing(kind)
        return self._layers.fact(prefix + name, value)


def column_name(fact: str, lag: int) -> str:
    """Give the column of a fact `lag` years before the base year."""
    return fact if lag == 0 else f"{fact}__{lag}"
