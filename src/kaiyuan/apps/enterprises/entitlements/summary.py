"""The five answers of one enterprise in a word each: how many, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass

from kaiyuan.apps.enterprises.entitlements.view import Entitlements, Group
from kaiyuan.reports.figures import money
from kaiyuan.sheets.wording import Wording

_SUM = Wording("{money}", "{money}")
_AND_TITLES = Wording("{money} + {n} 项资格", "{money} + {n} without money")
_TITLES = Wording("{n} 项资格或分类", "{n} titles or classes")
_MOST = Wording("最多 {money}", "up to {money}")
_RANGE = Wording("{low}–{high}", "{low}–{high}")
_TO_CHECK = Wording("核实后才有准数", "exact once verified")
_CLOSE = Wording("怎么补见下", "how to close them: below")
_SUPPLY = Wording("补 {n} 项资料", "{n} facts to supply")
_SUPPLY_ONE = Wording("补 1 项资料", "1 fact to supply")
_RULES = Wording("规则或资料变了再看", "look again when rules or facts change")


@dataclass(frozen=True)
class Part:
    """How many items have one answer, and a few words on them."""

    count: int
    sub: str


def five_of(view: Entitlements, *, lang: str) -> dict[str, Part]:
    """Give the five answers by name, each with its count and a few words in the reader's language."""
    subs = {
        "yes": _yes(view.yes, view.shows_amounts, lang),
        "maybe": _maybe(view.maybe, view.shows_amounts, lang),
        "near": _most(view.near, view.shows_amounts, lang),
        "unknown": _missing(view.unknown, lang),
        "no": _RULES.text(lang=lang),
    }
    return {
        group.answer.name: Part(len(group.items), subs[group.answer.name] if group.items else "")
        for group in view.groups
    }


def _yes(group: Group, shows_amounts: bool, lang: str) -> str:
    if not shows_amounts or not group.paid:
        return _TITLES.text(lang=lang).format(n=group.unpaid) if group.unpaid else ""
    words = _AND_TITLES if group.unpaid else _SUM
    return words.text(lang=lang).format(money=money(group.low, lang=lang), n=group.unpaid)


def _maybe(group: Group, shows_amounts: bool, lang: str) -> str:
    if not shows_amounts or not group.high:
        return _TO_CHECK.text(lang=lang)
    if group.low and group.low != group.high:
        high = money(group.high, lang=lang)
        low = money(group.low, lang=lang)
        start = low.number if low.unit == high.unit else str(low)
        return _RANGE.text(lang=lang).format(low=start, high=high)
    return _MOST.text(lang=lang).format(money=money(group.high, lang=lang))


def _most(group: Group, shows_amounts: bool, lang: str) -> str:
    if not shows_amounts or not group.high:
        return _CLOSE.text(lang=lang)
    return _MOST.text(lang=lang).format(money=money(group.high, lang=lang))


def _missing(group: Group, lang: str) -> str:
    facts = {(fact.name, fact.year) for each in group.items for fact in each.missing}
    if len(facts) == 1:
        return _SUPPLY_ONE.text(lang=lang)
    return _SUPPLY.text(lang=lang).format(n=len(facts))
