"""The evidence of one decision as tables: reasons, classes, score, amount, and remarks on how the rule was read."""

from __future__ import annotations

from fractions import Fraction

from kaiyuan.reports.checks import Check, value_words
from kaiyuan.reports.coaching import source_lines
from kaiyuan.reports.drawings import Part, stacked
from kaiyuan.reports.figures import NOT_APPLICABLE, grouped, money, quantity
from kaiyuan.reports.markup import Content, Markup, el
from kaiyuan.reports.page import cell, inside, panel, row_head, table, tag
from kaiyuan.reports.reasons import Reasons, Row, reasons
from kaiyuan.reports.terms import fact_label
from kaiyuan.reports.words import counted, say
from kaiyuan.rulebook.explanation import (
    AmountAnswer,
    Explanation,
    IndicatorAnswer,
    NodeAnswer,
    ScoreAnswer,
)

_WIDTHS = ("", "w-val", "w-need", "w-gap", "w-src", "w-cite", "w-res")
_TAG = {"yes": "yes", "no": "fail", "unknown": "unknown", "spare": "spare"}
_MARK = {"no": "no"}


def reason_panel(found: Reasons, *, lang: str) -> Markup:
    """Give the reason table: rows against and open first, rows that are met folded."""
    content: list[Content] = []
    if found.open:
        content.append(_table(found.open, say(lang, "explanation.open"), lang))
    if found.passed:
        summary = el("summary", counted(lang, "explanation.passed", found.met))
        passed = _table(found.passed, counted(lang, "explanation.passed", found.met), lang)
        content.append(el("details", summary, passed, class_="k-fold", open=not found.open))
    counts = [counted(lang, "explanation.not_met", found.not_met)] if found.not_met else []
    counts += [counted(lang, "explanation.open_count", found.unknown)] if found.unknown else []
    counts += [counted(lang, "explanation.met_count", found.met)] if found.met else []
    return panel(say(lang, "explanation.title"), content, note=" · ".join(counts))


def tiers_panel(explanation: Explanation, *, lang: str) -> Markup:
    """Give the classes in order, the one that applies opened."""
    e = explanation
    parts: list[Content] = []
    for name, words, tree in e.tiers:
        mine = e.tier is not None and e.tier[0] == name
        heading = el("b", words.get(lang) or name)
        state = tag("yes", say(lang, "tiers.this")) if mine else None
        parts.append(
            el(
                "details",
                el("summary", heading, state),
                _tier_body(tree, e, lang),
                class_="k-fold",
                open=mine or e.tier is None,
            )
        )
    return panel(say(lang, "tiers.title"), parts, note=say(lang, "tiers.note"))


def _tier_body(tree: NodeAnswer | None, e: Explanation, lang: str) -> Markup:
    if tree is None:
        return el("p", say(lang, "tiers.otherwise"), class_="k-pad sub")
    found = reasons(tree, lang=lang, base_year=e.base_year, score=e.score)
    return _table(found.open + found.passed, say(lang, "explanation.title"), lang)


def _table(rows: tuple[Row, ...], caption: str, lang: str) -> Markup:
    columns = ("condition", "value", "needed", "gap", "source", "clause", "result")
    heads = [
        (say(lang, f"column.{name}"), "r" if name in ("value", "needed", "gap") else "") for name in columns
    ]
    written = [line for row in rows for line in _lines(row, lang)]
    return table(caption=caption, heads=heads, rows=written, class_="k-reason", widths=_WIDTHS)


def _lines(row: Row, lang: str) -> list[Markup]:
    word = say(lang, f"result.{row.result}")
    result = tag(_TAG[row.result], word, mark=_MARK.get(row.result))
    tone = {"no": "is-fail", "unknown": "is-ask", "spare": "is-spare"}.get(row.result, "")
    depth = f"is-d{min(row.depth, 3)}" if row.depth else ""
    single = len(row.checks) == 1
    part = "is-group" if row.answer is None else "" if single else "is-many"
    label: list[Content] = [row.label]
    if single and row.checks[0].label and row.checks[0].label not in row.label:
        label.append(el("span", row.checks[0].label, class_="sub"))
    elif row.any_of:
        label.append(el("span", say(lang, "group.any"), class_="sub"))
    cells = _cells(row.checks[0], row, lang) if single else _blank(lang)
    first = el(
        "tr",
        row_head(*label),
        cells,
        cell(say(lang, "column.clause"), row.clause, class_="cite")
        if row.clause
        else cell("", class_="cite"),
        cell(say(lang, "column.result"), result),
        class_=" ".join(name for name in (tone, depth, part) if name) or None,
    )
    if single:
        return [first]
    return [first, *(_part(check, row, tone, depth, lang) for check in row.checks)]


def _part(check: Check, row: Row, tone: str, depth: str, lang: str) -> Markup:
    idle = tone == "is-spare" or (row.result == "yes" and check.satisfied != "yes")
    names = ("is-part", "is-spare" if idle else tone if tone == "is-fail" else "", depth)
    return el(
        "tr",
        row_head(check.label),
        _cells(check, row, lang),
        cell("", class_="cite"),
        cell("", class_="res"),
        class_=" ".join(name for name in names if name),
    )


def _blank(lang: str) -> list[Markup]:
    return [cell("", class_="r") for _ in range(3)] + [cell("")]


def _cells(check: Check, row: Row, lang: str) -> list[Markup]:
    lacking = check.satisfied == "no" and row.result == "no"
    gap: list[Content] = [check.gap] if check.gap else [NOT_APPLICABLE]
    if check.about:
        gap.append(el("span", check.about, class_="sub"))
    return [
        cell(say(lang, "column.value"), check.actual, class_="r val"),
        cell(say(lang, "column.needed"), check.needed, class_="r" if len(check.needed) < 16 else "r long"),
        cell(say(lang, "column.gap"), gap, class_="r gap is-short" if lacking else "r gap"),
        cell(say(lang, "column.source"), _sources(check, lang), class_="src"),
    ]


def _sources(check: Check, lang: str) -> list[Content]:
    if not check.facts:
        return [say(lang, "see_score")]
    if len(check.facts) == 1:
        fact = check.facts[0]
        if fact.value is None and not fact.source:
            return [say(lang, "not_supplied")]
        date = el("span", fact.recorded, class_="sub") if fact.recorded else None
        return [fact.source or say(lang, "no_source"), date]
    return [
        el(
            "span",
            f"{fact_label(fact, lang=lang)} {value_words(fact, lang=lang)}",
            source_lines(fact, lang=lang) if fact.value is not None else None,
            class_="fact",
        )
        for fact in check.facts
    ]


def score_panel(score: ScoreAnswer, *, lang: str) -> Markup:
    """Give the scoring table with what each line looked at, the band that counted, and its points."""
    heads = [
        (say(lang, "column.indicator"), ""),
        (say(lang, "column.value"), "r"),
        (say(lang, "column.band"), ""),
        (say(lang, "column.share"), ""),
        (say(lang, "column.points"), "r"),
        (say(lang, "column.max"), "r"),
    ]
    rows: list[Markup] = []
    grouped_ids = {name for name, *_ in score.groups}
    for name, words, low, high, most in score.groups:
        rows.append(_points_row(words.get(lang) or name, "", "", low, high, most, lang, head=True))
        rows += [_indicator(i, lang) for i in score.indicators if i.group == name]
    rows += [_indicator(i, lang) for i in score.indicators if i.group not in grouped_ids]
    foot = _points_row(say(lang, "score.total"), "", "", score.low, score.high, score.max, lang)
    note = say(lang, "score.range") if score.low != score.high else None
    return panel(
        say(lang, "score.title"),
        table(
            caption=say(lang, "score.title"),
            heads=heads,
            rows=rows,
            class_="k-score",
            widths=("w-ind", "w-val", "", "w-bar", "w-pts", "w-max"),
            foot=foot,
        ),
        note=note,
    )


def _indicator(indicator: IndicatorAnswer, lang: str) -> Markup:
    value = NOT_APPLICABLE
    if indicator.value is not None:
        bare = not indicator.unit and indicator.value.denominator != 1
        # A bare quotient that is no share has a unit that nobody stated; its figure would mislead.
        if not bare or abs(indicator.value) <= 10:
            value = str(quantity(indicator.value, indicator.unit, lang=lang, ratio=bare))
    elif indicator.low != indicator.high and any(fact.value is None for fact in indicator.facts):
        value = say(lang, "unknown")
    label = indicator.words.get(lang) or indicator.id
    return _points_row(label, value, indicator.band, indicator.low, indicator.high, indicator.max, lang)


def _points_row(
    label: str,
    value: str,
    band: str,
    low: Fraction,
    high: Fraction,
    most: Fraction | None,
    lang: str,
    *,
    head: bool = False,
) -> Markup:
    points = grouped(high, most=2)
    if low != high:
        points = say(lang, "range", low=grouped(low, most=2), high=points)
    full = most if most is not None and most >= high else high
    drawn = stacked(
        [
            Part(_hundredths(low), "f1"),
            Part(_hundredths(high - low), "f3"),
            Part(_hundredths(full - high), "f0"),
        ],
        total=max(_hundredths(full), 1),
        label=f"{label}{say(lang, 'colon')}{points}",
        class_="bar bar--thin",
    )
    return el(
        "tr",
        row_head(label),
        cell(say(lang, "column.value") if value else "", value, class_="r"),
        cell(say(lang, "column.band") if band else "", el("code", band) if band else None),
        cell("", drawn, class_="bar-cell"),
        cell(say(lang, "column.points"), points, class_="r"),
        cell(say(lang, "column.max"), NOT_APPLICABLE if most is None else grouped(most, most=2), class_="r"),
        class_="is-group" if head else None,
    )


def _hundredths(value: Fraction) -> int:
    return max(int(value * 100), 0)


def amount_panel(amount: AmountAnswer, *, lang: str) -> Markup:
    """Give how the amount comes about, and the figures it was worked out from."""
    facts = [
        el(
            "div",
            el("dt", fact_label(fact, lang=lang)),
            el("dd", value_words(fact, lang=lang), source_lines(fact, lang=lang)),
        )
        for fact in amount.facts
    ]
    shown = say(lang, "amount.unknown") if amount.fen is None else str(money(amount.fen, lang=lang))
    status = say(lang, "amount.proposed" if amount.proposed else "amount.would")
    # The exact amount is worth a line of its own only where the shown one is in a larger unit.
    exact = "" if amount.fen is None else f"{grouped(Fraction(amount.fen, 100), least=2)} {say(lang, 'yuan')}"
    exact = (
        ""
        if shown.endswith((" yuan", " 元")) and "million" not in shown and "billion" not in shown
        else exact
    )
    body = [
        el("p", el("b", shown), " ", el("span", status, class_="muted"), class_="k-near__gap"),
        el("p", exact, class_="sub") if exact else None,
        el(
            "dl",
            el("div", el("dt", say(lang, "amount.formula")), el("dd", el("code", amount.text))),
            facts,
        ),
    ]
    return panel(say(lang, "amount.title"), inside(el("div", body, class_="k-facts")))


def remarks_panel(explanation: Explanation, *, lang: str) -> Markup | None:
    """Give how an open place of the text was read, the note of the pack, and the conditions that are off."""
    e = explanation
    items: list[Content] = []
    if e.document.issuer:
        items.append(_remark(say(lang, "issuer"), e.document.issuer))
    if e.document.url:
        items.append(_remark(say(lang, "asof.document"), e.document.url))
    if e.reading:
        items.append(_remark(say(lang, "reading"), e.reading.get(lang)))
    readings = {a.condition.id: a.condition for a in e.conditions() if a.condition.reading}
    for node in readings.values():
        items.append(_remark(node.words.get(lang) or node.id, node.reading.get(lang)))
    if e.note:
        items.append(_remark(say(lang, "note"), e.note.get(lang)))
    if e.off:
        off = [
            el(
                "li",
                node.words.get(lang) or node.id,
                el("span", _off_reason(node.confidence, lang), class_="sub"),
            )
            for node in e.off
        ]
        items.append(_remark(say(lang, "off.conditions"), el("ul", off)))
    return panel(say(lang, "remarks"), inside(el("dl", items, class_="k-remarks"))) if items else None


def _remark(name: str, content: Content) -> Markup:
    return el("div", el("dt", name), el("dd", content))


def _off_reason(confidence: str | None, lang: str) -> str:
    return say(lang, "off.reason", confidence=confidence) if confidence else say(lang, "off.plain")
