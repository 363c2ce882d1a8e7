"""What the commands show: tables of a summary, of a what-if, of notes; a progress bar while files are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kaiyuan.matching import AssessmentSummary, Summary
from kaiyuan.matching.population import Progress as Told
from kaiyuan.reports.figures import count, money
from kaiyuan.reports.words import answer_word
from kaiyuan.rulebook import WhatIf

_TEXTS = {
    "title": ("政策与资格", "Assessment"),
    "yes": ("符合", "Yes"),
    "near": ("差一条", "One short"),
    "no": ("暂不符合", "No"),
    "unknown": ("信息不足", "Unknown"),
    "amount": ("拟兑现", "Proposed"),
    "missing": ("缺得最多的资料（补上一项，多少条结论能定下来）", "Facts most missing (answers each keeps open)"),
    "budgets": ("预算", "Budgets"),
    "rows": ("读入 {read} 行 = 可用 {used} + 不可用 {rejected}", "{read} rows read = {used} usable + {rejected} rejected"),
    "asof": ("规则按 {on} 有效版本 · 基准年 {year} · 规则包 {packs} · 这是测算，不是决定",
             "Rules as in force on {on} · base year {year} · packs {packs} · a calculation, not a decision"),
    "fact": ("资料", "Fact"),
    "answers": ("结论", "Answers"),
    "firms": ("企业", "Firms"),
    "budget": ("预算额", "Budget"),
    "claimed": ("申领", "Claimed"),
    "granted": ("可安排", "Granted"),
    "cut": ("核减", "Cut"),
    "waiting": ("排队", "Waiting"),
    "open": ("金额未定 {n} 家", "{n} amounts open"),
    "year": ("{year} 年", "{year}"),
    "more": ("另有 {n} 项见报告", "{n} more are in the report"),
}  # fmt: skip


_STYLES = {"yes": "green", "near": "yellow", "no": "dim", "unknown": "magenta"}


def text(key: str, lang: str, **parts: object) -> str:
    """Give a phrase in the language."""
    zh, en = _TEXTS[key]
    return (zh if lang == "zh" else en).format(**parts)


def console() -> Console:
    """Give the console for results."""
    return Console(highlight=False)


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Told | None]:
    """Show a bar on the error stream while files are read, if that is a terminal."""
    errors = Console(stderr=True)
    if not shown or not errors.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(file: str, rows: int, part: float | None) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task(file, total=1.0 if part is not None else None, rows="")
            bar.update(tasks[file], completed=part or 0.0, rows=f"{rows:,}")

        yield tell


def show_summary(summary: Summary, lang: str, *, brief: bool = False) -> None:
    """Show a run: answers per assessment under their documents, classes, missing facts, budgets.

    A brief one is the assessments that most can still reach and those that grant most, and what it rests on.
    """
    out = console()
    shown = _foremost(summary) if brief else summary.assessments
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", collapse_padding=True)
    table.add_column(text("title", lang), overflow="fold")
    for answer, style in _STYLES.items():
        table.add_column(text(answer, lang), justify="right", style=style, no_wrap=True)
    table.add_column(text("amount", lang), justify="right", no_wrap=True)
    document = ""
    for a in shown:
        if a.document != document:
            document = a.document
            table.add_row(Text(_cited(document), "dim", no_wrap=True, overflow="ellipsis"))
        table.add_row(Text(f"  {_short(a.title.get(lang))}"), *_answers(a), _proposed(a, lang))
    out.print(table)
    if brief:
        out.print(text("more", lang, n=len(summary.assessments) - len(shown)), style="dim")
    else:
        _show_classes(out, summary, lang)
    if summary.missing and not brief:
        _show_missing(out, summary, lang)
    if summary.budgets and not brief:
        _show_budgets(out, summary, lang)
    figures = {"read": summary.rows_read, "used": summary.subjects, "rejected": summary.rows_rejected}
    out.print(text("rows", lang, **{name: count(number) for name, number in figures.items()}))
    packs = ", ".join(summary.packs)
    out.print(text("asof", lang, on=summary.on, year=summary.base_year, packs=packs), style="dim")
    for note in summary.notes:
        out.print(note, style="dim")


def _foremost(summary: Summary, most: int = 4) -> list[AssessmentSummary]:
    """Give the titles with most near misses and the awards with most money, in the order of the summary."""
    titles = sorted((a for a in summary.assessments if not a.has_award), key=lambda a: -a.near)[:most]
    awards = sorted((a for a in summary.assessments if a.has_award), key=lambda a: -a.granted_fen)[:most]
    chosen = {a.id for a in (*titles, *awards)}
    return [a for a in summary.assessments if a.id in chosen]


def _cited(document: str) -> str:
    # The number first: it is what people look up, and it survives a narrow screen.
    title, _, number = document.strip("《").rpartition("》")
    return f"{number} {title}".strip()


def _short(title: str) -> str:
    # The document above already says that it is a demonstration.
    return title.replace("（演示）", "").replace(" (demo)", "")


def _answers(a: AssessmentSummary) -> tuple[str, ...]:
    return tuple(count(number) if number else "·" for number in (a.yes, a.near, a.no, a.unknown))


def _proposed(a: AssessmentSummary, lang: str) -> str:
    if not a.has_award:
        return "—"
    amount = str(money(a.granted_fen, lang=lang)) if a.granted_fen else "0"
    if a.amount_unknown:
        amount += "\n" + text("open", lang, n=count(a.amount_unknown))
    return amount


def _show_classes(out: Console, summary: Summary, lang: str) -> None:
    for a in summary.assessments:
        if not a.tiers or a.has_award:
            continue
        parts = [f"{words.get(lang)} {count(number)}" for _, words, number in a.tiers if number]
        still = a.subjects - sum(number for *_, number in a.tiers)
        if still:
            parts.append(f"{answer_word('unknown', lang=lang)} {count(still)}")
        out.print(Text.assemble((f"{_short(a.title.get(lang))}  ", "bold"), " · ".join(parts)))


def _show_missing(out: Console, summary: Summary, lang: str, most: int = 8) -> None:
    out.print(Text(f"\n{text('missing', lang)}", "bold"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(text("fact", lang))
    table.add_column(text("answers", lang), justify="right")
    table.add_column(text("firms", lang), justify="right")
    for fact in summary.missing[:most]:
        label = fact.label.get(lang)
        if fact.year is not None:
            label = f"{text('year', lang, year=fact.year)}{label}" if lang == "zh" else f"{label} {fact.year}"
        table.add_row(f"  {label}", count(fact.answers), count(fact.subjects))
    out.print(table)


def _show_budgets(out: Console, summary: Summary, lang: str) -> None:
    out.print(Text(f"\n{text('budgets', lang)}", "bold"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("", overflow="fold")
    for key in ("budget", "claimed", "granted", "cut", "waiting"):
        table.add_column(text(key, lang), justify="right", no_wrap=True)
    for b in summary.budgets:
        figures = (b.amount_fen, b.claimed_fen, b.granted_fen, b.cut_fen, b.waiting_fen)
        table.add_row(
            f"  {b.words.get(lang)}", *(str(money(fen, lang=lang)) if fen else "·" for fen in figures)
        )
    out.print(table)
    out.print()


def show_notes(account: Sequence[dict[str, Any]], lang: str) -> None:
    """Show what was noticed about the files: notes, kinds of findings, duplicates, columns not used."""
    out = Console(stderr=True, highlight=False)
    for each in account:
        lines = [note[lang] for note in each["notes"]]
        for kind in ("rejects", "warnings"):
            lines += [f"{tally['count']:,} × {tally[lang]}" for tally in each[kind].values()]
        doubled = each["duplicates"]
        if doubled["enterprises"]:
            lines.append(
                f"{doubled['rows']:,} 行属于 {doubled['enterprises']:,} 家重复出现的企业，未合并"
                if lang == "zh"
                else f"{doubled['rows']:,} rows belong to {doubled['enterprises']:,} repeated enterprises; not merged"
            )
        unused = [
            column["header"] for column in each["columns"] if column["how"] == "unmapped" and column["header"]
        ]
        if unused:
            head = "未使用的列：" if lang == "zh" else "columns not used: "
            lines.append(head + "、".join(unused[:12]) + ("…" if len(unused) > 12 else ""))
        for line in lines:
            out.print(Text.assemble((f"{each['file']} ", "dim"), line))


def show_what_if(result: WhatIf, lang: str) -> None:
    """Show who gains, who loses, who becomes unknown, and the cost."""
    out = console()
    heads = (
        ("政策与资格", "符合：原", "现", "新增", "失去", "新的不明", "金额：原", "现", "差额")
        if lang == "zh"
        else (
            "Assessment",
            "Yes before",
            "now",
            "Gain",
            "Lose",
            "New unknown",
            "Cost before",
            "now",
            "Difference",
        )
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, head in enumerate(heads):
        table.add_column(head, justify="left" if index == 0 else "right", overflow="fold")
    for a in result.assessments:
        before = a.cost_before.fen if a.cost_before else None
        after = a.cost_after.fen if a.cost_after else None
        costs = ["—"] * 3
        if before is not None or after is not None:
            costs = [
                str(money(x, lang=lang)) for x in (before or 0, after or 0, (after or 0) - (before or 0))
            ]
        table.add_row(
            a.title.get(lang), count(a.before[0]), count(a.after[0]), f"+{a.gains:,}", f"−{a.losses:,}",
            count(a.new_unknowns), *costs,
        )  # fmt: skip
    ribbon = "试算：只为比较，未改任何规则" if lang == "zh" else "What if: a comparison, no rule was changed"
    changed = "  ".join(f"{name} = {float(value):g}" for name, value in result.changes.items())
    out.print(Text.assemble((f" {ribbon} ", "black on yellow"), f"  {changed}"))
    if result.assessments:
        out.print(table)
    else:
        out.print("没有政策受影响" if lang == "zh" else "No assessment depends on what was changed")
    out.print(f"{count(result.subjects)} {'家企业' if lang == 'zh' else 'enterprises'}", style="dim")
