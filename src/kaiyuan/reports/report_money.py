"""The money of a run: each budget against what is claimed on it, and what stacking rules took away."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kaiyuan.matching import BudgetSummary, StackingSummary
from kaiyuan.reports.drawings import budget_track, icon, swatch
from kaiyuan.reports.figures import count, grouped, money
from kaiyuan.reports.markup import Content, Markup, el
from kaiyuan.reports.page import cell, figure_with_unit, inside, panel, row_head, table
from kaiyuan.reports.words import counted, say

_FEN_PER_WAN = 1_000_000


def column_unit(lang: str) -> str:
    """Give the one unit of a column of money."""
    return "万元" if lang == "zh" else "yuan"


def column_money(fen: int, *, lang: str) -> str:
    """Write an amount for a column whose head names the unit: 万元 with two decimals, or whole yuan in English."""
    if lang == "zh":
        return grouped(Fraction(fen, _FEN_PER_WAN), least=2)
    return grouped(Fraction(fen, 100))


def budgets_section(budgets: Sequence[BudgetSummary], *, lang: str) -> Markup | None:
    """Give a card per budget: what is left or short, and how the claims on it end."""
    if not budgets:
        return None
    note = f"{say(lang, 'budget.sum')} · {say(lang, 'budget.mark')}"
    head = el("div", el("h2", say(lang, "budget.title")), el("span", note, class_="sub"), class_="k-sec__h")
    cards = [_card(budget, lang) for budget in budgets]
    return el("section", head, el("div", cards, class_="k-budgets"), class_="k-sec", id="budgets")


def _card(b: BudgetSummary, lang: str) -> Markup:
    rest = b.amount_fen - b.claimed_fen
    figure = money(abs(rest), lang=lang)
    word = say(lang, "budget.left" if rest >= 0 else "budget.short")
    parts = [
        ("budget.granted", b.granted_fen, "f1"),
        ("budget.unused", max(b.amount_fen - b.granted_fen, 0), "f0"),
        ("budget.waiting", b.waiting_fen, "f2"),
        ("budget.cut", b.cut_fen, "fw"),
    ]
    # What shows as nothing is left out, but something is always said.
    nothing = column_money(0, lang=lang)
    shown = [part for part in parts if column_money(part[1], lang=lang) != nothing] or parts[1:2]
    key = [
        el(
            "div",
            el("dt", swatch(fill), say(lang, name)),
            el("dd", column_money(fen, lang=lang), el("span", column_unit(lang), class_="unit")),
        )
        for name, fen, fill in shown
    ]
    spoken = say(lang, "comma").join(f"{say(lang, name)} {money(fen, lang=lang)}" for name, fen, _ in shown)
    of = say(
        lang,
        "budget.of",
        year=b.year,
        amount=money(b.amount_fen, lang=lang),
        claimed=money(b.claimed_fen, lang=lang),
    )
    closes = b.claimed_fen == b.granted_fen + b.cut_fen + b.waiting_fen
    foot = [say(lang, "budget.claims", paid=count(b.paid_claims), claims=count(b.claims))]
    if b.open_claims:
        foot.append(counted(lang, "budget.open", b.open_claims))
    return el(
        "article",
        el("h3", b.words.get(lang) or b.id),
        el("p", f"{say(lang, f'when.{b.when_short}')} · {b.clause}", class_="sub"),
        el(
            "p",
            figure_with_unit(figure.number, figure.unit),
            el("span", word, class_="unit"),
            class_="k-budget__v is-short" if rest < 0 else "k-budget__v",
        ),
        el("p", of, class_="sub"),
        budget_track([(fen, fill) for _, fen, fill in parts], amount=b.amount_fen, label=spoken),
        el("dl", key, class_="k-stackkey"),
        el(
            "p",
            icon("check" if closes else "warn", plain=True),
            say(lang, "semicolon").join(foot),
            class_="sub k-budget__f",
        ),
        class_="k-panel k-budget",
    )


def stacking_panel(stacking: Sequence[StackingSummary], *, lang: str) -> Markup | None:
    """Give what each stacking rule took away; rules without effect are folded."""
    if not stacking:
        return None
    active = [rule for rule in stacking if rule.firms or rule.taken_fen]
    idle = [rule for rule in stacking if not (rule.firms or rule.taken_fen)]
    heads = [
        (say(lang, "stack.rule"), ""),
        (say(lang, "column.clause"), ""),
        (say(lang, "stack.kind"), ""),
        (say(lang, "missing.firms"), "r"),
        (f"{say(lang, 'stack.taken')} {column_unit(lang)}", "r"),
    ]
    content: list[Content] = []
    if active:
        rows = [
            el(
                "tr",
                row_head(rule.words.get(lang) or rule.id),
                cell(say(lang, "column.clause"), rule.clause),
                cell(say(lang, "stack.kind"), say(lang, f"stack.{rule.rule}")),
                cell(say(lang, "missing.firms"), count(rule.firms), class_="r"),
                cell(heads[4][0], column_money(rule.taken_fen, lang=lang), class_="r"),
            )
            for rule in sorted(active, key=lambda rule: -rule.taken_fen)
        ]
        total = column_money(sum(rule.taken_fen for rule in active), lang=lang)
        foot = el("tr", row_head(say(lang, "run.sum")), [el("td")] * 3, cell(heads[4][0], total, class_="r"))
        content.append(
            table(caption=say(lang, "stack.title"), heads=heads, rows=rows, class_="k-stacking", foot=foot)
        )
    if idle:
        items = [el("li", f"{rule.words.get(lang) or rule.id} · {rule.clause}") for rule in idle]
        content.append(
            el(
                "details",
                el("summary", counted(lang, "stack.idle", len(idle))),
                inside(el("ul", items, class_="k-plain")),
                class_="k-fold",
            )
        )
    return panel(say(lang, "stack.title"), content, id_="stacking")
