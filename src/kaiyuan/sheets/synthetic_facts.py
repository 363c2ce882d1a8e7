"""Values of facts for made-up enterprises: known ones from what stands behind the firm, others by type and name.

Money is in 万元, a ratio a share of one; NaN is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np

from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.sheets.synthetic_firms import TRADES, Array, Firms

Formula = Callable[[Firms, int], Array]

_ADVERSE = re.compile(
    r"dishonest|abnormal|incident|fraud|misconduct|violation|owes|restricted|overdue|sublets|resold|conflict|linked|"
    r"funded|subsidised|insolven|penal|disaster|失信|异常|事故|违法|造假|骗取|拖欠|逾期|转租|转售|关联|处罚|受灾"
)
_TITLE = re.compile(r"title|listed|称号|入库|资格|award")
_PAID = re.compile(r"paid|redeemed|above|waived|relief|已获|已拨|已兑付|已减|_renewed")
_RANK = re.compile(r"rank|名次|排名")

# What only some firms do, by the beginning of the fact's name, and how many do it. The facts of one activity go
# together: who has no compute contract has no day on which it was filed.
_ACTIVITIES: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"^compute_"), 0.05),
    (re.compile(r"^(culture|original|heritage|visitors|complaints|expert_stars|conflict)"), 0.04),
    (re.compile(r"^(adapt|adaptation|adapted|key_staff)"), 0.04),
    (re.compile(r"^first_set"), 0.02),
    (re.compile(r"^(standard_|science_prize|platform_)"), 0.05),
    (re.compile(r"^loan_"), 0.22),
    (re.compile(r"^insurance_"), 0.08),
    (re.compile(r"^(tt_|equipment_investment)"), 0.12),
    (re.compile(r"^exhibition"), 0.1),
    (re.compile(r"^(recruit_|new_doctors|new_masters)"), 0.2),
    (re.compile(r"^register_"), 0.07),
    (re.compile(r"^overdue_"), 0.15),
    (re.compile(r"^(new_equity|technology_contracts|contracts_)"), 0.12),
    (re.compile(r"^(rent_|lease_|public_premises)"), 0.6),
)
_LIKELY: dict[str, float] = {
    "time_honoured_brand": 0.01,
    "champion_title": 0.01,
    "gazelle_title": 0.04,
    "unicorn_title": 0.002,
    "stock_listed": 0.02,
    "innovation_model_title": 0.005,
    "ip_model_title": 0.03,
    "provincial_quality_award": 0.03,
    "develops_real_estate": 0.02,
    "management_certified": 0.55,
    "quality_certified": 0.5,
    "led_standards_5y": 0.06,
    "makes_national_standards": 0.12,
    "makes_standards": 0.2,
    "six_foundations": 0.12,
    "fills_gap": 0.12,
    "rent_settled": 0.96,
    "compute_own_use": 0.95,
    "compute_contract_filed": 0.85,
    "compute_supplier": 0.04,
    "insurance_own": 0.95,
    "recruit_taxed": 0.94,
    "tt_filed": 0.9,
    "register_first": 0.8,
}


def _yes(flags: object) -> Array:
    return np.asarray(flags, np.float64)


def _share(name: str, low: float, high: float) -> Formula:
    """Give a share of the revenue of the same year, even between two bounds."""

    def formula(firms: Firms, lag: int) -> Array:
        return np.asarray(firms.revenue[lag] * (low + (high - low) * firms.chance(name)))

    return formula


def _of_staff(name: str, low: float, high: float) -> Formula:
    def formula(firms: Firms, lag: int) -> Array:
        return np.asarray(np.floor(firms.staff[lag] * (low + (high - low) * firms.chance(name))))

    return formula


def _technical_share(firms: Firms) -> Array:
    share: Array = np.clip(2.2 * firms.rd_ratio + 0.25 * firms.ticket[10] * (firms.rd_ratio > 0), 0, 0.9)
    return share


def _score(name: str, most: float, known: float) -> Formula:
    """Give points up to `most` for the firms whom experts have seen; the others are unknown."""

    def formula(firms: Firms, lag: int) -> Array:
        points = np.round(most * np.clip(0.65 + 0.16 * firms.quality, 0, 1))
        return np.where(firms.chance(name) < known, points, np.nan)

    return formula


def _main_growth(firms: Firms, lag: int) -> Array:
    first = firms.revenue[0] / firms.revenue[1] - 1
    second = firms.revenue[1] / firms.revenue[2] - 1
    return np.where(firms.exists[2], (first + second) / 2, np.nan)


def _equity(name: str, years: int) -> Formula:
    def formula(firms: Firms, lag: int) -> Array:
        raised = firms.chance("equity") < 0.04 * years
        return np.round(np.where(raised, 300 * np.exp(firms.quality + 0.5 * firms.chance(name)), 0))

    return formula


KNOWN: dict[str, Formula] = {
    "revenue": lambda firms, lag: firms.revenue[lag],
    "main_revenue": lambda firms, lag: firms.revenue[lag] * (0.8 + 0.2 * firms.ticket[11]),
    "total_income": lambda firms, lag: firms.revenue[lag] * (1 + 0.04 * firms.ticket[12]),
    "untaxed_income": lambda firms, lag: np.zeros(firms.count),
    "hightech_income": lambda firms, lag: (
        firms.revenue[lag] * np.where(firms.rd_ratio > 0, 0.45 + 0.55 * np.sqrt(firms.ticket[13]), 0)
    ),
    "net_profit": lambda firms, lag: firms.revenue[lag] * firms.margin,
    "total_profit": lambda firms, lag: firms.revenue[lag] * firms.margin * np.where(firms.margin > 0, 1.16, 1),
    "total_assets": lambda firms, lag: firms.assets[lag],
    "total_liabilities": lambda firms, lag: firms.liabilities[lag],
    "net_assets": lambda firms, lag: firms.assets[lag] - firms.liabilities[lag],
    "total_cost": lambda firms, lag: firms.revenue[lag] * (1 - firms.margin),
    "rd_expense": lambda firms, lag: firms.rd_expense[lag],
    "rd_expense_domestic": lambda firms, lag: firms.rd_expense[lag] * np.where(firms.ticket[14] < 0.9, 1, 0.7),
    "tax_paid": _share("tax_paid", 0.015, 0.075),
    "value_added": _share("value_added", 0.18, 0.36),
    "output_value": lambda firms, lag: np.where(firms.trade == 0, firms.revenue[lag] * 1.03, 0),
    "export_revenue": lambda firms, lag: np.where(firms.ticket[15] < 0.14, firms.revenue[lag] * firms.ticket[16], 0),
    "registered_capital": lambda firms, lag: np.rint(
        np.select([firms.ticket[17] < 0.25, firms.ticket[17] < 0.5], [100.0, 500.0], firms.revenue[0] * 0.35 + 10)
    ),
    "paid_in_capital": lambda firms, lag: np.rint(firms.revenue[0] * 0.12 + 5),
    "equity_2y": _equity("equity_2y", 2),
    "equity_3y": _equity("equity_3y", 3),
    "main_growth_2y": _main_growth,
    "staff": lambda firms, lag: firms.staff[lag],
    "employees": lambda firms, lag: np.ceil(firms.staff[lag] * 0.98),
    "tech_staff": lambda firms, lag: np.ceil(firms.staff[lag] * np.minimum(_technical_share(firms) * 1.15, 0.95)),
    "rd_staff": lambda firms, lag: np.ceil(firms.staff[lag] * _technical_share(firms)),
    "insured_staff": lambda firms, lag: np.ceil(firms.staff[lag] * (0.9 + 0.1 * firms.ticket[14])),
    "new_graduates": _of_staff("new_graduates", 0.0, 0.08),
    "land_area": lambda firms, lag: np.round(firms.land, 1),
    "energy": lambda firms, lag: np.round(firms.revenue[lag] * (0.02 + 0.06 * firms.ticket[18]), 1),
    "electricity": lambda firms, lag: np.round(firms.revenue[lag] * (0.01 + 0.03 * firms.ticket[18]), 2),
    "pollutants": lambda firms, lag: np.round(firms.land * firms.ticket[19] * 0.05, 3),
    "carbon_emissions": lambda firms, lag: np.round(firms.revenue[lag] * (0.05 + 0.14 * firms.ticket[18]), 1),
    "invention_patents": lambda firms, lag: firms.patents,
    "class1_ip": lambda firms, lag: np.floor(firms.patents * 0.8),
    "class1_ip_self": lambda firms, lag: np.floor(firms.patents * 0.7),
    "class1_ip_original": lambda firms, lag: np.floor(firms.patents * 0.7),
    "class1_ip_high_value": lambda firms, lag: np.floor(firms.patents * 0.25),
    "class2_ip": lambda firms, lag: firms.class2,
    "patents_granted": lambda firms, lag: np.floor(firms.patents * 0.25 * firms.ticket[8]),
    "owns_core_ip": lambda firms, lag: _yes(firms.patents + firms.class2 > 0),
    "ip_used_with_benefit": lambda firms, lag: _yes(firms.patents + firms.class2 > 2),
    "ip_self_acquired": lambda firms, lag: _yes(firms.patents > 0),
    "results_converted_3y": lambda firms, lag: np.floor(firms.patents * 0.6 + firms.class2 * 0.5),
    "niche_years": lambda firms, lag: np.floor(firms.age * (0.6 + 0.4 * firms.ticket[20])),
    "market_share": lambda firms, lag: np.round(np.clip(0.02 + 0.06 * np.exp(firms.quality), 0, 0.85), 4),
    "development_score": _score("development_score", 100, 0.8),
    "province_feature_score": _score("province_feature_score", 15, 0.8),
    "hnte_rd_management": _score("hnte_rd_management", 6, 0.15),
    "hnte_rd_body": _score("hnte_rd_body", 6, 0.15),
    "hnte_conversion_system": _score("hnte_conversion_system", 4, 0.15),
    "hnte_talent": _score("hnte_talent", 4, 0.15),
    "floor_area_rented": lambda firms, lag: np.rint(60 + firms.staff[0] * (8 + 10 * firms.ticket[22])),
    "rent_price": lambda firms, lag: np.round(18 + 42 * firms.ticket[23], 2),
    "rent_month": lambda firms, lag: np.where(
        _active("rent_month", firms), (60 + firms.staff[0] * 13) * (18 + 42 * firms.ticket[23]) / 10_000, 0
    ),
    "power_cost": lambda firms, lag: firms.revenue[lag] * (0.01 + 0.03 * firms.ticket[18]) * 0.66,
    "insurance_premium": lambda firms, lag: np.where(
        _active("insurance_premium", firms), 0.5 + firms.revenue[lag] * 0.0004, 0
    ),
    "exhibition_cost": lambda firms, lag: np.where(
        _active("exhibition_cost", firms), 2 + 10 * firms.chance("exhibition_cost"), 0
    ),
    "compute_contract": lambda firms, lag: np.where(
        _active("compute_contract", firms), np.rint(8 + 240 * firms.chance("compute_contract") ** 2), 0
    ),
    "layoff_rate": lambda firms, lag: np.round(0.12 * firms.chance("layoff_rate") ** 2, 4),
    "hnte_certified_times": lambda firms, lag: firms.hnte * np.clip(np.floor(firms.age / 4), 1, 5),
    "fiscal_years": lambda firms, lag: np.clip(np.floor(firms.age), 0, 3),
    "hnte_title": lambda firms, lag: _yes(firms.hnte),
    "tech_sme_title": lambda firms, lag: _yes(firms.tech_sme),
    "tier1_title": lambda firms, lag: _yes(firms.tier1),
    "zjtx_title": lambda firms, lag: _yes(firms.zjtx),
    "little_giant_title": lambda firms, lag: _yes(firms.giant),
    "hightech_field": lambda firms, lag: _yes(firms.rd_ratio > 0),
    "resident_firm": lambda firms, lag: _yes(firms.chance("resident_firm") < 0.995),
    "registered_in_zone": lambda firms, lag: _yes(firms.chance("in_zone") < 0.93),
    "taxed_in_zone": lambda firms, lag: _yes(firms.chance("in_zone") < 0.92),
    "operates_in_zone": lambda firms, lag: _yes(firms.chance("in_zone") < 0.95),
    "independent_accounting": lambda firms, lag: _yes(firms.chance("independent_accounting") < 0.97),
    "above_scale_listed": lambda firms, lag: _yes(firms.revenue[1] >= 2_000),
    "major_incident_1y": lambda firms, lag: _yes(firms.chance("incident") < 0.004),
    "major_incident_2y": lambda firms, lag: _yes(firms.chance("incident") < 0.008),
    "major_incident_3y": lambda firms, lag: _yes(firms.chance("incident") < 0.012),
    "incubated": lambda firms, lag: _yes((firms.age < 4) & (firms.revenue[0] < 1_000) & (firms.ticket[21] < 0.5)),
    "rd_funded_above": lambda firms, lag: _yes(firms.chance("rd_funded_above") < 0.06),
}  # fmt: skip


def figures(definition: FactDefinition, firms: Firms, lag: int) -> Array:
    """Give a numeric or boolean fact: money in 万元, ratios as shares, yes as 1; NaN is unknown."""
    formula = KNOWN.get(definition.name)
    values = formula(firms, lag) if formula else _by_type(definition, firms)
    values = np.asarray(values, np.float64)
    if definition.period == "year":
        values = np.where(firms.exists[lag], values, np.nan)
    return values


def _active(name: str, firms: Firms) -> Array:
    """Give which firms do at all what the fact is about."""
    for activity, share in _ACTIVITIES:
        if activity.match(name):
            return np.asarray(firms.chance(activity.pattern) < share)
    return np.ones(firms.count, np.bool_)


def _by_type(definition: FactDefinition, firms: Firms) -> Array:
    word = f"{definition.name} {definition.zh}"
    chance, other = firms.chance(definition.name), firms.chance(f"{definition.name} size")
    active = _active(definition.name, firms)
    if definition.type == "boolean":
        likely = _LIKELY.get(
            definition.name, 0.015 if _ADVERSE.search(word) else 0.05 if _TITLE.search(word) else 0.3
        )
        return _yes((chance < likely) & active)
    if definition.type == "money":
        if _PAID.search(word):
            return np.where((chance < 0.8) | ~active, 0, np.rint(1 + 20 * other))
        share = 0.9 if active.all() else 0.2
        return np.where((chance < share) | ~active, 0, 3 + firms.revenue[0] * 0.05 * other**2)
    if definition.type == "ratio":
        return np.where(active, np.round(0.5 * chance * other, 4), 0)
    return np.asarray(np.where(active, _counts(definition, word, firms, chance, other), 0))


def _counts(definition: FactDefinition, word: str, firms: Firms, chance: Array, other: Array) -> Array:
    counts: Array = np.where(chance < 0.5, 0, np.floor(1 + 6 * other))
    if _RANK.search(word):
        return np.where(chance < 0.94, 0, np.ceil(12 * other))
    match definition.unit:
        case "人":
            counts = np.floor(firms.staff[0] * 0.05 * chance * other)
        case "月":
            counts = 12 + np.floor(chance * 3) * 12
        case "星":
            counts = np.ceil(chance * 5)
        case "分":
            counts = np.round(100 * chance, 1)
        case "人次":
            counts = np.floor(90_000 * chance**2)
        case None if "月" in definition.zh:
            counts = np.floor(chance * 13)
    return counts


def words(definition: FactDefinition, firms: Firms) -> list[str | None]:
    """Give a category or text fact; None is unknown. Persons are never made up."""
    if definition.type == "category":
        return _categories(definition, firms)
    if definition.privacy == "personal":
        return [None] * firms.count
    match definition.name:
        case "industry_code":
            return [TRADES[trade].code for trade in firms.trade.tolist()]
        case "province" | "city":
            return ["示例省（合成）" if definition.name == "province" else "示例市（合成）"] * firms.count
        case "address":
            return [
                f"示例市高新区合成路{number % 999 + 1}号"
                for number in range(firms.first, firms.first + firms.count)
            ]
    return [f"{definition.zh}（合成）"] * firms.count


def _categories(definition: FactDefinition, firms: Firms) -> list[str | None]:
    allowed = [value.zh for value in definition.values]
    if not allowed:
        return [None] * firms.count
    by_trade = {
        "size_industry": [definition.category(trade.name) for trade in TRADES],
        "statistics_industry": [definition.category(trade.statistics) for trade in TRADES],
    }.get(definition.name)
    if by_trade is not None:
        return [by_trade[trade] for trade in firms.trade.tolist()]
    active = _active(definition.name, firms)
    idle = "无" if "无" in allowed else None
    offered = [word for word in allowed if word != "无"] or allowed
    # What a dictionary names first is the highest grade and the rarest, unless it is the usual state of a firm.
    grades = np.arange(1.0, len(offered) + 1)
    weights = np.where([word == "存续" for word in offered], 80.0, grades**1.6 if idle else 1.0)
    edges = np.cumsum(weights / weights.sum())
    places = np.minimum(np.searchsorted(edges, firms.chance(definition.name)), len(offered) - 1)
    held = active & (
        firms.chance(f"{definition.name} held") < (1.0 if not idle else 0.3 if active.all() else 0.8)
    )
    return [
        offered[place] if has else idle for place, has in zip(places.tolist(), held.tolist(), strict=True)
    ]


def days(definition: FactDefinition, firms: Firms) -> Array:
    """Give a date fact as days since 1970; NaN is unknown."""
    last = (date(firms.base_year, 12, 31) - date(1970, 1, 1)).days
    founded = np.floor(last - 365.25 * firms.age)
    if definition.name == "registration_date":
        return founded
    recent = np.floor(last - 5 * 365 * firms.chance(definition.name))
    if definition.name == "hnte_certified_date":
        recent = np.where(firms.hnte, np.floor(last - 3 * 365 * firms.chance(definition.name)), np.nan)
    return np.where((recent > founded) & _active(definition.name, firms), recent, np.nan)
