"""Acts of those who watch over the journal: a verification is put down, a checkpoint is signed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaiyuan.apps.journal.actions.recording import record
from kaiyuan.apps.journal.conflicts import Conflict
from kaiyuan.apps.journal.models import Chain, Checkpoint, Event
from kaiyuan.apps.journal.notes import write_note
from kaiyuan.apps.journal.signing import origin_of, signing_key
from kaiyuan.apps.journal.verification import Verification
from kaiyuan.apps.zones.rights import Person, require
from kaiyuan.sheets.wording import Wording

MOST_NAMED = 20
_BROKEN = Wording(
    "日志没有通过校验，不签发检查点；先看校验发现了什么",
    "no checkpoint is made over a journal that does not verify; look at what was found first",
)
_EMPTY = Wording("日志还是空的，不签发检查点", "no checkpoint is made over an empty journal")


class NotWhole(Conflict):
    """The journal does not verify or is empty, so nothing is signed over it."""


@transaction.atomic
def put_verification_down(*, by: Person, verified: Verification, at: datetime, key: str = "") -> Event:
    """Record that the zone's journal was verified, and what was found."""
    require(by, "journal.verify")
    named = verified.findings[:MOST_NAMED]
    return record(
        by=by,
        type="journal.verified",
        subject=f"journal:{by.zone_code}",
        at=at,
        key=key,
        payload={
            "counted": verified.counted,
            "head": verified.head,
            "whole": verified.ok,
            "findings": [{"kind": each.kind, "sequence": each.sequence} for each in named],
            "findings_count": len(verified.findings) + verified.more,
            "checkpoints": len(verified.notes),
            "checkpoints_from_outside": sum(note.outside for note in verified.notes),
        },
    )


@transaction.atomic
def make_checkpoint(*, by: Person, verified: Verification, at: datetime, key: str = "") -> Checkpoint:
    """Sign a note over the events just verified, keep it and record it; the same length is signed once.

    Raises NotWhole for a journal with findings or without events, NoKey if there is no key to sign with.
    """
    require(by, "checkpoint.make")
    if not verified.ok or not verified.counted:
        raise NotWhole(_BROKEN if not verified.ok else _EMPTY)
    signer = signing_key()
    chain = Chain.objects.select_for_update().get(zone_id=by.zone_id)
    there = Checkpoint.objects.filter(chain=chain, size=verified.counted).first()
    if there is not None:
        return there
    note = write_note(
        origin=origin_of(by.zone_code),
        size=verified.counted,
        root=verified.root,
        head=verified.head,
        at=at,
        key=signer,
    )
    made = Checkpoint.objects.create(
        chain=chain,
        size=verified.counted,
        head=verified.head,
        root=verified.root,
        made_at=at,
        made_by=by.label,
        note=note,
    )
    record(
        by=by,
        type="checkpoint.made",
        subject=f"checkpoint:{made.size}",
        at=at,
        key=key,
        payload={"size": made.size, "head": made.head, "root": made.root, "note": note},
    )
    return made
