"""Whom facts are about."""

from __future__ import annotations

from kaiyuan.apps.facts.models import Observation, Source, Subject
from kaiyuan.apps.zones.rights import Absent, Person, require


def subject(*, by: Person, code: str) -> Subject:
    """Give the subject of a code whose facts the person may read; raises Absent if there is none for them."""
    require(by, "observation.read", subject=code)
    found = Subject.objects.filter(zone_id=by.zone_id, code=code).first()
    if found is None:
        raise Absent("not found")
    return found


def subjects_of(*, zone_id: int, source: int) -> list[str]:
    """Give the codes of whom a source speaks."""
    row = Source.objects.filter(zone_id=zone_id, pk=source).first()
    if row is None or row.first is None:
        return []
    said = Observation.objects.filter(zone_id=zone_id, pk__range=(row.first, row.last), source=row)
    numbers = said.order_by().values("subject_id").distinct()
    return list(
        Subject.objects.filter(zone_id=zone_id, pk__in=numbers)
        .order_by("code")
        .values_list("code", flat=True)
    )
