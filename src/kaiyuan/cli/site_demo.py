"""`kaiyuan site demo`: a site with two made-up zones, ready to walk around in, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from kaiyuan.cli import screen
from kaiyuan.cli.site_process import ended_by_signals, is_free, served
from kaiyuan.cli.site_setup import migrate, set_up
from kaiyuan.errors import InputError

if TYPE_CHECKING:
    from kaiyuan.site.demo import Persona

HOST = "127.0.0.1"
WITHOUT_A_TERMINAL = 120
Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the demonstration. Default: KAIYUAN_DATA.")
]
Enterprises = Annotated[
    int,
    typer.Option(
        "--enterprises", "-n", min=200, max=20_000, help="How many made-up enterprises the zone has."
    ),
]


def demo(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The next free one is taken.")] = 8000,
    seconds: Annotated[
        int | None,
        typer.Option("--seconds", min=1, help="Stop by itself after so long. Default: KAIYUAN_DEMO_SECONDS."),
    ] = None,
    until_ready: Annotated[bool, typer.Option("--until-ready", help="Stop as soon as it answers.")] = False,
    data: Data = None,
    enterprises: Enterprises = 2000,
) -> None:
    """Make two zones of made-up enterprises and people, serve the site to this machine, and print who can log in."""
    started = time.monotonic()
    port = next((each for each in range(port, min(port + 20, 65536)) if is_free(HOST, each)), 0)
    if not port:
        raise InputError("none of twenty ports is free", remedy="Choose another with --port")
    os.environ["KAIYUAN_ADDRESS"] = address = f"http://{HOST}:{port}"
    people = made(data, enterprises)
    from django.conf import settings

    from kaiyuan.site import env

    staying = 0 if until_ready else seconds or _staying(env.read("KAIYUAN_DEMO_SECONDS"))
    log = settings.DATA / "site.log"
    try:
        with ended_by_signals(), served(host=HOST, port=port, log=log):
            _show(address, people, settings.DATA)
            out = screen.console()
            out.print(f"就绪，用时 {time.monotonic() - started:.0f} 秒 · ready", style="dim")
            if staying is None:
                out.print("按 Ctrl-C 结束 · Ctrl-C stops it")
            elif staying:
                out.print(f"{staying} 秒后自行结束（KAIYUAN_DEMO_SECONDS）· stops by itself in {staying} s")
            sys.stdout.flush()
            _stay(staying)
    except KeyboardInterrupt:
        screen.console().print("\n已结束 · stopped")


def demo_data(data: Data = None, enterprises: Enterprises = 2000) -> None:
    """Make the demonstration's zones, enterprises, people and journal without serving them; safe to repeat."""
    from_here = made(data, enterprises)
    from django.conf import settings

    typer.echo(f"{settings.DATA}: {len(from_here)} people can log in")


def made(data: Path | None, enterprises: int) -> Sequence[Persona]:
    """Set the site up in demonstration mode and make its data where they are not there yet; give who can log in."""
    set_up(mode="demo", data=data)
    from kaiyuan.site.demo import personas, ready_folder, seed

    # A demonstration that another version made, or that was cut off, is made anew; nothing else is ever removed.
    now = datetime.now().astimezone()
    ready_folder(enterprises=enterprises, on=now.date())
    migrate()
    out = screen.console()
    seed(enterprises=enterprises, at=now, tell=lambda step: out.print(f"· {step}", style="dim"))
    return personas(on=now.date())


def _staying(asked: str) -> int | None:
    """Give for how many seconds to stay: as asked, at a terminal until Ctrl-C (None), without one two minutes."""
    if asked:
        if not asked.isdigit():
            raise InputError(
                "KAIYUAN_DEMO_SECONDS is not a whole number", text=asked, remedy="Write digits only"
            )
        return int(asked)
    return None if sys.stdin.isatty() or sys.stdout.isatty() else WITHOUT_A_TERMINAL


def _stay(seconds: int | None) -> None:
    until = None if seconds is None else time.monotonic() + seconds
    while until is None or time.monotonic() < until:
        time.sleep(0.2)


def _show(address: str, people: Sequence[Persona], folder: Path) -> None:
    out = screen.console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for head in ("园区 Zone", "角色 Role", "演示人员 Person", "先看 Begin with"):
        table.add_column(head, overflow="fold")
    zone = ""
    for each in people:
        table.add_row(each.zone if each.zone != zone else "", each.role, each.name, each.begins_with)
        zone = each.zone
    out.print(Text.assemble(("\n开园 Kaiyuan  ", "bold"), (address, "bold cyan")))
    out.print(table)
    out.print(
        "打开上面的地址，点一个人名就登录，不需要口令 · open the address; one click on a name logs in",
        soft_wrap=True,
    )
    out.print(f"企业与人员均为合成，数据在 {folder} · all made up", style="dim", soft_wrap=True)
