"""A rule as plain data: document, clause, conditions, award, parameters in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kaiyuan.reports.figures import exact_number
from kaiyuan.rulebook.binding import Bound
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import Assessment, ConditionNode, Node
from kaiyuan.rulebook.plan import Plan


def parameters_in_force(source: Assessment, plan: Plan) -> dict[str, str]:
    """Give the values of the parameters an assessment uses, as people write them."""
    bound: Mapping[str, Bound] = plan.bound[source.rulebook]
    used = next((a.parameters for a in plan.assessments if a.id == source.id), frozenset[str]())
    definitions = [d for b in plan.rules.rulebooks if b.id == source.rulebook for d in b.parameters]
    units = {d.name: unit.written for d in definitions if (unit := d.values[0].unit) is not None}
    return {name: _value(bound.get(name), units.get(name, "")) for name in sorted(used)}


def _value(value: Bound, unit: str) -> str:
    if value is None:
        return "—"
    if isinstance(value, t.Lookup):
        return "；".join(f"{word} {exact_number(number)}{unit}" for word, number in value.entries)
    return f"{exact_number(value)}{unit}"


def rule_data(source: Assessment, plan: Plan, *, enabled: bool) -> dict[str, Any]:
    """Give an assessment as plain data for JSON."""
    return {
        "id": source.id,
        "rulebook": source.rulebook,
        "version": source.version,
        "title": {"zh": source.title.zh, "en": source.title.en},
        "kind": source.kind,
        "document": {"title": source.document.title, "number": source.document.number, "issuer": source.document.issuer},
        "clause": source.clause,
        "from": source.window.start,
        "to": source.window.end,
        "confidence": source.confidence,
        "enabled": enabled,
        "demo": source.demo,
        "reading": {"zh": source.reading.zh, "en": source.reading.en},
        "note": {"zh": source.note.zh, "en": source.note.en},
        "requires": None if source.requires is None else _node_data(source.requires),
        "tiers": [
            {"id": tier.id, "zh": tier.words.zh, "en": tier.words.en,
             "requires": None if tier.requires is None else _node_data(tier.requires)}
            for tier in source.tiers
        ],
        "award": None if source.award is None else source.award.text,
        "parameters": parameters_in_force(source, plan),
    }  # fmt: skip


def _node_data(node: Node) -> dict[str, Any]:
    if isinstance(node, ConditionNode):
        return {
            "id": node.id,
            "zh": node.words.zh,
            "en": node.words.en,
            "when": node.text,
            "clause": node.clause,
        }
    inner = [_node_data(child) for child in node.children]
    return {node.kind: {"n": node.n, "of": inner} if node.kind == "at_least" else inner}
