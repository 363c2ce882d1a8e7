"""The zones of the demonstration and their people: what is there before anybody can act."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.zones.models import Department, Membership, User, Zone
from kaiyuan.apps.zones.queries import person_in
from kaiyuan.apps.zones.rights import Person
from kaiyuan.site.demo.cast import Part, Scene


def found(scene: Scene) -> int:
    """Make a zone with its departments; give its key."""
    with transaction.atomic():
        zone = Zone.objects.create(code=scene.code, name_zh=scene.zh, name_en=scene.en, demo=True)
        for code, zh, en in scene.departments:
            Department.objects.create(zone=zone, code=code, name_zh=zh, name_en=en)
    return zone.pk


def people(scene: Scene, *, subject: str, at: datetime) -> None:
    """Bring everybody in; the agent acts for the enterprise `subject`, the administrator puts it all down."""
    with transaction.atomic():
        places = [_join(scene, part, subject=subject, at=at) for part in scene.parts]
        by = actor(scene, "administrator")
        founded = {"name": scene.zh, "departments": [code for code, _, _ in scene.departments]}
        record(by=by, type="zone.founded", subject=f"zone:{scene.code}", at=at, payload=founded)
        for place in places:
            told = {"user": place.user.username, "role": place.role, "starts_on": place.starts_on}
            record(by=by, type="membership.begun", subject=f"membership:{place.pk}", at=at, payload=told)


def _join(scene: Scene, part: Part, *, subject: str, at: datetime) -> Membership:
    # Nobody has a password: the demonstration lets people in by one click, and nothing else lets them in.
    user = User(username=part.username, full_name=part.name)
    user.set_unusable_password()
    user.save()
    zone = Zone.objects.get(code=scene.code)
    return Membership.objects.create(
        user=user,
        zone=zone,
        department=zone.departments.get(code=part.department) if part.department else None,
        role=part.role,
        subject=subject if part.role == "agent" else "",
        starts_on=timezone.localtime(at).date(),
    )


def actor(scene: Scene, role: str) -> Person:
    """Give the first person of a zone in a role, as acts know them."""
    place = (
        Membership.objects.filter(zone__code=scene.code, role=role)
        .select_related("zone", "user")
        .order_by("pk")[0]
    )
    return person_in(place)
