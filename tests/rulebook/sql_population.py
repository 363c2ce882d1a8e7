"""Random facts for a real plan: at its thresholds and beside them, with holes, zeros and NaN."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pyarrow as pa

from kaiyuan.rulebook import FactDefinition, Plan
from kaiyuan.rulebook import normal as n
from tests.rulebook.generate_facts import ARROW

MISSING = 0.12


def random_population(plan: Plan, *, rows: int, seed: int) -> pa.RecordBatch:
    """Give a canonical table of the columns a plan reads, the same one for the same seed."""
    random = Random(seed)
    limits, words = _limits(plan), _words(plan)
    columns = {
        "subject": pa.array([f"S{row:05d}" for row in range(rows)]),
        "subject_name": pa.array([f"企业{row}" for row in range(rows)]),
        "source_line": pa.array(range(2, rows + 2), pa.int64()),
    }
    for column in plan.columns():
        if column in columns:
            continue
        fact = plan.facts[column.partition("__")[0]]
        value = _value(fact, random, plan.on, limits.get(fact.name, []), words.get(fact.name, []))
        columns[column] = pa.array(
            [None if random.random() < MISSING else value() for _ in range(rows)], ARROW[fact.type]
        )
    return pa.RecordBatch.from_pydict(columns)


def _limits(plan: Plan) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for atom in plan.registry.atoms:
        if isinstance(atom, n.CompareAtom):
            for coefficient, number in atom.form.terms:
                node = plan.registry.nodes[number]
                if isinstance(node, n.Column) and coefficient:
                    found.setdefault(node.fact, []).append(float(atom.constant / coefficient))
    return found


def _words(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for atom in plan.registry.atoms:
        if isinstance(atom, n.WordAtom):
            found.setdefault(atom.fact, []).append(atom.word)
    return found


def _value(
    fact: FactDefinition, random: Random, on: date, limits: list[float], words: list[str]
) -> Callable[[], object]:
    def whole() -> int:
        if limits and random.random() < 0.5:
            return int(random.choice(limits)) + random.choice((-1, 0, 0, 1))
        return random.choice((0, 1, 3, -5, random.randrange(10 ** random.randrange(1, 14))))

    def measured() -> float:
        if limits and random.random() < 0.5:
            return random.choice(limits) * random.choice((1, 1, 1 + 1e-15, 0.999, 1.001))
        return random.choice((0.0, math.nan, math.inf, -1.5, random.random(), random.randrange(10_000) / 10))

    def day() -> date:
        anniversary = on.replace(year=on.year - random.choice((0, 1, 2, 3, 5)))
        near = anniversary + timedelta(days=random.choice((-1, 0, 1)))
        return random.choice(
            (near, date(2000, 2, 29), date(1965, 1, 1) + timedelta(random.randrange(22_000)))
        )

    match fact.type:
        case "money" | "integer":
            return whole
        case "number" | "ratio":
            return measured
        case "boolean":
            return lambda: random.random() < 0.5
        case "category":
            return lambda: random.choice([*(value.zh for value in fact.values), *words])
        case "date":
            return day
    return lambda: random.choice(["", "甲", "it's", *words])
