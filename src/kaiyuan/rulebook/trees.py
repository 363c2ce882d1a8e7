"""Trees of conditions in negation normal form: `none` is pushed down to the leaves, so that trees are monotone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kaiyuan.rulebook.model import ConditionNode, Node


@dataclass(frozen=True)
class Leaf:
    """A condition that must hold, or (negated) must not hold; `formula` is its number in the registry."""

    formula: int
    negated: bool
    condition: ConditionNode


@dataclass(frozen=True)
class Branch:
    """All, any, or at least n of the parts."""

    kind: Literal["all", "any", "at_least"]
    parts: tuple[Tree, ...]
    n: int = 0


Tree: TypeAlias = Leaf | Branch


def negation_normal(node: Node, formula: Callable[[ConditionNode], int], *, negated: bool = False) -> Tree:
    """Give the tree with NOT only at its leaves.

    The opposite of `all` is `any` of the opposites; of «at least n of m», «at least m − n + 1 of the opposites»;
    `none` is `all` of the opposites.
    """
    if isinstance(node, ConditionNode):
        return Leaf(formula(node), negated, node)
    inner = negated != (node.kind == "none")
    parts = tuple(negation_normal(child, formula, negated=inner) for child in node.children)
    if node.kind == "at_least":
        return Branch("at_least", parts, len(parts) - node.n + 1 if negated else node.n)
    conjunction = (node.kind == "all") != negated if node.kind != "none" else not negated
    if node.kind == "any":
        conjunction = negated
    return Branch("all" if conjunction else "any", parts)


def leaves_of(tree: Tree) -> tuple[Leaf, ...]:
    """Give the leaves of a tree in order."""
    if isinstance(tree, Leaf):
        return (tree,)
    return tuple(leaf for part in tree.parts for leaf in leaves_of(part))
