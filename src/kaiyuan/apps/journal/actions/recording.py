"""One act, one event, in the transaction of the act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from kaiyuan.apps.journal.canonical import canonical
from kaiyuan.apps.journal.chain import event_hash, first_hash
from kaiyuan.apps.journal.models import Chain, Event
from kaiyuan.apps.zones.models import Zone
from kaiyuan.apps.zones.rights import Person
from kaiyuan.errors import InputError

_LONGEST = {
    name: getattr(Event._meta.get_field(name), "max_length", 0)
    for name in ("type", "subject", "case_key", "actor", "actor_label", "legal_basis", "idempotency_key")
}


def record(
    *,
    by: Person,
    type: str,
    subject: str,
    at: datetime,
    payload: Mapping[str, Any],
    effective_at: datetime | None = None,
    case_key: str = "",
    legal_basis: str = "",
    key: str = "",
) -> Event:
    """Append one event to the chain of the person's zone; call it inside the transaction of the act it tells of.

    `type` is past tense (`enterprise.imported`), `subject` is `kind:id`, `at` is now, `effective_at` when the act
    takes effect (default: now). Raises InputError for a payload with floats and for text that does not fit.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() outside a transaction: an act and its event stand or fall together")
    chain = _locked_chain(by)
    event = Event(
        chain=chain,
        sequence=chain.length + 1,
        type=type,
        subject=subject,
        case_key=case_key,
        effective_at=effective_at or at,
        recorded_at=at,
        actor=by.actor,
        actor_label=by.label,
        legal_basis=legal_basis,
        idempotency_key=key,
        payload=canonical(payload),
        prev_hash=chain.head,
    )
    _fits(event)
    event.hash = event_hash(event, algorithm=chain.algorithm)
    event.save(force_insert=True)
    chain.length, chain.head = event.sequence, event.hash
    chain.save(update_fields=["length", "head"])
    return event


def _fits(event: Event) -> None:
    # SQLite keeps text of any length and zero bytes; PostgreSQL refuses both. What is recorded is the same on each.
    for name, longest in _LONGEST.items():
        text = getattr(event, name)
        if len(text) > longest or "\x00" in text:
            raise InputError(
                f"an event has a {name} that does not fit",
                text=text[:80],
                remedy=f"At most {longest} characters",
            )


def _locked_chain(by: Person) -> Chain:
    # The lock on the head row lets one writer append at a time; on SQLite the transaction itself is that lock.
    rows = Chain.objects.select_for_update().filter(zone_id=by.zone_id)
    chain = rows.first()
    if chain is not None:
        return chain
    # The first event of a zone: whoever holds the zone's row makes the chain, the others then wait for it.
    zone = Zone.objects.select_for_update().get(pk=by.zone_id)
    algorithm = settings.JOURNAL_HASH
    Chain.objects.get_or_create(
        zone=zone,
        defaults={"algorithm": algorithm, "head": first_hash(zone_code=zone.code, algorithm=algorithm)},
    )
    return rows.get()
