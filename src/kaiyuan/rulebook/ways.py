"""The shortest ways to yes: minimal sets of conditions whose change makes the verdict certainly yes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import TypeAlias

from kaiyuan.rulebook.trees import Leaf, Tree

Way: TypeAlias = frozenset[str]

# Beyond this many ways at one place of a tree the longest are dropped; nobody chooses among thousands.
MOST_WAYS = 2000


def ways_to_yes(tree: Tree, holds: Callable[[Leaf], bool]) -> tuple[Way, ...]:
    """Give the minimal sets of condition ids that must change, shortest first.

    `holds` tells whether a leaf is certainly as required. A set is minimal when none of its parts suffices.
    An empty set alone means that the verdict is yes already; no set at all, that nothing makes it yes.
    """
    ways = _ways(tree, holds)
    return tuple(sorted(ways, key=lambda way: (len(way), sorted(way))))


def _ways(tree: Tree, holds: Callable[[Leaf], bool]) -> tuple[Way, ...]:
    if isinstance(tree, Leaf):
        return (frozenset(),) if holds(tree) else (frozenset({tree.condition.id}),)
    parts = [_ways(part, holds) for part in tree.parts]
    if tree.kind == "all":
        return _together(parts)
    if tree.kind == "any":
        return _minimal(way for part in parts for way in part)
    if tree.n <= 0:
        return (frozenset(),)
    return _minimal(way for chosen in combinations(parts, tree.n) for way in _together(chosen))


def _together(parts: Iterable[tuple[Way, ...]]) -> tuple[Way, ...]:
    result: tuple[Way, ...] = (frozenset(),)
    for part in parts:
        result = _minimal(first | second for first in result for second in part)
    return result


def _minimal(ways: Iterable[Way]) -> tuple[Way, ...]:
    kept: list[Way] = []
    for way in sorted(set(ways), key=len):
        if len(kept) == MOST_WAYS:
            break
        if not any(shorter <= way for shorter in kept):
            kept.append(way)
    return tuple(kept)
