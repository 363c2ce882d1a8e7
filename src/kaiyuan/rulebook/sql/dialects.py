"""The SQL dialects rules are written in, and how each differs where it matters here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from kaiyuan.errors import InputError

Division = Literal["operator", "function", "remainder"]


@dataclass(frozen=True)
class Dialect:
    """One SQL dialect, by sqlglot's name.

    `tested`: the project's tests run its SQL on the engine itself; otherwise it is transpiled only. `whole` is
    the widest type of whole numbers, for exact money; `division` says how those are divided without a fraction:
    by an operator or function of their own, or by taking the remainder off first. `materialised` keeps an engine
    from pulling the layers into one another, which would compute every condition again wherever it is used.
    `longest_name` is the length of a column name in bytes, `dots` whether one may hold a full stop; `setting` is
    switched on for the query; `subtracts_days` where one day minus another is a number of days.
    """

    name: str
    title: str
    tested: bool
    whole: str
    division: Division
    materialised: bool = False
    longest_name: int | None = None
    most_columns: int | None = None
    dots: bool = True
    setting: str | None = None
    subtracts_days: bool = False

    @property
    def status(self) -> str:
        """Give the word for how far this dialect can be relied on."""
        return "tested" if self.tested else "transpiled"

    def output(self, name: str) -> str:
        """Give the column name of a decision in this dialect: `A.distance` is `A__distance` without full stops."""
        return name if self.dots else name.replace(".", "__")


DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        dialect.name: dialect
        for dialect in (
            Dialect("duckdb", "DuckDB", True, "int128", "operator"),
            Dialect(
                "postgres",
                "PostgreSQL",
                True,
                "decimal(38, 0)",
                "operator",
                True,
                63,
                1600,
                subtracts_days=True,
            ),
            Dialect("spark", "Spark", True, "decimal(38, 0)", "operator"),
            # A name means a column before it means another answer of the same SELECT, as it does everywhere else.
            Dialect(
                "clickhouse", "ClickHouse", False, "int128", "function", setting="prefer_column_name_to_alias"
            ),
            Dialect("starrocks", "StarRocks", False, "int128", "operator"),
            Dialect("hive", "Hive", False, "decimal(38, 0)", "remainder", dots=False),
        )
    }
)


def dialect_named(name: str) -> Dialect:
    """Give the dialect of a name, or raise `InputError` naming those there are."""
    dialect = DIALECTS.get(name.lower())
    if dialect is None:
        raise InputError("no such SQL dialect", text=name, remedy=f"There are {', '.join(DIALECTS)}")
    return dialect
