"""The frame of a page and the pieces that pages share: one self-contained file, no script, no network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from kaiyuan.reports.drawings import gate, icon
from kaiyuan.reports.markup import Content, Markup, el, raw
from kaiyuan.reports.words import say

# Nothing may be fetched and nothing may run, whatever stands in the data.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_TONES = {
    "yes": "k-tag--ok",
    "near": "k-tag--warn",
    "no": "",
    "unknown": "k-tag--ask",
    "spare": "",
    "fail": "k-tag--warn",
}


@cache
def style_sheet() -> str:
    """Give the style sheet that every page carries."""
    folder = files("kaiyuan.reports").joinpath("style")
    return "".join(
        folder.joinpath(name).read_text(encoding="utf-8")
        for name in ("tokens.css", "parts.css", "pages.css", "run.css")
    )


def page(*, title: str, lang: str, kind: str, body: Content, foot: Content = None) -> str:
    """Give a whole HTML document; `kind` stands beside the mark in the head band."""
    name = say(lang, "brand")
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{title} — {name}"),
        el("style", raw(style_sheet())),
    )
    band = el(
        "header",
        el("span", gate(), el("span", name), class_="k-brand"),
        el("span", kind, class_="k-zone"),
        class_="k-top",
    )
    main = el("main", el("div", body, class_="k-page"), class_="k-main", id="main")
    footer = el("footer", el("div", foot, class_="k-foot k-page"), class_="k-main k-main--foot")
    skip = el("a", say(lang, "skip"), class_="k-skip", href="#main")
    document = el("html", head, el("body", skip, band, main, footer), lang="zh-CN" if lang == "zh" else "en")
    return f"<!doctype html>\n{document}\n"


def strip(kind: str, text: str) -> Markup:
    """Give a line above the title: `demo`, the rules are made up, or `trial`, parameters were changed."""
    return el("p", icon(kind), el("span", text), class_=f"k-demo k-demo--{kind}")


def as_of(pairs: Sequence[tuple[str, Content]]) -> Markup:
    """Give the line under a title: what the figures rest on. Pairs without content are left out."""
    return el(
        "dl",
        [el("div", el("dt", name), el("dd", content)) for name, content in pairs if content],
        class_="k-asof",
    )


def tag(tone: str, word: str, *, mark: str | None = None) -> Markup:
    """Give a state as icon, word and colour."""
    return el("span", icon(mark or tone, plain=True), word, class_=f"k-tag {_TONES.get(tone, '')}".strip())


def panel(title: str, *content: Content, note: Content = None, id_: str | None = None) -> Markup:
    """Give a section in a panel with its head."""
    head = el("div", el("h2", title), el("span", note, class_="sub") if note else None, class_="k-panel__h")
    return el("section", head, content, class_="k-panel k-sec", id=id_)


def inside(*content: Content) -> Markup:
    """Give the padded body of a panel."""
    return el("div", content, class_="k-panel__b")


def figure_with_unit(number: str, unit: str) -> list[Content]:
    """Give a figure with its unit set smaller; the per cent sign stays with its number."""
    if unit == "%":
        return [number, unit]
    return [number, el("span", unit, class_="unit")] if unit else [number]


def table(
    *,
    caption: str,
    heads: Sequence[tuple[Content, str]],
    rows: Sequence[Markup],
    class_: str = "",
    widths: Sequence[str] = (),
    foot: Content = None,
    shown: bool = False,
) -> Markup:
    """Give a table; `heads` are (words, class) per column, the caption is for readers unless `shown`."""
    return el(
        "table",
        el("caption", caption, class_=None if shown else "vh"),
        el("colgroup", [el("col", class_=width or None) for width in widths]) if widths else None,
        el(
            "thead",
            el("tr", [el("th", words, scope="col", class_=name or None) for words, name in heads]),
        ),
        el("tbody", list(rows)),
        el("tfoot", foot) if foot else None,
        class_=f"k-table k-stackable {class_}".strip(),
    )


def row_head(*content: Content, class_: str | None = None) -> Markup:
    """Give the first cell of a row."""
    return el("th", content, scope="row", class_=class_)


def cell(label: str, *content: Content, class_: str | None = None) -> Markup:
    """Give a cell that knows its column's words, which phones show before it."""
    return el("td", content, class_=class_, data_l=label or None)
