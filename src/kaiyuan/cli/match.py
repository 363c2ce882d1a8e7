"""`kaiyuan match`: files of enterprises in, explained decisions out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaiyuan.cli import options as o
from kaiyuan.cli import screen
from kaiyuan.matching import match_files, open_population
from kaiyuan.matching.engines import Engine
from kaiyuan.matching.run import RunOptions
from kaiyuan.reports.workbook import write_workbook
from kaiyuan.rulebook import compile_plan
from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.sheets import write_mapping_draft


def match(
    files: o.Files,
    pack: o.Packs = None,
    on: o.On = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder for the results.")] = Path("out"),
    engine: Annotated[Engine, typer.Option("--engine", help="Where the rules run.")] = Engine.local,
    excel: Annotated[bool, typer.Option("--excel", help="Also write the workbook for officers.")] = False,
    leaves: Annotated[
        bool, typer.Option("--leaves", help="Also write the verdict of every condition.")
    ] = False,
    mapping: o.MappingFile = None,
    sheet: o.Sheet = None,
    lang: o.Lang = "zh",
    as_json: o.AsJson = False,
) -> None:
    """Decide every rule on every enterprise: yes, no or unknown, how many conditions short, and how much.

    Writes decisions.arrow, awards.arrow, rejects.csv and summary.json, and mapping.yaml for columns it could not tell.
    """
    rules, lang = o.rules_of(pack), o.language(lang)
    plan = compile_plan(rules, on=o.day(on))
    population = open_population(files, facts=rules.facts, on=plan.on, mapping=mapping, sheet=sheet)
    with screen.progress_bar(shown=not as_json) as progress:
        job = match_files(
            plan=plan,
            population=population,
            packs=o.chosen(pack),
            out=out,
            engine=engine,
            options=RunOptions(Answers(planes=leaves)),
            progress=progress,
        )
    written = [path.name for path in (job.outcome.decisions, job.outcome.awards) if path is not None]
    written += ["rejects.csv", "summary.json"]
    for number, reading in enumerate(population.readings, start=1):
        if reading.unmapped:
            name = "mapping.yaml" if len(files) == 1 else f"mapping-{number}.yaml"
            write_mapping_draft(out / name, reading)
            written.append(name)
    if excel:
        write_workbook(out / "matches.xlsx", job=job, plan=plan, population=population, lang=lang)
        written.append("matches.xlsx")
    if as_json:
        o.show_json(
            {**job.summary.data(), "files": job.account, "written": [str(out / name) for name in written]}
        )
        return
    screen.show_notes(job.account, lang)
    screen.show_summary(job.summary, lang)
    screen.console().print(f"{out}/: " + ", ".join(written), style="dim")
