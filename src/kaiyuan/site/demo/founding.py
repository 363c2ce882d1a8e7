"""The zones of the demonstration, and who acts in them."""

from __future__ import annotations

from datetime import datetime

from kaiyuan.apps.people.founding import NewDepartment, found_zone
from kaiyuan.apps.zones.models import Membership, Zone
from kaiyuan.apps.zones.queries import person_in
from kaiyuan.apps.zones.rights import Person
from kaiyuan.site.demo.cast import Scene


def found(scene: Scene, *, at: datetime) -> Zone:
    """Make a zone with its departments."""
    departments = [NewDepartment(code, zh, en) for code, zh, en in scene.departments]
    return found_zone(code=scene.code, zh=scene.zh, en=scene.en, at=at, departments=departments, demo=True)


def actor(scene: Scene, role: str) -> Person:
    """Give the first person of a zone in a role, as acts know them."""
    place = (
        Membership.objects.filter(zone__code=scene.code, role=role)
        .select_related("zone", "user")
        .order_by("pk")[0]
    )
    return person_in(place)
