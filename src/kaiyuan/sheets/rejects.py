"""rejects.csv: what was not used as it stands, one line each, written while the file is read."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from kaiyuan.sheets.reasons import Finding
from kaiyuan.sheets.wording import letter

HEADER = (
    "severity", "file", "sheet", "line", "column", "header", "value", "kind", "reason_zh", "reason_en", "remedy",
)  # fmt: skip
_LONGEST_VALUE = 200


class RejectWriter:
    """Write findings to a CSV file that a sheet program opens as it should (UTF-8 with its mark).

    Severity `row` means the row was left out, `cell` that this fact is unknown, `kept` that the value was used
    with a remark. A value that a sheet program would run as a formula is written with an apostrophe before it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._stream: IO[str] = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(HEADER)

    def write(self, findings: Iterable[Finding], *, file: str, sheet: str = "") -> None:
        """Write findings of one file in the order given."""
        for finding in findings:
            why, remedy = finding.why(), finding.what_to_do()
            self._writer.writerow(
                (
                    finding.reason.severity,
                    file,
                    sheet,
                    finding.line,
                    "" if finding.position is None else letter(finding.position),
                    harmless(finding.header),
                    harmless(finding.value),
                    finding.kind,
                    why.zh,
                    why.en,
                    remedy.both(),
                )
            )
            self.rows += 1

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()

    def __enter__(self) -> RejectWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def harmless(text: str) -> str:
    """Give `text` so that no sheet program takes it for a formula, cut to 200 signs."""
    if len(text) > _LONGEST_VALUE:
        text = text[: _LONGEST_VALUE - 1] + "…"
    if text[:1] in ("=", "@", "\t", "\r", "+") or (text[:1] == "-" and not _number(text)):
        return "'" + text
    return text


def _number(text: str) -> bool:
    return text[1:].replace(",", "").replace(".", "", 1).rstrip("%").isdigit() or text.strip("-") == ""
