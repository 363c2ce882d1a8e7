"""Options that several commands share, and what they mean."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from kaiyuan.errors import InputError
from kaiyuan.packs import load_packs
from kaiyuan.rulebook import RuleSet

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FACTS…", help="Files of enterprises: CSV, TSV (.gz), XLSX, Parquet, Arrow."),
]
Packs = Annotated[
    list[str] | None,
    typer.Option("--pack", "-p", help="A pack by name or folder; may be repeated. Default: national."),
]
On = Annotated[str | None, typer.Option("--on", help="The day of the decision, YYYY-MM-DD. Default: today.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
Lang = Annotated[str, typer.Option("--lang", help="Language of what is shown: zh or en.")]
MappingFile = Annotated[
    Path | None,
    typer.Option("--mapping", help="A mapping file for columns that cannot be told by their header."),
]
Sheet = Annotated[
    str | None, typer.Option("--sheet", help="The sheet of a workbook. Default: the first with data.")
]


def day(text: str | None) -> date:
    """Give the day of the decision: as written, or today."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("this is not a day", text=text, remedy="Write it as 2026-04-01") from None


def language(text: str) -> str:
    """Give the language, zh or en."""
    if text not in ("zh", "en"):
        raise InputError("this language is not known", text=text, remedy="Write zh or en")
    return text


def chosen(packs: Sequence[str] | None) -> tuple[str, ...]:
    """Give the packs to use."""
    return tuple(packs) if packs else ("national",)


def rules_of(packs: Sequence[str] | None) -> RuleSet:
    """Load the packs to use."""
    return load_packs(chosen(packs))


def show_json(data: Any) -> None:
    """Print data as JSON."""
    sys.stdout.write(json_text(data))


def json_text(data: Any) -> str:
    """Give data as JSON text; what JSON has no form for, such as a day, is written as words."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n"
