"""Write a mapping file to be edited: one line per column that nothing was made of, with what it may be.

As written it changes nothing — every line says `ignore` — so that no likeness is ever taken for a fact unseen.
"""

from __future__ import annotations

import json
from collections import Counter
from difflib import get_close_matches
from pathlib import Path

from kaiyuan.rulebook.width import label_key
from kaiyuan.sheets.columns import ColumnMatch
from kaiyuan.sheets.header_text import HeaderText, readings
from kaiyuan.sheets.header_words import SUBJECT, SUBJECT_NAME, HeaderIndex
from kaiyuan.sheets.reading import SheetReading
from kaiyuan.sheets.wording import Wording

_MOST = 3
_LIKENESS = 0.5
_LONGEST_HEADER = 80


def write_mapping_draft(path: Path, reading: SheetReading) -> int:
    """Write the draft for the columns of `reading` that were not understood; give how many there are."""
    index = HeaderIndex(facts=reading.facts, newest_year=reading.on.year)
    lines = [
        f"# 列名对应表草稿 / draft of a mapping: {reading.file} {reading.sheet}".rstrip(),
        "# 把 ignore 改成 {fact: …, year: …, unit: …}；year 只用于分年度的事实，unit 可省略。",
        "# Replace ignore by {fact: …, year: …, unit: …}; only yearly facts take a year, the unit may be left out.",
        "columns:",
    ]
    left = [column for column in reading.columns if column.how == "unmapped"]
    times = Counter(label_key(column.header) for column in reading.columns)
    for column in left:
        lines += [f"  # {note.both()}" for note in column.notes]
        lines += [f"  # {text}" for text in _suggestions(column, reading, index)]
        # Headers that are empty or stand twice are named by their letter.
        named = (
            column.header if column.header and times[label_key(column.header)] == 1 else f"{column.letter}列"
        )
        lines.append(f"  {json.dumps(named, ensure_ascii=False)}: ignore")
    if not left:
        lines[-1] = "columns: {}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(left)


def _suggestions(column: ColumnMatch, reading: SheetReading, index: HeaderIndex) -> list[str]:
    """Give up to three facts with labels like this header, as they would be written in the mapping."""
    if not column.header or len(column.header) > _LONGEST_HEADER:
        return []
    ways = list(readings((column.header,), newest_year=reading.on.year))
    barest = min(ways, key=lambda text: len(text.label)) if ways else HeaderText(column.header)
    near: dict[str, None] = {}
    for text in (barest, *ways):
        for word in get_close_matches(label_key(text.label), index.words, n=_MOST, cutoff=_LIKENESS):
            near.setdefault(index.target(word) or "")
    return [_suggestion(target, barest, reading) for target in list(near)[:_MOST] if target]


def _suggestion(target: str, text: HeaderText, reading: SheetReading) -> str:
    if target not in reading.facts:
        what = (
            Wording("统一社会信用代码", "credit code") if target == SUBJECT else Wording("企业名称", "name")
        )
        target = target if target in (SUBJECT, SUBJECT_NAME) else SUBJECT
        return f"也许是 / perhaps {what.zh} {what.en}: {{fact: {target}}}"
    definition = reading.facts[target]
    parts = [f"fact: {definition.name}"]
    if definition.period == "year":
        parts.append(f"year: {text.years[0] if text.years else reading.base_year}")
    if definition.numeric and text.measure is not None:
        parts.append(f"unit: {json.dumps(text.measure.written, ensure_ascii=False)}")
    return f"也许是 / perhaps {definition.zh} {definition.en}: {{{', '.join(parts)}}}"
