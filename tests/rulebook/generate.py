"""Generated pairs of rulebooks and facts, for judging engines against the oracle.

`sample_pairs` gives as many as wanted from a seed, without shrinking; `pairs` is the hypothesis strategy of
the same generator. A pair holds everything an engine and the oracle need: the YAML texts, the day, changed
parameters, and a population as plain facts and as a canonical Arrow table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pyarrow as pa
import yaml
from hypothesis import strategies as st

from tests.rulebook.generate_conditions import RATES, Conditions
from tests.rulebook.generate_facts import DICTIONARY, DICTIONARY_TEXT, MONEY, RATIOS, Facts, population, table
from tests.rulebook.oracle import Answer, Subject, judge

Data = dict[str, Any]
DAYS_OF_DECISION = (
    date(2026, 6, 1),
    date(2026, 2, 28),
    date(2024, 2, 29),
    date(2026, 3, 31),
    date(2026, 4, 1),
)
TURN = date(2026, 4, 1)
MOST_CONDITIONS = 9
DERIVED = (
    "(:twice + 1) / 2",
    "coalesce(:yuan_floor, :floor)",
    "greatest_known(:floor, :more, 3)",
    "round_half_up(:more / 3, 1)",
    "abs(:floor - :more) * :plain",
    ":floor / :rate",
)


class _Plain(yaml.SafeDumper):
    """Writes every value out, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@dataclass(frozen=True)
class Pair:
    """Rulebooks, a day, changed parameters and a population; `facts[i]` is row i of `batch`."""

    rulebooks: tuple[Data, ...]
    on: date
    facts: tuple[Facts, ...]
    changes: Mapping[str, Fraction]

    dictionary_text = DICTIONARY_TEXT

    @property
    def texts(self) -> tuple[str, ...]:
        """Give the rulebooks as YAML texts."""
        return tuple(
            yaml.dump(book, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=1000)
            for book in self.rulebooks
        )

    @property
    def batch(self) -> pa.RecordBatch:
        """Give the population as canonical facts."""
        return table(self.facts)

    def answers(self) -> list[dict[str, Answer]]:
        """Give the oracle's answers, one mapping by assessment id for each row."""
        return [
            judge(self.rulebooks, Subject(facts, DICTIONARY, self.on, overrides=self.changes))
            for facts in self.facts
        ]


def sample_pairs(count: int, seed: int, rows: int = 12) -> Iterator[Pair]:
    """Give `count` pairs, the same ones for the same seed, each with up to `rows` subjects."""
    for number in range(count):
        yield make_pair(Random(f"{seed}/{number}"), rows)


def pairs(rows: int = 6) -> st.SearchStrategy[Pair]:
    """Give the strategy of pairs, which hypothesis can shrink."""
    return st.randoms(use_true_random=False).map(lambda random: make_pair(random, rows))


def make_pair(random: Random, rows: int) -> Pair:
    """Give a pair from a source of chance."""
    on = random.choice(DAYS_OF_DECISION)
    parameters = _parameters(random)
    books = [_rulebook(random, parameters, "a", ids=("a1", "a2", "a3", "a4", "a5", "a6"))]
    if random.random() < 0.2:
        # Two dated versions of the same assessments; the day picks one.
        other = _rulebook(random, parameters, "a", ids=("a1", "a2"))
        for one in (books[0], other):
            for assessment in one["assessments"].values():
                assessment.pop("effective", None)
        books[0]["effective"] = {"from": date(2020, 1, 1), "to": date(2026, 3, 31)}
        other["effective"] = {"from": TURN}
        books.append(other)
    changes: dict[str, Fraction] = {}
    if random.random() < 0.15 and "floor" in parameters:
        changes = {"floor": Fraction(random.choice(MONEY[:8]))}
    return Pair(tuple(books), on, tuple(population(random, random.randint(1, rows))), changes)


def _rulebook(random: Random, parameters: Data, name: str, ids: tuple[str, ...]) -> Data:
    pool: list[str] = []
    count = random.choice((1, 1, 2, 3, len(ids))) if len(ids) > 2 else len(ids)
    book: Data = {
        "rulebook": f"test.{name}",
        "title": {"zh": "生成的规则", "en": "Generated rules"},
        "subject": "enterprise",
        "document": {"title": "生成", "number": "生成〔2026〕1号"},
        "effective": {"from": date(2020, 1, 1)},
        "confidence": "A",
        "source": ["generated"],
        "assessments": {one: _assessment(random, parameters, pool) for one in ids[:count]},
    }
    if parameters:
        book["parameters"] = parameters
    if count > 1 and random.random() < 0.1:
        book["assessments"][ids[count - 1]]["effective"] = random.choice(
            ({"from": TURN}, {"to": date(2026, 3, 31)})
        )
    if count > 1 and random.random() < 0.1:
        book["assessments"][ids[count - 1]]["enabled"] = False
    return book


def _parameters(random: Random) -> Data:
    if random.random() < 0.3:
        return {}
    start, later = date(2020, 1, 1), TURN
    first, second = (float(random.choice(MONEY[1:8])) for _ in range(2))
    trades = ("工业", "建筑业", "软件业")[: random.choice((2, 3))]
    return {
        "floor": [
            {"from": start, "value": first, "unit": "万元"},
            {"from": later, "value": second, "unit": "万元"},
        ],
        "yuan_floor": [{"from": random.choice((start, date(2026, 5, 1))), "value": 20000, "unit": "元"}],
        "heads": [{"from": start, "value": random.choice((1, 5, 10)), "unit": "人"}],
        "plain": [{"from": start, "value": random.choice((1, 2, 10))}],
        "rate": [{"from": start, "value": float(random.choice(RATES))}],
        "twice": [{"from": start, "value": ":floor * 2", "unit": "万元"}],
        "more": [{"from": start, "value": ":floor + :twice - 1", "unit": "万元"}],
        "half": [
            {"from": start, "value": random.choice(DERIVED), "unit": random.choice(("万元", "元", "亿元"))}
        ],
        "by_trade": {
            "title": {"zh": "按行业的下限", "en": "Floor by trade"},
            "by": "所属行业",
            "values": [
                {
                    "from": start,
                    "value": {one: float(random.choice(MONEY[:12])) for one in trades},
                    "unit": "万元",
                }
            ],
        },
        "rates": {
            "title": {"zh": "按行业的比例", "en": "Rate by trade"},
            "by": "trade",
            "values": [{"from": start, "value": {one: float(random.choice(RATIOS[:8])) for one in trades}}],
        },
    }


def _assessment(random: Random, parameters: Data, pool: list[str]) -> Data:
    data: Data = {
        "title": {"zh": "生成的事项", "en": "Generated"},
        "kind": random.choice(("title", "size", "threshold", "grade", "entitlement")),
        "clause": "第一条",
    }
    scores: tuple[str, ...] = ()
    if random.random() < 0.35:
        data["score"] = _score(random, parameters)
        scores = (*data["score"].get("groups", {}), *(one["id"] for one in data["score"]["indicators"]))
    nodes = _Nodes(random, Conditions(random, tuple(parameters), scores), pool)
    has_tiers = random.random() < 0.25
    if random.random() < 0.85 or not (has_tiers or scores):
        data["requires"] = nodes.tree(3)
    if has_tiers:
        data["tiers"] = [
            {"id": f"t{at}", "zh": f"{at}档", "en": f"Tier {at}", "requires": nodes.tree(1)}
            for at in range(random.choice((1, 2, 3)))
        ]
        if random.random() < 0.7:
            data["tiers"].append({"id": "rest", "zh": "其余", "en": "Rest", "otherwise": True})
    if "requires" in data and random.random() < 0.5:
        data["award"] = _award(random, parameters)
    return data


class _Nodes:
    """Trees of conditions; some share their expression with others, in this assessment or another."""

    def __init__(self, random: Random, conditions: Conditions, pool: list[str]) -> None:
        self.random, self.conditions, self.pool = random, conditions, pool
        self.count = 0

    def tree(self, depth: int) -> Data:
        """Give a tree of which something is switched on."""
        made = self.node(depth)
        if not _switched_on(made):
            for leaf in _leaves(made):
                leaf.pop("enabled", None)
        return made

    def node(self, depth: int) -> Data:
        random = self.random
        if depth == 0 or random.random() < 0.3 or self.count >= MOST_CONDITIONS:
            return self.leaf()
        word = random.choice(("all", "all", "any", "any", "at_least", "none"))
        wanted = random.choice((0, 1, 2, 2, 3, 3, 4))
        children = []
        for _ in range(wanted):
            if self.count < MOST_CONDITIONS:
                children.append(self.node(depth - 1))
        if word == "at_least":
            on = sum(1 for child in children if _switched_on(child))
            n = min(random.choice((1, 1, 2, 2, 3)), on) if children else random.choice((1, 2))
            return {"at_least": {"n": n, "of": children}} if n else {"all": children}
        return {word: children}

    def leaf(self) -> Data:
        self.count += 1
        fresh = not self.pool or self.random.random() < 0.7
        text = self.conditions.condition() if fresh else self.random.choice(self.pool)
        if fresh and "score" not in text:
            self.pool.append(text)
        leaf = {
            "id": f"c{self.count}",
            "zh": f"条件{self.count}",
            "en": f"Condition {self.count}",
            "when": text,
        }
        if self.random.random() < 0.04:
            leaf["enabled"] = False
        return leaf


def _leaves(node: Data) -> Iterator[Data]:
    if "when" in node:
        yield node
    else:
        inner = next(iter(node.values()))
        for child in inner["of"] if isinstance(inner, dict) else inner:
            yield from _leaves(child)


def _switched_on(node: Data) -> bool:
    """A group of nothing but switched-off conditions goes with them; an empty group stays."""
    found = list(_leaves(node))
    return not found or any(leaf.get("enabled", True) for leaf in found)


def _score(random: Random, parameters: Data) -> Data:
    conditions = Conditions(random, tuple(parameters))
    groups = random.choice((("innovation",), ("innovation", "growth_side"), ()))
    indicators = []
    for at in range(random.choice((1, 2, 3, 4))):
        one: Data = {
            "id": f"i{at}",
            "zh": f"指标{at}",
            "en": f"Indicator {at}",
            "max": random.choice((10, 20, 25)),
        }
        if groups:
            one["group"] = random.choice(groups)
        one.update(_indicator(random, conditions, one["max"]))
        indicators.append(one)
    score: Data = {"max": random.choice((15, 40, 100)), "indicators": indicators}
    if groups:
        score["groups"] = {name: {"zh": name, "en": name, "max": random.choice((15, 40))} for name in groups}
    return score


def _indicator(random: Random, conditions: Conditions, most: int) -> Data:
    way = random.randrange(6)
    if way == 0:
        count = random.choice((1, 2, 3))
        return {
            "each": [{"when": conditions.condition(), "points": _points(random, most)} for _ in range(count)]
        }
    if way == 1:
        return {"best_of": [_bands(random, conditions, most) for _ in range(random.choice((2, 3)))]}
    if way == 2:
        shape: Data = {
            "value": conditions.money(),
            "benchmark": random.choice((conditions.money(), "5", "2")),
            "weight": 10,
        }
        if random.random() < 0.6:
            shape["cap"] = random.choice((1, 1.5, 2))
        return {"proportional": shape}
    return _bands(random, conditions, most)


def _bands(random: Random, conditions: Conditions, most: int) -> Data:
    end = {"otherwise": True, "points": random.choice((0, 0, 1))}
    kind = random.randrange(4)
    if kind == 0:
        rows = [{"when": conditions.condition(), "points": _points(random, most)} for _ in range(2)]
        return {"bands": [*rows, end]}
    if kind == 1:
        words = [{"is": "工业"}, {"in": ["建筑业", "软件业"]}][: random.choice((1, 2))]
        return {
            "value": "所属行业",
            "bands": [*({**one, "points": _points(random, most)} for one in words), end],
        }
    limits = sorted({float(random.choice(RATIOS[:9])) for _ in range(random.choice((1, 2, 3)))}, reverse=True)
    key = random.choice(("min", "above"))
    if random.random() < 0.3:
        limits, key = limits[::-1], random.choice(("max", "below"))
    value = random.choice(
        (f"{conditions.money()} / {conditions.money()}", conditions.value("debt"), conditions.value("staff"))
    )
    rows = [{key: limit, "points": _points(random, most)} for limit in limits]
    if key in ("min", "above") and random.random() < 0.2:
        rows[0]["below"] = 5
    return {"value": value, "bands": [*rows, end]}


def _points(random: Random, most: int) -> object:
    points = random.randint(0, most)
    if random.random() < 0.15:
        return [points // 2, points]
    return points + 0.5 if random.random() < 0.1 and points < most else points


def _award(random: Random, parameters: Data) -> Data:
    conditions = Conditions(random, tuple(parameters))
    unit = random.choice(("万元", "万元", "元"))
    award: Data = {"unit": unit}
    way = random.randrange(4)
    if way == 0:
        award["amount"] = random.choice((30, 0.5, 7))
    elif way == 1:
        case = f"CASE WHEN {conditions.flag()} THEN 30 WHEN {conditions.word()} THEN 7.5 ELSE 2 END"
        award["amount"] = random.choice(
            (case, f"{conditions.money()} * 0.05", ":floor" if parameters else "12")
        )
    else:
        award["rate"] = random.choice(
            (0.1, 0.03, 0.125, ":rate" if parameters else 0.2, ":rates" if parameters else 1)
        )
        first, second, staff = conditions.name("rd"), conditions.money(), conditions.name("staff")
        award["base"] = random.choice(
            (
                first,
                second,
                f"{first} - prior({first}, 1)",
                f"{first} + {second}",
                f"coalesce({first}, {second})",
                f"{second} / {staff} * prior({staff}, 1)",
                f"abs({first} / 3 - {second} * {staff} / prior({staff}, 1))",
                f"greatest_known({first}, {second} * {conditions.value('debt')})",
                f"{second} * {conditions.name('debt')} / {conditions.name('share')}",
                f"round_half_up({second} / 3, 2)",
            )
        )
    if random.random() < 0.5:
        award["cap"] = random.choice((50, 1, 0.2, ":floor" if parameters else 5, conditions.money()))
    if random.random() < 0.3:
        award["floor"] = random.choice((5, 0.1))
    if random.random() < 0.3:
        award["already_paid"] = random.choice(
            (conditions.name("received"), f"coalesce({conditions.name('received')}, 0)")
        )
    if random.random() < 0.6:
        award["round"] = {
            "to": random.choice(("分", "元", "百元", "千元", "万元")),
            "mode": random.choice(("half_up", "down", "up")),
        }
    return award
