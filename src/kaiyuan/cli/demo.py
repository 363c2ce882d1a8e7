"""`kaiyuan demo`: synthetic enterprises, and the main job on them."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
import typer

from kaiyuan.cli import options as o
from kaiyuan.cli import screen
from kaiyuan.matching import Job, match_files, open_population
from kaiyuan.reports.report_html import report_html
from kaiyuan.rulebook import compile_plan
from kaiyuan.sheets import write_demo_data

app = typer.Typer(help="Synthetic enterprises, labelled so, and a run over them.", no_args_is_help=True)
_PACKS = ["national", "demo"]


@app.command("data")
def data(
    enterprises: Annotated[int, typer.Option("--enterprises", "-n", min=1, help="How many.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same enterprises.")] = 1,
    out: Annotated[Path, typer.Option("--out", "-o", help="A .csv, .xlsx or .parquet file.")] = Path(
        "enterprises.csv"
    ),
    pack: o.Packs = None,
    on: o.On = None,
    as_json: o.AsJson = False,
) -> None:
    """Write synthetic enterprises with three years of facts, 5 % of them missing; no real firm is among them."""
    facts = o.rules_of(pack or _PACKS).facts
    out.parent.mkdir(parents=True, exist_ok=True)
    write_demo_data(out, facts=facts, enterprises=enterprises, seed=seed, base_year=o.day(on).year - 1)
    if as_json:
        o.show_json({"written": [str(out)], "enterprises": enterprises, "seed": seed})
    else:
        typer.echo(f"{out}: {enterprises:,} synthetic enterprises")


@app.command("run")
def run(
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder for the results.")] = Path("out/demo"),
    enterprises: Annotated[int, typer.Option("--enterprises", "-n", min=1, help="How many.")] = 2000,
    on: o.On = None,
    lang: o.Lang = "zh",
    brief: Annotated[bool, typer.Option("--brief", help="A short table, and where the report is.")] = False,
) -> None:
    """Run both packs over synthetic enterprises: the table here, the report on disk, three commands to try next."""
    rules, day, lang = o.rules_of(_PACKS), o.day(on), o.language(lang)
    out.mkdir(parents=True, exist_ok=True)
    sheet = out / "enterprises.csv"
    write_demo_data(sheet, facts=rules.facts, enterprises=enterprises, seed=1, base_year=day.year - 1)
    plan = compile_plan(rules, on=day)
    population = open_population([sheet], facts=rules.facts, on=day)
    with screen.progress_bar(shown=True) as progress:
        job = match_files(plan=plan, population=population, packs=tuple(_PACKS), out=out, progress=progress)
    screen.show_summary(job.summary, lang, brief=brief)
    page = out / "report.html"
    page.write_text(
        report_html(
            job.summary,
            lang=lang,
            generated=datetime.now().strftime("%Y-%m-%d %H:%M"),
            entitled=job.outcome.entitled,
        ),
        encoding="utf-8",
    )
    head, after = ("报告", "接着试试：") if lang == "zh" else ("Report", "Try next:")
    if brief:
        screen.console().print(f"{head}: {page}", soft_wrap=True)
        return
    subject, assessment = _worth_a_look(job)
    packs = "--pack national --pack demo"
    name = _called()
    screen.console().print(
        f"\n{head}: {page}\n{after}\n"
        f"  {name} explain {sheet} --subject {subject} --assessment {assessment}\n"
        f"  {name} whatif {sheet} {packs} --set giant_revenue=3000\n"
        f"  {name} match {sheet} {packs} --excel --out {out}",
        soft_wrap=True,
    )


def _called() -> str:
    """Give the command as the reader can call it from here: by name, or by the path it was called by."""
    return "kaiyuan" if shutil.which("kaiyuan") else os.path.relpath(sys.argv[0])


def _worth_a_look(job: Job) -> tuple[str, str]:
    """Give an enterprise and an assessment with something to explain: one condition short, if there is such a case."""
    assert job.outcome.decisions is not None
    with pa.ipc.open_file(job.outcome.decisions) as file:
        table = file.read_all()
    for name in ("little_giant", "zjtx_sme", "hnte", "tech_sme"):
        short = pc.and_(pc.invert(table.column(name)), pc.equal(table.column(f"{name}.distance"), 1))
        rows = pc.indices_nonzero(pc.fill_null(short, False))
        if len(rows):
            return table.column("subject")[rows[0].as_py()].as_py(), name
    return table.column("subject")[0].as_py(), "zjtx_sme"
