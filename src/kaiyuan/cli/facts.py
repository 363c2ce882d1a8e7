"""`kaiyuan facts`: the fact dictionary, and an empty workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from kaiyuan.cli import options as o
from kaiyuan.cli import screen
from kaiyuan.rulebook import compile_plan
from kaiyuan.sheets import facts_template

app = typer.Typer(
    help="Facts: list what is known by name, write a workbook to fill in.", no_args_is_help=True
)


@app.command("list")
def list_facts(pack: o.Packs = None, lang: o.Lang = "zh", as_json: o.AsJson = False) -> None:
    """List the facts with type, unit, period and class."""
    facts, lang = o.rules_of(pack).facts, o.language(lang)
    if as_json:
        o.show_json(
            [
                {
                    "name": f.name, "zh": f.zh, "en": f.en, "type": f.type, "unit": f.unit, "period": f.period,
                    "class": f.privacy, "aliases": list(f.aliases), "values": [v.zh for v in f.values],
                }
                for f in facts.values()
            ]
        )  # fmt: skip
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for head in (
        ("名称", "标识", "类型", "单位", "期间", "密级")
        if lang == "zh"
        else ("Label", "Name", "Type", "Unit", "Period", "Class")
    ):
        table.add_column(head)
    for f in facts.values():
        table.add_row(f.label(lang=lang), f.name, f.type, f.unit or "", f.period, f.privacy)
    screen.console().print(table)


@app.command("template")
def template(
    out: Annotated[Path, typer.Option("--out", "-o", help="The workbook to write (.xlsx).")] = Path(
        "facts.xlsx"
    ),
    pack: o.Packs = None,
    on: o.On = None,
    as_json: o.AsJson = False,
) -> None:
    """Write an empty workbook with a column for every fact the rules in force read, with units and notes."""
    rules, day = o.rules_of(pack), o.day(on)
    plan = compile_plan(rules, on=day)
    used = [name for name in plan.columns() if name.partition("__")[0] in rules.facts]
    columns = facts_template(out, facts=rules.facts, base_year=plan.base_year, used=used)
    if as_json:
        o.show_json({"written": [str(out)], "columns": used})
    else:
        typer.echo(f"{out}: {columns} columns")
