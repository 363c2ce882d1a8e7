"""One decision as a self-contained page: the answer first, then what to do, then every reason with its evidence."""

from __future__ import annotations

from kaiyuan.reports.answers import answer_sentence, answer_shown, is_open, score_words
from kaiyuan.reports.coaching import ask_card, near_cards, ways_panel
from kaiyuan.reports.drawings import icon
from kaiyuan.reports.figures import count, day, money, quantity
from kaiyuan.reports.markup import Content, Markup, el
from kaiyuan.reports.page import (
    as_of,
    figure_with_unit,
    page,
    strip,
)
from kaiyuan.reports.reason_table import amount_panel, reason_panel, remarks_panel, score_panel, tiers_panel
from kaiyuan.reports.reasons import Reasons, reasons
from kaiyuan.reports.words import answer_word, cited, counted, say
from kaiyuan.rulebook.explanation import Explanation

_CONFIDENTIAL = frozenset({"confidential", "personal"})


def explanation_html(explanation: Explanation, *, lang: str = "zh", generated: str | None = None) -> str:
    """Give one decision as an HTML page in `zh` or `en`; `generated` is the moment to print, if any."""
    e = explanation
    found = reasons(e.tree, lang=lang, base_year=e.base_year, score=e.score)
    title = e.title.get(lang)
    body: list[Content] = [
        strip("demo", say(lang, "demo")) if e.demo else None,
        strip("trial", f"{say(lang, 'trial')} {_changes(e)}") if e.changes else None,
        _head(e, title, lang),
        _answer(e, found, lang),
        _as_of(e, lang, generated),
        el("section", near_cards(e, lang=lang), class_="k-sec k-stack") if e.answer == "near" else None,
        ask_card(e, lang=lang) if is_open(e) else None,
        reason_panel(found, lang=lang) if e.tree is not None else None,
        tiers_panel(e, lang=lang) if e.tiers else None,
        ways_panel(e, lang=lang),
        score_panel(e.score, lang=lang) if e.score is not None else None,
        amount_panel(e.amount, lang=lang) if e.amount is not None else None,
        remarks_panel(e, lang=lang),
    ]
    foot: list[Content] = [el("span", say(lang, "nature"))]
    if any(fact.privacy in _CONFIDENTIAL for answer in e.conditions() for fact in answer.facts):
        foot.append(el("span", icon("lock"), " ", say(lang, "privacy")))
    return page(
        title=f"{answer_word(e.answer, lang=lang)} · {title}",
        lang=lang,
        kind=say(lang, "kind.explanation"),
        body=body,
        foot=foot,
    )


def _head(e: Explanation, title: str, lang: str) -> Markup:
    who = [
        el("span", e.subject_name) if e.subject_name else None,
        el("span", e.subject, class_="code") if e.subject else None,
        el("span", cited(e.document, e.clause, lang=lang)),
    ]
    return el("header", el("h1", title), el("p", who, class_="k-head__sub"), class_="k-head")


def _answer(e: Explanation, found: Reasons, lang: str) -> Markup:
    sentence = answer_sentence(e, lang=lang)
    main = el(
        "div",
        el(
            "p",
            icon("yes" if e.tier is not None and e.verdict == "yes" else e.answer),
            el("span", answer_shown(e, lang=lang)),
            class_="big",
        ),
        el("p", sentence),
    )
    more: list[Content] = []
    if e.amount is not None:
        if e.amount.fen is None:
            head: Content = say(lang, "amount.unknown")
            under = say(lang, "amount.unknown_why")
        else:
            shown = money(e.amount.fen, lang=lang)
            head = figure_with_unit(shown.number, shown.unit)
            under = say(lang, "amount.proposed" if e.amount.proposed else "amount.would")
        more.append(el("p", el("b", head), under))
    if e.score is not None:
        most = e.score.max
        under = "" if most is None else say(lang, "score.of", max=quantity(most, "", lang=lang))
        more.append(el("p", el("b", score_words(e.score, lang=lang)), under))
    if found.conditions:
        rest = []
        if found.not_met:
            rest.append(counted(lang, "explanation.not_met", found.not_met))
        if found.unknown:
            rest.append(counted(lang, "explanation.open_count", found.unknown))
        of = el("span", f" / {count(found.conditions)}", class_="unit")
        words = say(lang, "explanation.met_label")
        under = say(lang, "comma").join(rest) or say(lang, "yes_short")
        more.append(el("p", el("b", count(found.met), of, " ", el("span", words, class_="unit")), under))
    return el("div", main, el("div", more, class_="more") if more else None, class_="e-answer")


def _as_of(e: Explanation, lang: str, generated: str | None) -> Markup:
    return as_of(
        [
            (say(lang, "asof.on"), day(e.on)),
            (say(lang, "asof.base_year"), str(e.base_year)),
            (say(lang, "asof.rule"), el("span", e.version, class_="code")),
            (say(lang, "asof.confidence"), say(lang, f"confidence.{e.confidence}")),
            (say(lang, "asof.nature"), say(lang, "nature")),
            (say(lang, "asof.generated"), generated),
        ]
    )


def _changes(e: Explanation) -> str:
    return ", ".join(f"{name} = {float(value):g}" for name, value in e.changes.items())
