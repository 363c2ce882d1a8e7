"""What came of reading one file: rows that add up, remarks with counts and first examples, duplicates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kaiyuan.sheets.reasons import REASONS, Finding, Reason
from kaiyuan.sheets.wording import Wording, letter

FIRST_EXAMPLES = 5


@dataclass
class Tally:
    """How often one kind of remark was made, and the first of them."""

    reason: Reason
    count: int = 0
    examples: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        """Count one finding."""
        self.count += 1
        if len(self.examples) < FIRST_EXAMPLES:
            self.examples.append(finding)


@dataclass(frozen=True)
class DuplicateGroup:
    """One enterprise that stands in more than one row; all its rows were kept."""

    subject: str | None
    lines: tuple[int, ...]
    rows: int


@dataclass
class Duplicates:
    """The enterprises met more than once. `first` shows up to a thousand groups, in the order of the file."""

    groups: int = 0
    rows: int = 0
    first: tuple[DuplicateGroup, ...] = ()


@dataclass
class ReadReport:
    """The account of one reading; complete when its batches are exhausted.

    `rows_accepted + rows_rejected == rows_read` at any moment. `cells_read` counts the cells of fact columns in
    accepted rows, `cells_unknown` those of them without a usable value.
    """

    file: str
    sheet: str = ""
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    cells_read: int = 0
    cells_unknown: int = 0
    warnings: dict[str, Tally] = field(default_factory=dict)
    rejects: dict[str, Tally] = field(default_factory=dict)
    duplicates: Duplicates = field(default_factory=Duplicates)
    notes: list[Wording] = field(default_factory=list)
    complete: bool = False

    def count(self, findings: Iterable[Finding]) -> None:
        """Count findings among the warnings or, where a whole row is left out, among the rejects."""
        for finding in findings:
            table = self.rejects if finding.reason.severity == "row" else self.warnings
            table.setdefault(finding.kind, Tally(finding.reason)).add(finding)

    def count_silently(self, *, kind: str, count: int, example: Finding | None = None) -> None:
        """Count a kind of remark that is not listed one by one."""
        if count:
            tally = self.warnings.setdefault(kind, Tally(REASONS[kind]))
            tally.count += count
            if example is not None and len(tally.examples) < FIRST_EXAMPLES:
                tally.examples.append(example)

    def note(self, *, zh: str, en: str) -> None:
        """Add a remark on the file as a whole, once."""
        wording = Wording(zh, en)
        if wording not in self.notes:
            self.notes.append(wording)

    def as_dict(self) -> dict[str, Any]:
        """Give the account as plain values, for summary.json."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "rows_read": self.rows_read,
            "rows_accepted": self.rows_accepted,
            "rows_rejected": self.rows_rejected,
            "cells_read": self.cells_read,
            "cells_unknown": self.cells_unknown,
            "rejects": {kind: _tally(tally) for kind, tally in self.rejects.items()},
            "warnings": {kind: _tally(tally) for kind, tally in self.warnings.items()},
            "duplicates": {
                "enterprises": self.duplicates.groups,
                "rows": self.duplicates.rows,
                "first": [
                    {"subject": group.subject, "lines": list(group.lines), "rows": group.rows}
                    for group in self.duplicates.first
                ],
            },
            "notes": [{"zh": note.zh, "en": note.en} for note in self.notes],
            "complete": self.complete,
        }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "count": tally.count,
        "severity": tally.reason.severity,
        "zh": tally.reason.why.zh,
        "en": tally.reason.why.en,
        "examples": [
            {
                "line": example.line,
                "column": None if example.position is None else letter(example.position),
                "header": example.header,
                "value": example.value,
                "zh": example.why().zh,
                "en": example.why().en,
            }
            for example in tally.examples
        ],
    }
