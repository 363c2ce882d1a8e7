"""An explanation's tree as rows to read: what stands in the way first, what is unknown next, what is met last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kaiyuan.reports.checks import Check, checks_of
from kaiyuan.reports.words import say
from kaiyuan.rulebook.explanation import (
    ConditionAnswer,
    Explanation,
    FactValue,
    GroupAnswer,
    NodeAnswer,
    ScoreAnswer,
    conditions_of,
)
from kaiyuan.rulebook.expression import terms as t

Result = Literal["yes", "no", "unknown", "spare"]
Joint = Literal["all", "any", "at_least"]

_ORDER: dict[str, int] = {"no": 0, "unknown": 1, "spare": 2, "yes": 3}


@dataclass(frozen=True)
class Row:
    """One line of a reason table: a condition with its checks, or the head of a group (`answer` None).

    `result` spare: not met, but another part of its group is, so that it does not matter.
    """

    depth: int
    label: str
    clause: str
    result: Result
    checks: tuple[Check, ...]
    answer: ConditionAnswer | None

    @property
    def any_of(self) -> bool:
        """Tell whether any one of several checks is enough."""
        if self.answer is None or len(self.checks) < 2:
            return False
        return isinstance(self.answer.condition.expression, t.Or if self.answer.required else t.And)


@dataclass(frozen=True)
class Reasons:
    """The rows that decide against or leave open, the rows that are met, and how many conditions are in each."""

    open: tuple[Row, ...]
    passed: tuple[Row, ...]
    met: int
    not_met: int
    unknown: int

    @property
    def conditions(self) -> int:
        """Give the number of lines that count: top conditions, and groups as one each."""
        return self.met + self.not_met + self.unknown


def reasons(
    tree: NodeAnswer | None, *, lang: str, base_year: int, score: ScoreAnswer | None = None
) -> Reasons:
    """Give the rows of a tree; its conjunctions are taken apart, so that each part counts by itself."""
    parts = sorted(_parts(tree) if tree is not None else (), key=_rank)
    opened = [part for part in parts if part.satisfied != "yes"]
    passed = [part for part in parts if part.satisfied == "yes"]
    write = _Rows(lang, base_year, score)
    return Reasons(
        tuple(row for part in opened for row in write.rows(part, 0, spare=False)),
        tuple(row for part in passed for row in write.rows(part, 0, spare=False)),
        len(passed),
        sum(part.satisfied == "no" for part in opened),
        sum(part.satisfied == "unknown" for part in opened),
    )


def condition_label(answer: ConditionAnswer, *, lang: str) -> str:
    """Give a condition's words; one that must not hold says so."""
    label = answer.condition.words.get(lang) or answer.condition.text
    return label if answer.required else say(lang, "must_not", label=label)


def missing_facts(explanation: Explanation) -> tuple[tuple[FactValue, ConditionAnswer], ...]:
    """Give the unknown facts that keep the answer open, each with its condition, through the score too.

    What only an alternative would need, where another alternative holds already, is not among them.
    """
    e = explanation
    trees = [e.tree] if e.tree is not None and e.verdict != "yes" else []
    if e.tier is None and e.verdict != "no":
        trees += [tree for _, _, tree in e.tiers if tree is not None]
    found: list[tuple[FactValue, ConditionAnswer]] = []
    for answer in (answer for tree in trees for answer in _open_conditions(tree)):
        scored = e.score is not None and any(
            isinstance(part, t.ScoreCompare) for part in t.walk(answer.condition.expression)
        )
        found += [(fact, answer) for fact in answer.missing]
        found += [(fact, answer) for fact in _missing_in_score(answer, e)] if scored else []
    return tuple(found)


def _open_conditions(node: NodeAnswer) -> tuple[ConditionAnswer, ...]:
    if isinstance(node, ConditionAnswer):
        return (node,) if node.satisfied == "unknown" else ()
    if node.satisfied == "yes":
        return ()
    return tuple(answer for child in node.children for answer in _open_conditions(child))


def _missing_in_score(answer: ConditionAnswer, explanation: Explanation) -> tuple[FactValue, ...]:
    assert explanation.score is not None
    parts = t.walk(answer.condition.expression)
    wanted = {part.score for part in parts if isinstance(part, t.ScoreCompare)}
    return tuple(
        fact
        for indicator in explanation.score.indicators
        if indicator.low != indicator.high and wanted & {"score", indicator.group, indicator.id}
        for fact in indicator.facts
        if fact.value is None
    )


def answers_by_id(explanation: Explanation) -> dict[str, ConditionAnswer]:
    """Give the conditions of an explanation by their ids."""
    return {answer.condition.id: answer for answer in explanation.conditions()}


def joint(group: GroupAnswer) -> tuple[Joint, int]:
    """Give how the parts of a group join once every part is read as it is required, and how many must hold."""
    size = len(group.children)
    if group.kind == "at_least":
        return "at_least", group.n if group.required else size - group.n + 1
    conjunction = group.kind in ("all", "none") if group.required else group.kind == "any"
    return ("all", size) if conjunction else ("any", 1)


def _parts(node: NodeAnswer) -> tuple[NodeAnswer, ...]:
    if isinstance(node, GroupAnswer) and joint(node)[0] == "all" and (not node.words or node.kind == "none"):
        return tuple(part for child in node.children for part in _parts(child))
    return (node,)


def _rank(node: NodeAnswer) -> int:
    return _ORDER[node.satisfied]


@dataclass(frozen=True)
class _Rows:
    lang: str
    base_year: int
    score: ScoreAnswer | None

    def rows(self, node: NodeAnswer, depth: int, *, spare: bool) -> list[Row]:
        result: Result = "spare" if spare and node.satisfied != "yes" else node.satisfied
        if isinstance(node, ConditionAnswer):
            checks = checks_of(node, lang=self.lang, base_year=self.base_year, score=self.score)
            label = condition_label(node, lang=self.lang)
            return [Row(depth, label, node.condition.clause, result, checks, node)]
        kind, needed = joint(node)
        rows = [Row(depth, _group_label(node, kind, needed, self.lang), node.clause, result, (), None)]
        idle = spare or (kind != "all" and node.satisfied == "yes")
        for child in sorted(node.children, key=_rank):
            rows += self.rows(child, depth + 1, spare=idle)
        return rows


def _group_label(group: GroupAnswer, kind: Joint, needed: int, lang: str) -> str:
    rule = say(lang, f"group.{kind}", n=needed)
    words = group.words.get(lang)
    return f"{words}{say(lang, 'brackets', text=rule)}" if words and group.required else rule


def conditions_below(node: NodeAnswer | None) -> int:
    """Give how many conditions a tree has."""
    return 0 if node is None else len(conditions_of(node))
