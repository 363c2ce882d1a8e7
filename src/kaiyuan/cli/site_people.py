"""`kaiyuan site zone` and `kaiyuan site user`: the first steps of an installation, before anybody can log in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from kaiyuan.cli.site_setup import set_up
from kaiyuan.errors import InputError

if TYPE_CHECKING:
    from kaiyuan.apps.people.founding import NewDepartment


def zone(
    code: Annotated[str, typer.Argument(help="Its code: letters a to z, digits and hyphens.")],
    zh: Annotated[str, typer.Option("--zh", help="Its name in Chinese.")],
    en: Annotated[str, typer.Option("--en", help="Its name in English.")],
    department: Annotated[
        list[str] | None,
        typer.Option("--department", "-d", help="code:中文名:English name; may be repeated."),
    ] = None,
) -> None:
    """Make a zone with its departments."""
    set_up()
    from kaiyuan.apps.people.founding import found_zone

    made = found_zone(
        code=code,
        zh=zh,
        en=en,
        at=datetime.now().astimezone(),
        departments=[_department(text) for text in department or ()],
    )
    typer.echo(f"{made.code}: {made.name_zh} · {made.name_en}")


def user(
    name: Annotated[str, typer.Argument(help="User name; the zone's code is put before it.")],
    zone: Annotated[str, typer.Option("--zone", "-z", help="Code of the zone.")],
    full_name: Annotated[str, typer.Option("--full-name", help="The name that people see.")] = "",
    role: Annotated[str, typer.Option("--role", help="What they may do.")] = "administrator",
    department: Annotated[str, typer.Option("--department", "-d", help="Code, for an officer.")] = "",
    enterprise: Annotated[str, typer.Option("--enterprise", help="Credit code, for an agent.")] = "",
) -> None:
    """Give a person a place in a zone, and print the link by which they set their password; it works once."""
    set_up()
    from kaiyuan.apps.people.actions import Unusable, invite
    from kaiyuan.apps.people.founding import command_line
    from kaiyuan.apps.people.links import password_link
    from kaiyuan.apps.zones.models import ROLES, Zone

    there = Zone.objects.filter(code=zone).first()
    if there is None:
        raise InputError("there is no such zone", text=zone, remedy="Make it with `kaiyuan site zone`")
    if role not in dict(ROLES):
        raise InputError("there is no such role", text=role, remedy=f"Write one of: {', '.join(dict(ROLES))}")
    room = there.departments.filter(code=department).first() if department else None
    if department and room is None:
        raise InputError("the zone has no such department", text=department)
    now = datetime.now().astimezone()
    try:
        place = invite(
            by=command_line(there),
            name=name,
            full_name=full_name or name,
            role=role,
            department_id=room.pk if room is not None else None,
            subject=enterprise,
            starts_on=now.date(),
            at=now,
        )
    except Unusable as refused:
        raise InputError(refused.said.en.rstrip("."), text=name) from refused
    typer.echo(f"{place.user.username}: {password_link(place.user)}")


def _department(text: str) -> NewDepartment:
    from kaiyuan.apps.people.founding import NewDepartment

    parts = [part.strip() for part in text.replace("：", ":").split(":")]
    if len(parts) != 3 or not all(parts):
        raise InputError(
            "this is no department", text=text, remedy="Write it as science:科技创新局:Science and Innovation"
        )
    return NewDepartment(*parts)
