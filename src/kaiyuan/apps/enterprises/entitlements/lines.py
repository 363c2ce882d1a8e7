"""A reason table line by line: condition, value, needed, gap, source, clause, result; each value opens its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kaiyuan.reports.checks import Check, value_words
from kaiyuan.reports.figures import NOT_APPLICABLE
from kaiyuan.reports.reasons import Row
from kaiyuan.reports.terms import fact_label
from kaiyuan.rulebook.explanation import FactValue
from kaiyuan.sheets.wording import Wording

WITHHELD = Wording("不公开", "not shown")
"""What stands in the place of a value of a class that the reader may not see."""


@dataclass(frozen=True)
class Used:
    """A fact that a line looks at: its words, value, source and date; `name` opens everything said of it."""

    name: str
    label: str
    value: str
    source: str
    recorded: str
    known: bool
    withheld: bool


@dataclass(frozen=True)
class Line:
    """One line of a reason table.

    `shape`: `row`, `many` (the head of several lines), `part` (one of them) or `group` (the head of conditions).
    `result` and `clause` are empty in a part.
    """

    shape: str
    depth: int
    label: str
    sub: str
    actual: str
    needed: str
    gap: str
    about: str
    short: bool
    used: tuple[Used, ...]
    clause: str
    result: str
    spare: bool

    @property
    def opens(self) -> str:
        """Give the fact that the value opens, empty where there is none or several."""
        known = [fact for fact in self.used if fact.known or fact.source]
        return known[0].name if known else ""

    @property
    def shape_class(self) -> str:
        """Give the classes of the row."""
        tone = {"no": "is-fail", "unknown": "is-ask", "spare": "is-spare"}.get(self.result, "")
        if self.shape == "part":
            tone = "is-spare" if self.spare else "is-fail" if self.short else ""
        shape = {"many": "is-many", "part": "is-part", "group": "is-group"}.get(self.shape, "")
        depth = f"is-d{min(self.depth, 3)}" if self.depth else ""
        return " ".join(word for word in (tone, depth, shape) if word)


@dataclass(frozen=True)
class Reader:
    """In which language lines are written, and which classes of facts the reader may see."""

    lang: str
    classes: frozenset[str]

    def sees(self, facts: Sequence[FactValue]) -> bool:
        """Tell whether the reader may see all of some facts."""
        return all(fact.privacy in self.classes for fact in facts)

    def lines(self, rows: Sequence[Row]) -> tuple[Line, ...]:
        """Give the lines of some rows of a reason table."""
        return tuple(line for row in rows for line in self._lines(row))

    def used(self, facts: Sequence[FactValue]) -> tuple[Used, ...]:
        """Give facts as they are shown to this reader."""
        return tuple(self._used(fact) for fact in facts)

    def _used(self, fact: FactValue) -> Used:
        seen = fact.privacy in self.classes
        return Used(
            name=fact.name,
            label=fact_label(fact, lang=self.lang),
            value=value_words(fact, lang=self.lang) if seen else WITHHELD.text(lang=self.lang),
            source=fact.source if seen else "",
            recorded=fact.recorded if seen else "",
            known=fact.value is not None,
            withheld=not seen,
        )

    def _lines(self, row: Row) -> Iterator[Line]:
        single = len(row.checks) == 1
        sub = ""
        if single and row.checks[0].label and row.checks[0].label not in row.label:
            sub = row.checks[0].label
        shape = "group" if row.answer is None else "row" if single else "many"
        check = row.checks[0] if single else None
        yield self._line(row, check, shape=shape, label=row.label, sub=sub)
        if not single:
            for part in row.checks:
                yield self._line(row, part, shape="part", label=part.label, sub="")

    def _line(self, row: Row, check: Check | None, *, shape: str, label: str, sub: str) -> Line:
        facts = check.facts if check is not None else ()
        withheld = not self.sees(facts)
        lacking = check is not None and check.satisfied == "no" and row.result == "no"
        actual = "" if check is None else check.actual
        return Line(
            shape=shape,
            depth=row.depth,
            label=label,
            sub=sub,
            actual=WITHHELD.text(lang=self.lang) if withheld else actual,
            needed="" if check is None else check.needed,
            gap="" if check is None else NOT_APPLICABLE if withheld else check.gap or NOT_APPLICABLE,
            about="" if check is None or withheld else check.about,
            short=lacking,
            used=self.used(facts),
            clause="" if shape == "part" else row.clause,
            result="" if shape == "part" else row.result,
            spare=row.result == "spare"
            or (check is not None and row.result == "yes" and check.satisfied != "yes"),
        )
