"""Which facts a person may see, and which rules ask for a fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kaiyuan.apps.facts.rules import dictionary_of, rules_of
from kaiyuan.apps.zones.rights import Person
from kaiyuan.rulebook import compile_plan
from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.rulebook.model import Assessment
from kaiyuan.rulebook.plan import required_columns
from kaiyuan.rulebook.width import label_key

CLASSES = ("public", "internal", "confidential", "personal")
"""The classes of facts, the most open one first."""


def visible(by: Person) -> dict[str, FactDefinition]:
    """Give the facts of the zone whose class this person may see, by name."""
    return {
        name: definition
        for name, definition in dictionary_of(by.zone_id).items()
        if definition.privacy in by.classes
    }


def found(*, by: Person, words: str = "", privacy: str = "", period: str = "") -> list[FactDefinition]:
    """Give the facts a person may see whose name, label or alias holds the words, of a class, of a period."""
    key = label_key(words)
    return [
        definition
        for definition in visible(by).values()
        if (not privacy or definition.privacy == privacy)
        and (not period or definition.period == period)
        and (not key or any(key in label_key(word) for word in _words(definition)))
    ]


def asking(*, zone_id: int, fact: str, on: date) -> list[Assessment]:
    """Give the assessments in force on a day that ask for a fact."""
    plan = replace(compile_plan(rules_of(zone_id), on=on), stacking=(), budgets=())
    return [
        planned.source
        for planned in plan.assessments
        if any(
            column.partition("__")[0] == fact
            for column in required_columns(replace(plan, assessments=(planned,)))
        )
    ]


def _words(definition: FactDefinition) -> tuple[str, ...]:
    return (definition.name, definition.zh, definition.en, *definition.aliases)
