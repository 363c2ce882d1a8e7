"""Figures and dates as people here write them."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kaiyuan.reports import figures
from kaiyuan.site.templatetags.words import language

register = template.Library()


@register.filter
def grouped(value: int | float | None) -> str:
    """Write a count with commas by threes; nothing is written as a dash."""
    return "—" if value is None else f"{value:,}"


@register.filter
def money(fen: int | None) -> SafeString | str:
    """Write an amount of fen in 万元 or 亿元 with its unit; unknown is said, not written as zero."""
    if fen is None:
        return "未知" if language() == "zh" else "unknown"
    shown = figures.money(fen, lang=language())
    return format_html('{}<span class="unit">{}</span>', shown.number, shown.unit)


@register.filter
def day(value: date | None) -> str:
    """Write a date as 2026-11-20."""
    return "—" if value is None else value.strftime("%Y-%m-%d")


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment as 2026-11-20 09:12 in the time of the zone."""
    return "—" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
