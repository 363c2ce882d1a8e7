"""Rules as pages show them: packs with their rulebooks, one rulebook with all its versions, clauses and parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kaiyuan.apps.enterprises.models import RunCount
from kaiyuan.apps.facts.rules import packs_of, rules_of
from kaiyuan.apps.zones.rights import Absent, Person, require
from kaiyuan.packs.finding import Pack
from kaiyuan.reports.figures import exact_number
from kaiyuan.reports.units import unit_words
from kaiyuan.rulebook.model import (
    Assessment,
    ConditionNode,
    GroupNode,
    Node,
    ParameterDefinition,
    ParameterValue,
    Rulebook,
    Words,
)

_JOINED = {
    "all": Words("以下全部满足", "All of these"),
    "any": Words("以下任一即可", "Any one of these"),
    "none": Words("不得有以下任何一项", "None of these"),
}


@dataclass(frozen=True)
class Branch:
    """A condition, or a group with its parts; `off` conditions are written down but not asked."""

    words: Words
    text: str
    clause: str
    reading: Words
    parts: tuple[Branch, ...]
    off: bool = False


@dataclass(frozen=True)
class DatedValue:
    """A parameter's value from a day on, in both languages."""

    start: date
    words: Words
    current: bool


@dataclass(frozen=True)
class ParameterView:
    """A parameter with all its values, the newest first."""

    name: str
    words: Words
    values: tuple[DatedValue, ...]


@dataclass(frozen=True)
class AssessmentView:
    """One question that a rulebook asks, with its conditions, and what the last run counted."""

    source: Assessment
    requires: Branch | None
    tiers: tuple[tuple[Words, Branch | None], ...]
    enabled: bool
    count: RunCount | None


@dataclass(frozen=True)
class BookLine:
    """A rulebook in the list: the version in force on the day, or the nearest one."""

    id: str
    book: Rulebook
    in_force: bool
    versions: int
    questions: int
    counts: tuple[RunCount, ...]

    @property
    def yes(self) -> int:
        """Give how many answers of the last run were yes, over all its questions."""
        return sum(count.yes for count in self.counts)

    @property
    def near(self) -> int:
        """Give how many were one condition short."""
        return sum(count.near for count in self.counts)


@dataclass(frozen=True)
class PackView:
    """A pack with its rulebooks."""

    pack: Pack
    books: tuple[BookLine, ...]


@dataclass(frozen=True)
class BookView:
    """One rulebook in one version, and what other versions there are."""

    book: Rulebook
    pack: Pack
    on: date
    in_force: bool
    versions: tuple[Rulebook, ...]
    assessments: tuple[AssessmentView, ...]
    parameters: tuple[ParameterView, ...]


def rulebooks(*, by: Person, on: date, counts: Sequence[RunCount] = ()) -> tuple[PackView, ...]:
    """Give every rulebook of the person's zone, by pack, with the version of a day."""
    require(by, "rule.read")
    loaded = packs_of(by.zone_id)
    counted = {count.assessment: count for count in counts}
    return tuple(
        PackView(pack, tuple(_lines(loaded.rulebooks[pack.name], on, counted))) for pack in loaded.packs
    )


def rulebook(*, by: Person, name: str, on: date, counts: Sequence[RunCount] = ()) -> BookView:
    """Give one rulebook in the version of a day, else the nearest; raises Absent where the zone has none so named."""
    require(by, "rule.read")
    loaded = packs_of(by.zone_id)
    for pack in loaded.packs:
        versions = [book for book in loaded.rulebooks[pack.name] if book.id == name]
        if versions:
            break
    else:
        raise Absent("not found")
    book = _nearest(versions, on)
    counted = {count.assessment: count for count in counts}
    return BookView(
        book=book,
        pack=pack,
        on=on,
        in_force=book.window.holds(on),
        versions=tuple(sorted(versions, key=lambda b: b.window.start or date.min, reverse=True)),
        assessments=tuple(
            AssessmentView(
                a,
                None if a.requires is None else branch(a.requires),
                tuple((t.words, None if t.requires is None else branch(t.requires)) for t in a.tiers),
                a.enabled,
                counted.get(a.id),
            )
            for a in book.assessments
        ),
        parameters=tuple(_parameter(definition, on) for definition in book.parameters),
    )


def titles_of(zone_id: int, *, counts: Iterable[RunCount]) -> list[tuple[str, Words]]:
    """Give the titles of the assessments of a run, in its order; one that the packs no longer have is its id."""
    titles = assessment_titles(zone_id)
    return [(c.assessment, titles.get(c.assessment, Words(c.assessment, c.assessment))) for c in counts]


def assessment_titles(zone_id: int) -> Mapping[str, Words]:
    """Give the title of every assessment that the zone's packs have, the newest version's."""
    return {a.id: a.title for book in rules_of(zone_id).rulebooks for a in book.assessments}


def rulebook_of(zone_id: int, *, assessment: str) -> str | None:
    """Give the id of the rulebook that has an assessment, or None."""
    for book in rules_of(zone_id).rulebooks:
        if any(a.id == assessment for a in book.assessments):
            return book.id
    return None


def branch(node: Node) -> Branch:
    """Give a tree of conditions as it is shown."""
    if isinstance(node, ConditionNode):
        return Branch(node.words, node.text, node.clause, node.reading, ())
    return Branch(_joined(node), "", node.clause, Words(), tuple(branch(child) for child in node.children))


def _joined(group: GroupNode) -> Words:
    joined = _JOINED.get(group.kind) or Words(f"以下至少满足 {group.n} 条", f"At least {group.n} of these")
    if not group.words:
        return joined
    return Words(f"{group.words.get('zh')}（{joined.zh}）", f"{group.words.get('en')} ({joined.en.lower()})")


def _lines(books: Sequence[Rulebook], on: date, counted: Mapping[str, RunCount]) -> Iterable[BookLine]:
    for name in dict.fromkeys(book.id for book in books):
        versions = [book for book in books if book.id == name]
        book = _nearest(versions, on)
        enabled = [a for a in book.assessments if a.enabled]
        counts = tuple(counted[a.id] for a in enabled if a.id in counted)
        yield BookLine(name, book, book.window.holds(on), len(versions), len(enabled), counts)


def _nearest(versions: Sequence[Rulebook], on: date) -> Rulebook:
    for book in versions:
        if book.window.holds(on):
            return book
    past = [book for book in versions if book.window.end is not None and book.window.end < on]
    if past:
        return max(past, key=lambda book: book.window.end or date.min)
    return min(versions, key=lambda book: book.window.start or date.min)


def _parameter(definition: ParameterDefinition, on: date) -> ParameterView:
    now = definition.on(on)
    values = [DatedValue(v.start, _value_words(v), v is now) for v in reversed(definition.values)]
    return ParameterView(definition.name, definition.words, tuple(values))


def _value_words(value: ParameterValue) -> Words:
    unit = value.unit.written if value.unit is not None else ""
    match value.value:
        case Fraction():
            number = exact_number(value.value)
            shown = f"{number:,}" if isinstance(number, int) else number
            return Words(*(f"{shown} {unit_words(unit, lang=lang)}".strip() for lang in ("zh", "en")))
        case tuple():
            zh = "；".join(f"{word} {exact_number(number)}{unit}" for word, number in value.value)
            english = unit_words(unit, lang="en")
            en = "; ".join(f"{word} {exact_number(number)} {english}".strip() for word, number in value.value)
            return Words(zh, en)
        case _:
            return Words(value.text, value.text)
