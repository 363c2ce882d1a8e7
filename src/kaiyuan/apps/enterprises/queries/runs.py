"""Runs of all rules over all enterprises of a zone."""

from __future__ import annotations

from kaiyuan.apps.enterprises.models import Run, RunCount
from kaiyuan.apps.zones.rights import Absent, Person, require

__all__ = ["Run", "counts_of", "latest_run", "run", "runs"]


def latest_run(*, zone_id: int) -> Run | None:
    """Give the last run that came to its end, or None."""
    return Run.objects.filter(zone_id=zone_id, finished_at__isnull=False).order_by("-pk").first()


def counts_of(run: Run | None) -> tuple[RunCount, ...]:
    """Give what a run counted under each assessment, in the order of the answers' letters."""
    return () if run is None else tuple(RunCount.objects.filter(run=run).order_by("position"))


def runs(*, by: Person, most: int = 50) -> list[Run]:
    """Give the last runs, the newest first."""
    require(by, "run.read")
    return list(
        Run.objects.filter(zone_id=by.zone_id, finished_at__isnull=False)
        .select_related("started_by__user")
        .order_by("-pk")[:most]
    )


def run(*, by: Person, number: int) -> Run:
    """Give one run that came to its end; raises Absent."""
    require(by, "run.read")
    found = (
        Run.objects.filter(zone_id=by.zone_id, finished_at__isnull=False, pk=number)
        .select_related("started_by__user")
        .first()
    )
    if found is None:
        raise Absent("not found")
    return found
