"""An answer is kept with its key, in the transaction of its effect, so that a retry does nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from kaiyuan.apps.journal.models import KeptAnswer
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


def is_kept(*, by: Person, key: str) -> bool:
    """Tell whether an answer is kept for a key, so that nothing long need be prepared for it."""
    return KeptAnswer.objects.filter(zone_id=by.zone_id, actor=by.actor, key=key).exists()
