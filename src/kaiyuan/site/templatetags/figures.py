"""Figures and dates as people here write them.

Three things are never mixed up: `—` is not applicable, 未知 is unknown, `0` is zero.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kaiyuan.reports import figures
from kaiyuan.site.templatetags.words import language, t

register = template.Library()

Number = int | float | Decimal | Fraction
_SQUARE_METRES_A_MU = Fraction(2000, 3)


def _exact(value: Number) -> Fraction:
    # A float is taken as people wrote it: 0.1, not 0.1000000000000000055.
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


@register.simple_tag
def unknown() -> SafeString:
    """Write that something is not known."""
    return t("未知", "unknown")


@register.filter
def grouped(value: Number | None, decimals: int = 0) -> str:
    """Write a number with commas by threes; one that is not known is said to be unknown."""
    return str(unknown()) if value is None else figures.grouped(_exact(value), least=decimals)


@register.filter
def money(fen: int | None) -> SafeString | str:
    """Write an amount of fen in 万元 or 亿元 with its unit; the exact yuan are its title. Unknown is not zero."""
    if fen is None:
        return unknown()
    shown = figures.money(fen, lang=language())
    exact = figures.grouped(Fraction(fen, 100), least=2)
    return format_html(
        '<data value="{}" title="{} {}">{}<span class="unit">{}</span></data>',
        figures.exact_number(Fraction(fen, 100)),
        exact,
        t("元", "yuan"),
        shown.number,
        shown.unit,
    )


@register.filter
def yuan(fen: int | None) -> str:
    """Write an amount of fen in whole yuan and cents, for lists whose head names the unit: 1,098,400.00."""
    return str(unknown()) if fen is None else figures.grouped(Fraction(fen, 100), least=2)


@register.filter
def ten_thousand(fen: int | None) -> str:
    """Write an amount of fen in 万元 without the unit, for columns whose head names it: 109.84."""
    return str(unknown()) if fen is None else figures.grouped(Fraction(fen, 1_000_000), least=2)


@register.filter
def percent(ratio: Number | None, decimals: int = 1) -> str:
    """Write a ratio in per cent: 0.046 as 4.6%."""
    return str(unknown()) if ratio is None else f"{figures.grouped(_exact(ratio) * 100, least=decimals)}%"


@register.filter
def points(difference: Number | None, decimals: int = 1) -> SafeString | str:
    """Write a difference of two ratios in percentage points, with its sign; points are not per cent."""
    if difference is None:
        return unknown()
    exact = _exact(difference)
    number = figures.grouped(exact * 100, least=decimals)
    return t("{n} 个百分点", "{n} percentage points", n=f"+{number}" if exact > 0 else number)


@register.filter
def growth(ratio: Number | None, decimals: int = 1) -> str:
    """Write a growth with ▲ or ▼ and its sign, in neutral ink: red is for what is late."""
    if ratio is None:
        return str(unknown())
    exact = _exact(ratio)
    number = figures.grouped(abs(exact) * 100, least=decimals)
    return f"▲ +{number}%" if exact > 0 else f"▼ −{number}%" if exact < 0 else f"{number}%"


@register.filter
def land(square_metres: Number | None) -> SafeString | str:
    """Write an area in 亩 and ㎡ at once: 2000 ㎡ are 3 亩."""
    if square_metres is None:
        return unknown()
    area = _exact(square_metres)
    mu = figures.grouped(area / _SQUARE_METRES_A_MU, least=0, most=2)
    return t("{mu} 亩（{area} ㎡）", "{mu} mu ({area} m²)", mu=mu, area=figures.grouped(area, most=2))


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """Write a date as 2026-11-20; no date is a dash."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return format_html('<time datetime="{0}">{0}</time>', value.isoformat())


@register.filter
def long_day(value: date | None) -> str:
    """Write a date as prose does: 2026年11月20日, 20 November 2026."""
    if value is None:
        return "—"
    if language() == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Write a moment as 2026-11-20 09:12 in the time of the zone."""
    if value is None:
        return "—"
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), local.strftime("%Y-%m-%d %H:%M")
    )


@register.filter
def file_size(count: int | None) -> str:
    """Write how large a file is: 912 B, 34.5 kB, 2.1 MB."""
    if count is None:
        return str(unknown())
    if count < 1000:
        return f"{count} B"
    large = count >= 999_950
    return (
        f"{figures.grouped(Fraction(count, 1_000_000 if large else 1000), least=1)} {'MB' if large else 'kB'}"
    )
