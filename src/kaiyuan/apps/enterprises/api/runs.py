"""Endpoints of runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from kaiyuan.apps.enterprises import actions, queries
from kaiyuan.apps.enterprises.models import Run, RunCount
from kaiyuan.apps.journal.writes import Call, write
from kaiyuan.apps.zones.api_access import caller
from kaiyuan.apps.zones.paging import Day, Moment, Number, Page, Paging, slice_of

router = Router(tags=["runs"])
MOST_RUNS = 1_000


class RunOut(Schema):
    """All published rules over all enterprises: for which day, from facts known when, by which rules."""

    id: int
    as_of: date
    known_at: datetime
    started_at: datetime
    finished_at: datetime | None
    started_by: str
    packs: str
    enterprises: int
    rules_sha256: str
    facts_sha256: str
    answers_sha256: str


class Runs(Page[RunOut]):
    """A page of the runs, the newest first."""


class Counted(Schema):
    """What one assessment said in a run, counted."""

    assessment: str
    version: str
    yes: int
    maybe: int
    near: int
    unknown: int
    no: int
    amount: int | None = Field(description="Sum in fen; null where the caller may not see amounts")


class RunWhole(RunOut):
    """A run with its counts."""

    counts: list[Counted]


class NewRun(Schema):
    """For which day, and from what was known when; without them: today, and what is known now."""

    model_config = ConfigDict(extra="forbid")

    as_of: Day | None = None
    known_at: Moment | None = None


@router.get("/runs", response=Runs, summary="Runs of all rules over the zone")
def runs(request: HttpRequest, paging: Query[Paging]) -> Runs:
    """Give the runs of the zone, the newest first."""
    shown, following = slice_of(queries.runs(by=caller(request), most=MOST_RUNS), paging=paging, name="runs")
    return Runs(items=[RunOut(**_run(each)) for each in shown], next=following)


@router.get("/runs/{number}", response=RunWhole, summary="One run with its counts")
def run(request: HttpRequest, number: Number) -> RunWhole:
    """Give a run, and what each assessment said in it, counted."""
    by = caller(request)
    found = queries.run(by=by, number=number)
    amounts = queries.sees_amounts(by)
    counts = [_counted(each, amounts=amounts) for each in queries.counts_of(found)]
    return RunWhole(**_run(found), counts=counts)


@router.post("/runs", response={201: RunOut}, summary="Run all rules over the zone")
def start_run(request: HttpRequest, body: NewRun) -> HttpResponse:
    """Let all published rules decide on all enterprises, and keep what they said."""
    evaluated: list[actions.Evaluated] = []

    def asked(call: Call) -> dict[str, Any]:
        return {
            "by": call.by,
            "as_of": body.as_of or timezone.localdate(call.at),
            "known_at": body.known_at or call.at,
            "at": call.at,
        }

    def before(call: Call) -> None:
        evaluated.append(actions.evaluate_zone(**asked(call)))

    def act(call: Call) -> RunOut:
        ready = evaluated[0] if evaluated else None
        made = actions.run_rules(**asked(call), key=call.key, evaluated=ready)
        return RunOut(**_run(queries.run(by=call.by, number=made.pk)))

    return write(request, act, status=201, before=before)


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.pk,
        "as_of": run.as_of,
        "known_at": run.known_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "started_by": str(run.started_by.user),
        "packs": run.packs,
        "enterprises": run.enterprises,
        "rules_sha256": run.rules_digest,
        "facts_sha256": run.facts_digest,
        "answers_sha256": run.answers_digest,
    }


def _counted(count: RunCount, *, amounts: bool) -> Counted:
    return Counted(
        assessment=count.assessment,
        version=count.version,
        yes=count.yes,
        maybe=count.maybe,
        near=count.near,
        unknown=count.unknown,
        no=count.no,
        amount=count.amount if amounts else None,
    )
