"""From a YAML text to plain values that remember where they stood.

A deliberately small YAML: no anchors, aliases, tags or merge keys, no key twice, only `true` and `false` are
booleans (`yes`, `no`, `on` are words), numbers are exact, days are ISO days. It is built from the parser's
events, so that nothing of YAML 1.1's guessing can slip in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from kaiyuan.errors import RuleError

Path: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "str | int | Decimal | Fraction | bool | date | list[Plain] | dict[str, Plain] | None"

MAX_DEPTH = 32
MAX_CHARACTERS = 4_000_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A number with a leading zero is a code (a division code, a phone number), so it stays a word.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ud800-\udfff\ufeff\ufffe\uffff]"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Spot:
    """A place in a file, line and column counted from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """The plain values of one file, and the place of every key and value by its path."""

    file: str | None
    data: Plain
    keys: Mapping[Path, Spot] = field(default_factory=dict)
    values: Mapping[Path, Spot] = field(default_factory=dict)
    lines: tuple[str, ...] = ()

    def line(self, path: Path) -> int | None:
        """Give the line of the value at `path`, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            spot = self.values.get(path[:length])
            if spot is not None:
                return spot.line
        return None

    def key_line(self, path: Path) -> int | None:
        """Give the line of the key at the end of `path`, or of the nearest thing around it."""
        spot = self.keys.get(path)
        return spot.line if spot is not None else self.line(path)

    def at(self, path: Path) -> Plain:
        """Give the value at `path`, or None where there is none."""
        current: Plain = self.data
        for step in path:
            if isinstance(current, dict) and isinstance(step, str):
                current = current.get(step)
            elif isinstance(current, list) and isinstance(step, int) and step < len(current):
                current = current[step]
            else:
                return None
        return current

    def column_in(self, path: Path, position: int) -> int | None:
        """Give the file's column of the 1-based `position` in the text at `path`; None when it cannot be told."""
        spot, text = self.values.get(path), self.at(path)
        if spot is None or not isinstance(text, str):
            return None
        rest = self.lines[spot.line - 1][spot.column - 1 :]
        quote = 1 if rest[:1] in ("'", '"') else 0
        # A folded or escaped text does not stand in the file as it is; its columns would mislead.
        return spot.column + quote + position - 1 if rest[quote:].startswith(text) else None


def read_source(text: str, *, file: str | None = None) -> Source:
    """Read one YAML document; raise `RuleError` with its place for everything outside the small YAML."""
    if len(text) > MAX_CHARACTERS:
        raise RuleError(
            f"the file has {len(text)} characters, more than {MAX_CHARACTERS}",
            file=file,
            remedy="Split it into several files",
        )
    text = text.removeprefix("\ufeff")
    hidden = _UNPRINTABLE.search(text)
    if hidden is not None:
        start = text.rfind("\n", 0, hidden.start()) + 1
        raise RuleError(
            "a character that cannot be seen stands in the file",
            file=file,
            line=text[: hidden.start()].count("\n") + 1,
            column=hidden.start() - start + 1,
            text=f"U+{ord(hidden.group()):04X}",
            remedy="Delete it and type the place again",
        )
    builder = _Builder(text, file)
    data = builder.document()
    return Source(file, data, builder.keys, builder.values, tuple(text.splitlines()))


def decode(raw: bytes, *, file: str | None = None) -> str:
    """Give the text of a UTF-8 file; raise `RuleError` naming the line that is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleError(
            "this is not UTF-8 text",
            file=file,
            line=raw[: error.start].count(b"\n") + 1,
            remedy="Save the file as UTF-8",
        ) from None


def source_from_data(data: object, *, file: str | None = None) -> Source:
    """Give the same for values that were never in a file; a float counts as its shortest decimal."""
    return Source(file, _plain(data, ()))


def _plain(value: object, path: Path) -> Plain:
    match value:
        case None | bool() | str() | int() | Decimal() | Fraction() | date():
            return value
        case float():
            if value != value or value in (float("inf"), float("-inf")):
                raise RuleError("this number is not finite", text=str(value), remedy="Write a plain number")
            return Decimal(repr(value))
        case Mapping():
            return {str(key): _plain(inner, (*path, str(key))) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner, (*path, index)) for index, inner in enumerate(value)]
    raise RuleError(
        "a rulebook holds texts, numbers, days, true, false, lists and mappings",
        text=f"{'.'.join(map(str, path))}: {type(value).__name__}",
        remedy="Use plain values",
    )


class _Builder:
    """Builds plain values from the parser's events."""

    def __init__(self, text: str, file: str | None) -> None:
        self.text = text
        self.file = file
        self.keys: dict[Path, Spot] = {}
        self.values: dict[Path, Spot] = {}

    def refuse(self, message: str, event: Event, *, text: str | None = None, remedy: str) -> RuleError:
        return RuleError(message, file=self.file, line=_spot(event).line, text=text, remedy=remedy)

    def document(self) -> Plain:
        events = self.events()
        documents = 0
        result: Plain = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refuse(
                        "a second document begins here",
                        event,
                        text="---",
                        remedy="Put each document into its own file",
                    )
                first = next(events)
                self.values[()] = _spot(first)
                result = self.value(first, events, ())
        if documents == 0 or result is None:
            raise RuleError(
                "the file is empty",
                file=self.file,
                line=1,
                remedy="Write the file's keys, or delete the file",
            )
        return result

    def events(self) -> Iterator[Event]:
        try:
            yield from yaml.parse(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            problem = error.problem or error.context or "unknown reason"
            # A key without its colon is noticed on the next line only; the context still points at it.
            unfinished = "expected ':'" in problem and error.context_mark is not None
            mark = error.context_mark if unfinished else error.problem_mark or error.context_mark
            line = mark.line if mark is not None else 0
            met = "".join(self.text.splitlines()[line : line + 1])
            raise RuleError(
                f"this cannot be read as YAML ({problem})",
                file=self.file,
                line=line + 1,
                column=mark.column + 1 if mark is not None else None,
                text=met.strip()[:80] or None,
                remedy=_syntax_remedy(met, problem),
            ) from None

    def value(self, event: Event, events: Iterator[Event], path: Path) -> Plain:
        self.check(event)
        if len(path) > MAX_DEPTH:
            raise self.refuse(
                f"the file is nested more than {MAX_DEPTH} deep", event, remedy="Write the groups flatter"
            )
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        if isinstance(event, SequenceStartEvent):
            items: list[Plain] = []
            while not isinstance(inner := next(events), SequenceEndEvent):
                place = (*path, len(items))
                self.values[place] = _spot(inner)
                items.append(self.value(inner, events, place))
            return items
        return self.mapping(events, path)

    def mapping(self, events: Iterator[Event], path: Path) -> dict[str, Plain]:
        result: dict[str, Plain] = {}
        while not isinstance(key := next(events), MappingEndEvent):
            self.check(key)
            if not isinstance(key, ScalarEvent):
                raise self.refuse(
                    "a key must be a word", key, remedy="Put curly brackets and lists to the right of a key"
                )
            name = str(key.value)
            place = (*path, name)
            if name == "<<" and _is_plain(key):
                raise self.refuse(
                    "merge keys are not part of rule files", key, text="<<", remedy="Write the keys out"
                )
            if name in result:
                raise self.refuse(
                    f"this key stands twice; first in line {self.keys[place].line}",
                    key,
                    text=name,
                    remedy="Keep one of the two",
                )
            self.keys[place] = _spot(key)
            event = next(events)
            # A block that begins on the next line is named by its key's line.
            self.values[place] = _spot(event if isinstance(event, ScalarEvent) else key)
            result[name] = self.value(event, events, place)
        return result

    def check(self, event: Event) -> None:
        if isinstance(event, AliasEvent):
            raise self.refuse(
                "aliases are not part of rule files",
                event,
                text=f"*{event.anchor}",
                remedy="Write the value out here",
            )
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            raise self.refuse(
                "anchors are not part of rule files",
                event,
                text=f"&{anchor}",
                remedy="Write the value out wherever it is wanted",
            )
        if tag and isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
            raise self.refuse(
                "type tags are not part of rule files",
                event,
                text=str(tag).replace("tag:yaml.org,2002:", "!!"),
                remedy="Delete the tag; put a text between quotation marks",
            )

    def scalar(self, event: ScalarEvent) -> Plain:
        text = str(event.value)
        if not _is_plain(event):
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in ("", "~", "null"):
            return None
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        if _DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise self.refuse(
                    "there is no such day",
                    event,
                    text=text,
                    remedy="Write a day of the calendar as 2026-04-01",
                ) from None
        return text


def _is_plain(event: ScalarEvent) -> bool:
    return not event.style


def _spot(event: Event) -> Spot:
    assert event.start_mark is not None
    return Spot(event.start_mark.line + 1, event.start_mark.column + 1)


def _syntax_remedy(line: str, problem: str) -> str:
    if "\t" in line:
        return "Indent with spaces, not with tabs"
    if "：" in line:
        return "Write the colon after a key as a plain «: » with a space"
    if "mapping values" in problem or "':'" in problem:
        return "Put a text that holds «: » between quotation marks, and check the indentation"
    return "Check indentation, quotation marks and brackets around this line"
