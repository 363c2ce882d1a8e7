"""Parameters: dated constants, tables by category, and values that follow from other parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaiyuan.rulebook.expression import ParameterType
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.rulebook.model import ParameterDefinition, ParameterValue, Words
from kaiyuan.rulebook.units import NUMBER, Unit, unit
from kaiyuan.rulebook.yaml.context import Context, words
from kaiyuan.rulebook.yaml.fields import written
from kaiyuan.rulebook.yaml.nodes import Path
from kaiyuan.rulebook.yaml.schema import ParameterModel, ParameterValueModel


@dataclass(frozen=True)
class _Draft:
    name: str
    words: Words
    by: FactDefinition | None
    values: tuple[ParameterValueModel, ...]
    path: Path
    values_path: Path
    unit: Unit | None


def read_parameters(
    context: Context, models: Mapping[str, list[ParameterValueModel] | ParameterModel], *, rulebook: str
) -> tuple[ParameterDefinition, ...]:
    """Give the parameters of a rulebook, and put their types into `context` for its expressions.

    Numbers and tables come in one unit, that of the parameter's first value (`ParameterValue.unit`); a derived
    expression gives base units. The text stays as written.
    """
    drafts = [_draft(context, name, model) for name, model in models.items()]
    context.parameters = {
        draft.name: ParameterType(draft.unit, draft.by.name if draft.by is not None else None)
        for draft in drafts
    }
    definitions = tuple(_definition(context, draft, rulebook=rulebook) for draft in drafts)
    _refuse_cycles(context, definitions)
    return definitions


def _draft(context: Context, name: str, model: list[ParameterValueModel] | ParameterModel) -> _Draft:
    path: Path = ("parameters", name)
    if isinstance(model, list):
        return _Draft(name, Words(), None, tuple(model), path, path, _declared_unit(context, model, path))
    values_path = (*path, "values")
    by = _category(context, model.by, (*path, "by")) if model.by is not None else None
    declared = _declared_unit(context, model.values, values_path)
    return _Draft(name, words(model.title), by, tuple(model.values), path, values_path, declared)


def _category(context: Context, name: str, path: Path) -> FactDefinition | None:
    fact = context.facts.find(name)
    if fact is None:
        close = context.facts.suggestions(name)
        hint = f"Did you mean {' or '.join(close)}? " if close else ""
        context.faults.add(
            "no fact has this name", path, text=name, remedy=f"{hint}Add it to the pack's facts.yaml"
        )
    elif fact.type != "category":
        context.faults.add(
            f"a table needs a category fact, {fact.zh} is {fact.type}",
            path,
            text=name,
            remedy="Name a category fact",
        )
        return None
    return fact


def _declared_unit(context: Context, values: list[ParameterValueModel], path: Path) -> Unit | None:
    declared = [unit(value.unit) if value.unit is not None else None for value in values]
    first = declared[0]
    for index, other in enumerate(declared):
        if (other or NUMBER).dimensions != (first or NUMBER).dimensions or (other is None) != (first is None):
            context.faults.add(
                f"the values of one parameter have two units, {first or 'none'} and {other or 'none'}",
                (*path, index, "unit") if other is not None else (*path, index),
                text=values[index].unit or written(values[index].value),
                remedy="Give all values of a parameter one kind of unit",
            )
            break
    return first


def _definition(context: Context, draft: _Draft, *, rulebook: str) -> ParameterDefinition:
    values: list[ParameterValue] = []
    for index, model in enumerate(draft.values):
        path = (*draft.values_path, index)
        if values and model.from_ <= values[-1].start:
            same = model.from_ == values[-1].start
            context.faults.add(
                f"two values of {draft.name} begin on one day"
                if same
                else f"the values of {draft.name} are not sorted",
                (*path, "from"),
                text=model.from_.isoformat(),
                remedy="Give each day one value" if same else "Put the earliest value first",
            )
        content = _content(context, draft, model, (*path, "value"))
        text = (
            model.value
            if isinstance(model.value, str)
            else ""
            if isinstance(model.value, dict)
            else written(model.value)
        )
        values.append(ParameterValue(model.from_, content, draft.unit, text, context.place((*path, "from"))))
    by = draft.by.name if draft.by is not None else None
    return ParameterDefinition(
        draft.name, rulebook, tuple(values), draft.words, by, context.place(draft.path)
    )


def _content(
    context: Context, draft: _Draft, model: ParameterValueModel, path: Path
) -> Fraction | t.Numeric | tuple[tuple[str, Fraction], ...]:
    own = unit(model.unit) if model.unit is not None else NUMBER
    factor = own.factor / (draft.unit or NUMBER).factor
    table_wanted = "by" in _keys(context, draft.path)
    if isinstance(model.value, dict):
        if not table_wanted:
            context.faults.add(
                "this table does not say by which fact",
                path,
                text=model.value,
                remedy="Add by: and the category fact beside values:",
            )
        return _table(context, draft.by, model.value, factor, path)
    if table_wanted:
        context.faults.add(
            "a table by category is wanted here",
            path,
            text=written(model.value),
            remedy="Write value: {word: number, …}, or take `by` out",
        )
    if isinstance(model.value, Fraction):
        return model.value * factor
    return _derived(context, draft, model.value, own if model.unit is not None else None, path)


def _keys(context: Context, path: Path) -> tuple[str, ...]:
    found = context.source.at(path)
    return tuple(found) if isinstance(found, dict) else ()


def _table(
    context: Context, by: FactDefinition | None, table: Mapping[str, Fraction], factor: Fraction, path: Path
) -> tuple[tuple[str, Fraction], ...]:
    entries: dict[str, Fraction] = {}
    for word, number in table.items():
        canonical = by.category(word) if by is not None else word
        if by is not None and canonical is None:
            known = "、".join(value.zh for value in by.values)
            context.faults.add(
                f"{by.zh} has no such value",
                (*path, word),
                text=word,
                key=True,
                remedy=f"Its values are {known}",
            )
            continue
        if canonical in entries:
            context.faults.add(
                "two entries mean the same word",
                (*path, word),
                text=word,
                key=True,
                remedy=f"Keep one entry for {canonical}",
            )
        entries[canonical or word] = number * factor
    return tuple(entries.items())


def _derived(context: Context, draft: _Draft, text: str, own: Unit | None, path: Path) -> t.Numeric:
    before = len(context.faults.found)
    term, found = context.value(text, path, written=own)
    if len(context.faults.found) > before:
        return term
    used = t.facts_used(term)
    if used:
        context.faults.add(
            f"the value of parameter {draft.name} depends on the fact {context.facts[used[0][0]].zh}",
            path,
            text=text,
            remedy="Use numbers and other parameters here, and the fact in the condition",
        )
    if own is None and not found.plain:
        context.faults.add(
            f"the value is in {found.written}, but the parameter has no unit",
            path,
            text=text,
            remedy=f"Add unit: {found.written}",
        )
    tables = [name for name in sorted(t.parameters_used(term)) if context.parameters[name].by is not None]
    if tables:
        context.faults.add(
            f"the value of parameter {draft.name} depends on a table by category, {tables[0]}",
            path,
            text=text,
            remedy="Give it a table of its own, or use the table in the condition",
        )
    return term


def _refuse_cycles(context: Context, definitions: tuple[ParameterDefinition, ...]) -> None:
    uses: dict[str, list[str]] = {definition.name: [] for definition in definitions}
    for definition in definitions:
        for value in definition.values:
            if not isinstance(value.value, Fraction | tuple):
                uses[definition.name].extend(sorted(t.parameters_used(value.value)))
    done: set[str] = set()
    for name in uses:
        chain = _cycle_from(name, uses, done)
        if chain:
            context.faults.add(
                "parameters refer to each other in a circle",
                ("parameters", chain[0]),
                text=" → ".join(chain),
                remedy="Give one of them a number",
            )
            return


def _cycle_from(start: str, uses: Mapping[str, list[str]], done: set[str]) -> list[str]:
    chain: list[str] = []
    waiting: list[tuple[str, bool]] = [(start, False)]
    while waiting:
        name, leaving = waiting.pop()
        if leaving:
            chain.pop()
            done.add(name)
            continue
        if name in chain:
            return [*chain[chain.index(name) :], name]
        if name in done:
            continue
        chain.append(name)
        waiting.append((name, True))
        waiting.extend((used, False) for used in reversed(uses.get(name, [])))
    return []
