"""Cases: facts as people write them become canonical values by column; expectations name what they expect of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction

from pydantic_core import PydanticCustomError

from kaiyuan.rulebook.expression.functions import MAX_LAG
from kaiyuan.rulebook.facts import FactDefinition, FactDictionary
from kaiyuan.rulebook.model import Assessment, ConditionNode, ExpectedAnswer, GroupNode, Node, Place, RuleCase
from kaiyuan.rulebook.units import FEN_PER_YUAN, unit
from kaiyuan.rulebook.yaml.faults import Faults
from kaiyuan.rulebook.yaml.fields import refuse, written
from kaiyuan.rulebook.yaml.nodes import Path, Source
from kaiyuan.rulebook.yaml.schema_cases import CaseModel, ExpectedModel

UNKNOWN = "unknown"


@dataclass(frozen=True)
class CasesPart:
    """The cases and fixtures of one file."""

    source: Source
    fixtures: Mapping[str, Mapping[str, object]]
    cases: Sequence[CaseModel]
    faults: Faults


def read_cases(parts: Sequence[CasesPart], *, facts: FactDictionary) -> tuple[RuleCase, ...]:
    """Give the cases of a rulebook, from its own file (the first part) and those beside it.

    The fixtures of the rulebook's own file serve all files; those of a file of cases serve that file.
    """
    shared: dict[str, dict[str, object]] = {}
    cases: list[RuleCase] = []
    for part in parts:
        names: dict[str, int] = {}
        fixtures = dict(shared)
        for name, written_facts in part.fixtures.items():
            path: Path = ("fixtures", name)
            if name in shared:
                part.faults.add(
                    "the rulebook's own file has a fixture of this name",
                    path,
                    text=name,
                    key=True,
                    remedy="Use that one, or give this one another name",
                )
            fixtures[name] = columns(written_facts, path, part=part, facts=facts)
        if part is parts[0]:
            shared = fixtures
        for index, model in enumerate(part.cases):
            path = ("cases", index)
            case = _case(model, path, part=part, facts=facts, fixtures=fixtures)
            if case.name in names:
                first = f"; first in line {names[case.name]}" if names[case.name] else ""
                part.faults.add(
                    f"two cases of one file have this name{first}",
                    (*path, "name"),
                    text=case.name,
                    remedy="Say what differs",
                )
            names.setdefault(case.name, case.place.line)
            cases.append(case)
    return tuple(cases)


def _case(
    model: CaseModel,
    path: Path,
    *,
    part: CasesPart,
    facts: FactDictionary,
    fixtures: Mapping[str, Mapping[str, object]],
) -> RuleCase:
    values: dict[str, object] = {}
    if model.like is not None:
        if model.like not in fixtures:
            close = get_close_matches(model.like, fixtures, n=1)
            hint = f"Did you mean {close[0]}? " if close else ""
            known = ", ".join(fixtures) or "none"
            part.faults.add(
                "no fixture has this name",
                (*path, "like"),
                text=model.like,
                remedy=f"{hint}Known fixtures: {known}",
            )
        values |= fixtures.get(model.like, {})
    values |= columns(model.facts, (*path, "facts"), part=part, facts=facts)
    expect = {name: _expected(expected) for name, expected in model.expect.items()}
    for name, expected in model.expect.items():
        if not expected.model_fields_set:
            part.faults.add(
                "nothing is expected here",
                (*path, "expect", name),
                text=name,
                remedy="Write verdict: yes, no or unknown",
            )
    place = Place(part.source.file or "", part.source.line(path) or 0)
    return RuleCase(model.name, model.on, values, expect, place)


def _expected(model: ExpectedModel) -> ExpectedAnswer:
    return ExpectedAnswer(
        model.verdict, model.distance, model.score, model.tier, model.amount, dict(model.conditions)
    )


def columns(
    written_facts: Mapping[str, object], path: Path, *, part: CasesPart, facts: FactDictionary
) -> dict[str, object]:
    """Give facts as people write them as canonical values by column; None stands for a fact stated as unknown.

    Money comes as whole fen, other numbers as they are written, categories as their Chinese word.
    """
    result: dict[str, object] = {}
    for name, content in written_facts.items():
        place = (*path, name)
        fact = facts.find(name)
        if fact is None:
            close = facts.suggestions(name)
            hint = f"Did you mean {' or '.join(close)}? " if close else ""
            part.faults.add(
                "no fact has this name", place, text=name, key=True,
                remedy=f"{hint}Add it to the pack's facts.yaml, or correct the name",
            )  # fmt: skip
            continue
        if fact.name in result:
            part.faults.add(
                "this fact is given twice", place, text=name, key=True, remedy="Keep one of its names"
            )
        years = content if isinstance(content, list) else [content]
        if isinstance(content, list) and fact.period != "year":
            part.faults.add(
                f"{fact.zh} is not a yearly fact",
                place,
                text=content,
                remedy="Give it one value, not a list of years",
            )
            continue
        if not 1 <= len(years) <= MAX_LAG + 1:
            part.faults.add(
                f"{len(years)} years are out of range",
                place,
                text=content,
                remedy=f"Give 1 to {MAX_LAG + 1} years",
            )
            continue
        for lag, value in enumerate(years):
            at = (*place, lag) if isinstance(content, list) else place
            result[fact.column(lag=lag)] = _canonical(fact, value, at, part)
    return result


def _canonical(fact: FactDefinition, value: object, path: Path, part: CasesPart) -> object:
    try:
        return None if value == UNKNOWN else canonical_value(fact, value)
    except PydanticCustomError as error:
        context = error.context or {}
        shown = value if isinstance(value, bool | str) else written(value)
        part.faults.add(
            f"{fact.zh}: {error.message()}", path, text=shown, remedy=str(context.get("remedy", ""))
        )
        return None


def canonical_value(fact: FactDefinition, value: object) -> object:
    """Give the value a canonical table holds for `value` as people write it, in the dictionary's unit."""
    match fact.type:
        case "boolean":
            if isinstance(value, bool):
                return value
            refuse("true or false is wanted here", "Write true, false or unknown")
        case "category":
            word = fact.category(value) if isinstance(value, str) else None
            if word is not None:
                return word
            known = "、".join(choice.zh for choice in fact.values)
            refuse("this is not one of its words", f"Its values are {known}")
        case "text":
            if isinstance(value, str):
                return value
            refuse("a text is wanted here", "Put it between quotation marks")
        case "date":
            return _day(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        refuse("a number is wanted here", f"Write digits only, in {fact.unit or 'plain numbers'}, or unknown")
    number = Fraction(value)
    if fact.type == "money":
        fen = number * unit(fact.unit).factor * FEN_PER_YUAN
        if fen.denominator != 1:
            refuse("this is not a whole number of 分", "Write fewer decimals")
        return int(fen)
    if fact.type == "integer":
        if number.denominator != 1:
            refuse("a whole number is wanted here", "Write it without decimals")
        return int(number)
    return float(number)


def _day(value: object) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    refuse("a day is wanted here", "Write it as 2026-04-01")


def refuse_unknown_expectations(
    part: CasesPart, *, versions: Mapping[str, Sequence[Assessment]], own: bool = True
) -> None:
    """Collect the fault of every expectation of an assessment, condition, tier or amount that is nowhere defined."""
    for index, model in enumerate(part.cases):
        for name, expected in model.expect.items():
            path: Path = ("cases", index, "expect", name)
            found = versions.get(name)
            if not found:
                close = get_close_matches(name, versions, n=1, cutoff=0.5)
                hint = f"Did you mean {close[0]}? " if close else ""
                scope = "Assessments of this rulebook" if own else "Assessments that were loaded"
                part.faults.add(
                    "no assessment has this id",
                    path,
                    text=name,
                    key=True,
                    remedy=f"{hint}{scope}: {', '.join(versions) or 'none'}",
                )
                continue
            _refuse_unknown_parts(part, expected, path, found)


def _refuse_unknown_parts(
    part: CasesPart, expected: ExpectedModel, path: Path, versions: Sequence[Assessment]
) -> None:
    conditions = {node.id for version in versions for root in _roots(version) for node in leaves(root)}
    off = {node.id for version in versions for node in version.disabled_conditions}
    for condition in expected.conditions:
        if condition not in conditions:
            close = get_close_matches(condition, conditions, n=1, cutoff=0.5)
            hint = f"Did you mean {close[0]}? " if close else ""
            message = "this condition is switched off" if condition in off else "no condition has this id"
            part.faults.add(
                message,
                (*path, "conditions", condition),
                text=condition,
                key=True,
                remedy=f"{hint}Conditions of {versions[0].id}: {', '.join(sorted(conditions)) or 'none'}",
            )
    tiers = list(dict.fromkeys(tier.id for version in versions for tier in version.tiers))
    if expected.tier not in (None, UNKNOWN, *tiers):
        part.faults.add(
            "no tier has this id",
            (*path, "tier"),
            text=expected.tier,
            remedy=f"Tiers of {versions[0].id}: {', '.join(tiers) or 'none'}",
        )
    if expected.score is not None and not any(version.score for version in versions):
        part.faults.add(
            "this assessment has no score", (*path, "score"), text=versions[0].id, remedy="Take score out"
        )
    if expected.amount is not None and not any(version.award for version in versions):
        part.faults.add(
            "this assessment has no award", (*path, "amount"), text=versions[0].id, remedy="Take amount out"
        )


def _roots(assessment: Assessment) -> Iterator[Node]:
    if assessment.requires is not None:
        yield assessment.requires
    yield from (tier.requires for tier in assessment.tiers if tier.requires is not None)


def leaves(node: Node) -> Iterator[ConditionNode]:
    """Give the conditions of a tree, from top to bottom."""
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, GroupNode):
            waiting.extend(reversed(current.children))
        else:
            yield current
