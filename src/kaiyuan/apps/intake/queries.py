"""Reads of imports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kaiyuan.apps.facts.queries import visible
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.zones.rights import Absent, Person, may, require
from kaiyuan.rulebook.facts import FactDefinition


@dataclass(frozen=True)
class Opened:
    """An import with what its file says; values of its cells only for whoever may read it in."""

    row: Import
    preview: dict[str, Any]
    report: dict[str, Any]
    error: dict[str, str]
    said: dict[str, dict[str, Any]]
    values_shown: bool

    @property
    def facts(self) -> list[str]:
        """Give the facts whose values its pages show."""
        return sorted({fact for fact, _ in self.preview.get("shown", [])}) if self.values_shown else []


def imports(*, by: Person) -> QuerySet[Import]:
    """Give the imports of the zone, the latest first."""
    require(by, "import.read")
    rows = Import.objects.filter(zone_id=by.zone_id)
    return rows.select_related("uploaded_by__user").defer("preview", "report", "mapping").order_by("-pk")


def opened(*, by: Person, number: int) -> Opened:
    """Give one import; raises Absent."""
    require(by, "import.read")
    row = (
        Import.objects.filter(zone_id=by.zone_id, pk=number)
        .select_related("uploaded_by__user", "source")
        .first()
    )
    if row is None:
        raise Absent("not found")
    return Opened(
        row=row,
        preview=json.loads(row.preview),
        report=json.loads(row.report),
        error=json.loads(row.error),
        said=json.loads(row.mapping),
        values_shown=may(by, "import.write"),
    )


def same_file(*, by: Person, row: Import) -> Import | None:
    """Give an import of the same bytes that counts already."""
    others = Import.objects.filter(zone_id=by.zone_id, digest=row.digest, state="done")
    return others.exclude(pk=row.pk).order_by("-pk").first()


def known_facts(by: Person) -> dict[str, FactDefinition]:
    """Give the facts that columns can be said to mean."""
    return visible(by)
