"""Layers of SQL: each computed column stands in one common table expression, after everything it needs.

Items come in any order; a layer takes all items of one kind whose needs are met, the earliest kind first. So
quantities stand before the conditions on them, conditions before the scores that count them, and so on, and no
item is computed twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from kaiyuan.rulebook.sql.fragments import Sql, column

Kind = Literal["quantities", "conditions", "combinations", "points", "verdicts", "amounts"]

KINDS: tuple[Kind, ...] = ("quantities", "conditions", "combinations", "points", "verdicts", "amounts")
PREFIX = "kaiyuan_"
# Some engines cut longer names off.
_LONGEST_NAME = 48


@dataclass
class _Item:
    kind: Kind
    value: Sql
    needs: frozenset[str]
    used_by: list[str] = field(default_factory=list)


class Layers:
    """Computed columns by name, to be arranged into common table expressions."""

    def __init__(self, *, materialised: bool) -> None:
        self._materialised = materialised
        self._facts: dict[str, Sql] = {}
        self._items: dict[str, _Item] = {}
        self._spelled: dict[str, str] = {}
        self._taken: set[str] = set()

    def fact(self, name: str, value: Sql) -> exp.Column:
        """Read a column of the source table, once; give the column to use."""
        self._facts.setdefault(name, value)
        return column(name)

    def found(self, name: str) -> exp.Column | None:
        """Give the column of this name, if it has been computed."""
        return column(self._spelled[name]) if name in self._spelled else None

    def item(self, name: str, kind: Kind, value: Sql) -> exp.Column:
        """Compute a column, once; give the column to use."""
        if name not in self._spelled:
            spelled = self._spelled[name] = self._free(name)
            needs = frozenset(found.name for found in value.find_all(exp.Column))
            self._items[spelled] = _Item(kind, value, needs)
        return column(self._spelled[name])

    def _free(self, name: str) -> str:
        # Several engines do not tell A from a, even between quotation marks.
        name = name[:_LONGEST_NAME]
        number, spelled = 1, name
        while spelled.casefold() in self._taken:
            number += 1
            spelled = f"{name}_{number}"
        self._taken.add(spelled.casefold())
        return spelled

    def note(self, value: Sql, rule: str) -> None:
        """Remember which rule uses a column, for a comment beside it."""
        for found in value.find_all(exp.Column):
            item = self._items.get(found.name)
            if item is not None and rule not in item.used_by:
                item.used_by.append(rule)

    @property
    def width(self) -> int:
        """Give the number of columns of the last layer."""
        return len(self._facts) + len(self._items)

    def query(
        self, *, source: exp.Table, subjects: Sequence[str], answers: Sequence[tuple[str, Sql]]
    ) -> exp.Select:
        """Give the whole query: the source's facts, the layers, and the answers by their output names."""
        first = [column(name) for name in subjects]
        select = exp.Select(expressions=first).from_(source, copy=False)
        for name, value in self._facts.items():
            select.append("expressions", exp.alias_(value, name, quoted=True, copy=False))
        tables = [("facts", select)]
        done = set(self._facts)
        for title, names in self._arranged(done):
            select = exp.Select(expressions=[exp.Star()]).from_(_table(tables[-1][0]), copy=False)
            for name in names:
                select.append("expressions", self._computed(name))
            tables.append((title, select))
        final = exp.Select(expressions=[column(name) for name in subjects]).from_(
            _table(tables[-1][0]), copy=False
        )
        for name, value in answers:
            final.append("expressions", exp.alias_(value, name, quoted=True, copy=False))
        for title, select in tables:
            final = final.with_(
                exp.to_identifier(PREFIX + title, quoted=True),
                as_=select,
                materialized=self._materialised or None,
                copy=False,
            )
        return final

    def _computed(self, name: str) -> Sql:
        item = self._items[name]
        alias = exp.alias_(item.value, name, quoted=True, copy=False)
        if item.used_by:
            more = ", …" if len(item.used_by) > 2 else ""
            alias.add_comments([", ".join(item.used_by[:2]) + more])
        return alias

    def _arranged(self, done: set[str]) -> list[tuple[str, list[str]]]:
        waiting = dict(self._items)
        layers: list[tuple[str, list[str]]] = []
        rounds = dict.fromkeys(KINDS, 0)
        while waiting:
            # The earliest kind that can go on goes first, so that verdicts and amounts come last.
            kind, ready = next(
                (kind, names)
                for kind in KINDS
                if (names := [n for n, i in waiting.items() if i.kind == kind and i.needs <= done])
            )
            rounds[kind] += 1
            layers.append((kind if rounds[kind] == 1 else f"{kind}_{rounds[kind]}", ready))
            done.update(ready)
            for name in ready:
                del waiting[name]
        return layers


def _table(title: str) -> exp.Table:
    return exp.table_(exp.to_identifier(PREFIX + title, quoted=True))
