"""Writes of the journal: one act, one event, in the transaction of the act."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from kaiyuan.apps.journal.canonical import canonical
from kaiyuan.apps.journal.chain import event_hash, first_hash
from kaiyuan.apps.journal.models import Chain, Event, KeptAnswer
from kaiyuan.apps.zones.models import Zone
from kaiyuan.apps.zones.rights import Person
from kaiyuan.errors import KaiyuanError


class KeyReused(KaiyuanError):
    """An idempotency key came back with another request."""


@dataclass(frozen=True)
class Answer:
    """What a call answered: the status and the body as JSON text."""

    status: int
    body: str
    kept: bool = False


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
    takes effect (default: now). Raises InputError for a payload with floats.
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
    event.hash = event_hash(event, algorithm=chain.algorithm)
    event.save(force_insert=True)
    chain.length, chain.head = event.sequence, event.hash
    chain.save(update_fields=["length", "head"])
    return event


def _locked_chain(by: Person) -> Chain:
    # The lock on the head row lets one writer append at a time; on SQLite the transaction itself is that lock.
    chain = Chain.objects.select_for_update().filter(zone_id=by.zone_id).first()
    if chain is not None:
        return chain
    zone = Zone.objects.select_for_update().get(pk=by.zone_id)
    algorithm = settings.JOURNAL_HASH
    return Chain.objects.get_or_create(
        zone=zone,
        defaults={"algorithm": algorithm, "head": first_hash(zone_code=zone.code, algorithm=algorithm)},
    )[0]


def once(
    *, by: Person, key: str, request: Mapping[str, Any], at: datetime, act: Callable[[], Answer]
) -> Answer:
    """Do an act once for a key, in one transaction with its answer; a retry gets the answer that was kept.

    `request` says what was asked (method, path, digest of the body); the same key with another request raises
    KeyReused. Keys belong to the actor and the zone.
    """
    digest = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        kept, fresh = KeptAnswer.objects.get_or_create(
            zone_id=by.zone_id,
            actor=by.actor,
            key=key,
            defaults={"request_digest": digest, "status": 0, "body": "", "kept_at": at},
        )
        if not fresh:
            if kept.request_digest != digest:
                raise KeyReused("this key came with another request before", remedy="Use a new key")
            return Answer(kept.status, kept.body, kept=True)
        answer = act()
        kept.status, kept.body = answer.status, answer.body
        kept.save(update_fields=["status", "body"])
        return answer
