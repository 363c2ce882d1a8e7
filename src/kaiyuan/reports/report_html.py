"""A whole run as one self-contained page: the answer first, then every rule, what is missing, and the money.

Sums are shown closing: rows read against used and rejected, answers against firms × rules, claims against what was
granted, cut and left waiting.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kaiyuan.matching import AssessmentSummary, Claims, Summary
from kaiyuan.reports.drawings import FILLS, Part, icon, stacked, swatch
from kaiyuan.reports.figures import NOT_APPLICABLE, count, day, money
from kaiyuan.reports.markup import Content, Markup, el
from kaiyuan.reports.page import (
    as_of,
    cell,
    figure_with_unit,
    page,
    panel,
    row_head,
    strip,
    table,
)
from kaiyuan.reports.report_money import budgets_section, column_money, column_unit, stacking_panel
from kaiyuan.reports.report_ranks import missing_panel, near_panel, tiers_panel
from kaiyuan.reports.report_sources import documents_panel, notes_panel, off_panel
from kaiyuan.reports.words import ANSWERS, answer_word, counted, say

KINDS = ("entitlement", "title", "threshold", "grade", "size")


def report_html(
    summary: Summary, *, lang: str = "zh", generated: str | None = None, entitled: int | None = None
) -> str:
    """Give a run as an HTML page in `zh` or `en`.

    `generated` is the moment to print, if any. `entitled` is the number of firms with at least one award, if known;
    without it the page leads with the number of yeses.
    """
    s = summary
    kinds = [(kind, [a for a in s.assessments if a.kind == kind]) for kind in KINDS]
    demo = [a.demo for a in s.assessments]
    body: list[Content] = [
        strip("demo", say(lang, "demo" if all(demo) else "demo.some")) if any(demo) else None,
        strip("trial", f"{say(lang, 'trial')} {_changes(s)}") if s.changes else None,
        _head(s, lang),
        _answer(s, entitled, lang),
        _as_of(s, lang, generated),
        _rows_line(s, lang),
        _five(s, lang),
        _contents(s, [kind for kind, group in kinds if group], lang),
        [_kind_panel(kind, group, s.subjects, lang) for kind, group in kinds[:1] if group],
        budgets_section(s.budgets, lang=lang),
        stacking_panel(s.stacking, lang=lang),
        [_kind_panel(kind, group, s.subjects, lang) for kind, group in kinds[1:] if group],
        tiers_panel(s, lang=lang),
        missing_panel(s, lang=lang),
        near_panel(s, lang=lang),
        documents_panel(s, lang=lang),
        off_panel(s.off, lang=lang),
        notes_panel(s.notes, lang=lang),
    ]
    foot = [
        el("span", say(lang, "nature")),
        el("span", say(lang, "foot.made")),
        el("span", f"{say(lang, 'asof.on')} {day(s.on)}"),
    ]
    title = f"{say(lang, 'run.title')} {day(s.on)}"
    return page(title=title, lang=lang, kind=say(lang, "run.kind"), body=body, foot=foot)


def entitled_firms(claims: Claims | None) -> int | None:
    """Give how many firms are eligible for at least one award, from the claims of a run; None without awards."""
    return None if claims is None else int(np.unique(claims.row).size)


def _changes(s: Summary) -> str:
    return ", ".join(f"{name} = {value}" for name, value in s.changes.items())


def _head(s: Summary, lang: str) -> Markup:
    named = [el("span", source) for source in s.sources]
    size = f"{count(s.subjects)} {say(lang, 'run.firms')}"
    return el(
        "header",
        el("h1", say(lang, "run.title")),
        el("p", named, el("span", size), class_="k-head__sub"),
        class_="k-head",
    )


def _answer(s: Summary, entitled: int | None, lang: str) -> Markup:
    yes = sum(a.yes for a in s.assessments)
    number, unit, under = (
        (yes, say(lang, "run.answers"), say(lang, "run.yes_answers"))
        if entitled is None
        else (entitled, say(lang, "run.firms"), say(lang, "run.entitled"))
    )
    main = el("div", el("p", count(number), el("span", unit, class_="unit"), class_="big"), el("p", under))
    more: list[Content] = []
    if any(a.has_award for a in s.assessments):
        granted = money(sum(a.granted_fen for a in s.assessments), lang=lang)
        proposed = money(sum(a.proposed_fen for a in s.assessments), lang=lang)
        words = say(lang, "run.proposed", amount=proposed)
        more.append(
            el(
                "p",
                el("b", figure_with_unit(granted.number, granted.unit)),
                f"{say(lang, 'run.granted')}{say(lang, 'brackets', text=words)}",
            )
        )
    for answer in ("near", "unknown"):
        total = sum(getattr(a, answer) for a in s.assessments)
        figure = el("b", count(total), el("span", say(lang, "run.answers"), class_="unit"))
        more.append(el("p", figure, say(lang, f"run.{answer}")))
    return el("div", main, el("div", more, class_="more"), class_="e-answer")


def _as_of(s: Summary, lang: str, generated: str | None) -> Markup:
    return as_of(
        [
            (say(lang, "asof.on"), day(s.on)),
            (say(lang, "asof.base_year"), str(s.base_year)),
            (say(lang, "asof.packs"), say(lang, "comma").join(s.packs)),
            (say(lang, "asof.engine"), s.engine),
            (say(lang, "asof.nature"), say(lang, "nature")),
            (say(lang, "asof.generated"), generated),
        ]
    )


def _rows_line(s: Summary, lang: str) -> Markup:
    total = s.subjects + s.rows_rejected
    parts = {"read": count(s.rows_read), "used": count(s.subjects), "rejected": count(s.rows_rejected)}
    if total == s.rows_read:
        words = f"{say(lang, 'run.rows', **parts)}{say(lang, 'comma')}{say(lang, 'run.closes')}"
        return el("p", icon("check", plain=True), words, class_="r-closes")
    gap = count(abs(s.rows_read - total))
    words = say(lang, "run.rows_off", **parts, sum=count(total), gap=gap)
    return el("p", icon("warn", plain=True), words, class_="r-closes is-off")


def _five(s: Summary, lang: str) -> Markup:
    totals = {answer: sum(getattr(a, answer) for a in s.assessments) for answer in ANSWERS}
    total = sum(totals.values())
    full = total == s.subjects * len(s.assessments)
    note = say(
        lang,
        "run.five_note" if full else "run.five_note.off",
        sum=count(total),
        subjects=count(s.subjects),
        rules=count(len(s.assessments)),
    )
    items = [
        el(
            "li",
            icon(answer),
            el("span", answer_word(answer, lang=lang)),
            el("b", count(number)),
            el("span", say(lang, f"means.{answer}"), class_="sub"),
        )
        for answer, number in totals.items()
    ]
    head = el("div", el("h2", say(lang, "run.five")), el("span", note, class_="sub"), class_="k-sec__h")
    return el("section", head, el("ul", items, class_="e-five"), class_="k-sec")


def _contents(s: Summary, kinds: Sequence[str], lang: str) -> Markup:
    money_parts = [
        *([("budgets", "budget.title")] if s.budgets else []),
        *([("stacking", "stack.title")] if s.stacking else []),
    ]
    places = [(f"kind-{kind}", f"kind.{kind}") for kind in kinds]
    places[1:1] = money_parts
    if any(a.tiers for a in s.assessments):
        places.append(("tiers", "tiers.run"))
    places += [("missing", "missing.title"), ("near", "near.title"), ("documents", "documents.title")]
    items = [el("li", el("a", say(lang, phrase), href=f"#{id_}")) for id_, phrase in places]
    return el("nav", el("ul", items), class_="k-contents", aria_label=say(lang, "run.contents"))


def _kind_panel(kind: str, group: Sequence[AssessmentSummary], subjects: int, lang: str) -> Markup:
    money_shown = any(a.has_award for a in group)
    heads: list[tuple[Content, str]] = [(say(lang, "run.rule"), ""), (say(lang, "run.bar"), "")]
    heads += [([swatch(FILLS[name]), " ", say(lang, f"head.{name}")], "r key") for name in ANSWERS]
    if money_shown:
        unit = column_unit(lang)
        for name in ("proposed", "granted"):
            heads.append(([say(lang, f"run.{name}_head"), " ", el("span", unit, class_="nw")], "r"))
    by_document: dict[str, list[AssessmentSummary]] = {}
    for a in group:
        by_document.setdefault(a.document, []).append(a)
    rows: list[Markup] = []
    for document, members in by_document.items():
        rows.append(el("tr", el("th", document, scope="colgroup", colspan=len(heads)), class_="is-doc"))
        rows += [_rule_row(a, lang, money_shown=money_shown) for a in members]
    even = all(a.subjects == subjects for a in group)
    title = say(lang, f"kind.{kind}")
    return panel(
        title,
        table(
            caption=title,
            heads=heads,
            rows=rows,
            class_="k-rules" if money_shown else "k-rules k-rules--plain",
            widths=("w-rule", "w-bar", *["w-n"] * 4, *(["w-m"] * 2 if money_shown else [])),
            foot=_sums(group, lang, money_shown=money_shown),
        ),
        note=say(lang, "run.each_row", subjects=count(subjects)) if even else None,
        id_=f"kind-{kind}",
    )


def _rule_row(a: AssessmentSummary, lang: str, *, money_shown: bool) -> Markup:
    figures = [(answer, getattr(a, answer)) for answer in ANSWERS]
    spoken = say(lang, "comma").join(f"{answer_word(name, lang=lang)} {count(n)}" for name, n in figures)
    drawn = stacked([Part(n, FILLS[name]) for name, n in figures], total=a.subjects, label=spoken)
    grade = say(lang, "run.confidence_c") if a.confidence == "C" and not a.demo else ""
    cite = " · ".join(part for part in (a.clause, grade) if part)
    cells = [cell(say(lang, f"head.{name}"), count(n), class_=_strength(name, n)) for name, n in figures]
    if money_shown:
        cells += _money_cells(a, lang)
    return el(
        "tr",
        row_head(a.title.get(lang) or a.id, el("span", cite, class_="sub")),
        cell("", drawn, class_="bar-cell"),
        cells,
    )


def _strength(answer: str, number: int) -> str:
    if number == 0:
        return "r is-zero"
    return "r is-yes" if answer == "yes" else "r"


def _money_cells(a: AssessmentSummary, lang: str) -> list[Markup]:
    unit = column_unit(lang)
    names = [f"{say(lang, f'run.{name}_head')} {unit}" for name in ("proposed", "granted")]
    if not a.has_award:
        return [cell(name, NOT_APPLICABLE, class_="r is-zero is-na") for name in names]
    open_ = counted(lang, "run.no_amount", a.amount_unknown) if a.amount_unknown else None
    note = el("span", open_, class_="sub") if open_ else None
    return [
        cell(names[0], column_money(a.proposed_fen, lang=lang), class_="r"),
        cell(names[1], column_money(a.granted_fen, lang=lang), note, class_="r"),
    ]


def _sums(group: Sequence[AssessmentSummary], lang: str, *, money_shown: bool) -> Markup | None:
    if len(group) < 2:
        return None
    cells = [
        cell(say(lang, f"head.{name}"), count(sum(getattr(a, name) for a in group)), class_="r")
        for name in ANSWERS
    ]
    if money_shown:
        for name in ("proposed", "granted"):
            fen = sum(getattr(a, f"{name}_fen") for a in group)
            label = f"{say(lang, f'run.{name}_head')} {column_unit(lang)}"
            cells.append(cell(label, column_money(fen, lang=lang), class_="r"))
    return el("tr", row_head(say(lang, "run.sum")), el("td"), cells)
