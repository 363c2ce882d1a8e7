"""`kaiyuan doctor`: is this installation safe and whole?"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from kaiyuan.cli.site_setup import set_up

SIGNS = {"good": ("✓", "green"), "look": ("!", "yellow"), "unsafe": ("✗", "bold red")}


def doctor(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what is to be looked at.")] = False,
) -> None:
    """Examine the site's settings, database, cache, keys and packs; exit with 1 if something is unsafe."""
    set_up()
    from kaiyuan.site.doctor import examine

    console = Console(highlight=False, soft_wrap=True)
    findings = examine()
    for finding in findings:
        if quiet and finding.grade == "good":
            continue
        sign, colour = SIGNS[finding.grade]
        line = Text.assemble((sign, colour), f" {finding.name}: {finding.seen.en}")
        if finding.seen.zh != finding.seen.en:
            line.append(f"  {finding.seen.zh}", "dim")
        console.print(line)
        if finding.remedy:
            console.print(Text(f"  → {finding.remedy.en}  {finding.remedy.zh}"))
    unsafe = sum(finding.grade == "unsafe" for finding in findings)
    if unsafe:
        console.print(Text(f"{unsafe} unsafe: the site does not start in production like this", "bold red"))
        raise typer.Exit(1)
