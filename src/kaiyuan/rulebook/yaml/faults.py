"""Faults of one file: collected, turned into sentences with file, line and remedy, and raised together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.yaml.nodes import Path, Plain, Source

M = TypeVar("M", bound=BaseModel)


class RuleFileError(RuleError):
    """The first fault of a file, with the others behind it."""

    def __init__(self, first: RuleError, others: Sequence[RuleError] = ()) -> None:
        super().__init__(
            first.message,
            file=first.file,
            line=first.line,
            column=first.column,
            text=first.text,
            remedy=first.remedy,
        )
        self.first = first
        self.others = tuple(others)

    def __str__(self) -> str:
        head = super().__str__()
        if not self.others:
            return head
        lines = [str(fault.line) for fault in self.others if fault.line is not None]
        where = f" (lines {', '.join(dict.fromkeys(lines))})" if lines else ""
        return f"{head}\n{len(self.others)} more in this file{where}"


class Faults:
    """Collects the faults of one file, so that an author sees all of them at once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[RuleError] = []

    def add(self, message: str, path: Path, *, remedy: str, text: object = None, key: bool = False) -> None:
        """Add a fault of the value at `path`, or of its key."""
        line = self.source.key_line(path) if key else self.source.line(path)
        shown = None if text is None else shorten(text)
        self.found.append(RuleError(message, file=self.source.file, line=line, text=shown, remedy=remedy))

    def add_expression(self, error: RuleError, path: Path) -> None:
        """Add a fault of the expression at `path`; its position becomes a column of the file where that is known."""
        line = self.source.line(path)
        if line is not None and error.column is not None:
            error.column = self.source.column_in(path, error.column)
        error.at(file=self.source.file, line=line)
        self.found.append(error)

    def extend(self, errors: Sequence[RuleError]) -> None:
        """Add faults that already know their place."""
        self.found.extend(errors)

    def settle(self) -> None:
        """Raise the first fault with the others behind it, if there are any."""
        if not self.found:
            return
        first, *others = sorted(self.found, key=lambda fault: fault.line or 0)
        raise RuleFileError(first, others)


def shorten(value: object) -> str:
    """Give a value as an author would recognise it, not longer than a line."""
    match value:
        case bool():
            text = "true" if value else "false"
        case dict():
            text = "{" + ", ".join(map(str, value)) + "}"
        case list():
            text = "[" + ", ".join(shorten(item) for item in value) + "]"
        case _:
            text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def validated(model: type[M], source: Source) -> M:
    """Give `source` as an instance of `model`; raise `RuleFileError` with every fault of its shape."""
    faults = Faults(source)
    _refuse_empty_values(source.data, (), faults)
    faults.settle()
    models: dict[int, type[BaseModel]] = {}
    try:
        return model.model_validate(source.data, context={"models": models})
    except ValidationError as error:
        found = error.errors(include_url=False)
        misspelt = {
            (
                details["loc"][:-1],
                _closest(
                    str(details["loc"][-1]), models.get(id(source.at(_path_of(details["loc"][:-1], source))))
                ),
            )
            for details in found
            if details["type"] == "extra_forbidden"
        }
        for details in found:
            # A misspelt key is one fault, not two.
            if details["type"] != "missing" or (details["loc"][:-1], details["loc"][-1]) not in misspelt:
                _add_shape_fault(details, faults, models)
    faults.settle()
    raise AssertionError("a refused file has at least one fault")


def _refuse_empty_values(value: Plain, path: Path, faults: Faults) -> None:
    if value is None:
        faults.add(
            "the value is empty",
            path,
            text=path[-1] if path else None,
            remedy=_empty_remedy(path, faults.source),
        )
    elif isinstance(value, dict):
        for key, inner in value.items():
            _refuse_empty_values(inner, (*path, key), faults)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _refuse_empty_values(inner, (*path, index), faults)


def _empty_remedy(path: Path, source: Source) -> str:
    key = str(path[-1]) if path else ""
    line = source.line(path)
    before = source.lines[line - 1].partition(key)[0].rstrip() if line and key else ""
    if before.endswith(",") and not (key.isascii() and key.isidentifier()):
        # `{when: prior(x, 1) > 0}`: a comma ends a plain text within curly brackets.
        return "Put the text before it, which holds a comma, between quotation marks"
    if "facts" in path or "fixtures" in path:
        return "Write `unknown` for a missing fact"
    return "Write a value, or take the key out"


def _add_shape_fault(details: ErrorDetails, faults: Faults, models: Mapping[int, type[BaseModel]]) -> None:
    path = _path_of(details["loc"], faults.source, missing=details["type"] == "missing")
    kind, met, context = details["type"], details["input"], details.get("ctx") or {}
    if kind == "extra_forbidden":
        model = models.get(id(faults.source.at(path[:-1])))
        faults.add(
            "this key is not known here",
            path,
            text=path[-1],
            key=True,
            remedy=_known_keys(str(path[-1]), model),
        )
    elif kind == "missing":
        model = models.get(id(faults.source.at(path[:-1])))
        where = ".".join(str(step) for step in path[:-1] if isinstance(step, str))
        what = f"{where} has no `{path[-1]}`" if where else f"`{path[-1]}` is missing"
        faults.add(what, path[:-1], remedy=_missing_remedy(str(path[-1]), model))
    elif kind in ("model_type", "model_attributes_type", "dict_type"):
        faults.add("keys and values are wanted here", path, text=met, remedy=_mapping_remedy(met, path))
    elif kind in ("list_type", "tuple_type"):
        faults.add(
            "a list is wanted here", path, text=met, remedy="Write [ … ], or lines that begin with «- »"
        )
    elif kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
        faults.add(
            "this is not one of the words allowed here", path, text=met, remedy=f"Use one of {expected}"
        )
    else:
        remedy = str(context.get("remedy", "Write it as the rulebook format describes"))
        faults.add(details["msg"], path, text=met, remedy=remedy)


def _path_of(loc: Sequence[str | int], source: Source, *, missing: bool = False) -> Path:
    """Give the path in the file for pydantic's location, which also names the branches of unions."""
    path: Path = ()
    for index, step in enumerate(loc):
        last = index == len(loc) - 1
        current = source.at(path)
        known = (isinstance(current, dict) and step in current) or (
            isinstance(current, list) and isinstance(step, int)
        )
        if known or (missing and last):
            path = (*path, step)
    return path


def _keys(model: type[BaseModel] | None) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()] if model is not None else []


def _closest(key: str, model: type[BaseModel] | None) -> str | None:
    close = get_close_matches(key.lower(), _keys(model), n=1, cutoff=0.5)
    return close[0] if close else None


def _known_keys(key: str, model: type[BaseModel] | None) -> str:
    close = _closest(key, model)
    hint = f"Did you mean `{close}`? " if close else ""
    return f"{hint}Known keys are {', '.join(_keys(model))}"


def _missing_remedy(key: str, model: type[BaseModel] | None) -> str:
    for name, field in (model.model_fields if model is not None else {}).items():
        if key == (field.alias or name) and field.examples:
            return f"Add {key}: {field.examples[0]}"
    return f"Add `{key}:`"


def _mapping_remedy(met: object, path: Path) -> str:
    if isinstance(met, str) and "：" in met:
        return "Write the colon after a key as a plain «: » with a space"
    key = str(path[-1]) if path and isinstance(path[-1], str) else "key"
    if key in ("title", "label", "reading", "note"):
        return f"Write {key}: {{zh: …, en: …}}"
    return "Write it as key: value, with a space after the colon"
