"""The signature of a delivery, as Standard Webhooks has it: HMAC-SHA256 over id, moment and body."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping

PREFIX = "whsec_"
WINDOW = 300
"""Seconds that a moment may lie off the receiver's clock."""


def new_secret() -> str:
    """Give a fresh secret of 32 bytes, written as receivers' libraries read it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(*, secret: str, id: str, seconds: int, body: bytes) -> dict[str, str]:
    """Give the three headers of a delivery; `seconds` since 1970."""
    return {
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{_mac(secret, id, str(seconds), body)}",
    }


def is_signed(headers: Mapping[str, str], body: bytes, *, secret: str, seconds: int) -> bool:
    """Tell whether a delivery is ours and not older than five minutes, as a receiver must; any of several may fit."""
    id, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not moment.isascii() or not moment.isdigit() or abs(int(moment) - seconds) > WINDOW:
        return False
    wanted = f"v1,{_mac(secret, id, moment, body)}"
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(wanted.encode(), each.encode()) for each in given)


def _mac(secret: str, id: str, moment: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = secret.encode()
    signed = f"{id}.{moment}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
