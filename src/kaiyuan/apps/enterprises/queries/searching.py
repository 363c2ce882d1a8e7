"""One field finds enterprises, rules and facts."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.enterprises.queries.firms import found
from kaiyuan.apps.facts.rules import rules_of
from kaiyuan.apps.zones.rights import Person, require
from kaiyuan.rulebook import FactDefinition
from kaiyuan.rulebook.model import Assessment


@dataclass(frozen=True)
class Found:
    """What some words found."""

    firms: tuple[Enterprise, ...]
    rules: tuple[Assessment, ...]
    facts: tuple[FactDefinition, ...]

    @property
    def anything(self) -> bool:
        """Tell whether anything was found."""
        return bool(self.firms or self.rules or self.facts)


def search(*, by: Person, words: str, most: int) -> Found:
    """Give up to `most` of each kind that a person may see."""
    require(by, "search.read")
    wanted = [unicodedata.normalize("NFKC", word).lower() for word in words.split()]
    if not wanted:
        return Found((), (), ())
    rules = rules_of(by.zone_id)
    # The newest version of an assessment stands for all.
    questions = {a.id: a for book in rules.rulebooks for a in book.assessments}.values()
    return Found(
        tuple(found(by=by, words=words, most=most)),
        tuple(
            a
            for a in questions
            if _holds(wanted, a.id, a.title.zh, a.title.en, a.document.title, a.document.number)
        )[:most],
        tuple(
            fact
            for fact in rules.facts.values()
            if _holds(wanted, fact.name, fact.zh, fact.en, *fact.aliases)
        )[:most],
    )


def _holds(wanted: list[str], *texts: str) -> bool:
    everything = unicodedata.normalize("NFKC", "\n".join(texts)).lower()
    return all(word in everything for word in wanted)
