"""Rankings of a run: facts that block answers, conditions that alone stand in the way, classes."""

from __future__ import annotations

from collections.abc import Sequence

from kaiyuan.matching import Summary
from kaiyuan.reports.drawings import bar, bar_limit
from kaiyuan.reports.figures import count, percent
from kaiyuan.reports.markup import Content, Markup, el
from kaiyuan.reports.page import cell, inside, panel, row_head, table
from kaiyuan.reports.words import answer_word, counted, say

SHOWN = 15
MOST = 200


def missing_panel(summary: Summary, *, lang: str) -> Markup:
    """Give the facts by how many answers each keeps open."""
    title = say(lang, "missing.title")
    if not summary.missing:
        return panel(title, inside(el("p", say(lang, "missing.none"), class_="muted")), id_="missing")
    heads = [
        (say(lang, "column.fact"), ""),
        ("", ""),
        (say(lang, "missing.answers"), "r"),
        (say(lang, "missing.firms"), "r"),
    ]
    limit = bar_limit([fact.answers for fact in summary.missing])
    rows = []
    for fact in summary.missing[:MOST]:
        label = fact.label.get(lang) or fact.fact
        if fact.year is not None:
            label = say(lang, "year_of", year=fact.year, label=label)
        share = el("span", percent(fact.subjects, summary.subjects), class_="sub")
        rows.append(
            el(
                "tr",
                row_head(label),
                cell("", bar(fact.answers, limit=limit, fill="fa"), class_="bar-cell"),
                cell(say(lang, "missing.answers"), count(fact.answers), class_="r"),
                cell(say(lang, "missing.firms"), count(fact.subjects), share, class_="r two"),
            )
        )
    return _ranking(
        title, heads, rows, id_="missing", limit=limit, largest=summary.missing[0].answers, lang=lang
    )


def near_panel(summary: Summary, *, lang: str) -> Markup:
    """Give the conditions by how many subjects each alone keeps from a yes."""
    title = say(lang, "near.title")
    if not summary.near:
        return panel(title, inside(el("p", say(lang, "near.none"), class_="muted")), id_="near")
    heads = [(say(lang, "near.condition"), ""), ("", ""), (say(lang, "missing.firms"), "r")]
    titles = {a.id: a.title.get(lang) for a in summary.assessments}
    limit = bar_limit([near.subjects for near in summary.near])
    rows = [
        el(
            "tr",
            row_head(
                near.words.get(lang) or near.condition,
                el("span", titles.get(near.assessment) or near.assessment, class_="sub"),
            ),
            cell("", bar(near.subjects, limit=limit, fill="fw"), class_="bar-cell"),
            cell(say(lang, "missing.firms"), count(near.subjects), class_="r"),
        )
        for near in summary.near[:MOST]
    ]
    return _ranking(title, heads, rows, id_="near", limit=limit, largest=summary.near[0].subjects, lang=lang)


def _ranking(
    title: str,
    heads: Sequence[tuple[str, str]],
    rows: list[Markup],
    *,
    id_: str,
    limit: int,
    largest: int,
    lang: str,
) -> Markup:
    cut = say(lang, "rank.cut", limit=count(limit)) if largest > limit else say(lang, "rank.bar")
    named = [(words or cut, class_) for words, class_ in heads]
    widths = ("w-what", "w-rank", *["w-n"] * (len(heads) - 2))

    def part(lines: Sequence[Markup]) -> Markup:
        return table(caption=title, heads=named, rows=lines, class_="k-rank", widths=widths)

    content: list[Content] = [part(rows[:SHOWN])]
    if len(rows) > SHOWN:
        rest = el("summary", counted(lang, "rank.more", len(rows) - SHOWN))
        content.append(el("details", rest, part(rows[SHOWN:]), class_="k-fold k-more"))
    return panel(title, content, note=say(lang, f"{id_}.note"), id_=id_)


def tiers_panel(summary: Summary, *, lang: str) -> Markup | None:
    """Give how many subjects fall into each class, and how many into none for want of facts."""
    classed = [a for a in summary.assessments if a.tiers]
    if not classed:
        return None
    blocks: list[Content] = []
    for a in classed:
        known = sum(number for _, _, number in a.tiers)
        lines = [(words.get(lang) or name, number, "f1") for name, words, number in a.tiers]
        left = a.subjects - known
        if left:
            lines.append((answer_word("unknown", lang=lang), left, "fa"))
        limit = max((number for _, number, _ in lines), default=0)
        items = [
            el(
                "li",
                el("span", label),
                bar(number, limit=limit, fill=fill),
                el("span", el("b", count(number)), el("span", percent(number, a.subjects), class_="sub")),
            )
            for label, number, fill in lines
        ]
        sums = say(lang, "tiers.sum", classes=count(known), open=count(left), subjects=count(a.subjects))
        blocks.append(
            el(
                "section",
                el("h3", a.title.get(lang) or a.id),
                el("p", sums, class_="sub"),
                el("ul", items, class_="k-tiers"),
            )
        )
    return panel(say(lang, "tiers.run"), inside(el("div", blocks, class_="k-tierset")), id_="tiers")
