"""One decision as plain text for a terminal, in the order of the page: answer, what to do, reasons.

`explanation_lines` gives the same lines as pieces with a role each, so that whoever owns the terminal may colour
them: the answers `yes`, `near`, `no` and `unknown`, and `spare`, `title`, `value`, `note`, `quiet`.
`explanation_text` folds them to a width, a Chinese character counting two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from unicodedata import east_asian_width

from kaiyuan.reports.answers import answer_sentence, answer_shown, is_open, score_words
from kaiyuan.reports.checks import Check, source_words, value_words
from kaiyuan.reports.coaching import condition_gaps, near_conditions, shortest_ways
from kaiyuan.reports.figures import day, grouped, money, quantity
from kaiyuan.reports.reasons import Row, answers_by_id, condition_label, missing_facts, reasons
from kaiyuan.reports.terms import fact_label
from kaiyuan.reports.units import unit_words
from kaiyuan.reports.words import cited, counted, listed, say
from kaiyuan.rulebook.explanation import Explanation, FactValue, NodeAnswer

NARROWEST = 40
_MARKS = {"yes": "✓", "no": "×", "unknown": "?", "spare": "·"}
_NO_BREAK_AFTER = frozenset("（《“(")
_NO_BREAK_BEFORE = frozenset("，。；：、）”》！？,.;:)%")


@dataclass(frozen=True)
class Piece:
    """A run of text with a role, which says what it is and not how it looks."""

    text: str
    role: str = ""


@dataclass(frozen=True)
class Line:
    """One line before folding; what does not fit goes on beneath `indent`."""

    pieces: tuple[Piece, ...] = ()
    indent: int = 0

    def __str__(self) -> str:
        return " " * self.indent + "".join(piece.text for piece in self.pieces)


def explanation_text(explanation: Explanation, *, lang: str = "zh", width: int = 100) -> str:
    """Give one decision as text in `zh` or `en`, no line wider than `width` columns (at least 40)."""
    lines = explanation_lines(explanation, lang=lang)
    rows = [row for line in lines for row in folded(line, max(width, NARROWEST))]
    return "\n".join("".join(piece.text for piece in row) for row in rows)


def explanation_lines(explanation: Explanation, *, lang: str = "zh") -> tuple[Line, ...]:
    """Give one decision as lines of pieces, not folded."""
    e = explanation
    blocks = [
        _head(e, lang),
        _coaching(e, lang) if e.answer == "near" else (),
        _asked(e, lang) if is_open(e) else (),
        _reasons(e, lang),
        _ways(e, lang),
        _score(e, lang),
        _amount(e, lang),
        _remarks(e, lang),
    ]
    return tuple(line for block in blocks if (lines := tuple(block)) for line in (*lines, Line()))[:-1]


def folded(line: Line, width: int) -> list[list[Piece]]:
    """Fold a line to a width in columns; what follows stands two columns deeper than the line."""
    rows: list[list[tuple[str, str]]] = []
    current = [(" ", "")] * line.indent
    used = line.indent
    for char, role in ((char, piece.role) for piece in line.pieces for char in piece.text):
        size = columns(char)
        if used + size > width and char != " " and char not in _NO_BREAK_BEFORE:
            rest = _carried(current, char, line.indent)
            rows.append(current[: len(current) - len(rest)])
            current = [(" ", "")] * (line.indent + 2) + rest
            used = sum(columns(each) for each, _ in current)
        current.append((char, role))
        used += size
    return [_pieces(row) for row in (*rows, current)]


def _carried(row: list[tuple[str, str]], char: str, indent: int) -> list[tuple[str, str]]:
    """Give the end of a row that belongs to the word that goes on: words of letters are not cut."""
    if row[-1][0] in _NO_BREAK_AFTER:
        return row[-1:]
    if not char.isascii() or row[-1][0] == " ":
        return []
    start = len(row)
    while start > indent and row[start - 1][0].isascii() and row[start - 1][0] != " ":
        start -= 1
    # A word as long as the row is cut all the same.
    return row[start:] if start > indent + len(row) // 3 else []


def _pieces(row: list[tuple[str, str]]) -> list[Piece]:
    while row and row[-1][0] == " ":
        row = row[:-1]
    runs = groupby(row, key=lambda cell: cell[1])
    return [Piece("".join(char for char, _ in cells), role) for role, cells in runs]


def columns(char: str) -> int:
    """Give how many columns of a terminal a character takes."""
    return 2 if east_asian_width(char) in "WF" else 1


def _line(*pieces: Piece | str, indent: int = 0) -> Line:
    return Line(tuple(p if isinstance(p, Piece) else Piece(p) for p in pieces if p), indent)


def _title(text: str) -> Line:
    return _line(Piece(text, "title"))


def _head(e: Explanation, lang: str) -> Iterator[Line]:
    colon = say(lang, "colon")
    if e.demo:
        yield _line(Piece(say(lang, "demo"), "note"))
    if e.changes:
        changes = ", ".join(f"{name} = {grouped(value, most=6)}" for name, value in e.changes.items())
        yield _line(Piece(f"{say(lang, 'trial')} {changes}", "note"))
    role = "yes" if e.tier is not None and e.verdict == "yes" else e.answer
    yield _line(
        Piece(e.title.get(lang), "title"), colon, Piece(answer_shown(e, lang=lang), role),
        Piece(say(lang, "brackets", text=answer_sentence(e, lang=lang)), "quiet"),
    )  # fmt: skip
    yield _line("  ".join(part for part in (e.subject_name, e.subject) if part))
    yield _line(Piece(cited(e.document, e.clause, lang=lang), "quiet"))
    facts = [
        (say(lang, "asof.on"), day(e.on)),
        (say(lang, "asof.base_year"), str(e.base_year)),
        (say(lang, "asof.rule"), e.version),
        (say(lang, "asof.confidence"), e.confidence),
    ]
    said = "  ".join(f"{name} {value}" for name, value in facts)
    yield _line(Piece(f"{said}  {say(lang, 'nature')}", "quiet"))


def _coaching(e: Explanation, lang: str) -> Iterator[Line]:
    answers = near_conditions(e)
    if not answers:
        return
    yield _title(say(lang, "coach.title" if len(answers) == 1 else "coach.titles"))
    for answer in answers:
        yield _line(condition_label(answer, lang=lang), indent=2)
        for text, check in condition_gaps(answer, e, lang=lang):
            if not answer.required and not check.goal:
                text = say(lang, "coach.record")
            yield _line(Piece(text, "near"), indent=4)


def _asked(e: Explanation, lang: str) -> Iterator[Line]:
    wanted: dict[tuple[str, int | None], tuple[FactValue, list[str]]] = {}
    for fact, answer in missing_facts(e):
        _, labels = wanted.setdefault((fact.name, fact.year), (fact, []))
        labels.append(condition_label(answer, lang=lang))
    if not wanted:
        return
    yield _title(say(lang, "ask.title"))
    for fact, labels in wanted.values():
        unit = unit_words(fact.unit, lang=lang)
        unit = say(lang, "brackets", text=say(lang, "ask.unit", unit=unit)) if unit else ""
        why = say(lang, "semicolon").join(dict.fromkeys(labels))
        yield _line(
            Piece(f"{fact_label(fact, lang=lang)}{unit}", "unknown"), Piece(f"  {why}", "quiet"), indent=2
        )
    yield _line(Piece(say(lang, "ask.note"), "quiet"), indent=2)


def _reasons(e: Explanation, lang: str) -> Iterator[Line]:
    trees: list[tuple[str, NodeAnswer | None]] = [("", e.tree)] if e.tree is not None else []
    trees += [(words.get(lang) or name, tree) for name, words, tree in e.tiers]
    for name, tree in trees:
        found = reasons(tree, lang=lang, base_year=e.base_year, score=e.score)
        counts = [counted(lang, "explanation.not_met", found.not_met)] if found.not_met else []
        counts += [counted(lang, "explanation.open_count", found.unknown)] if found.unknown else []
        counts += [counted(lang, "explanation.met_count", found.met)] if found.met else []
        title = name or say(lang, "explanation.title")
        counts = counts or [say(lang, "tiers.otherwise")]
        yield _line(Piece(title, "title"), Piece(f"  {listed(lang, counts)}", "quiet"))
        for row in found.open + found.passed:
            yield from _row(row, lang)


def _row(row: Row, lang: str) -> Iterator[Line]:
    indent = 2 + 2 * row.depth
    mark = Piece(f"{_MARKS[row.result]} ", row.result)
    clause = Piece(f"  {row.clause}", "quiet") if row.clause else ""
    any_of = say(lang, "brackets", text=say(lang, "group.any")) if row.any_of else ""
    yield _line(mark, f"{row.label}{any_of}", clause, indent=indent)
    for check in row.checks:
        yield _line(*_check(check, row, lang), indent=indent + 2)


def _check(check: Check, row: Row, lang: str) -> Iterator[Piece]:
    if check.label and check.label not in row.label:
        yield Piece(f"{check.label}{say(lang, 'colon')}")
    yield Piece(check.actual, "unknown" if check.satisfied == "unknown" else "value")
    yield Piece(f"{say(lang, 'comma')}{say(lang, 'needed')} {check.needed}")
    gap = say(lang, "comma").join(part for part in (check.gap, check.about) if part)
    if gap:
        lacking = check.satisfied == "no" and row.result == "no"
        yield Piece(f"{say(lang, 'comma')}{gap}", "near" if lacking else "quiet")
    known = [fact for fact in check.facts if fact.value is not None]
    if known and row.result in ("no", "unknown"):
        yield Piece(say(lang, "brackets", text=_evidence(known, check, lang)), "quiet")


def _evidence(facts: Iterable[FactValue], check: Check, lang: str) -> str:
    texts = []
    for fact in facts:
        source = source_words(fact, lang=lang)
        alone = len(check.facts) == 1
        value = "" if alone else f"{fact_label(fact, lang=lang)} {value_words(fact, lang=lang)} · "
        texts.append(value + source)
    return say(lang, "semicolon").join(texts)


def _ways(e: Explanation, lang: str) -> Iterator[Line]:
    common, others, rest = shortest_ways(e)
    if not common and not others:
        return
    answers = answers_by_id(e)
    size = len(common) + (len(others[0]) if others else 0)
    yield _line(
        Piece(say(lang, "ways.title"), "title"), Piece(f"  {counted(lang, 'ways.step', size)}", "quiet")
    )
    if common:
        yield _line(say(lang, "ways.all_of" if others else "ways.all"), indent=2)
        for name in common:
            yield _line(f"- {condition_label(answers[name], lang=lang)}", indent=4)
    if others:
        yield _line(say(lang, "ways.and" if common else "ways.any"), indent=2)
        for way in others:
            labels = [condition_label(answers[name], lang=lang) for name in way]
            yield _line(f"- {say(lang, 'semicolon').join(labels)}", indent=4)
    if rest:
        yield _line(Piece(counted(lang, "ways.more", rest), "quiet"), indent=2)


def _score(e: Explanation, lang: str) -> Iterator[Line]:
    if e.score is None:
        return
    most = e.score.max
    of = say(lang, "brackets", text=say(lang, "score.of", max=grouped(most, most=2))) if most else ""
    yield _line(
        Piece(say(lang, "score.title"), "title"), f"  {score_words(e.score, lang=lang)}", Piece(of, "quiet")
    )
    for i in e.score.indicators:
        points = grouped(i.high, most=2)
        if i.low != i.high:
            points = say(lang, "range", low=grouped(i.low, most=2), high=points)
        of = "" if i.max is None else f" / {grouped(i.max, most=2)}"
        value = "" if i.value is None or not i.unit else f"  {quantity(i.value, i.unit, lang=lang)}"
        band = f"  {i.band}" if i.band else ""
        yield _line(f"{points}{of}  {i.words.get(lang) or i.id}{value}", Piece(band, "quiet"), indent=2)


def _amount(e: Explanation, lang: str) -> Iterator[Line]:
    if e.amount is None:
        return
    title = Piece(say(lang, "amount.title"), "title")
    if e.amount.fen is None:
        yield _line(title, Piece(f"  {say(lang, 'amount.unknown')}", "unknown"))
    else:
        status = say(lang, "amount.proposed" if e.amount.proposed else "amount.would")
        yield _line(
            title, f"  {money(e.amount.fen, lang=lang)}", Piece(say(lang, "brackets", text=status), "quiet")
        )
    yield _line(Piece(e.amount.text, "quiet"), indent=2)


def _remarks(e: Explanation, lang: str) -> Iterator[Line]:
    colon = say(lang, "colon")
    for name, words in (("reading", e.reading), ("note", e.note)):
        if words:
            yield _line(Piece(f"{say(lang, name)}{colon}{words.get(lang)}", "quiet"))
    if e.off:
        labels = [node.words.get(lang) or node.id for node in e.off]
        yield _line(
            Piece(f"{say(lang, 'off.conditions')}{colon}{say(lang, 'semicolon').join(labels)}", "quiet")
        )
