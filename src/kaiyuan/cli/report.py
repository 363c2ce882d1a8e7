"""`kaiyuan report`: one self-contained page about a population."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from kaiyuan.cli import options as o
from kaiyuan.cli import screen
from kaiyuan.matching import match_files, open_population
from kaiyuan.reports.report_html import report_html
from kaiyuan.rulebook import compile_plan


def report(
    files: o.Files,
    out: Annotated[Path, typer.Option("--out", "-o", help="The page to write.")] = Path("report.html"),
    pack: o.Packs = None,
    on: o.On = None,
    mapping: o.MappingFile = None,
    sheet: o.Sheet = None,
    lang: o.Lang = "zh",
    as_json: o.AsJson = False,
) -> None:
    """Write one page: answers per assessment, missing facts by how many answers they block, cost against budget."""
    rules, lang = o.rules_of(pack), o.language(lang)
    plan = compile_plan(rules, on=o.day(on))
    population = open_population(files, facts=rules.facts, on=plan.on, mapping=mapping, sheet=sheet)
    with TemporaryDirectory() as folder, screen.progress_bar(shown=not as_json) as progress:
        job = match_files(
            plan=plan, population=population, packs=o.chosen(pack), out=Path(folder), progress=progress
        )
    page = report_html(
        job.summary,
        lang=lang,
        generated=datetime.now().strftime("%Y-%m-%d %H:%M"),
        entitled=job.outcome.entitled,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8")
    if as_json:
        o.show_json({**job.summary.data(), "written": [str(out)]})
    else:
        screen.console().print(f"{out}  ({out.stat().st_size / 1024:.0f} KiB)")
