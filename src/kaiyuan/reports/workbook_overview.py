"""The first sheets of a workbook: the summary, budgets, what is missing, near misses, documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kaiyuan.matching import Summary
from kaiyuan.reports.figures import count, day
from kaiyuan.reports.words import ANSWERS, answer_word, say
from kaiyuan.reports.workbook_sheets import Formats, prepared, put


def write_overview(book: Any, *, formats: Formats, summary: Summary, names: Sequence[str], lang: str) -> None:
    """Write the sheets that stand before those of the assessments; `names` are the names of the latter."""
    _summary(book, formats, summary, names, lang)
    if summary.budgets or summary.stacking:
        _budgets(book, formats, summary, lang)
    _missing(book, formats, summary, lang)
    _near(book, formats, summary, lang)
    _documents(book, formats, summary, lang)


def _summary(book: Any, f: Formats, s: Summary, names: Sequence[str], lang: str) -> None:
    sheet = book.add_worksheet(say(lang, "book.summary"))
    total = s.subjects + s.rows_rejected
    parts = {"read": count(s.rows_read), "used": count(s.subjects), "rejected": count(s.rows_rejected)}
    closing = f"{say(lang, 'run.rows', **parts)}{say(lang, 'comma')}{say(lang, 'run.closes')}"
    if total != s.rows_read:
        gap = count(abs(total - s.rows_read))
        closing = say(lang, "run.rows_off", **parts, sum=count(total), gap=gap)
    lines = [
        (f"{say(lang, 'run.title')} · {day(s.on)}", f.title),
        (f"{say(lang, 'nature')} · {say(lang, 'asof.base_year')} {s.base_year}", f.note),
        (f"{say(lang, 'asof.packs')} {', '.join(s.packs)} · {say(lang, 'asof.sources')} {', '.join(s.sources)}", f.note),
        (closing, f.note),
    ]  # fmt: skip
    if any(a.demo for a in s.assessments):
        every = all(a.demo for a in s.assessments)
        lines.append((say(lang, "demo" if every else "demo.some"), f.warn))
    if s.changes:
        changes = ", ".join(f"{name} = {value}" for name, value in s.changes.items())
        lines.append((f"{say(lang, 'trial')} {changes}", f.warn))
    lines += [(note, f.note) for note in s.notes]
    row = _lines(sheet, lines)
    heads = [say(lang, "run.rule"), say(lang, "book.kind"), *[answer_word(a, lang=lang) for a in ANSWERS]]
    heads += [say(lang, f"book.{name}") for name in ("total", "amount", "granted", "no_amount")]
    heads += [say(lang, "documents.document"), say(lang, "book.clause"), say(lang, "documents.confidence")]
    _heads(sheet, row, heads, f)
    prepared(sheet, [36, 11, 10, 10, 10, 10, 12, 20, 20, 12, 48, 22, 9], head=row)
    first = row + 1
    for index, a in enumerate(s.assessments):
        row = first + index
        target = f"internal:'{names[index].replace(chr(39), chr(39) * 2)}'!A1"
        sheet.write_url(row, 0, target, f.link, string=(a.title.get(lang) or a.id)[:255])
        put(sheet, (row, 1), say(lang, f"kind.{a.kind}"), style=f.text)
        for column, answer in enumerate(ANSWERS, start=2):
            put(sheet, (row, column), getattr(a, answer), style=f.whole)
        put(sheet, (row, 6), a.subjects, style=f.whole)
        if a.has_award:
            put(sheet, (row, 7), a.proposed_fen / 100, style=f.money)
            put(sheet, (row, 8), a.granted_fen / 100, style=f.money)
            put(sheet, (row, 9), a.amount_unknown, style=f.whole)
        for column, text in ((10, a.document), (11, a.clause), (12, a.confidence)):
            put(sheet, (row, column), text, style=f.text)
    if s.assessments:
        sheet.autofilter(first - 1, 0, row, len(heads) - 1)
    row += 1
    put(sheet, (row, 0), say(lang, "run.sum"), style=f.total_text)
    sheet.write_blank(row, 1, None, f.total_text)
    for column, answer in enumerate((*ANSWERS, "subjects"), start=2):
        put(sheet, (row, column), sum(getattr(a, answer) for a in s.assessments), style=f.total)
    put(sheet, (row, 7), sum(a.proposed_fen for a in s.assessments) / 100, style=f.total_money)
    put(sheet, (row, 8), sum(a.granted_fen for a in s.assessments) / 100, style=f.total_money)
    put(sheet, (row, 9), sum(a.amount_unknown for a in s.assessments), style=f.total)


def _budgets(book: Any, f: Formats, s: Summary, lang: str) -> None:
    sheet = book.add_worksheet(say(lang, "book.budgets"))
    row = _lines(sheet, [(say(lang, "budget.title"), f.title), (say(lang, "budget.sum"), f.note)])
    names = ("budget_amount", "claimed", "granted", "waiting", "cut", "claims", "no_amount")
    heads = [say(lang, "stack.rule"), say(lang, "book.clause"), say(lang, "stack.kind")]
    _heads(sheet, row, [*heads, *[say(lang, f"book.{name}") for name in names]], f)
    prepared(sheet, [48, 16, 26, 20, 20, 20, 20, 20, 11, 12], head=row)
    for b in s.budgets:
        row += 1
        for column, text in enumerate(
            (b.words.get(lang) or b.id, b.clause, say(lang, f"when.{b.when_short}"))
        ):
            put(sheet, (row, column), text, style=f.text)
        amounts = (b.amount_fen, b.claimed_fen, b.granted_fen, b.waiting_fen, b.cut_fen)
        for column, fen in enumerate(amounts, start=3):
            put(sheet, (row, column), fen / 100, style=f.money)
        put(sheet, (row, 8), b.claims, style=f.whole)
        put(sheet, (row, 9), b.open_claims, style=f.whole)
    row += 2
    sheet.write_string(row, 0, say(lang, "stack.title"), f.title)
    row += 1
    _heads(sheet, row, [*heads, say(lang, "missing.firms"), say(lang, "book.taken")], f)
    for rule in s.stacking:
        row += 1
        words = (rule.words.get(lang) or rule.id, rule.clause, say(lang, f"stack.{rule.rule}"))
        for column, text in enumerate(words):
            put(sheet, (row, column), text, style=f.text)
        put(sheet, (row, 3), rule.firms, style=f.whole)
        put(sheet, (row, 4), rule.taken_fen / 100, style=f.money)


def _missing(book: Any, f: Formats, s: Summary, lang: str) -> None:
    sheet = book.add_worksheet(say(lang, "book.missing"))
    row = _lines(sheet, [(say(lang, "missing.title"), f.title), (say(lang, "missing.note"), f.note)])
    heads = [
        say(lang, "column.fact"),
        say(lang, "asof.year"),
        say(lang, "missing.answers"),
        say(lang, "missing.firms"),
    ]
    _heads(sheet, row, heads, f)
    prepared(sheet, [44, 10, 16, 14], head=row)
    for fact in s.missing:
        row += 1
        put(sheet, (row, 0), fact.label.get(lang) or fact.fact, style=f.text)
        put(sheet, (row, 1), "" if fact.year is None else str(fact.year), style=f.text)
        put(sheet, (row, 2), fact.answers, style=f.whole)
        put(sheet, (row, 3), fact.subjects, style=f.whole)


def _near(book: Any, f: Formats, s: Summary, lang: str) -> None:
    sheet = book.add_worksheet(say(lang, "book.near"))
    row = _lines(sheet, [(say(lang, "near.title"), f.title), (say(lang, "near.note"), f.note)])
    _heads(sheet, row, [say(lang, "near.condition"), say(lang, "run.rule"), say(lang, "missing.firms")], f)
    prepared(sheet, [52, 36, 14], head=row)
    titles = {a.id: a.title.get(lang) for a in s.assessments}
    for near in s.near:
        row += 1
        put(sheet, (row, 0), near.words.get(lang) or near.condition, style=f.text)
        put(sheet, (row, 1), titles.get(near.assessment) or near.assessment, style=f.text)
        put(sheet, (row, 2), near.subjects, style=f.whole)


def _documents(book: Any, f: Formats, s: Summary, lang: str) -> None:
    sheet = book.add_worksheet(say(lang, "book.documents"))
    row = _lines(
        sheet, [(say(lang, "documents.title"), f.title), (f"{say(lang, 'asof.on')} {day(s.on)}", f.note)]
    )
    names = ("document", "rulebook", "clauses", "confidence")
    heads = [say(lang, f"documents.{name}") for name in names]
    _heads(sheet, row, [*heads, say(lang, "run.rule")], f)
    prepared(sheet, [60, 32, 30, 9, 44], head=row)
    for a in s.assessments:
        row += 1
        title = a.title.get(lang) or a.id
        for column, text in enumerate((a.document, a.rulebook, a.clause, a.confidence, title)):
            put(sheet, (row, column), text, style=f.text)
    if s.off:
        row += 2
        sheet.write_string(row, 0, say(lang, "off.title"), f.title)
        row += 1
        sheet.write_string(row, 0, say(lang, "off.why"), f.note)
        for name, words in s.off:
            row += 1
            put(sheet, (row, 0), words.get(lang) or name, style=f.text)
            put(sheet, (row, 1), name, style=f.text)


def _lines(sheet: Any, lines: Sequence[tuple[str, Any]]) -> int:
    for row, (text, style) in enumerate(lines):
        put(sheet, (row, 0), text, style=style)
    return len(lines)


def _heads(sheet: Any, row: int, heads: Sequence[str], formats: Formats) -> None:
    for column, text in enumerate(heads):
        sheet.write_string(row, column, text, formats.head)
