"""Trees of conditions in negation normal form: `none` is pushed down to the leaves, so that trees are monotone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from kaiyuan.rulebook.model import ConditionNode, Node


@dataclass(frozen=True)
class Leaf:
    """A condition that must hold, or (negated) must not hold; `formula` is its number in the registry."""

    formula: int
    negated: bool
    condition: ConditionNode


Kind: TypeAlias = Literal["all", "any", "at_least"]


@dataclass(frozen=True)
class Branch:
    """All, any, or at least n of the parts."""

    kind: Kind
    parts: tuple[Tree, ...]
    n: int = 0

    @cached_property
    def joint(self) -> Joint:
        """Give the branch as it is evaluated."""
        return _joint(self)


@dataclass(frozen=True)
class Joint:
    """A branch as it is evaluated: its leaves as literals, and what is of its own kind, or alone, drawn into it.

    A literal is twice the number of a formula, and one more for the opposite.
    """

    kind: Kind
    n: int
    literals: tuple[int, ...]
    parts: tuple[Joint, ...]


Tree: TypeAlias = Leaf | Branch


def literal_of(leaf: Leaf) -> int:
    """Give the literal of a leaf."""
    return 2 * leaf.formula + leaf.negated


def _joint(branch: Branch) -> Joint:
    literals: list[int] = []
    joints: list[Joint] = []
    for part in branch.parts:
        if isinstance(part, Leaf):
            literals.append(literal_of(part))
            continue
        inner = part.joint
        alone = inner.kind != "at_least" and len(inner.literals) + len(inner.parts) == 1
        if alone or (inner.kind == branch.kind and inner.kind != "at_least"):
            literals += inner.literals
            joints += inner.parts
        else:
            joints.append(inner)
    return Joint(branch.kind, branch.n, tuple(literals), tuple(joints))


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
