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
    switched on for the query; `subtracts_days` where one day minus another is a number of days;
    `tells_case` where A and a are two columns.
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
    tells_case: bool = False

    @property
    def status(self) -> str:
        """Give the word for how far this dialect can be relied on."""
        return "tested" if self.tested else "transpiled"

    def output(self, name: str) -> str:
        """Give the column name of a decision in this dialect: `A.distance` is `A__distance` without full stops."""
        return name if self.dots else name.replace(".", "__")


_WIDE = "int128"
_DECIMAL = "decimal(38, 0)"

_ALL = (
    Dialect("duckdb", "DuckDB", tested=True, whole=_WIDE, division="operator"),
    Dialect(
        "postgres",
        "PostgreSQL",
        tested=True,
        whole=_DECIMAL,
        division="operator",
        materialised=True,
        longest_name=63,
        most_columns=1600,
        subtracts_days=True,
        tells_case=True,
    ),
    Dialect("spark", "Spark", tested=True, whole=_DECIMAL, division="operator"),
    Dialect(
        "clickhouse",
        "ClickHouse",
        tested=False,
        whole=_WIDE,
        division="function",
        # A name then means a column before it means another answer of the same SELECT, as everywhere else.
        setting="prefer_column_name_to_alias",
        tells_case=True,
    ),
    Dialect("starrocks", "StarRocks", tested=False, whole=_WIDE, division="operator"),
    Dialect("hive", "Hive", tested=False, whole=_DECIMAL, division="remainder", dots=False),
)

DIALECTS: Mapping[str, Dialect] = MappingProxyType({dialect.name: dialect for dialect in _ALL})


def dialect_named(name: str) -> Dialect:
    """Give the dialect of a name, or raise `InputError` naming those there are."""
    dialect = DIALECTS.get(name.lower())
    if dialect is None:
        raise InputError("no such SQL dialect", text=name, remedy=f"There are {', '.join(DIALECTS)}")
    return dialect
