"""The policies as a Kaiyuan pack: `pack.yaml`, `facts.yaml`, one rulebook. Written with the facts' Chinese labels."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import yaml

from bench.model import (
    Among,
    Between,
    Flag,
    Group,
    Leaf,
    Limit,
    Linear,
    Policy,
    Quotient,
    ScoreAtLeast,
    Term,
    Workload,
    canonical,
)

PACK = "bench"


def write_pack(*, work: Workload, folder: Path) -> Path:
    """Write the workload as a pack below `folder` and give the pack's folder."""
    home = folder / PACK
    (home / "rulebooks").mkdir(parents=True, exist_ok=True)
    _dump(
        home / "pack.yaml",
        {
            "pack": PACK,
            "title": {"zh": "基准测试", "en": "Benchmark"},
            "version": "1",
            "licence": "Apache-2.0",
            "authority": {"zh": "虚构", "en": "Fictional"},
            "requires": [],
            "demo": True,
        },
    )
    _dump(home / "facts.yaml", {"facts": facts(work)})
    _dump(home / "rulebooks" / "policies.yaml", rulebook(work))
    return home


def facts(work: Workload) -> dict[str, object]:
    """Give the fact dictionary's entries."""
    found: dict[str, object] = {}
    for fact in work.facts:
        entry: dict[str, object] = {"label": {"zh": fact.zh, "en": fact.en}, "type": fact.type}
        if fact.unit:
            entry["unit"] = fact.unit
        entry |= {"period": fact.period, "class": "internal"}
        if fact.values:
            entry["values"] = [{"zh": zh, "en": en} for zh, en in fact.values]
        found[fact.name] = entry
    return found


def rulebook(work: Workload) -> dict[str, object]:
    """Give the rulebook: a parameter for one threshold of each policy, and one assessment per policy."""
    writer = _Writer(work)
    parameters: dict[str, object] = {}
    for policy in work.policies:
        limit = policy.parameter
        if limit is not None and limit.parameter is not None:
            value: dict[str, object] = {"from": "@2026-01-01", "value": number(limit.constant)}
            if unit := work.unit(limit.value):
                value["unit"] = unit
            parameters[limit.parameter] = [value]
    return {
        "rulebook": "bench.policies",
        "title": {"zh": "虚构政策", "en": "Fictional policies"},
        "subject": "enterprise",
        "document": {"title": "虚构政策汇编", "number": "测〔2026〕1号"},
        "effective": {"from": "@2026-01-01"},
        "confidence": "A",
        "source": ["bench/workload.py"],
        "demo": True,
        "parameters": parameters,
        "assessments": {policy.id: writer.assessment(policy) for policy in work.policies},
    }


def number(value: Decimal) -> int | float:
    """Give a constant as YAML writes it: an integer where it is one."""
    return int(value) if value == value.to_integral_value() else float(value)


class _Writer:
    def __init__(self, work: Workload) -> None:
        self.labels = {fact.name: fact.zh for fact in work.facts}

    def assessment(self, policy: Policy) -> dict[str, object]:
        self.count = 0
        entry: dict[str, object] = {
            "title": {"zh": policy.zh, "en": f"Policy {policy.id}"},
            "kind": "entitlement",
            "clause": f"第{int(policy.id[1:])}条",
            "requires": self.node(policy.tree),
        }
        if policy.score is not None:
            entry["score"] = self.score(policy.score)
        return entry

    def node(self, node: Group | Leaf) -> dict[str, object]:
        if isinstance(node, Group):
            members = [self.node(member) for member in node.members]
            return (
                {node.kind: {"n": node.n, "of": members}} if node.kind == "at_least" else {node.kind: members}
            )
        self.count += 1
        text = self.expression(node)
        return {
            "id": f"c{self.count}",
            "zh": f"条件{self.count}",
            "en": f"Condition {self.count}",
            "when": text,
        }

    def expression(self, leaf: Leaf) -> str:
        match leaf:
            case Limit(value=value):
                bound = f":{leaf.parameter}" if leaf.parameter else canonical(leaf.constant)
                return f"{self.value(value)} {leaf.operator} {bound}"
            case Linear():
                sides = " + ".join(map(self.value, leaf.plus)) + "".join(
                    f" - {self.value(x)}" for x in leaf.minus
                )
                return f"{sides} {leaf.operator} {canonical(leaf.constant)}"
            case Between():
                return f"{self.value(leaf.value)} BETWEEN {canonical(leaf.low)} AND {canonical(leaf.high)}"
            case Among():
                words = ", ".join(f"'{word}'" for word in leaf.words)
                return f"{self.value(leaf.value)} IN ({words})"
            case Flag():
                return self.value(leaf.value)
            case ScoreAtLeast():
                return f"score >= {leaf.mark}"
        raise ValueError(f"no such condition: {leaf!r}")

    def value(self, value: Term | Quotient) -> str:
        if isinstance(value, Quotient):
            return f"{self.value(value.above)} / {self.value(value.below)}"
        label = self.labels[value.fact]
        return f"prior({label}, {value.prior})" if value.prior else label

    def score(self, score: ScoreAtLeast) -> dict[str, object]:
        indicators: list[object] = []
        for line in score.indicators:
            bands: list[object] = [
                {"min": number(minimum), "points": points} for minimum, points in line.bands
            ]
            bands.append({"otherwise": True, "points": 0})
            indicators.append(
                {
                    "id": line.id,
                    "zh": f"指标{line.id}",
                    "en": line.id,
                    "max": line.most,
                    "value": self.value(line.value),
                    "bands": bands,
                }
            )
        return {"max": sum(line.most for line in score.indicators), "indicators": indicators}


def _dump(path: Path, content: dict[str, object]) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
    path.write_text(text.replace("'@2026-01-01'", "2026-01-01"), encoding="utf-8")  # a date, not a string
