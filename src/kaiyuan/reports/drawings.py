"""Drawings that stand inside a page: icons, bars, the line of a gap. SVG, without script and without style attributes.

Lengths that come from data are SVG attributes in per cent, so that text never scales with a chart. Every figure a
drawing shows also stands beside it as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaiyuan.reports.markup import Markup, el, raw

# One ring drawn five ways, so that answers differ without colour; then the signs of a page.
ICONS: dict[str, str] = {
    "yes": '<circle cx="10" cy="10" r="8" class="fill"/><path d="M6.3 10.3l2.6 2.6 4.9-5.4" class="cut"/>',
    "near": '<path d="M13.4 3.6a7.2 7.2 0 1 0 3.6 5.2"/><circle cx="16.1" cy="5.4" r="1.5" class="fill"/>',
    "unknown": '<circle cx="10" cy="10" r="7.2" stroke-dasharray="2.4 2.1"/>'
    '<path d="M8.1 8a1.95 1.95 0 1 1 2.7 1.8c-.6.3-.8.6-.8 1.2"/><circle cx="10" cy="13.4" r=".6" class="fill"/>',
    "no": '<circle cx="10" cy="10" r="7.2"/><path d="M6.5 10h7"/>',
    "spare": '<circle cx="10" cy="10" r="7.2"/><path d="M5.2 14.8l9.6-9.6"/>',
    "check": '<path d="M4 10.6l3.8 3.8L16 5.8"/>',
    "warn": '<path d="M10 3.2l7.4 13.4H2.6zM10 8.2v4M10 14.2v.2"/>',
    "demo": '<path d="M7.6 3h4.8M8.4 3v5L4 15.6c-.5.9 0 1.6 1 1.6h10c1 0 1.5-.7 1-1.6L11.6 8V3M6.2 12.4h7.6"/>',
    "trial": '<path d="M10 3.4v13M5.8 16.6h8.4M4 6.2h12"/>'
    '<path d="M4 6.2L1.8 11.4a2.4 2.4 0 0 0 4.4 0zM16 6.2l-2.2 5.2a2.4 2.4 0 0 0 4.4 0z"/>',
    "lock": '<rect x="4.2" y="8.8" width="11.6" height="8" rx="1"/><path d="M6.8 8.8V6.4a3.2 3.2 0 0 1 6.4 0v2.4"/>',
}
GATE = '<path d="M1.5 2.5h21v2.2h-21z"/><path d="M3 6l6 2.6v11.1L3 22z"/><path d="M21 6l-6 2.6v11.1l6 2.3z"/>'
FILLS = {"yes": "fo", "near": "fw", "unknown": "fa", "no": "f0"}
_INK = {"yes": "t-ok", "near": "t-warn", "unknown": "t-ask"}


def icon(name: str, *, plain: bool = False) -> Markup:
    """Draw an icon, in the colour of its answer unless `plain`; words stand beside it, so it is hidden to readers."""
    ink = "" if plain else _INK.get(name, "")
    return el("svg", raw(ICONS[name]), class_=f"i {ink}".strip(), viewBox="0 0 20 20", aria_hidden="true")


def gate() -> Markup:
    """Draw the mark: an open gate."""
    return el("svg", raw(GATE), viewBox="0 0 24 24", aria_hidden="true")


@dataclass(frozen=True)
class Part:
    """A part of a stacked bar: how much, and its class of fill."""

    size: int
    fill: str


def stacked(parts: Sequence[Part], *, total: int, label: str, class_: str = "bar") -> Markup:
    """Draw parts of a whole side by side; every part that is not zero stays visible."""
    shown = [part for part in parts if part.size > 0]
    widths = _visible([part.size / total for part in shown]) if total else []
    pieces: list[Markup] = []
    start = 0.0
    for part, width in zip(shown, widths, strict=True):
        # A hairline of the ground between the parts keeps them apart in print and for the colour-blind.
        inner = max(width - 0.25, 0.35)
        pieces.append(el("rect", class_=part.fill, x=_share(start), width=_share(inner), height="100%"))
        start += width
    return el("svg", pieces, class_=class_, role="img", aria_label=label)


def _visible(shares: list[float]) -> list[float]:
    """Give widths in per cent that add up to 100 × the sum of the shares, none under 0.6."""
    least = 0.6
    small = [index for index, share in enumerate(shares) if share * 100 < least]
    large = sum(share for index, share in enumerate(shares) if index not in small)
    rest = sum(shares) * 100 - least * len(small)
    return [least if index in small else share / large * rest for index, share in enumerate(shares)]


def bar_limit(sizes: Sequence[int]) -> int:
    """Give the size at which a ranking's bars are full: the largest, or less when one dwarfs all others."""
    ordered = sorted(sizes, reverse=True)
    if len(ordered) > 2 and ordered[0] > 3 * ordered[1] > 0:
        return ordered[1] + ordered[1] // 2
    return ordered[0] if ordered else 0


def bar(size: int, *, limit: int, fill: str) -> Markup:
    """Draw one bar of a ranking; one that is longer than the limit is cut, and shows where."""
    if limit <= 0 or size <= 0:
        return el("svg", class_="bar bar--thin", aria_hidden="true")
    pieces = [el("rect", class_=fill, width=_share(max(min(size / limit, 1) * 100, 0.6)), height="100%")]
    if size > limit:
        pieces.append(_break())
    return el("svg", pieces, class_="bar bar--thin", aria_hidden="true")


def budget_track(parts: Sequence[tuple[int, str]], *, amount: int, label: str) -> Markup:
    """Draw claims on a budget side by side, with a line where the budget ends; far more than it is cut short."""
    total = sum(size for size, _ in parts)
    full = min(total, max(amount * 5 // 2, 1)) if total > amount > 0 else max(total, amount, 1)
    pieces: list[Markup] = []
    start = 0.0
    for size, fill in parts:
        width = min(size / full * 100, 100 - start)
        if width > 0:
            inner = max(width - 0.25, 0.35)
            pieces.append(el("rect", class_=fill, x=_share(start), width=_share(inner), y="5", height="12"))
            start += width
    if total > full:
        pieces.append(_break())
    mark = _share(min(amount / full * 100, 99.8))
    pieces.append(el("line", class_="mark", x1=mark, x2=mark, y1="0", y2="22"))
    return el("svg", pieces, class_="k-track", role="img", aria_label=label)


def _break() -> Markup:
    lines = [el("rect", x=x, width="4", height="32", y="-4", transform="skewX(-18)") for x in ("90%", "93%")]
    return el("g", lines, class_="fs")


@dataclass(frozen=True)
class GapLine:
    """Now and needed on one line, as shares of its length, with their words."""

    now: float
    need: float
    now_words: str
    need_words: str
    gap_words: str
    label: str


def gap_line(line: GapLine) -> Markup:
    """Draw how far the value is from what is needed."""
    need = max(min(line.need, 1.0), 0.0) * 100
    anchor = "end" if need > 70 else "start" if need < 30 else "middle"
    return el(
        "svg",
        el("rect", class_="bg", y="1.5em", width="100%", height=".75em"),
        el("rect", class_="fg", y="1.5em", width=_share(max(min(line.now, 1.0), 0.0) * 100), height=".75em"),
        el("line", class_="need", x1=_share(need), x2=_share(need), y1="1.2em", y2="2.45em"),
        el("text", line.need_words, class_="s", x=_share(need), y=".85em", text_anchor=anchor),
        el("text", line.now_words, y="3.7em"),
        el("text", line.gap_words, x="100%", y="3.7em", text_anchor="end"),
        class_="k-gapline",
        role="img",
        aria_label=line.label,
    )


def swatch(fill: str) -> Markup:
    """Draw the square of a key."""
    return el("svg", el("rect", width="12", height="12"), class_=f"k-sw {fill}", aria_hidden="true")


def _share(value: float) -> str:
    return f"{value:.2f}%"
