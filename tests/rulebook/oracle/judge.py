"""The oracle's answers: every assessment in force on a day, for one subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """What one assessment says of one subject.

    `doubtful` answers may differ in doubles and judge nobody. Without `requires` there is no tree and no
    distance, and the verdict is whether its tier, or only its score, is known.
    """

    tree: Node | None
    verdict: Truth
    distance: int | None
    low: Fraction | None
    high: Fraction | None
    tier: str | None
    amount: int | None
    doubtful: bool

    @property
    def conditions(self) -> dict[str, Truth]:
        """Give the truth of each condition by id."""
        return {leaf.id: leaf.truth for leaf in leaves(self.tree)} if self.tree is not None else {}


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
        subject.rough_scores = any("proportional" in one for one in data["score"]["indicators"])
        interval = subject.scores[""]
    tree = build(data["requires"], subject) if "requires" in data else None
    tiers = [(str(tier["id"]), _tier_truth(tier, subject)) for tier in data.get("tiers") or ()]
    answer = verdict(tree) if tree is not None else _without_conditions(tiers, interval)
    amount = award(data["award"], subject) if "award" in data and answer is True else None
    return Answer(
        tree=tree,
        verdict=answer,
        distance=distance(tree) if tree is not None else None,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        tier=_tier(tiers),
        amount=amount,
        doubtful=subject.doubtful,
    )


def _without_conditions(
    tiers: Sequence[tuple[str, Truth]], interval: tuple[Fraction, Fraction] | None
) -> Truth:
    """The question is the tier: yes when it is known, no when there is none. Or else the score: yes when known."""
    if not tiers and interval:
        return True if interval[0] == interval[1] else None
    if _tier(tiers) is not None:
        return True
    return False if all(holds is False for _, holds in tiers) else None


def _tier_truth(tier: Data, subject: Subject) -> Truth:
    return True if "otherwise" in tier else verdict(build(tier["requires"], subject))


def _tier(tiers: Iterable[tuple[str, Truth]]) -> str | None:
    """Give the first tier that holds; unknown when one before it may hold, or when none holds."""
    for name, answer in tiers:
        if answer is not False:
            return name if answer else None
    return None


def build(data: Data, subject: Subject) -> Node:
    """Give the tree of a NODE with the truth of each condition; what is switched off is left out."""
    places = iter(range(1_000_000))

    def node(part: Data) -> Node:
        if "when" in part:
            place = next(places)
            return Leaf(place, str(part.get("id", place)), truth(str(part["when"]), subject))
        word, n, parts = _group(part)
        return Group(word, tuple(node(child) for child in parts if _is_on(child)), n)

    return node(data)


def _group(part: Data) -> tuple[str, int, list[Data]]:
    word = next(key for key in ("all", "any", "none", "at_least") if key in part)
    return (word, part[word]["n"], part[word]["of"]) if word == "at_least" else (word, 0, part[word])


def _is_on(part: Data) -> bool:
    """A condition may be switched off; a group of nothing but such conditions goes with them."""
    if "when" in part:
        return bool(part.get("enabled", True))
    parts = _group(part)[2]
    return not parts or any(_is_on(child) for child in parts)
