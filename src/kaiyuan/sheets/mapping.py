"""The mapping file: what a person says about headers that the dictionary does not know.

columns:
  营收总额: {fact: revenue, year: 2025, unit: 万元}
  备注: ignore
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kaiyuan.errors import InputError, RuleError
from kaiyuan.rulebook.width import label_key
from kaiyuan.rulebook.yaml.nodes import Plain, Source, decode, read_source

_KEYS = ("fact", "year", "unit")
_YEARS = range(1990, 2100)


@dataclass(frozen=True)
class MappedColumn:
    """What a mapping says of one header; `fact` None means that the column is ignored."""

    header: str
    fact: str | None
    year: int | None = None
    unit: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class ColumnMapping:
    """A mapping file as read; headers are compared whatever their width and spaces."""

    columns: Mapping[str, MappedColumn] = field(default_factory=dict)
    file: str | None = None

    def find(self, header: str) -> MappedColumn | None:
        """Give what is said of `header`, or None."""
        return self.columns.get(label_key(header))


def read_mapping(path: Path) -> ColumnMapping:
    """Read a mapping file.

    Raises InputError, with file and line, for a key that is unknown or given twice and for a value of the
    wrong kind.
    """
    try:
        source = read_source(decode(path.read_bytes(), file=str(path)), file=str(path))
    except FileNotFoundError:
        raise InputError("there is no such mapping file", file=str(path), remedy="Check the path") from None
    except RuleError as error:
        raise InputError(
            error.message,
            file=error.file,
            line=error.line,
            column=error.column,
            text=error.text,
            remedy=error.remedy,
        ) from None
    top = source.data
    if not isinstance(top, dict) or not isinstance(top.get("columns"), dict | None):
        raise InputError(
            "a mapping begins with `columns:` and one line per header",
            file=str(path),
            line=1,
            remedy="Write `columns:` and below it `  HEADER: {fact: NAME}` or `  HEADER: ignore`",
        )
    for key in top:
        if key != "columns":
            raise _fault(source, (key,), "unknown key", key, "Only `columns` stands at the top of a mapping")
    columns: dict[str, MappedColumn] = {}
    said = top.get("columns")
    for header, value in said.items() if isinstance(said, dict) else ():
        column = _column(source, header, value)
        other = columns.setdefault(label_key(header), column)
        if other is not column:
            raise _fault(
                source,
                ("columns", header),
                f"this header stands on line {other.line} already",
                header,
                "Keep one",
            )
    return ColumnMapping(columns, str(path))


def _column(source: Source, header: str, said: Plain) -> MappedColumn:
    place = ("columns", header)
    line = source.key_line(place)
    if said == "ignore":
        return MappedColumn(header, None, line=line)
    if not isinstance(said, dict):
        raise _fault(source, place, "a header maps to {fact: …} or to ignore", str(said), "Correct this line")
    for key in said:
        if key not in _KEYS:
            raise _fault(source, (*place, key), "unknown key", key, "Allowed are fact, year and unit")
    fact, year, unit = (said.get(key) for key in _KEYS)
    if not isinstance(fact, str):
        raise _fault(
            source, place, "no fact is named for this header", header, "Write {fact: NAME}, or ignore"
        )
    if year is not None and (not isinstance(year, int) or year not in _YEARS):
        raise _fault(source, (*place, "year"), "a year has four digits", str(year), "Write it as 2025")
    if unit is not None and not isinstance(unit, str):
        raise _fault(source, (*place, "unit"), "a unit is a word", str(unit), "Write 万元, 元, '%' …")
    return MappedColumn(header, fact, year, unit, line)


def _fault(source: Source, place: tuple[str, ...], message: str, text: str, remedy: str) -> InputError:
    return InputError(message, file=source.file, line=source.key_line(place), text=text, remedy=remedy)
