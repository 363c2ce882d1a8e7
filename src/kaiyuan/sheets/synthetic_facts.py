"""Values of facts for made-up enterprises: known ones from what stands behind the firm, others by their type.

Money is in 万元, a ratio a share of one; NaN is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.sheets.synthetic_firms import TRADES, Array, Firms
from kaiyuan.sheets.synthetic_types import active, by_type, yes

Formula = Callable[[Firms, int], Array]


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


def _power_cost(firms: Firms, lag: int) -> Array:
    """Give what power costs: about one in a hundred of revenue, and ten in the few firms that live by it."""
    return np.asarray(firms.revenue[lag] * (0.006 + 0.008 * firms.ticket[18] + 0.11 * firms.ticket[19] ** 14))


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
    "energy": lambda firms, lag: np.round(_power_cost(firms, lag) * 8, 1),
    "electricity": lambda firms, lag: np.round(_power_cost(firms, lag) / 0.66, 2),
    "pollutants": lambda firms, lag: np.round(firms.land * firms.ticket[10] * 0.05, 3),
    "carbon_emissions": lambda firms, lag: np.round(_power_cost(firms, lag) * 21, 1),
    "invention_patents": lambda firms, lag: firms.patents,
    "class1_ip": lambda firms, lag: np.floor(firms.patents * 0.8),
    "class1_ip_self": lambda firms, lag: np.floor(firms.patents * 0.7),
    "class1_ip_original": lambda firms, lag: np.floor(firms.patents * 0.7),
    "class1_ip_high_value": lambda firms, lag: np.floor(firms.patents * 0.25),
    "class2_ip": lambda firms, lag: firms.class2,
    "patents_granted": lambda firms, lag: np.floor(firms.patents * 0.25 * firms.ticket[8]),
    "owns_core_ip": lambda firms, lag: yes(firms.patents + firms.class2 > 0),
    "ip_used_with_benefit": lambda firms, lag: yes(firms.patents + firms.class2 > 2),
    "ip_self_acquired": lambda firms, lag: yes(firms.patents > 0),
    "results_converted_3y": lambda firms, lag: np.floor(firms.patents + firms.class2 * 0.9),
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
        active("rent_month", firms), (60 + firms.staff[0] * 13) * (18 + 42 * firms.ticket[23]) / 10_000, 0
    ),
    "power_cost": lambda firms, lag: _power_cost(firms, lag),
    "insurance_premium": lambda firms, lag: np.where(
        active("insurance_premium", firms), 0.5 + firms.revenue[lag] * 0.0004, 0
    ),
    "exhibition_cost": lambda firms, lag: np.where(
        active("exhibition_cost", firms), 2 + 10 * firms.chance("exhibition_cost"), 0
    ),
    "compute_contract": lambda firms, lag: np.where(
        active("compute_contract", firms), np.rint(8 + 240 * firms.chance("compute_contract") ** 2), 0
    ),
    "loan_principal": lambda firms, lag: np.where(
        active("loan_principal", firms), np.rint(50 + 900 * firms.chance("loan_principal") ** 2), 0
    ),
    "loan_renewed": lambda firms, lag: np.where(
        active("loan_renewed", firms) & (firms.chance("loan_renewed") < 0.4), np.rint(30 + 600 * firms.ticket[16]), 0
    ),
    "technology_contracts": lambda firms, lag: np.where(
        active("technology_contracts", firms), firms.revenue[lag] * 0.4 * firms.chance("technology_contracts"), 0
    ),
    "contracts_related_share": lambda firms, lag: np.round(0.3 * firms.chance("related") ** 3, 4),
    "culture_share": lambda firms, lag: np.where(
        firms.direction == "文化产业", np.round(0.4 + 0.6 * firms.chance("culture_share"), 4), 0
    ),
    "culture_investment": lambda firms, lag: np.where(
        firms.direction == "文化产业", np.rint(3000 * firms.chance("culture_investment") ** 3), 0
    ),
    "new_equity": lambda firms, lag: np.where(
        active("new_equity", firms) & (firms.chance("new_equity") < 0.3), np.rint(200 + 2000 * firms.ticket[16]), 0
    ),
    "key_staff_new": lambda firms, lag: np.where(
        active("key_staff_new", firms), np.floor(6 * firms.chance("key_staff_new")), 0
    ),
    "key_staff_insured": lambda firms, lag: np.where(
        active("key_staff_new", firms), np.floor(6 * firms.chance("key_staff_new")), 0
    ),
    "layoff_rate": lambda firms, lag: np.round(0.12 * firms.chance("layoff_rate") ** 2, 4),
    "hnte_certified_times": lambda firms, lag: firms.hnte * np.clip(np.floor(firms.age / 4), 1, 5),
    "fiscal_years": lambda firms, lag: np.clip(np.floor(firms.age), 0, 3),
    "hnte_title": lambda firms, lag: yes(firms.hnte),
    "tech_sme_title": lambda firms, lag: yes(firms.tech_sme),
    "tier1_title": lambda firms, lag: yes(firms.tier1),
    "zjtx_title": lambda firms, lag: yes(firms.zjtx),
    "little_giant_title": lambda firms, lag: yes(firms.giant),
    "hightech_field": lambda firms, lag: yes(firms.rd_ratio > 0),
    "resident_firm": lambda firms, lag: yes(firms.chance("resident_firm") < 0.995),
    "registered_in_zone": lambda firms, lag: yes(firms.chance("in_zone") < 0.93),
    "taxed_in_zone": lambda firms, lag: yes(firms.chance("in_zone") < 0.92),
    "operates_in_zone": lambda firms, lag: yes(firms.chance("in_zone") < 0.95),
    "independent_accounting": lambda firms, lag: yes(firms.chance("independent_accounting") < 0.97),
    "above_scale_listed": lambda firms, lag: yes(firms.revenue[1] >= 2_000),
    "major_incident_1y": lambda firms, lag: yes(firms.chance("incident") < 0.004),
    "major_incident_2y": lambda firms, lag: yes(firms.chance("incident") < 0.008),
    "major_incident_3y": lambda firms, lag: yes(firms.chance("incident") < 0.012),
    "incubated": lambda firms, lag: yes((firms.age < 4) & (firms.revenue[0] < 1_000) & (firms.ticket[21] < 0.5)),
    "rd_funded_above": lambda firms, lag: yes(firms.chance("rd_funded_above") < 0.06),
}  # fmt: skip


def figures(definition: FactDefinition, firms: Firms, lag: int) -> Array:
    """Give a numeric or boolean fact: money in 万元, ratios as shares, yes as 1; NaN is unknown."""
    formula = KNOWN.get(definition.name)
    values = formula(firms, lag) if formula else by_type(definition, firms)
    values = np.asarray(values, np.float64)
    if definition.period == "year":
        values = np.where(firms.exists[lag], values, np.nan)
    return values


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
    if definition.name == "trade_direction":
        return [definition.category(direction) for direction in firms.direction.tolist()]
    if definition.name in _BY_QUALITY:
        return _by_quality(allowed, firms)
    if by_trade is not None:
        return [by_trade[trade] for trade in firms.trade.tolist()]
    busy = active(definition.name, firms)
    idle = "无" if "无" in allowed else None
    offered = [word for word in allowed if word != "无"] or allowed
    # What a dictionary names first is the highest grade and the rarest, unless it is the usual state of a firm.
    grades = np.arange(1.0, len(offered) + 1)
    weights = np.where([word == "存续" for word in offered], 80.0, grades**1.6 if idle else 1.0)
    edges = np.cumsum(weights / weights.sum())
    places = np.minimum(np.searchsorted(edges, firms.chance(definition.name)), len(offered) - 1)
    held = busy & (
        firms.chance(f"{definition.name} held") < (1.0 if not idle else 0.3 if busy.all() else 0.8)
    )
    return [
        offered[place] if has else idle for place, has in zip(places.tolist(), held.tolist(), strict=True)
    ]


# How many days back events reach that rules ask for soon after they happen.
_RECENT: dict[str, int] = {
    "register_date": 500,
    "compute_contract_start": 200,
    "compute_contract_filed_on": 200,
    "standard_date": 700,
    "science_prize_date": 700,
    "platform_date": 700,
}
_BY_QUALITY = ("ip_advancement", "ip_core_support")


def _by_quality(grades: list[str], firms: Firms) -> list[str | None]:
    """Give grades from best to worst, the last to firms without any rights."""
    places = np.clip(np.floor(1.6 - firms.quality), 0, max(len(grades) - 2, 0)).astype(int)
    places = np.where(firms.patents + firms.class2 > 0, places, len(grades) - 1)
    return [grades[place] for place in places.tolist()]


def days(definition: FactDefinition, firms: Firms) -> Array:
    """Give a date fact as days since 1970, none later than April after the base year; NaN is unknown."""
    last = (date(firms.base_year, 12, 31) - date(1970, 1, 1)).days
    founded = np.floor(last - 365.25 * firms.age)
    if definition.name == "registration_date":
        return founded
    recent = np.floor(last + 120 - _RECENT.get(definition.name, 1200) * firms.chance(definition.name))
    if definition.name == "hnte_certified_date":
        recent = np.where(firms.hnte, np.floor(last - 3 * 365 * firms.chance(definition.name)), np.nan)
    return np.where((recent > founded) & active(definition.name, firms), recent, np.nan)
