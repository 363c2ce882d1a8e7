"""What is told: a CloudEvents envelope around an event, without what only people with the right may read."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

from kaiyuan.apps.journal.chain import moment
from kaiyuan.apps.journal.models import Event

# Payloads and names stay here: who receives has no role in the zone. What a checkpoint says is meant for outside.
OPEN_PAYLOADS = frozenset({"checkpoint.made"})
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


def event_id(event: Event, zone_code: str) -> str:
    """Give the id by which a receiver knows an event again; it has no dot, which the signature uses between parts."""
    return f"{zone_code}-{event.sequence}"


def address_of(event: Event) -> str:
    """Give the address of the event's page."""
    return f"{settings.ADDRESS}/journal/{event.sequence}/"


def cloud_event(event: Event, *, zone_code: str) -> dict[str, Any]:
    """Give the event as a CloudEvent 1.0 in structured mode."""
    data: dict[str, Any] = {
        "sequence": event.sequence,
        "effective_at": moment(event.effective_at),
        "case_key": event.case_key,
        "legal_basis": event.legal_basis,
        "prev_hash": event.prev_hash,
        "hash": event.hash,
        "address": address_of(event),
    }
    if event.type in OPEN_PAYLOADS:
        data["payload"] = json.loads(event.payload)
    return {
        "specversion": "1.0",
        "id": event_id(event, zone_code),
        "source": f"{settings.ADDRESS}/journal/{zone_code}",
        "type": f"org.kaiyuan.{event.type}.v1",
        "subject": event.subject,
        "time": moment(event.recorded_at),
        "datacontenttype": "application/json",
        "data": data,
    }


def body_of(event: Event, *, zone_code: str) -> bytes:
    """Give the bytes that are sent and signed; the same for every try."""
    told = cloud_event(event, zone_code=zone_code)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
