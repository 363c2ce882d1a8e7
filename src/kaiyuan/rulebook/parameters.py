"""The parameters of a day: who has which, what follows from which, and their values, anew or after a change.

A what-if changes one parameter among hundreds. Its owner, what is derived from it and what keeps its value are
looked up here, so that nothing else is touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.binding import Bound, bind_parameters
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import ParameterDefinition, Rulebook, RuleSet

Changes = Mapping[str, Fraction]
BoundBooks = Mapping[str, Mapping[str, Bound]]


class BookParameters:
    """The parameters of one rulebook on a day."""

    def __init__(self, book: Rulebook, facts: FactDictionary, on: date) -> None:
        self.book = book.id
        self.on = on
        self.definitions: dict[str, ParameterDefinition] = {d.name: d for d in book.parameters}
        self._by_fact: dict[str, str] = {}
        for definition in book.parameters:
            fact = facts.find(definition.by) if definition.by else None
            if definition.by and fact is not None:
                self._by_fact[definition.by] = fact.name

    def bound(self, changes: Changes, kept: Mapping[str, Bound] | None = None) -> dict[str, Bound]:
        """Give every parameter's value; `kept` are values already settled."""
        own = {name.removeprefix(f"{self.book}."): value for name, value in changes.items()}
        return bind_parameters(self.definitions, on=self.on, by_fact=self._by_fact, changes=own, kept=kept)

    def following(self, names: Iterable[str]) -> frozenset[str]:
        """Give some parameters and all that are derived from them, over any number of steps."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._followers.get(name, ())
        return frozenset(found)

    @cached_property
    def _followers(self) -> dict[str, list[str]]:
        followers: dict[str, list[str]] = {}
        for name, definition in self.definitions.items():
            value = definition.on(self.on)
            if value is not None and not isinstance(value.value, Fraction | tuple):
                for used in t.parameters_used(value.value):
                    followers.setdefault(used, []).append(name)
        return followers


@dataclass(frozen=True, eq=False)
class DayParameters:
    """The parameters of all rulebooks in force on a day, by rulebook; plans of that day share it."""

    books: Mapping[str, BookParameters]

    @classmethod
    def of(cls, rules: RuleSet, on: date) -> DayParameters:
        """Gather the parameters of what is in force on a day."""
        return cls(
            {
                book.id: BookParameters(book, rules.facts, on)
                for book in rules.rulebooks
                if book.window.holds(on)
            }
        )

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        owners: dict[str, list[str]] = {}
        for book in self.books.values():
            for name in book.definitions:
                owners.setdefault(name, []).append(book.book)
                owners.setdefault(f"{book.book}.{name}", []).append(book.book)
        return owners

    def owner(self, name: str) -> str:
        """Give the rulebook that a changed parameter belongs to.

        Raises `RuleError` when it is unknown on the day, or its name is ambiguous.
        """
        found = self._owners.get(name.partition("[")[0])
        if not found:
            known = ", ".join(sorted(key for key in self._owners if "." not in key)) or "none"
            raise RuleError(
                "no parameter has this name on that day", text=name, remedy=f"Known parameters: {known}"
            )
        if len(found) > 1:
            raise RuleError(
                "several rulebooks have a parameter of this name",
                text=name,
                remedy="Write " + " or ".join(f"{owner}.{name}" for owner in found),
            )
        return found[0]

    def bound(self, changes: Changes) -> dict[str, dict[str, Bound]]:
        """Give every parameter's value, by rulebook and name, with some of them changed."""
        for name in changes:
            self.owner(name)
        return {name: book.bound(changes) for name, book in self.books.items()}

    def changed(
        self, bound: BoundBooks, before: Changes, after: Changes
    ) -> tuple[BoundBooks, Mapping[str, frozenset[str]]]:
        """Give the values under other changes, and by rulebook the names whose value is another one now.

        `bound` are the values under the changes `before`; `after` holds at least their names.
        """
        asked: dict[str, list[str]] = {}
        for name, value in after.items():
            if before.get(name) != value:
                owner = self.owner(name)
                asked.setdefault(owner, []).append(name.partition("[")[0].removeprefix(f"{owner}."))
        fresh, moved = dict(bound), {}
        for owner, names in asked.items():
            old, affected = bound[owner], self.books[owner].following(names)
            kept = dict(old)
            for name in affected:
                del kept[name]
            fresh[owner] = self.books[owner].bound(after, kept)
            moved[owner] = frozenset(name for name in affected if fresh[owner][name] != old[name])
        return fresh, moved
