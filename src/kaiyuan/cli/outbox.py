"""`kaiyuan outbox`: send what the journal has for those who subscribed."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from kaiyuan.cli import options as o
from kaiyuan.cli.site_setup import set_up

app = typer.Typer(
    help="The outbox: send events to those outside who subscribed. A serving site does so by itself.",
    no_args_is_help=True,
)


@app.command("send")
def send(
    every: Annotated[
        int, typer.Option("--every", min=0, help="Go on, with so many seconds between rounds. 0: one round.")
    ] = 0,
    as_json: o.AsJson = False,
) -> None:
    """Send all that is due. Exit code 1 if, in a single round, a delivery failed or was given up."""
    set_up()
    from django.db import close_old_connections

    from kaiyuan.site.sending import send_round

    while True:
        tally = send_round()
        if as_json:
            o.show_json({"delivered": tally.delivered, "failed": tally.failed, "given_up": tally.given_up})
        elif not every or tally.delivered or tally.failed or tally.given_up:
            typer.echo(
                f"{tally.delivered} delivered, {tally.failed} failed for now, {tally.given_up} given up"
            )
        if not every:
            raise typer.Exit(1 if tally.failed or tally.given_up else 0)
        close_old_connections()
        time.sleep(every)
