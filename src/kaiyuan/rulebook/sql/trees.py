"""Trees of conditions as SQL: the three-valued verdict, the distance, the tier.

`at least n` counts by CASE sums: true where n are true, false where even all unknown ones would not do, else
unknown. The distance counts conditions that must change: a sum for «all», the least for «any», and for «at
least n» the sum of the n smallest, which is Σ over t >= 0 of max(0, n − how many parts are at most t away).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from kaiyuan.rulebook.plan import PlanAssessment
from kaiyuan.rulebook.sql import fragments as f
from kaiyuan.rulebook.sql.fragments import Sql
from kaiyuan.rulebook.sql.layers import Layers
from kaiyuan.rulebook.trees import Branch, Leaf, Tree

FAR = 4
"""What stands for «more than three»."""


class TreeSql:
    """Gives verdicts, distances and tiers; what is needed several times becomes a column of its own."""

    def __init__(self, *, layers: Layers, formula: Callable[[int], Sql]) -> None:
        self._layers = layers
        self._formula = formula
        self._names: dict[object, str] = {}

    def verdict(self, tree: Tree) -> Sql:
        """Give the truth of a tree: true, false, or NULL."""
        if isinstance(tree, Leaf):
            truth = self._formula(tree.formula)
            return f.opposite(truth) if tree.negated else truth
        if tree.kind == "at_least":
            if tree.n <= 0 or tree.n > len(tree.parts):
                return f.truth(tree.n <= 0)
            if 1 < tree.n < len(tree.parts):
                return self._at_least(tree.n, [self._truth_column(part) for part in tree.parts])
        parts = [self.verdict(part) for part in tree.parts]
        return f.every(parts) if _joins(tree) else f.some(parts)

    def _at_least(self, n: int, parts: Sequence[Sql]) -> Sql:
        reached = f.compare(f.count_certain(parts), ">=", f.whole(n))
        missed = f.compare(f.count_possible([part.copy() for part in parts]), "<", f.whole(n))
        return f.when((reached, f.truth(True)), (missed, f.truth(False)))

    def _truth_column(self, tree: Tree) -> Sql:
        """Give the truth as a column or its opposite, so that it may be used twice."""
        truth = self.verdict(tree)
        if f.is_plain(truth):
            return truth
        return self._layers.item(self._name(tree, "holds"), "combinations", truth)

    def distance(self, tree: Tree) -> Sql:
        """Give how many conditions must come true, `FAR` for more than three."""
        most = _farthest(tree)
        distance = self._distance(tree)
        return distance if most is not None and most <= FAR else f.least([distance, f.whole(FAR)])

    def _distance(self, tree: Tree) -> Sql:
        if isinstance(tree, Leaf):
            return f.when((self.verdict(tree), f.whole(0)), default=f.whole(1))
        leaves = [part for part in tree.parts if isinstance(part, Leaf)]
        branches = [part for part in tree.parts if not isinstance(part, Leaf)]
        if tree.kind == "at_least" and tree.n <= 0:
            return f.whole(0)
        if tree.kind == "at_least" and tree.n > len(tree.parts):
            return f.whole(FAR)
        if _joins(tree):
            return f.total([self._distance(part) for part in tree.parts])
        if tree.kind == "any" or tree.n == 1:
            return self._nearest(leaves, branches)
        return self._smallest(tree.n, leaves, branches)

    def _nearest(self, leaves: Sequence[Leaf], branches: Sequence[Branch]) -> Sql:
        values = [self._distance(branch) for branch in branches]
        if leaves:
            any_leaf = f.some([self.verdict(leaf) for leaf in leaves])
            values.insert(0, f.when((any_leaf, f.whole(0)), default=f.whole(1)))
        return f.least(values) if values else f.whole(FAR)

    def _smallest(self, n: int, leaves: Sequence[Leaf], branches: Sequence[Branch]) -> Sql:
        true_leaves = [f.count_certain([self.verdict(leaf) for leaf in leaves])] if leaves else []
        if not branches:
            return f.greatest([f.minus(f.whole(n), true_leaves[0]), f.whole(0)])
        away = [self._distance_column(branch) for branch in branches]
        steps = []
        for limit in range(FAR):
            near: list[Sql] = []
            if leaves:
                near.append(true_leaves[0] if limit == 0 else f.whole(len(leaves)))
            near += [
                f.when((f.compare(one.copy(), "<=", f.whole(limit)), f.whole(1)), default=f.whole(0))
                for one in away
            ]
            steps.append(f.greatest([f.minus(f.whole(n), f.total(near)), f.whole(0)]))
        return f.total(steps)

    def _distance_column(self, tree: Branch) -> exp.Column:
        name = self._name(tree, "short")
        if (found := self._layers.found(name)) is not None:
            return found
        return self._layers.item(name, "combinations", self._distance(tree))

    def status(self, assessment: PlanAssessment) -> Sql:
        """Give the column of an assessment's verdict: of its tree, or without one whether its tier is known."""
        if assessment.tree is not None:
            verdict = self.verdict(assessment.tree)
            return (
                verdict
                if f.is_plain(verdict)
                else self._layers.item(f"_verdict_{assessment.id}", "verdicts", verdict)
            )
        ruled_out = [f.opposite(self._tier(tree)) for _, tree in assessment.tiers if tree is not None]
        branches = [(f.is_known(self.tier(assessment)), f.truth(True))]
        if all(tree is not None for _, tree in assessment.tiers):
            branches.append((f.every(ruled_out), f.truth(False)))
        return self._layers.item(f"_verdict_{assessment.id}", "verdicts", f.when(*branches))

    def tier(self, assessment: PlanAssessment) -> exp.Column:
        """Give the column of the first tier that holds, NULL where an unknown one stands before it or none holds."""
        name = f"_tier_{assessment.id}"
        if (found := self._layers.found(name)) is not None:
            return found
        branches: list[tuple[Sql, Sql]] = []
        default: Sql | None = None
        for tier, tree in assessment.tiers:
            if tree is None:
                default = f.word(tier)
                break
            holds = self._tier(tree)
            branches += [(holds, f.word(tier)), (f.is_null(holds.copy()), exp.Null())]
        value = f.when(*branches, default=default) if branches else default
        return self._layers.item(name, "verdicts", f.nothing("text") if value is None else value)

    def _tier(self, tree: Tree) -> Sql:
        return self._truth_column(tree)

    def _name(self, tree: Tree, what: str) -> str:
        key = (what, _shape(tree))
        return self._names.setdefault(key, f"_{what}_{len(self._names)}")


def _joins(tree: Branch) -> bool:
    return tree.kind == "all" or (tree.kind == "at_least" and tree.n == len(tree.parts))


def _shape(tree: Tree) -> object:
    if isinstance(tree, Leaf):
        return (tree.formula, tree.negated)
    return (tree.kind, tree.n, tuple(_shape(part) for part in tree.parts))


def _farthest(tree: Tree) -> int | None:
    """Give the most changes a tree can need, or None where it can never come true."""
    if isinstance(tree, Leaf):
        return 1
    parts = sorted((_farthest(part) for part in tree.parts), key=lambda most: (most is None, most))
    n = {"all": len(parts), "any": 1, "at_least": max(tree.n, 0)}[tree.kind]
    chosen = parts[:n]
    if n > len(parts) or any(most is None for most in chosen):
        return None
    return sum(most for most in chosen if most is not None)
