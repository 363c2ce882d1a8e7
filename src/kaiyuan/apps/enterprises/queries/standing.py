"""How a zone, or one of its enterprises, stands in the last run: what a first page tells."""

from __future__ import annotations

from dataclasses import dataclass

from kaiyuan.apps.enterprises.models import Decision, Enterprise, Run, RunCount
from kaiyuan.apps.enterprises.queries.firms import enterprise
from kaiyuan.apps.enterprises.queries.runs import counts_of, latest_run
from kaiyuan.apps.zones.rights import Person, require


@dataclass(frozen=True)
class ZoneStanding:
    """How many enterprises a zone has, its last run (None before the first), and what that counted."""

    enterprises: int
    run: Run | None
    counts: tuple[RunCount, ...]


@dataclass(frozen=True)
class FirmStanding:
    """An enterprise and what the last run said of it; None where no run has decided on it."""

    firm: Enterprise
    run: Run | None
    decision: Decision | None


def zone_standing(*, by: Person) -> ZoneStanding:
    """Give how the person's zone stands."""
    require(by, "run.read")
    run = latest_run(zone_id=by.zone_id)
    return ZoneStanding(Enterprise.objects.filter(zone_id=by.zone_id).count(), run, counts_of(run))


def firm_standing(*, by: Person, code: str) -> FirmStanding:
    """Give how an enterprise stands; raises Absent."""
    require(by, "entitlement.read", subject=code)
    firm, run = enterprise(by=by, code=code), latest_run(zone_id=by.zone_id)
    decision = Decision.objects.filter(run=run, enterprise=firm).first() if run is not None else None
    return FirmStanding(firm, run, decision)
