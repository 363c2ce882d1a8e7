"""Trees of conditions whose truth is known: the verdict, and what must change, by trying everything.

Nothing here is clever. The distance and the minimal sets are found by changing every possible set of
conditions and looking at the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import combinations

from tests.rulebook.oracle.truth import Truth, at_least, conjunction, disjunction, negation

FAR = 4  # what the evaluator writes for "more than three"


@dataclass(frozen=True)
class Leaf:
    """One occurrence of a condition. The place tells occurrences apart; two may share one expression."""

    place: int
    id: str
    truth: Truth


@dataclass(frozen=True)
class Group:
    """`all`, `any`, `none` or `at_least` n of some nodes."""

    word: str
    children: tuple[Node, ...]
    n: int = 0


Node = Leaf | Group


def verdict(node: Node, changed: Mapping[int, bool] | None = None) -> Truth:
    """Give the truth of a tree; `changed` gives some occurrences, by place, another truth."""
    if isinstance(node, Leaf):
        return (changed or {}).get(node.place, node.truth)
    values = [verdict(child, changed) for child in node.children]
    match node.word:
        case "all":
            return conjunction(values)
        case "any":
            return disjunction(values)
        case "none":
            return negation(disjunction(values))
        case "at_least":
            return at_least(node.n, values)
    raise ValueError(f"no such group: {node.word}")


def leaves(node: Node) -> Iterator[Leaf]:
    """Give every occurrence of a condition, from left to right."""
    if isinstance(node, Leaf):
        yield node
    else:
        for child in node.children:
            yield from leaves(child)


def wanted(node: Node, positive: bool = True) -> dict[int, bool]:
    """Give, for each place, the truth that helps: true, or false under an odd number of `none`."""
    if isinstance(node, Leaf):
        return {node.place: positive}
    below = not positive if node.word == "none" else positive
    return {place: truth for child in node.children for place, truth in wanted(child, below).items()}


def changeable(node: Node) -> dict[int, bool]:
    """Give the places that are not yet as they should be, with the truth they should have."""
    now = {leaf.place: leaf.truth for leaf in leaves(node)}
    return {place: truth for place, truth in wanted(node).items() if now[place] is not truth}


def distance(node: Node) -> int:
    """Give the least number of occurrences to change for a certain yes, or FAR for more than three."""
    candidates = changeable(node)
    for size in range(FAR):
        for places in combinations(candidates, size):
            if verdict(node, {place: candidates[place] for place in places}) is True:
                return size
    return FAR


def minimal_sets(node: Node) -> set[frozenset[int]]:
    """Give every set of places whose change makes a certain yes while no smaller part of it does."""
    candidates = changeable(node)
    found: set[frozenset[int]] = set()
    for size in range(len(candidates) + 1):
        for places in combinations(candidates, size):
            chosen = frozenset(places)
            if any(smaller <= chosen for smaller in found):
                continue
            if verdict(node, {place: candidates[place] for place in places}) is True:
                found.add(chosen)
    return found


def shortest(sets: Set[frozenset[int]]) -> set[frozenset[int]]:
    """Give the sets of the smallest size among `sets`."""
    least = min((len(one) for one in sets), default=0)
    return {one for one in sets if len(one) == least}
