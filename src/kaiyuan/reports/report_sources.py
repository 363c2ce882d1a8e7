"""What a run rests on: documents cited, rules that are off, notes."""

from __future__ import annotations

from collections.abc import Sequence

from kaiyuan.matching import AssessmentSummary, Summary
from kaiyuan.reports.figures import count
from kaiyuan.reports.markup import Markup, el
from kaiyuan.reports.page import cell, inside, panel, row_head, table
from kaiyuan.reports.words import listed, say
from kaiyuan.rulebook.model import Words


def documents_panel(summary: Summary, *, lang: str) -> Markup:
    """Give every document with the rulebook that puts it into data, its clauses and its confidence."""
    books: dict[tuple[str, str], list[AssessmentSummary]] = {}
    for a in summary.assessments:
        books.setdefault((a.document, a.rulebook), []).append(a)
    heads = [
        (say(lang, "documents.document"), ""),
        (say(lang, "documents.rulebook"), ""),
        (say(lang, "documents.clauses"), ""),
        (say(lang, "documents.rules"), "r"),
        (say(lang, "documents.confidence"), ""),
    ]
    rows = []
    for (document, book), group in books.items():
        clauses = listed(lang, list(dict.fromkeys(a.clause for a in group if a.clause)))
        grades = listed(lang, sorted({a.confidence for a in group}))
        demo = say(lang, "brackets", text=say(lang, "demo.short")) if any(a.demo for a in group) else ""
        rows.append(
            el(
                "tr",
                row_head(document or book),
                cell(heads[1][0], el("span", book, class_="code")),
                cell(heads[2][0], clauses),
                cell(heads[3][0], count(len(group)), class_="r"),
                cell(heads[4][0], f"{grades}{demo}"),
            )
        )
    title = say(lang, "documents.title")
    widths = ("w-doc", "w-book", "", "w-n", "w-conf")
    return panel(
        title, table(caption=title, heads=heads, rows=rows, class_="k-docs", widths=widths), id_="documents"
    )


def off_panel(off: Sequence[tuple[str, Words]], *, lang: str) -> Markup | None:
    """Give the rules that are switched off."""
    if not off:
        return None
    items = [
        el("li", words.get(lang) or name, " ", el("span", name, class_="sub code")) for name, words in off
    ]
    body = inside(el("p", say(lang, "off.why"), class_="sub"), el("ul", items, class_="k-plain"))
    return panel(say(lang, "off.title"), body)


def notes_panel(notes: Sequence[str], *, lang: str) -> Markup | None:
    """Give the notes of a run."""
    if not notes:
        return None
    items = [el("li", note) for note in notes]
    return panel(say(lang, "notes.title"), inside(el("ul", items, class_="k-plain")))
