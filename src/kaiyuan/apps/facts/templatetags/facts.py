"""Values of facts as people write them: money in 万元 or 亿元, shares in per cent, words in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kaiyuan.reports import figures
from kaiyuan.rulebook.facts import FactDefinition

register = template.Library()
_QUALIFIERS = {"约": "about", "超": "over", "近": "nearly", "预计": "expected", "力争": "aimed at"}


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


@register.simple_tag
def fact_value(definition: FactDefinition, value: Any, qualifier: str = "") -> SafeString | str:
    """Write a value of a fact with its unit; None is unknown, and said so."""
    lang = _lang()
    if value is None:
        return "unknown" if lang == "en" else "未知"
    before = f"{_QUALIFIERS[qualifier]} " if qualifier and lang == "en" else qualifier
    number, unit = _written(definition, value, lang)
    if not unit:
        return f"{before}{number}"
    return format_html('{}{}<span class="unit">{}</span>', before, number, unit)


def _written(definition: FactDefinition, value: Any, lang: str) -> tuple[str, str]:
    match definition.type:
        case "money":
            shown = figures.money(int(value), lang=lang)
            return shown.number, shown.unit
        case "ratio":
            return f"{round(float(value) * 100, 4):g}", "%"
        case "boolean":
            return {True: ("是", "yes"), False: ("否", "no")}[bool(value)][lang == "en"], ""
        case "integer":
            return f"{int(value):,}", definition.unit or ""
        case "number":
            return f"{round(float(value), 4):,.10g}", definition.unit or ""
        case "date":
            return value.isoformat() if isinstance(value, date) else str(value), ""
        case "category" if lang == "en":
            return next((word.en for word in definition.values if word.zh == value), str(value)), ""
        case _:
            return str(value), ""


@register.simple_tag
def privacy(name: str) -> str:
    """Write the class of a fact: who may see it."""
    words = {
        "public": ("公开", "public"),
        "internal": ("内部", "internal"),
        "confidential": ("保密", "confidential"),
        "personal": ("个人信息", "personal"),
    }[name]
    return words[_lang() == "en"]


@register.simple_tag
def fact_type(name: str) -> str:
    """Write what kind of value a fact has."""
    words = {
        "money": ("金额", "money"),
        "number": ("数值", "number"),
        "ratio": ("比例", "ratio"),
        "integer": ("整数", "whole number"),
        "boolean": ("是／否", "yes or no"),
        "category": ("选项", "one of a list"),
        "text": ("文字", "text"),
        "date": ("日期", "date"),
    }[name]
    return words[_lang() == "en"]
