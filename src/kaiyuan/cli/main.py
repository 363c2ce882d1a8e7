"""`kaiyuan`: the entry point, and the one place where an error becomes words and an exit code."""

from __future__ import annotations

import os
import sys
import traceback

import typer
from rich.console import Console
from rich.text import Text

from kaiyuan import __version__
from kaiyuan.cli import (
    demo,
    doctor,
    explain,
    facts,
    journal,
    match,
    outbox,
    packs,
    report,
    rules,
    site,
    whatif,
)
from kaiyuan.errors import KaiyuanError
from kaiyuan.matching import keep_freed_memory

FAILED, BAD_INPUT, BROKEN = 1, 2, 3

app = typer.Typer(
    name="kaiyuan",
    help="开园 Kaiyuan: dated, cited rules over real enterprises, with a reason for every answer.\n\n"
    "Exit codes: 0 done · 1 a check failed · 2 the input or the command cannot be used · 3 a fault of the program.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("match")(match.match)
app.command("explain")(explain.explain)
app.command("whatif")(whatif.whatif)
app.command("report")(report.report)
app.command("doctor")(doctor.doctor)
app.add_typer(rules.app, name="rules")
app.add_typer(packs.app, name="packs")
app.add_typer(facts.app, name="facts")
app.add_typer(demo.app, name="demo")
app.add_typer(journal.app, name="journal")
app.add_typer(outbox.app, name="outbox")
app.add_typer(site.app, name="site")


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Show the version and stop."),
) -> None:
    """开园 Kaiyuan."""
    if version:
        typer.echo(f"kaiyuan {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


def run() -> None:
    """Run the command line; no traceback reaches the user unless KAIYUAN_DEBUG is set."""
    keep_freed_memory()
    try:
        app()
    except KaiyuanError as error:
        _say(str(error))
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        # The reader of our output has gone, as in `kaiyuan … | head`; that is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        _say("stopped")
        sys.exit(130)
    except MemoryError:
        _say("the machine has not enough memory for this. Give the file as Parquet, or fewer columns")
        sys.exit(BROKEN)
    except Exception as error:  # noqa: BLE001 - the last gate: whatever it is, the user gets a sentence
        if os.environ.get("KAIYUAN_DEBUG"):
            traceback.print_exc()
        _say(
            f"a fault of the program, not of your file: {type(error).__name__}: {error}. "
            "Set KAIYUAN_DEBUG=1 and report what it shows"
        )
        sys.exit(BROKEN)


def _say(message: str) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text.assemble(("error ", "bold red"), message))


if __name__ == "__main__":
    run()
