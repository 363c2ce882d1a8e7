"""Which facts a person may see."""

from __future__ import annotations

from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.zones.rights import Person
from kaiyuan.rulebook.facts import FactDefinition


def visible(by: Person) -> dict[str, FactDefinition]:
    """Give the facts of the zone whose class this person may see, by name."""
    return {
        name: definition
        for name, definition in dictionary_of(by.zone_id).items()
        if definition.privacy in by.classes
    }
