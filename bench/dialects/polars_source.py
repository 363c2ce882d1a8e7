"""The policies as Polars expressions, Python source. Nulls follow Kleene's logic in `&` and `|`; money is whole fen."""

from __future__ import annotations

from decimal import Decimal

from bench.model import (
    Among,
    Between,
    Flag,
    Group,
    Indicator,
    Leaf,
    Limit,
    Linear,
    Quotient,
    ScoreAtLeast,
    Term,
    Workload,
    bare,
    canonical,
    distinct_leaves,
)

HEAD = '''"""Written by the benchmark: the policies as Polars expressions over canonical columns (money in fen)."""
import polars as pl

col = pl.col


def ratio(above, below):
    """Divide; null where the divisor is zero."""
    return pl.when(below != 0).then(above / below)


def at_least(n, *conditions):
    """True when n hold for certain, false when fewer can hold, else null."""
    sure = pl.sum_horizontal([each.fill_null(False).cast(pl.Int8) for each in conditions])
    may = pl.sum_horizontal([each.fill_null(True).cast(pl.Int8) for each in conditions])
    return pl.when(sure >= n).then(True).when(may < n).then(False)


def reaches(mark, *lines):
    """Compare the score's range with a mark: each line is (points or null, most points)."""
    low = pl.sum_horizontal([points.fill_null(0) for points, _ in lines])
    high = pl.sum_horizontal([points.fill_null(most) for points, most in lines])
    return pl.when(low >= mark).then(True).when(high < mark).then(False)
'''


def polars_source(work: Workload) -> str:
    """Give a module with CONDITIONS (distinct), POLICIES (whole) and POLICIES_BY_CONDITION (over condition columns)."""
    writer = _Writer(work)
    names = distinct_leaves(work.policies)
    lines = [HEAD, "\nCONDITIONS = {"]
    lines += [f'    "{name}": {writer.leaf(leaf)},' for leaf, name in names.items()]
    lines += ["}\n\nPOLICIES = {"]
    lines += [f'    "{policy.id}": {writer.tree(policy.tree, None)},' for policy in work.policies]
    lines += ["}\n\nPOLICIES_BY_CONDITION = {"]
    lines += [f'    "{policy.id}": {writer.tree(policy.tree, names)},' for policy in work.policies]
    return "\n".join([*lines, "}", ""])


class _Writer:
    def __init__(self, work: Workload) -> None:
        self.work = work

    def tree(self, node: Group | Leaf, names: dict[Leaf, str] | None) -> str:
        if not isinstance(node, Group):
            return self.leaf(node) if names is None else f'col("{names[bare(node)]}")'
        members = [self.tree(member, names) for member in node.members]
        if node.kind == "at_least":
            return f"at_least({node.n}, {', '.join(members)})"
        joined = (" & " if node.kind == "all" else " | ").join(f"({member})" for member in members)
        return f"~({joined})" if node.kind == "none" else joined

    def leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Limit(value=value):
                return f"{self.value(value)} {leaf.operator} {self.constant(leaf.constant, value)}"
            case Linear():
                sides = " + ".join(map(self.value, leaf.plus)) + "".join(
                    f" - {self.value(x)}" for x in leaf.minus
                )
                return f"{sides} {leaf.operator} {self.constant(leaf.constant, leaf.plus[0])}"
            case Between(value=value):
                low, high = self.constant(leaf.low, value), self.constant(leaf.high, value)
                return f"{self.value(value)}.is_between({low}, {high})"
            case Among():
                return f"{self.value(leaf.value)}.is_in({list(leaf.words)!r})"
            case Flag():
                return self.value(leaf.value)
            case ScoreAtLeast():
                lines = (f"({self.points(line)}, {line.most})" for line in leaf.indicators)
                return f"reaches({leaf.mark}, {', '.join(lines)})"
        raise ValueError(f"no such condition: {leaf!r}")

    def points(self, line: Indicator) -> str:
        value = self.value(line.value)
        bands = "".join(
            f".when({value} >= {self.constant(minimum, line.value)}).then({points})"
            for minimum, points in line.bands
        )
        return f"pl{bands}.when({value}.is_not_null()).then(0)"

    def value(self, value: Term | Quotient) -> str:
        if isinstance(value, Quotient):
            return f"ratio({self.value(value.above)}, {self.value(value.below)})"
        return f'col("{value.column}")'

    def constant(self, constant: Decimal, value: Term | Quotient) -> str:
        return canonical(constant * self.work.scale(value))
