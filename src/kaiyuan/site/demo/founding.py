"""The zones of the demonstration and their people: what is there before anybody can act."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from kaiyuan.apps.people.actions import invite
from kaiyuan.apps.people.founding import NewDepartment, command_line, found_zone
from kaiyuan.apps.zones.models import Membership, Zone
from kaiyuan.apps.zones.queries import person_in
from kaiyuan.apps.zones.rights import Person
from kaiyuan.site.demo.cast import Scene


def found(scene: Scene, *, at: datetime) -> Zone:
    """Make a zone with its departments."""
    departments = [NewDepartment(code, zh, en) for code, zh, en in scene.departments]
    return found_zone(code=scene.code, zh=scene.zh, en=scene.en, at=at, departments=departments, demo=True)


def people(scene: Scene, zone: Zone, *, subject: str, at: datetime) -> None:
    """Bring everybody in; the agent acts for the enterprise `subject`."""
    departments = {each.code: each.pk for each in zone.departments.all()}
    for part in scene.parts:
        invite(
            by=command_line(zone),
            name=part.username,
            full_name=part.name,
            role=part.role,
            department_id=departments.get(part.department),
            subject=subject if part.role == "agent" else "",
            starts_on=timezone.localtime(at).date(),
            at=at,
        )


def actor(scene: Scene, role: str) -> Person:
    """Give the first person of a zone in a role, as acts know them."""
    place = (
        Membership.objects.filter(zone__code=scene.code, role=role)
        .select_related("zone", "user")
        .order_by("pk")[0]
    )
    return person_in(place)
