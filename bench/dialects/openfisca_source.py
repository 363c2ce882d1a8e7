"""The policies as OpenFisca variables, Python source: as its guide teaches, one class per fact and per policy.

Three ways: `verdicts` (a policy's formula holds its conditions), `explained` (each condition of each policy is a
variable of its own, as articles of a law are), `shared` (one variable for each distinct condition).
"""

from __future__ import annotations

from bench.model import (
    Among,
    Between,
    Fact,
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
    bare,
    canonical,
    distinct_leaves,
    walk,
)

HEAD = '''"""Written by the benchmark: the policies as OpenFisca variables; money in 万元, ratios as numbers."""
from numpy import select
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Company = build_entity(key="company", plural="companies", label="An enterprise", is_person=True)
'''
KINDS = {
    "money": "float",
    "integer": "int",
    "number": "float",
    "ratio": "float",
    "boolean": "bool",
    "category": "Enum",
}


def openfisca_source(work: Workload, way: str) -> str:
    """Give a module with the variables and SYSTEM, the tax and benefit system that holds them."""
    writer = _Writer(work, way)
    parts = [HEAD, *(_fact(fact) for fact in work.facts)]
    if way == "shared":
        parts += [writer.variable(name, "bool", leaf) for leaf, name in writer.names.items()]
    for policy in work.policies:
        parts += writer.policy(policy)
    names = [
        line.split("(")[0][6:]
        for part in parts
        for line in part.splitlines()
        if line.startswith("class ") and "(Variable)" in line
    ]
    parts.append(
        "SYSTEM = TaxBenefitSystem([Company])\nfor each in (\n"
        + "".join(f"    {name},\n" for name in names)
        + "):\n    SYSTEM.add_variable(each)\n"
    )
    return "\n\n".join(parts)


def _fact(fact: Fact) -> str:
    text, extra = "", ""
    if fact.values:
        title = fact.name.title()
        text = (
            f"class {title}(Enum):\n"
            + "".join(f'    {fact.name}{place:02d} = "{zh}"\n' for place, (zh, _) in enumerate(fact.values))
            + "\n\n"
        )
        extra = f"    possible_values = {title}\n    default_value = {title}.{fact.name}00\n"
    return (
        f"{text}class {fact.name}(Variable):\n    value_type = {KINDS[fact.type]}\n{extra}    entity = Company\n"
        f'    definition_period = DateUnit.YEAR\n    label = "{fact.zh}"\n'
    )


class _Writer:
    def __init__(self, work: Workload, way: str) -> None:
        self.way = way
        self.names = distinct_leaves(work.policies)
        self.codes = {
            (fact.name, zh): f"{fact.name.title()}.{fact.name}{place:02d}"
            for fact in work.facts
            for place, (zh, _) in enumerate(fact.values)
        }

    def policy(self, policy: Policy) -> list[str]:
        names: dict[Leaf, str] | None = None
        parts: list[str] = []
        if self.way == "explained":
            names = {bare(leaf): f"{policy.id}_c{place}" for place, leaf in enumerate(walk(policy.tree), 1)}
            parts = [self.variable(name, "bool", leaf) for leaf, name in names.items()]
        elif self.way == "shared":
            names = self.names
        return [*parts, self.variable(policy.id, "bool", policy.tree, names, policy.zh)]

    def variable(
        self, name: str, kind: str, node: Group | Leaf, names: dict[Leaf, str] | None = None, label: str = ""
    ) -> str:
        self.used: dict[str, str] = {}
        formula = self.tree(node, names)
        reads = "".join(f"        {local} = company({source})\n" for local, source in self.used.items())
        return (
            f"class {name}(Variable):\n    value_type = {kind}\n    entity = Company\n"
            f'    definition_period = DateUnit.YEAR\n    label = "{label or name}"\n\n'
            f"    def formula(company, period):\n{reads}        return {formula}\n"
        )

    def tree(self, node: Group | Leaf, names: dict[Leaf, str] | None) -> str:
        if not isinstance(node, Group):
            if names is None:
                return self.leaf(node)
            name = names[bare(node)]
            self.used[name] = f'"{name}", period'
            return name
        members = [f"({self.tree(member, names)})" for member in node.members]
        if node.kind == "at_least":
            return " + ".join(f"{member} * 1" for member in members) + f" >= {node.n}"
        joined = (" * " if node.kind == "all" else " + ").join(members)
        return f"~({joined})" if node.kind == "none" else joined

    def leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Limit():
                return f"{self.value(leaf.value)} {leaf.operator} {canonical(leaf.constant)}"
            case Linear():
                sides = " + ".join(map(self.value, leaf.plus)) + "".join(
                    f" - {self.value(x)}" for x in leaf.minus
                )
                return f"{sides} {leaf.operator} {canonical(leaf.constant)}"
            case Between():
                value = self.value(leaf.value)
                return f"({value} >= {canonical(leaf.low)}) * ({value} <= {canonical(leaf.high)})"
            case Among():
                value = self.value(leaf.value)
                return " + ".join(f"({value} == {self.codes[leaf.value.fact, word]})" for word in leaf.words)
            case Flag():
                return self.value(leaf.value)
            case ScoreAtLeast():
                lines = []
                for line in leaf.indicators:
                    value = self.value(line.value)
                    tests = ", ".join(f"{value} >= {canonical(minimum)}" for minimum, _ in line.bands)
                    lines.append(f"select([{tests}], {[points for _, points in line.bands]})")
                return " + ".join(lines) + f" >= {leaf.mark}"
        raise ValueError(f"no such condition: {leaf!r}")

    def value(self, value: Term | Quotient) -> str:
        if isinstance(value, Quotient):
            return f"{self.value(value.above)} / {self.value(value.below)}"
        year = "period" if not value.prior else "period.last_year"
        self.used[value.column] = f'"{value.fact}", {year}'
        return value.column
