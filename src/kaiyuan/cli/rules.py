"""`kaiyuan rules`: what is in force, word by word, as SQL, and as a schema for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from kaiyuan.cli import options as o
from kaiyuan.cli import screen
from kaiyuan.cli.rule_view import rule_view
from kaiyuan.errors import InputError
from kaiyuan.reports.rules_data import rule_data
from kaiyuan.rulebook import compile_plan
from kaiyuan.rulebook.sql import DIALECTS, rules_sql
from kaiyuan.rulebook.yaml import facts_json_schema, pack_json_schema, rulebook_json_schema

app = typer.Typer(
    help="Rules: list them, show one, print them as SQL, give the schema for editors.", no_args_is_help=True
)
_SCHEMAS = {"rulebook": rulebook_json_schema, "facts": facts_json_schema, "pack": pack_json_schema}


@app.command("list")
def list_rules(pack: o.Packs = None, on: o.On = None, lang: o.Lang = "zh", as_json: o.AsJson = False) -> None:
    """List the assessments in force on a day, with the document each is cited from."""
    plan, lang = compile_plan(o.rules_of(pack), on=o.day(on)), o.language(lang)
    every = [(a.source, True) for a in plan.assessments] + [(a, False) for a in plan.disabled]
    if as_json:
        o.show_json([rule_data(source, plan, enabled=enabled) for source, enabled in every])
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    heads = (
        ("编号", "名称", "依据", "条款", "起", "可信度")
        if lang == "zh"
        else ("Id", "Title", "Document", "Clause", "From", "Conf.")
    )
    for head in heads:
        table.add_column(head, overflow="fold")
    for source, enabled in every:
        title = source.title.get(lang) + ("" if enabled else ("（未启用）" if lang == "zh" else " (off)"))
        table.add_row(
            source.id, title, source.document.number or source.document.title, source.clause,
            str(source.window.start or ""), source.confidence, style=None if enabled else "dim",
        )  # fmt: skip
    screen.console().print(table)


@app.command("show")
def show_rule(
    assessment: Annotated[str, typer.Argument(help="The id of an assessment.")],
    pack: o.Packs = None,
    on: o.On = None,
    lang: o.Lang = "zh",
    as_json: o.AsJson = False,
) -> None:
    """Show one assessment: document, clause, conditions, score, award, and the parameters in force."""
    plan, lang = compile_plan(o.rules_of(pack), on=o.day(on)), o.language(lang)
    source = plan.assessment(assessment).source
    if as_json:
        o.show_json(rule_data(source, plan, enabled=True))
    else:
        screen.console().print(rule_view(source, plan, lang=lang))


@app.command("sql")
def print_sql(
    dialect: Annotated[
        str, typer.Option("--dialect", "-d", help="One of: " + ", ".join(DIALECTS))
    ] = "duckdb",
    table: Annotated[str, typer.Option("--table", help="The name of the table of facts.")] = "facts",
    assessment: Annotated[
        list[str] | None, typer.Option("--assessment", "-a", help="Only these; may be repeated.")
    ] = None,
    pack: o.Packs = None,
    on: o.On = None,
    as_json: o.AsJson = False,
) -> None:
    """Print the rules as one SQL query with the same three-valued verdicts."""
    if dialect not in DIALECTS:
        raise InputError("this dialect is not known", text=dialect, remedy="Known are " + ", ".join(DIALECTS))
    plan = compile_plan(o.rules_of(pack), on=o.day(on), assessments=assessment)
    query = rules_sql(plan, dialect=dialect, table=table)
    if as_json:
        o.show_json({"dialect": dialect, "on": str(plan.on), "sql": query})
    else:
        typer.echo(query)


@app.command("schema")
def print_schema(
    kind: Annotated[str, typer.Argument(help="rulebook, facts or pack.")] = "rulebook",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it to a file.")] = None,
) -> None:
    """Give the JSON Schema of rulebook, fact or pack files, for editors that check while one types."""
    if kind not in _SCHEMAS:
        raise InputError("there is no such schema", text=kind, remedy="Write rulebook, facts or pack")
    if out is None:
        o.show_json(_SCHEMAS[kind]())
    else:
        out.write_text(o.json_text(_SCHEMAS[kind]()), encoding="utf-8")
        typer.echo(str(out))
