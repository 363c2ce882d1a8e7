"""What officers write on an enterprise; two who write at once are told of each other."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.writes import Change, unchanged
from kaiyuan.apps.zones.rights import Absent, Person, require
from kaiyuan.errors import InputError
from kaiyuan.sheets.wording import Wording

LONGEST_NOTE = 500
LABEL = Wording("备注", "Note")


def write_note(*, by: Person, code: str, note: str, version: int, at: datetime, key: str = "") -> Enterprise:
    """Write the note of an enterprise; `version` is the one that the writer saw.

    Raises Absent for one that is not there or not for this person, Stale if somebody changed it meanwhile, with what
    it says now, and InputError for a note that is too long.
    """
    require(by, "enterprise.edit", subject=code)
    note = note.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE or not all(sign.isprintable() or sign == "\n" for sign in note):
        raise InputError(f"a note has {LONGEST_NOTE} signs at most, all of them visible", remedy="Shorten it")
    with transaction.atomic():
        firm = Enterprise.objects.select_for_update().filter(zone_id=by.zone_id, code=code).first()
        if firm is None:
            raise Absent("not found")
        unchanged(asked=version, now=firm.version, changes=[_changed(firm)])
        if note == firm.note:
            return firm
        firm.note, firm.updated_at, firm.version = note, at, firm.version + 1
        firm.save(update_fields=["note", "updated_at", "version"])
        # The journal says that it changed, not what it says: others read the journal than those who read notes.
        record(
            by=by,
            type="enterprise.noted",
            subject=f"enterprise:{code}",
            at=at,
            key=key,
            payload={"version": firm.version, "signs": len(note)},
        )
    return firm


def _changed(firm: Enterprise) -> Change:
    last = (
        Event.objects.filter(
            chain__zone_id=firm.zone_id, subject=f"enterprise:{firm.code}", type="enterprise.noted"
        )
        .order_by("-sequence")
        .first()
    )
    if last is None:
        return Change("note", LABEL, firm.note or "—", "", firm.updated_at)
    return Change("note", LABEL, firm.note or "—", last.actor_label, last.recorded_at)
