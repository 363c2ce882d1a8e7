"""Small charts: SVG without script or style, lengths in per cent; every figure also stands as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kaiyuan.apps.enterprises.answers import ANSWERS
from kaiyuan.site.templatetags.words import t

register = template.Library()

_HIGHEST = 3.6
"""Height in rem of the highest bar of a chart of years."""


@dataclass(frozen=True)
class Bar:
    """A bar of a chart of years: place (per cent), top, height and the line of its figure (rem), its words."""

    left: str
    middle: str
    width: str
    top: str
    height: str
    above: str
    year: str
    text: str
    known: bool
    last: bool


@register.inclusion_tag("parts/years_chart.html")
def years_chart(points: Sequence[Any], *, label: str = "") -> dict[str, Any]:
    """Draw a fact by years: each point has `year`, `value` (a number or None) and `text` (the figure with its unit)."""
    values = [float(point.value) for point in points if point.value is not None]
    largest, lowest = max([*values, 0.0]), min([*values, 0.0])
    span = (largest - lowest) or 1.0
    step = 100 / max(len(points), 1)
    zero = 1.3 + _HIGHEST * largest / span
    bars = []
    for place, point in enumerate(points):
        known = point.value is not None
        height = _HIGHEST * abs(float(point.value)) / span if known else 1.4
        top = zero if known and float(point.value) < 0 else zero - height
        bars.append(
            Bar(
                left=f"{place * step + step * 0.2:.2f}%",
                middle=f"{place * step + step * 0.5:.2f}%",
                width=f"{step * 0.6:.2f}%",
                top=f"{top:.3f}rem",
                height=f"{max(height, 0.08):.3f}rem",
                above=f"{top - 0.3:.3f}rem",
                year=str(point.year),
                text=str(point.text) if known else str(t("未知", "unknown")),
                known=known,
                last=place == len(points) - 1,
            )
        )
    said = "; ".join(f"{bar.year} {bar.text}" for bar in bars)
    return {
        "bars": bars,
        "label": f"{label} {said}".strip(),
        "axis": f"{zero:.3f}rem",
    }


@register.simple_tag
def spark(values: Sequence[float | None]) -> SafeString:
    """Draw a row of figures as bars of 20 px; decoration beside the figures themselves."""
    known = [float(value) for value in values if value is not None]
    largest = max([*known, 0.0]) or 1.0
    step = 100 / max(len(values), 1)
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}%" y="{}%" width="{}%" height="{}%"/>',
        (
            (
                "f1" if place == len(values) - 1 else "f3",
                f"{place * step:.2f}",
                f"{100 - _share(value, largest):.2f}",
                f"{step * 0.72:.2f}",
                f"{_share(value, largest):.2f}",
            )
            for place, value in enumerate(values)
            if value is not None
        ),
    )
    return format_html('<svg class="k-spark" aria-hidden="true">{}</svg>', bars)


@register.simple_tag
def progress(done: int, whole: int, **words: str) -> SafeString:
    """Draw how much is done of a whole; `zh` and `en` say of what. A whole that is not known draws no bar."""
    share = 100 * done / whole if whole else 0.0
    label = t(words.get("zh", "进度"), words.get("en", "Progress"))
    return format_html(
        '<svg class="k-progress" role="img" aria-label="{} {}%"><rect class="bg" width="100%" height="100%"/>'
        '<rect class="fg" width="{}%" height="100%"/></svg>',
        label, int(share), f"{share:.2f}",
    )  # fmt: skip


@register.simple_tag
def share_bar(parts: Sequence[Any], *, label: str = "") -> SafeString:
    """Draw parts of a whole side by side: each has `value` and `shade` (a class of fill: f0, f1, f2, f3, fo, fw, fa)."""
    whole = sum(float(part.value) for part in parts) or 1.0
    left, drawn = 0.0, []
    for part in parts:
        width = 100 * float(part.value) / whole
        if width:
            drawn.append((part.shade, f"{left:.2f}", f"{max(width - 0.25, 0.25):.2f}"))
        left += width
    bars = format_html_join("", '<rect class="{}" x="{}%" width="{}%" height="100%"/>', drawn)
    return format_html('<svg class="k-share" role="img" aria-label="{}">{}</svg>', label, bars)


@register.inclusion_tag("parts/gap_line.html")
def gap_line(value: float, need: float, **words: Any) -> dict[str, Any]:
    """Draw how far a figure is from what is needed; `has`, `needed`, `short` are the words, `forecast` a third figure.

    The need stands at seven eighths of the line, so that there is room for more than enough.
    """
    forecast = words.get("forecast")
    scale = max(need / 0.875, value, forecast or 0.0) or 1.0
    return {
        "value": f"{_share(value, scale):.2f}%",
        "forecast": f"{_share(forecast, scale):.2f}%" if forecast is not None else "",
        "need": f"{_share(need, scale):.2f}%",
        "has": words.get("has", ""),
        "needed": words.get("needed", ""),
        "short": words.get("short", ""),
        "label": words.get("label")
        or f"{words.get('has', '')} {words.get('needed', '')} {words.get('short', '')}",
    }


@register.inclusion_tag("parts/five.html")
def five(counts: dict[str, Any]) -> dict[str, Any]:
    """Write the five answers side by side, each a link to its part of the page: name → `count`, and `sub` below it."""
    return {"answers": [(each.name, each, counts[each.name]) for each in ANSWERS if each.name in counts]}


def _share(value: float, whole: float) -> float:
    return min(max(100 * float(value) / whole, 0.0), 100.0)
