"""Endpoints of verifications and checkpoints."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from kaiyuan.apps.journal import actions, queries
from kaiyuan.apps.journal.models import Checkpoint, Event
from kaiyuan.apps.journal.notes import LONGEST
from kaiyuan.apps.journal.queries import Verification
from kaiyuan.apps.journal.writes import Call, write
from kaiyuan.apps.zones.api_access import caller
from kaiyuan.apps.zones.paging import NO_NUL, Number, Page, Paging, page_of
from kaiyuan.apps.zones.rights import Absent, require

router = Router(tags=["journal"])


class Found(Schema):
    """One thing that is not as it was."""

    kind: str
    sequence: int | None


class Verified(Schema):
    """What a walk over the whole chain found."""

    sequence: int = Field(description="The event that tells of this verification")
    recorded_at: datetime
    whole: bool = Field(description="Whether nothing was found")
    counted: int
    head: str
    findings: list[Found]
    findings_count: int
    checkpoints: int
    checkpoints_from_outside: int


class Verifying(Schema):
    """A checkpoint that was kept outside, if there is one; without it a cut end cannot be seen."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field("", max_length=LONGEST, pattern=NO_NUL)


class CheckpointOut(Schema):
    """A signed note of how long the chain was and what its head was."""

    size: int
    head: str
    root: str
    made_at: datetime
    made_by: str
    note: str = Field(description="Keep this outside")


class Checkpoints(Page[CheckpointOut]):
    """A page of the checkpoints, the newest first."""


@router.get("/journal/verification", response=Verified, summary="The last verification")
def last_verification(request: HttpRequest) -> Verified:
    """Give what the last verification found; 404 if there was none yet."""
    last = queries.last_verified(by=caller(request))
    if last is None:
        raise Absent("not found")
    return _verified(last)


@router.post("/journal/verification", response={201: Verified}, summary="Verify the whole journal")
def verify(request: HttpRequest, body: Verifying) -> HttpResponse:
    """Walk the whole chain, hold checkpoints against it, and put down what was found."""
    walked: list[Verification] = []

    def before(call: Call) -> None:
        require(call.by, "journal.verify")
        notes = [body.note] if body.note.strip() else []
        walked.append(queries.verify(zone_id=call.by.zone_id, notes=notes))

    def act(call: Call) -> Verified:
        if not walked:
            before(call)
        return _verified(
            actions.put_verification_down(by=call.by, verified=walked[0], at=call.at, key=call.key)
        )

    return write(request, act, status=201, before=before)


@router.get("/journal/checkpoints", response=Checkpoints, summary="Checkpoints")
def checkpoints(request: HttpRequest, paging: Query[Paging]) -> Checkpoints:
    """Give the checkpoints of the zone's journal, the newest first."""
    found = queries.checkpoints(by=caller(request))
    rows, following = page_of(found, order=("-size",), paging=paging, name="checkpoints")
    return Checkpoints(items=[_checkpoint(row) for row in rows], next=following)


@router.get("/journal/checkpoints/{size}", response=CheckpointOut, summary="One checkpoint")
def checkpoint(request: HttpRequest, size: Number) -> CheckpointOut:
    """Give the checkpoint over that many events."""
    return _checkpoint(queries.checkpoint(by=caller(request), size=size))


@router.post("/journal/checkpoints", response={201: CheckpointOut}, summary="Sign a checkpoint")
def make_checkpoint(request: HttpRequest) -> HttpResponse:
    """Verify the journal, and sign a note over it; one over the same events is given again."""
    walked: list[Verification] = []

    def before(call: Call) -> None:
        require(call.by, "checkpoint.make")
        walked.append(queries.verify(zone_id=call.by.zone_id))

    def act(call: Call) -> CheckpointOut:
        if not walked:
            before(call)
        return _checkpoint(actions.make_checkpoint(by=call.by, verified=walked[0], at=call.at, key=call.key))

    return write(request, act, status=201, before=before)


def _verified(event: Event) -> Verified:
    said: dict[str, Any] = json.loads(event.payload)
    return Verified(sequence=event.sequence, recorded_at=event.recorded_at, **said)


def _checkpoint(row: Checkpoint) -> CheckpointOut:
    return CheckpointOut(
        size=row.size,
        head=row.head,
        root=row.root,
        made_at=row.made_at,
        made_by=row.made_by,
        note=row.note,
    )
