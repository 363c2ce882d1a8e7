"""The mapping file: what a person says about headers that the dictionary does not know.

columns:
营收总额: {fact: revenue, year: 2025, unit: 万元}
备注: ignore
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from kaiyuan.errors import InputError
from kaiyuan.rulebook.width import label_key

_KEYS = ("fact", "year", "unit")


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
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        raise InputError("there is no such mapping file", file=str(path), remedy="Check the path") from None
    except UnicodeDecodeError:
        raise InputError("the mapping is not UTF-8 text", file=str(path), remedy="Save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            f"the mapping is not valid YAML ({getattr(error, 'problem', None) or error})",
            file=str(path),
            line=mark.line + 1 if mark else None,
            remedy="Put headers with colons, brackets or % into quotation marks",
        ) from None
    columns: dict[str, MappedColumn] = {}
    for key, node in _pairs(path, root, "the mapping"):
        if key.value != "columns":
            raise _fault(path, key, "unknown key", key.value, "Only `columns` stands at the top of a mapping")
        for header, said in _pairs(path, node, "`columns`"):
            column = _column(path, header, said)
            other = columns.setdefault(label_key(column.header), column)
            if other is not column:
                raise _fault(path, header, f"this header stands on line {other.line} already", column.header)
    return ColumnMapping(columns, str(path))


def _column(path: Path, header: yaml.Node, said: yaml.Node) -> MappedColumn:
    name, line = _text(path, header), header.start_mark.line + 1
    if isinstance(said, yaml.ScalarNode):
        if said.value == "ignore":
            return MappedColumn(name, None, line=line)
        raise _fault(path, said, "a header maps to {fact: …} or to ignore", said.value)
    values: dict[str, yaml.Node] = {}
    for key, node in _pairs(path, said, f"the entry of {name}"):
        if key.value not in _KEYS:
            raise _fault(path, key, "unknown key", key.value, "Allowed are fact, year and unit")
        values[key.value] = node
    if "fact" not in values:
        raise _fault(path, said, "no fact is named for this header", name, "Write {fact: NAME}, or ignore")
    year = None
    if "year" in values:
        text = _text(path, values["year"])
        if not (text.isdigit() and len(text) == 4):
            raise _fault(path, values["year"], "a year has four digits", text)
        year = int(text)
    unit = _text(path, values["unit"]) if "unit" in values else None
    return MappedColumn(name, _text(path, values["fact"]), year, unit, line)


def _pairs(path: Path, node: yaml.Node | None, what: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise _fault(path, node, f"{what} should be a list of `key: value` lines", str(node.value)[:40])
    seen: set[str] = set()
    for key, value in node.value:
        text = _text(path, key)
        if text in seen:
            raise _fault(path, key, "this key is given twice", text)
        seen.add(text)
        yield key, value


def _text(path: Path, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _fault(path, node, "a plain word is wanted here", str(node.value)[:40])
    return str(node.value)


def _fault(
    path: Path, node: yaml.Node, message: str, text: str, remedy: str = "Correct this line"
) -> InputError:
    return InputError(message, file=str(path), line=node.start_mark.line + 1, text=text, remedy=remedy)
