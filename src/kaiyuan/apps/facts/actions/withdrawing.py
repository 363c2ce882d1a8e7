"""Take a source back: from now on nothing that it said counts; what was known before stays told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaiyuan.apps.facts.models import Source
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.zones.rights import Absent, Person, require


def withdraw(
    *, by: Person, source: int, reason: str, at: datetime, key: str = "", case_key: str = ""
) -> Source:
    """Let a source count no longer from `at` on; twice is once. Raises Absent for one that is not there."""
    require(by, "import.write")
    with transaction.atomic():
        row = Source.objects.select_for_update().filter(pk=source, zone_id=by.zone_id).first()
        if row is None or row.recorded_at is None:
            raise Absent("not found")
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
            record(
                by=by,
                type="source.withdrawn",
                subject=f"source:{row.pk}",
                at=at,
                key=key,
                case_key=case_key,
                payload={"label": row.label, "reason": reason},
            )
    return row
