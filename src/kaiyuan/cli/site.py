"""`kaiyuan site`: bring the database up to date, and serve the zone's site."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from kaiyuan.cli import site_demo, site_people
from kaiyuan.cli.site_process import refuse_taken
from kaiyuan.cli.site_setup import migrate, set_up, waiting_migrations
from kaiyuan.errors import InputError

app = typer.Typer(
    help="The zone's site: people, facts and a journal; settings come from the environment (docs/settings.md).",
    no_args_is_help=True,
)
app.command("demo")(site_demo.demo)
app.command("demo-data")(site_demo.demo_data)
app.command("zone")(site_people.zone)
app.command("user")(site_people.user)
Host = Annotated[str, typer.Option("--host", help="The address to listen at.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen at.")]


@app.command("migrate")
def bring_up_to_date() -> None:
    """Bring the database to the version of the program; safe to repeat."""
    set_up()
    before = waiting_migrations()
    migrate()
    typer.echo(f"{before} migrations applied" if before else "The database is up to date")


@app.command("serve")
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes. Default: KAIYUAN_WORKERS.")
    ] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads a process.")] = 4,
) -> None:
    """Serve the site until Ctrl-C; behind a proxy that speaks TLS, or on this machine alone."""
    if workers is not None:
        os.environ["KAIYUAN_WORKERS"] = str(workers)
    set_up()
    waiting = waiting_migrations()
    if waiting:
        raise InputError(
            f"the database lacks {waiting} migrations", remedy="Run `kaiyuan site migrate` first"
        )
    refuse_taken(host, port)
    from kaiyuan.site.doctor import refuse_unsafe

    refuse_unsafe()
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "kaiyuan.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.WORKERS,
        blocking_threads=threads,
        backpressure=threads * 4,
        websockets=False,
        respawn_failed_workers=True,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()
