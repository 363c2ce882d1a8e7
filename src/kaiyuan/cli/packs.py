"""`kaiyuan packs`: which packs there are, and whether their own cases pass."""

from __future__ import annotations

from typing import Annotated

import typer

from kaiyuan.cli import options as o
from kaiyuan.packs import check_packs, find_packs, read_pack

app = typer.Typer(help="Packs of rules: list them, run their cases.", no_args_is_help=True)


@app.command("list")
def list_packs(lang: o.Lang = "zh", as_json: o.AsJson = False) -> None:
    """List the packs that can be found."""
    found = {name: read_pack(path) for name, path in find_packs().items()}
    if as_json:
        o.show_json({name: str(pack.path) for name, pack in found.items()})
        return
    for name, pack in found.items():
        typer.echo(f"{name:12} {pack.version:10} {pack.title.get(o.language(lang))}")


@app.command("check")
def check(
    pack: Annotated[list[str] | None, typer.Argument(help="Packs by name or folder. Default: all.")] = None,
    as_json: o.AsJson = False,
) -> None:
    """Run every case of the packs; exit code 1 when one does not come out as its author says."""
    reports = check_packs(pack or list(find_packs()))
    if as_json:
        o.show_json(
            [
                {
                    "pack": report.pack,
                    "cases": report.cases,
                    "answers": report.answers,
                    "failures": [str(failure) for failure in report.failures],
                    "untried": list(report.untried),
                    "gaps": [str(gap) for gap in report.gaps],
                }
                for report in reports
            ]
        )
    else:
        for report in reports:
            typer.echo(str(report))
        total = sum(report.cases for report in reports)
        failed = sum(len(report.failures) for report in reports)
        typer.echo(f"{total} cases, {total - failed} pass, {failed} fail")
    if not all(report.passed for report in reports):
        raise typer.Exit(1)
