"""Atoms and formulas as SQL conditions: true, false, or NULL where they are unknown.

A comparison with NULL is NULL, and SQL's AND, OR and NOT are Kleene's, so that nothing need be added.
"""

from __future__ import annotations

from collections.abc import Callable

from kaiyuan.rulebook import normal as n
from kaiyuan.rulebook.sql import fragments as f
from kaiyuan.rulebook.sql.facts import FactSql
from kaiyuan.rulebook.sql.fragments import Sql
from kaiyuan.rulebook.sql.layers import Layers


class ConditionSql:
    """Gives atoms and formulas by number; each atom and each junction is one column."""

    def __init__(
        self,
        *,
        registry: n.Registry,
        facts: FactSql,
        layers: Layers,
        form: Callable[[n.Form], Sql],
        score: Callable[[n.ScoreAtom], Sql],
    ) -> None:
        self._registry = registry
        self._facts = facts
        self._layers = layers
        self._form = form
        self._score = score

    def formula(self, number: int) -> Sql:
        """Give the condition of a formula: a column, or NOT of one."""
        formula = self._registry.formulas[number]
        if isinstance(formula, n.Signed):
            return self._signed(formula)
        name = f"_rule_{number}"
        if (found := self._layers.found(name)) is not None:
            return found
        return self._layers.item(name, "combinations", self._junction(formula))

    def _junction(self, formula: n.Formula) -> Sql:
        if isinstance(formula, n.Signed):
            return self._signed(formula)
        parts = [self._junction(part) for part in formula.parts]
        return f.every(parts) if formula.kind == "and" else f.some(parts)

    def _signed(self, signed: n.Signed) -> Sql:
        atom = self._atom(signed.atom)
        return f.opposite(atom) if signed.negated else atom

    def _atom(self, number: int) -> Sql:
        atom = self._registry.atoms[number]
        if isinstance(atom, n.FlagAtom):
            return self._facts.flag(atom.fact, atom.lag)
        if isinstance(atom, n.KnownAtom):
            return f.truth(atom.value)
        name = f"_test_{number}"
        if (found := self._layers.found(name)) is not None:
            return found
        return self._layers.item(name, "conditions", self._test(atom))

    def _test(self, atom: n.CompareAtom | n.WordAtom | n.DateAtom | n.ScoreAtom) -> Sql:
        match atom:
            case n.CompareAtom(form, op, constant):
                return f.compare(self._form(form), op, f.number(constant))
            case n.WordAtom(fact, lag, word):
                return f.compare(self._facts.word(fact, lag), "=", f.word(word))
            case n.DateAtom(fact, lag, op, day):
                return f.compare(self._facts.day(fact, lag), op, f.day(day))
            case n.ScoreAtom():
                return self._score(atom)

    def source(self, number: int) -> object:
        """Give what alone decides whether a formula is known — one form, or one column — or None if it is not one thing."""
        sources = {self._source(atom) for atom in _atoms(self._registry.formulas[number])}
        return sources.pop() if len(sources) == 1 else None

    def _source(self, number: int) -> object:
        match self._registry.atoms[number]:
            case n.CompareAtom(form, _, _):
                return form
            case n.WordAtom(fact, lag, _) | n.FlagAtom(fact, lag) | n.DateAtom(fact, lag, _, _):
                return (fact, lag)
        return None


def _atoms(formula: n.Formula) -> list[int]:
    if isinstance(formula, n.Signed):
        return [formula.atom]
    return [atom for part in formula.parts for atom in _atoms(part)]
