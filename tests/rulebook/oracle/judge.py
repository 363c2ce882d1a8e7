"""The oracle's answers: every assessment in force on a day, for one subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from tests.rulebook.oracle.awards import award
from tests.rulebook.oracle.expressions import truth
from tests.rulebook.oracle.scores import score
from tests.rulebook.oracle.subject import Subject
from tests.rulebook.oracle.trees import Group, Leaf, Node, distance, leaves, verdict
from tests.rulebook.oracle.truth import Truth

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What one assessment says of one subject. `doubtful` answers may differ in doubles and judge nobody."""

    tree: Node
    verdict: Truth
    distance: int
    low: Fraction | None
    high: Fraction | None
    tier: str | None
    amount: int | None
    doubtful: bool

    @property
    def conditions(self) -> dict[str, Truth]:
        """Give the truth of each condition by id."""
        return {leaf.id: leaf.truth for leaf in leaves(self.tree)}


def judge(rulebooks: Iterable[Data], subject: Subject) -> dict[str, Answer]:
    """Answer every assessment that is switched on and in force on the subject's day, by id."""
    return {
        name: _answer(data, replace(subject, parameters=rulebook.get("parameters") or {}, doubtful=False))
        for rulebook, name, data in in_force(rulebooks, subject.on)
    }


def in_force(rulebooks: Iterable[Data], on: date) -> Iterator[tuple[Data, str, Data]]:
    """Give the rulebook, id and data of the assessments in force on a day."""
    for rulebook in rulebooks:
        for name, data in rulebook["assessments"].items():
            windows = (rulebook.get("effective") or {}, data.get("effective") or {})
            if data.get("enabled", True) and all(_within(on, window) for window in windows):
                yield rulebook, name, data


def _within(on: date, window: Data) -> bool:
    return window.get("from", date.min) <= on <= window.get("to", date.max)


def _answer(data: Data, subject: Subject) -> Answer:
    interval = None
    if "score" in data:
        subject.scores = score(data["score"], subject)
        interval = subject.scores[""]
    tree = build(data.get("requires") or {"all": []}, subject)
    answer = verdict(tree)
    amount = award(data["award"], subject) if "award" in data and answer is True else None
    return Answer(
        tree=tree,
        verdict=answer,
        distance=distance(tree),
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        tier=_tier(data.get("tiers") or (), subject),
        amount=amount,
        doubtful=subject.doubtful,
    )


def _tier(tiers: Iterable[Data], subject: Subject) -> str | None:
    for tier in tiers:
        if "otherwise" in tier:
            return str(tier["id"])
        answer = verdict(build(tier["requires"], subject))
        if answer is True:
            return str(tier["id"])
        if answer is None:
            return None
    return None


def build(data: Data, subject: Subject) -> Node:
    """Give the tree of a NODE with the truth of each condition; what is switched off is left out."""
    places = iter(range(1_000_000))

    def node(part: Data) -> Node:
        if "when" in part:
            place = next(places)
            return Leaf(place, str(part.get("id", place)), truth(str(part["when"]), subject))
        word = next(key for key in ("all", "any", "none", "at_least") if key in part)
        n, parts = (part[word]["n"], part[word]["of"]) if word == "at_least" else (0, part[word])
        return Group(word, tuple(node(child) for child in parts if child.get("enabled", True)), n)

    return node(data)
