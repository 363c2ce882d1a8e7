"""The work that every engine does: 33 facts and 20 or 200 policies of eight conditions, the same for every run.

Thresholds come from short lists of round numbers, as they do in real rules; so some conditions stand in many
policies. The first 20 policies of 200 are the 20.
"""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from bench.model import (
    Among,
    Between,
    Fact,
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
    Workload,
)

SEED = 20260401
YEAR = 2025  # the base year; policies are judged as of a day in 2026
ON = "2026-06-01"

INDUSTRIES = (
    ("电子信息", "Electronics"),
    ("生物医药", "Biomedicine"),
    ("新材料", "New materials"),
    ("高端装备", "Advanced equipment"),
    ("新能源", "New energy"),
    ("节能环保", "Environment"),
    ("航空航天", "Aerospace"),
    ("软件服务", "Software"),
    ("现代农业", "Agriculture"),
    ("文化创意", "Culture"),
    ("现代物流", "Logistics"),
    ("建筑业", "Construction"),
)
DISTRICTS = tuple(
    (f"{word}片区", f"{en} district")
    for word, en in (
        ("东", "East"),
        ("南", "South"),
        ("西", "West"),
        ("北", "North"),
        ("中", "Central"),
        ("滨江", "Riverside"),
        ("科创", "Science"),
        ("临港", "Harbour"),
    )
)

FACTS = (
    Fact("revenue", "营业收入", "Operating revenue", "money", "万元", prior=True),
    Fact("rd_expense", "研发费用", "R&D expense", "money", "万元", prior=True),
    Fact("tax_paid", "实缴税金", "Tax paid", "money", "万元", prior=True),
    Fact("profit", "利润总额", "Profit", "money", "万元"),
    Fact("total_assets", "资产总额", "Total assets", "money", "万元"),
    Fact("net_assets", "净资产", "Net assets", "money", "万元"),
    Fact("fixed_investment", "固定资产投资", "Fixed-asset investment", "money", "万元"),
    Fact("export_revenue", "出口额", "Export revenue", "money", "万元"),
    Fact("equity_financing", "近两年股权融资", "Equity raised in two years", "money", "万元"),
    Fact("labour_cost", "薪酬总额", "Labour cost", "money", "万元"),
    Fact("loan_balance", "贷款余额", "Loan balance", "money", "万元"),
    Fact("staff", "从业人员", "Staff", "integer", "人", prior=True),
    Fact("rd_staff", "研发人员", "R&D staff", "integer", "人"),
    Fact("senior_technicians", "高级技工", "Senior technicians", "integer", "人"),
    Fact("invention_patents", "发明专利", "Invention patents", "integer", "项"),
    Fact("utility_patents", "实用新型专利", "Utility models", "integer", "项"),
    Fact("standards_led", "主导标准", "Standards led", "integer", "项"),
    Fact("niche_years", "细分市场年限", "Years in the niche", "integer", "年"),
    Fact("operating_years", "成立年限", "Years in operation", "integer", "年"),
    Fact("university_projects", "产学研项目", "Projects with universities", "integer", "项"),
    Fact("debt_ratio", "资产负债率", "Debt ratio", "ratio"),
    Fact("main_product_share", "主导产品收入占比", "Share of the main product", "ratio"),
    Fact("new_product_share", "新产品收入占比", "Share of new products", "ratio"),
    Fact("market_share", "市场占有率", "Market share", "ratio"),
    Fact("land_area", "用地面积", "Land area", "number", "亩"),
    Fact("energy_use", "综合能耗", "Energy use", "number", "吨标准煤"),
    Fact("dishonest", "严重失信", "Seriously dishonest", "boolean"),
    Fact("safety_accident", "安全事故", "Safety accident", "boolean"),
    Fact("provincial_award", "省级质量奖", "Provincial quality award", "boolean"),
    Fact("rd_platform", "省级研发机构", "Provincial R&D platform", "boolean"),
    Fact("listed", "上市公司", "Listed company", "boolean"),
    Fact("industry", "产业领域", "Industry", "category", values=INDUSTRIES),
    Fact("district", "所在片区", "District", "category", values=DISTRICTS),
)

AT_LEAST = {  # facts with a floor, and the round numbers such floors take
    "revenue": "300 400 500 600 800 1000 1200 1500 2000 2500 3000 4000 5000 6000 8000 10000 20000",
    "rd_expense": "20 30 40 50 60 80 100 120 150 200 250 300 400 500",
    "tax_paid": "10 15 20 25 30 40 50 60 80 100 150 200 300",
    "profit": "0 10 20 30 50 80 100 150 200 300",
    "total_assets": "500 800 1000 1500 2000 2500 3000 4000 5000 8000 10000",
    "net_assets": "100 200 300 400 500 800 1000 1500 2000",
    "fixed_investment": "20 30 50 80 100 150 200 300 500 800 1000",
    "equity_financing": "0 200 300 500 800 1000 1500 2000",
    "labour_cost": "50 80 100 150 200 300 400 500",
    "staff": "10 15 20 25 30 40 50 60 80 100",
    "rd_staff": "2 3 5 6 8 10 15 20",
    "senior_technicians": "1 2 3 4 5",
    "invention_patents": "1 2 3 4 5 6",
    "utility_patents": "1 2 3 4 5 6 8 10",
    "standards_led": "1 2",
    "niche_years": "2 3 4 5",
    "operating_years": "1 2 3 4 5",
    "university_projects": "1 2",
    "main_product_share": "0.5 0.55 0.6 0.65 0.7",
    "new_product_share": "0.1 0.15 0.2 0.25 0.3",
    "market_share": "0.03 0.05 0.08 0.1",
}
AT_MOST = {
    "debt_ratio": "0.5 0.55 0.6 0.65 0.7 0.75 0.8",
    "energy_use": "300 500 800 1000 2000 3000 5000 10000",
    "loan_balance": "500 1000 1500 2000 3000 5000 8000",
    "staff": "200 300 400 500 800 1000",
}
QUOTIENTS = (  # above, below, operator, round numbers
    (Term("rd_expense"), Term("revenue"), ">=", "0.015 0.02 0.025 0.03 0.035 0.04 0.05 0.06 0.08"),
    (Term("rd_expense", 1), Term("revenue", 1), ">=", "0.015 0.02 0.025 0.03 0.035 0.04 0.05 0.06"),
    (Term("rd_staff"), Term("staff"), ">=", "0.08 0.1 0.12 0.15 0.2 0.25"),
    (Term("revenue"), Term("staff"), ">=", "20 25 30 40 50 60 80"),
    (Term("tax_paid"), Term("revenue"), ">=", "0.01 0.015 0.02 0.025 0.03"),
    (Term("tax_paid"), Term("land_area"), ">=", "1 2 3 5 8 10 15 20"),
    (Term("revenue"), Term("land_area"), ">=", "50 80 100 150 200 300"),
    (Term("revenue"), Term("revenue", 1), ">=", "1 1.03 1.05 1.08 1.1 1.15"),
    (Term("rd_expense"), Term("rd_expense", 1), ">=", "1 1.05 1.08 1.1 1.2"),
    (Term("profit"), Term("revenue"), ">=", "0.02 0.03 0.04 0.05 0.06 0.08"),
    (Term("export_revenue"), Term("revenue"), ">=", "0.05 0.08 0.1 0.15 0.2"),
    (Term("energy_use"), Term("land_area"), "<=", "30 50 80 100 150 200"),
)
LINEARS = (  # added, taken away, round numbers
    (("revenue", "export_revenue"), ("labour_cost",), "300 500 800 1000 1500 2000 3000 5000"),
    (("profit", "tax_paid"), ("loan_balance",), "0 -300 -500 -800 -1000 -1500 -2000"),
    (("rd_expense", "fixed_investment"), ("equity_financing",), "0 30 50 80 100 150 200 300"),
    (("net_assets", "equity_financing"), ("loan_balance",), "0 100 200 300 500 800 1000"),
    (("invention_patents", "utility_patents", "standards_led"), (), "3 4 5 6 8 10"),
    (("rd_staff", "senior_technicians"), (), "3 5 8 10 15"),
)
BETWEENS = (
    ("staff", "10 20 30 50", "300 400 500 1000"),
    ("revenue", "300 500 800 1000", "20000 40000 100000"),
    ("operating_years", "1 2 3", "10 12 15 20"),
    ("debt_ratio", "0.05 0.1 0.2", "0.6 0.65 0.7 0.8"),
    ("market_share", "0.02 0.03 0.05", "0.3 0.4 0.5"),
)
GOOD_FLAGS = ("provincial_award", "rd_platform", "listed")
BAD_FLAGS = ("dishonest", "safety_accident")
INDICATORS: tuple[tuple[str, Term | Quotient, str, tuple[int, ...]], ...] = (
    (
        "rd_ratio",
        Quotient(Term("rd_expense"), Term("revenue")),
        "0.08 0.06 0.05 0.04 0.03 0.02",
        (25, 20, 15, 10),
    ),
    ("patents", Term("invention_patents"), "10 8 5 3 2 1", (20, 15, 10, 5)),
    ("growth", Quotient(Term("revenue"), Term("revenue", 1)), "1.3 1.2 1.15 1.1 1.05 1", (15, 10, 5)),
    ("niche", Term("niche_years"), "10 8 5 3 2", (15, 10, 5)),
    ("share", Term("main_product_share"), "0.8 0.7 0.6 0.5 0.4", (15, 10, 5)),
    ("rd_people", Quotient(Term("rd_staff"), Term("staff")), "0.3 0.25 0.2 0.15 0.1", (10, 6, 3)),
)
SHAPES = ("all_any", "all_at_least", "all_none", "any_of_alls", "plain")
EVERY_SCORE = 20  # one policy in twenty has a score among its conditions


def workload(policies: int, *, shared: bool = True, seed: int = SEED) -> Workload:
    """Give the dictionary and this many policies; the same seed gives the same policies, fewer is a prefix of more.

    With `shared=False` every numeric threshold is moved a little, differently in each policy, so that no two
    policies share one: the worst case for an engine that evaluates equal conditions once.
    """
    made = tuple(_policy(number, random.Random(f"{seed}/{number}")) for number in range(1, policies + 1))
    return Workload(FACTS, made if shared else tuple(map(_unshared, range(len(made)), made)))


def _unshared(number: int, policy: Policy) -> Policy:
    place = -1

    def moved(constant: Decimal, place: int) -> Decimal:
        return (constant or Decimal(1)) * (1 + Decimal(8 * number + place + 1) / 20000)

    def rebuilt(node: Group | Leaf) -> Group | Leaf:
        nonlocal place
        if isinstance(node, Group):
            return replace(node, members=tuple(map(rebuilt, node.members)))
        place += 1
        if isinstance(node, Limit | Linear):
            return replace(node, constant=moved(node.constant, place))
        return replace(node, low=moved(node.low, place)) if isinstance(node, Between) else node

    tree = rebuilt(policy.tree)
    assert isinstance(tree, Group)
    return replace(policy, tree=tree)


def _policy(number: int, rng: random.Random) -> Policy:
    leaves: list[Leaf] = []
    while len(leaves) < 7:
        leaf = _condition(rng)
        if leaf not in leaves:
            leaves.append(leaf)
    ident = f"p{number:03d}"
    first = next((index for index, leaf in enumerate(leaves) if isinstance(leaf, Limit)), None)
    if first is not None:  # one threshold of the policy is a named, dated parameter
        leaf = leaves[first]
        assert isinstance(leaf, Limit)
        leaves[first] = replace(leaf, parameter=f"floor_{ident}")
    bad = Flag(Term(rng.choice(BAD_FLAGS)))
    last: Leaf = _score(rng) if number % EVERY_SCORE == 8 else _limit(rng)
    shape = SHAPES[number % len(SHAPES)]
    a, b, c, d, e, f, g = leaves
    trees = {
        "all_any": (a, b, c, Group("any", (d, e, f)), last, Group("none", (bad,))),
        "all_at_least": (a, b, Group("at_least", (c, d, e, f), 2), last, Group("none", (bad,))),
        "all_none": (a, b, Group("any", (c, d)), Group("any", (e, f)), last, Group("none", (bad,))),
        "any_of_alls": (
            Group("any", (Group("all", (a, b)), Group("all", (c, d)))),
            Group("at_least", (e, f, last), 1),
            Group("none", (bad,)),
        ),
        "plain": (a, b, c, d, Group("any", (e, f)), last, Group("none", (bad,))),
    }
    members = trees[shape]
    count = sum(1 for _ in _leaves(members))
    if count < 8:  # eight conditions in every policy
        members = (*members[:-1], g, members[-1])
    return Policy(ident, f"第{number}项政策", Group("all", members))


def _leaves(members: tuple[Group | Leaf, ...]) -> list[Leaf]:
    found: list[Leaf] = []
    for member in members:
        found.extend(_leaves(member.members) if isinstance(member, Group) else (member,))
    return found


def _condition(rng: random.Random) -> Leaf:
    draw = rng.random()
    if draw < 0.38:
        return _limit(rng)
    if draw < 0.56:
        above, below, operator, numbers = rng.choice(QUOTIENTS)
        return Limit(Quotient(above, below), operator, _pick(rng, numbers))
    if draw < 0.68:
        plus, minus, numbers = rng.choice(LINEARS)
        return Linear(tuple(map(Term, plus)), tuple(map(Term, minus)), ">=", _pick(rng, numbers))
    if draw < 0.80:
        words = tuple(zh for zh, _ in INDUSTRIES)
        first = rng.choice((0, 2, 4))
        if rng.random() < 0.7:
            return Among(Term("industry"), words[first : first + rng.choice((4, 6, 8))])
        places = tuple(zh for zh, _ in DISTRICTS)
        return Among(Term("district"), places[: rng.choice((3, 4, 6))])
    if draw < 0.90:
        return Flag(Term(rng.choice(GOOD_FLAGS)))
    name, lows, highs = rng.choice(BETWEENS)
    return Between(Term(name), _pick(rng, lows), _pick(rng, highs))


def _limit(rng: random.Random) -> Limit:
    table, operator = (AT_LEAST, ">=") if rng.random() < 0.85 else (AT_MOST, "<=")
    name = rng.choice(sorted(table))
    prior = (
        1 if operator == ">=" and name in ("revenue", "rd_expense", "tax_paid") and rng.random() < 0.3 else 0
    )
    return Limit(Term(name, prior), operator, _pick(rng, table[name]))


def _score(rng: random.Random) -> ScoreAtLeast:
    lines = []
    for ident, value, numbers, points in INDICATORS:
        minimums = sorted((Decimal(text) for text in rng.sample(numbers.split(), len(points))), reverse=True)
        lines.append(Indicator(ident, value, tuple(zip(minimums, points, strict=True))))
    return ScoreAtLeast(tuple(lines), rng.choice((40, 50, 60)))


def _pick(rng: random.Random, numbers: str) -> Decimal:
    return Decimal(rng.choice(numbers.split()))
