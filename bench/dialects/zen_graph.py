"""The policies as decision graphs for zen-engine (JDM): input, one expression node, output. Money in 万元."""

from __future__ import annotations

from bench.model import (
    Among,
    Between,
    Flag,
    Group,
    Indicator,
    Leaf,
    Limit,
    Linear,
    Policy,
    Quotient,
    ScoreAtLeast,
    Term,
    bare,
    canonical,
    walk,
)


def graph(policies: tuple[Policy, ...], *, conditions: bool = False) -> dict[str, object]:
    """Give one graph for these policies; with `conditions`, each condition is an output of its own as well."""
    lines: list[tuple[str, str]] = []
    for policy in policies:
        names: dict[Leaf, str] | None = None
        if conditions:
            names = {bare(leaf): f"{policy.id}_c{place}" for place, leaf in enumerate(walk(policy.tree), 1)}
            lines += [(name, expression(leaf)) for leaf, name in names.items()]
        lines.append((policy.id, tree(policy.tree, names)))
    rows = [{"id": f"e{place}", "key": key, "value": value} for place, (key, value) in enumerate(lines)]
    kinds: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("in", "inputNode", {}),
        ("rules", "expressionNode", {"expressions": rows}),
        ("out", "outputNode", {}),
    )
    return {
        "nodes": [
            {"id": ident, "type": kind, "name": ident, "content": content, "position": {"x": 0, "y": 0}}
            for ident, kind, content in kinds
        ],
        "edges": [
            {"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b}
            for a, b in (("in", "rules"), ("rules", "out"))
        ],
    }


def tree(node: Group | Leaf, names: dict[Leaf, str] | None = None) -> str:
    """Give a policy's tree as one ZEN expression, over named conditions where names are given."""
    if not isinstance(node, Group):
        return expression(node) if names is None else f"$.{names[bare(node)]}"
    members = [f"({tree(member, names)})" for member in node.members]
    if node.kind == "at_least":
        return " + ".join(f"({member} ? 1 : 0)" for member in members) + f" >= {node.n}"
    joined = (" and " if node.kind == "all" else " or ").join(members)
    return f"not ({joined})" if node.kind == "none" else joined


def expression(leaf: Leaf) -> str:
    """Give a condition as a ZEN expression."""
    match leaf:
        case Limit():
            return f"{_value(leaf.value)} {leaf.operator} {canonical(leaf.constant)}"
        case Linear():
            sides = " + ".join(map(_value, leaf.plus)) + "".join(f" - {_value(x)}" for x in leaf.minus)
            return f"{sides} {leaf.operator} {canonical(leaf.constant)}"
        case Between():
            return f"{_value(leaf.value)} in [{canonical(leaf.low)}..{canonical(leaf.high)}]"
        case Among():
            words = ", ".join(f"'{word}'" for word in leaf.words)
            return f"{_value(leaf.value)} in [{words}]"
        case Flag():
            return _value(leaf.value)
        case ScoreAtLeast():
            return " + ".join(f"({_points(line)})" for line in leaf.indicators) + f" >= {leaf.mark}"
    raise ValueError(f"no such condition: {leaf!r}")


def _points(line: Indicator) -> str:
    text = "0"
    for minimum, points in reversed(line.bands):
        text = f"{_value(line.value)} >= {canonical(minimum)} ? {points} : ({text})"
    return text


def _value(value: Term | Quotient) -> str:
    return f"{_value(value.above)} / {_value(value.below)}" if isinstance(value, Quotient) else value.column
