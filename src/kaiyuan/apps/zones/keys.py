"""Keys for machines: how they are written, and whom they speak for. Only a digest of a key is ever kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from dataclasses import replace as with_changes
from datetime import date, datetime

from django.db.models import Q

from kaiyuan.apps.zones.models import ApiKey
from kaiyuan.apps.zones.queries import person_in
from kaiyuan.apps.zones.rights import Person

SCOPES = ("read", "write")
_WRITTEN = re.compile(r"ky_([A-Za-z0-9]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class NewKey:
    """A key just made: `text` is shown once and never kept; `prefix` and `digest` are what an ApiKey keeps."""

    text: str
    prefix: str
    digest: str


def new_key() -> NewKey:
    """Make a key of 256 random bits: `ky_<prefix>_<secret>`."""
    prefix = "".join(secrets.choice(_LETTERS) for _ in range(8))
    text = f"ky_{prefix}_{secrets.token_urlsafe(32)}"
    return NewKey(text=text, prefix=prefix, digest=digest_of(text))


def digest_of(text: str) -> str:
    """Give what is kept of a key. It holds 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


def person_of_key(*, text: str, at: datetime, on: date) -> Person | None:
    """Give the person a key speaks for, with its scopes; None if it is unknown, expired, revoked or has no place."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return None
    key = (
        ApiKey.objects.filter(prefix=written[1], revoked_at=None, expires_at__gt=at)
        .filter(Q(membership__ends_on=None) | Q(membership__ends_on__gte=on))
        .filter(membership__starts_on__lte=on, membership__user__is_active=True)
        .select_related("membership__zone", "membership__user")
        .first()
    )
    if key is None or not hmac.compare_digest(key.digest, digest_of(text)):
        return None
    scopes = frozenset(word.strip() for word in key.scopes.split(",")) & frozenset(SCOPES)
    return with_changes(person_in(key.membership), scopes=scopes, via=f"key:{key.prefix}")
