"""The fact dictionary, from YAML to definitions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.facts import CategoryValue, FactDefinition, FactDictionary
from kaiyuan.rulebook.units import unit
from kaiyuan.rulebook.width import label_key
from kaiyuan.rulebook.yaml.faults import Faults, validated
from kaiyuan.rulebook.yaml.nodes import Path, Source, decode, read_source, source_from_data
from kaiyuan.rulebook.yaml.schema_cases import CategoryModel, FactModel, FactsFileModel

_WITH_UNIT = frozenset({"money", "number", "integer"})


def open_source(path_or_text: FilePath | str, *, file: str | None = None) -> Source:
    """Read a file (given as a `Path`) or a text; `file` is the name that messages show."""
    if isinstance(path_or_text, FilePath):
        shown = file or str(path_or_text)
        try:
            raw = path_or_text.read_bytes()
        except OSError as error:
            raise RuleError(
                "the file cannot be opened",
                file=shown,
                text=error.strerror,
                remedy="Check its name and rights",
            ) from None
        return read_source(decode(raw, file=shown), file=shown)
    return read_source(path_or_text, file=file)


def read_facts(path_or_text: FilePath | str, *, file: str | None = None, pack: str = "") -> FactDictionary:
    """Read a fact dictionary; raise `RuleError` with file, line, text and remedy when it is not acceptable."""
    return facts_of(open_source(path_or_text, file=file), pack=pack)


def facts_from_data(data: Mapping[str, object], *, file: str | None = None, pack: str = "") -> FactDictionary:
    """Read a fact dictionary from plain values of the same shape as the file."""
    return facts_of(source_from_data(data, file=file), pack=pack)


def facts_of(source: Source, *, pack: str = "") -> FactDictionary:
    """Give the dictionary of a source."""
    model = validated(FactsFileModel, source)
    faults = Faults(source)
    definitions = [_definition(name, fact, faults, pack=pack) for name, fact in model.facts.items()]
    faults.settle()
    try:
        return FactDictionary(definitions)
    except RuleError as error:
        raise error.at(file=source.file, line=line_of_word(source, str(error.text))) from None


def line_of_word(source: Source, word: str) -> int | None:
    """Give the line of the last fact that claims `word` as name, label or alias."""
    facts = source.at(("facts",))
    found: Path | None = None
    for name, fact in facts.items() if isinstance(facts, dict) else ():
        label = source.at(("facts", name, "label", "zh"))
        aliases = source.at(("facts", name, "aliases"))
        claimed: list[tuple[object, Path]] = [
            (name, ("facts", name)),
            (label, ("facts", name, "label", "zh")),
        ]
        if isinstance(fact, dict) and isinstance(aliases, list):
            claimed += [(alias, ("facts", name, "aliases", index)) for index, alias in enumerate(aliases)]
        for claim, path in claimed:
            if isinstance(claim, str) and label_key(claim) == label_key(word):
                found = path
    return source.line(found) if found is not None else None


def _definition(name: str, model: FactModel, faults: Faults, *, pack: str) -> FactDefinition:
    path: Path = ("facts", name)
    _check_unit(name, model, faults)
    if (model.type == "category") != (model.values is not None):
        faults.add(
            "a category fact has no `values`"
            if model.type == "category"
            else f"a {model.type} fact takes no `values`",
            (*path, "values") if model.values is not None else path,
            text=name,
            remedy="Add values: [{zh: 工业, en: Industry}]"
            if model.type == "category"
            else "Take values out",
        )
    if model.decimals is not None and (model.type != "number" or model.decimals > 12):
        faults.add(
            "decimals belong to facts of type number" if model.type != "number" else "too many decimals",
            (*path, "decimals"),
            text=model.decimals,
            remedy="Take decimals out" if model.type != "number" else "Use 0 to 12",
        )
    return FactDefinition(
        name=name,
        zh=model.label.zh,
        en=model.label.en or model.label.zh,
        type=model.type,
        unit=model.unit,
        period=model.period,
        privacy=model.class_,
        values=_values(model.values or [], (*path, "values"), faults),
        aliases=tuple(model.aliases),
        note_zh=(model.note.zh or "") if model.note else "",
        note_en=(model.note.en or "") if model.note else "",
        decimals=model.decimals if model.decimals is not None else 4,
        pack=pack,
    )


def _check_unit(name: str, model: FactModel, faults: Faults) -> None:
    path: Path = ("facts", name)
    if model.type == "money" and (model.unit is None or not unit(model.unit).money):
        faults.add(
            "a money fact has no unit of money",
            (*path, "unit") if model.unit is not None else path,
            text=model.unit or name,
            remedy="Add unit: 元, 万元 or 亿元",
        )
    if model.unit is not None and model.type not in _WITH_UNIT:
        remedy = "Take unit out; a ratio of 3 % is written 0.03" if model.type == "ratio" else "Take unit out"
        faults.add(f"a {model.type} fact takes no unit", (*path, "unit"), text=model.unit, remedy=remedy)
    # 分 also counts points of a score, so it may measure a number.
    if model.unit not in (None, "分") and model.type in ("number", "integer") and unit(model.unit).money:
        faults.add(
            f"a {model.type} fact is measured in money",
            (*path, "unit"),
            text=model.unit,
            remedy="Give it type: money",
        )


def _values(models: list[CategoryModel], path: Path, faults: Faults) -> tuple[CategoryValue, ...]:
    seen: dict[str, int] = {}
    for index, value in enumerate(models):
        for word in (value.zh, value.en or value.zh, *value.aliases):
            if seen.setdefault(label_key(word), index) != index:
                faults.add(
                    "this word belongs to two values of one fact",
                    (*path, index),
                    text=word,
                    remedy="Give each value its own words",
                )
        if value.zh == "unknown":
            faults.add(
                "`unknown` means that a fact is missing",
                (*path, index),
                text=value.zh,
                remedy="Choose another word",
            )
    return tuple(CategoryValue(value.zh, value.en or value.zh, tuple(value.aliases)) for value in models)
