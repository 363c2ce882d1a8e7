"""Whom facts are about."""

from __future__ import annotations

from kaiyuan.apps.facts.models import Subject
from kaiyuan.apps.zones.rights import Absent, Person, require


def subject(*, by: Person, code: str) -> Subject:
    """Give the subject of a code whose facts the person may read; raises Absent if there is none for them."""
    require(by, "observation.read", subject=code)
    found = Subject.objects.filter(zone_id=by.zone_id, code=code).first()
    if found is None:
        raise Absent("not found")
    return found
