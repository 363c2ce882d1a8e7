"""Facts of made-up enterprises by type, name and unit: for those that no formula of their own stands for."""

from __future__ import annotations

import re

import numpy as np

from kaiyuan.rulebook.facts import FactDefinition
from kaiyuan.sheets.synthetic_firms import Array, Firms

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
    (re.compile(r"^first_set"), 0.015),
    (re.compile(r"^(standard_|science_prize|platform_)"), 0.05),
    (re.compile(r"^loan_"), 0.22),
    (re.compile(r"^insurance_"), 0.08),
    (re.compile(r"^(tt_|equipment_investment)"), 0.12),
    (re.compile(r"^exhibition"), 0.1),
    (re.compile(r"^(recruit_|new_doctors|new_masters)"), 0.2),
    (re.compile(r"^register_"), 0.07),
    (re.compile(r"^overdue_"), 0.15),
    (re.compile(r"^(technology_contracts|contracts_)"), 0.12),
    (re.compile(r"^(rent_|lease_|public_premises)"), 0.6),
)
_CULTURE = re.compile(r"^(culture|original|heritage|visitors|complaints|expert_stars|conflict)")
_TRUSTED_IT = re.compile(r"^(adapt|adaptation|adapted|key_staff|new_equity)")
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
    "first_set_listed": 0.9,
    "heritage_project": 0.2,
}


def yes(flags: object) -> Array:
    """Give flags as figures: 1 is yes."""
    return np.asarray(flags, np.float64)


def active(name: str, firms: Firms) -> Array:
    """Give which firms do at all what the fact is about."""
    if _CULTURE.match(name):
        return np.asarray(firms.direction == "文化产业")
    if _TRUSTED_IT.match(name):
        return np.asarray((firms.direction == "信创") & (firms.chance("trusted IT") < 0.4))
    for activity, share in _ACTIVITIES:
        if activity.match(name):
            return np.asarray(firms.chance(activity.pattern) < share)
    return np.ones(firms.count, np.bool_)


def by_type(definition: FactDefinition, firms: Firms) -> Array:
    """Give a figure or a yes by the type, name and unit of a fact; money in 万元."""
    word = f"{definition.name} {definition.zh}"
    chance, other = firms.chance(definition.name), firms.chance(f"{definition.name} size")
    busy = active(definition.name, firms)
    if definition.type == "boolean":
        likely = _LIKELY.get(
            definition.name, 0.015 if _ADVERSE.search(word) else 0.05 if _TITLE.search(word) else 0.3
        )
        return yes((chance < likely) & busy)
    if definition.type == "money":
        if _PAID.search(word):
            return np.where((chance < 0.8) | ~busy, 0, np.rint(1 + 20 * other))
        share = 0.9 if busy.all() else 0.2
        return np.where((chance < share) | ~busy, 0, 3 + firms.revenue[0] * 0.05 * other**2)
    if definition.type == "ratio":
        return np.where(busy, np.round(0.5 * chance * other, 4), 0)
    return np.asarray(np.where(busy, _counts(definition, word, firms, chance, other), 0))


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
