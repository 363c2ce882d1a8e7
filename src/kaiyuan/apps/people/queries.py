"""Reads of members and keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from kaiyuan.apps.zones.models import ApiKey, Department, Membership
from kaiyuan.apps.zones.rights import Absent, Person, require

STATES = ("current", "coming", "ended", "all")


def members(
    *, by: Person, on: date, words: str = "", role: str = "", state: str = "current"
) -> QuerySet[Membership]:
    """Give the places in the person's zone, by user: those of a day unless another state is asked for."""
    require(by, "member.read")
    found = Membership.objects.filter(zone_id=by.zone_id).select_related("user", "department", "zone")
    if words:
        found = found.filter(
            Q(user__username__icontains=words) | Q(user__full_name__icontains=words) | Q(subject=words)
        )
    if role:
        found = found.filter(role=role)
    if state == "current":
        found = found.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, user__is_active=True)
    elif state == "coming":
        found = found.filter(starts_on__gt=on)
    elif state == "ended":
        found = found.filter(Q(ends_on__lt=on) | Q(user__is_active=False))
    return found.order_by("user__username", "pk")


def member(*, by: Person, membership_id: int) -> Membership:
    """Give one place of the person's zone; raises Absent."""
    require(by, "member.read")
    found = (
        Membership.objects.filter(zone_id=by.zone_id, pk=membership_id)
        .select_related("user", "department", "zone")
        .first()
    )
    if found is None:
        raise Absent("not found")
    return found


def other_places(*, by: Person, membership: Membership) -> QuerySet[Membership]:
    """Give the other places that a member has in the person's zone."""
    require(by, "member.read")
    return (
        Membership.objects.filter(zone_id=by.zone_id, user_id=membership.user_id)
        .exclude(pk=membership.pk)
        .select_related("user", "department", "zone")
    )


def is_ours_alone(*, by: Person, user_id: int) -> bool:
    """Tell whether every place the user has or had is in the person's zone: only then may it manage the login."""
    return not Membership.objects.filter(user_id=user_id).exclude(zone_id=by.zone_id).exists()


def departments(*, by: Person) -> QuerySet[Department]:
    """Give the departments of the person's zone."""
    return Department.objects.filter(zone_id=by.zone_id)


@dataclass(frozen=True)
class KeyLine:
    """A key with its state on a day: `good`, `expired` or `revoked`."""

    key: ApiKey
    state: str


def keys(*, by: Person, at: datetime) -> list[KeyLine]:
    """Give the keys of the person's own place, the newest first; what they open is never among it."""
    require(by, "api_key.own")
    found = ApiKey.objects.filter(membership_id=by.membership_id, membership__zone_id=by.zone_id)
    return [KeyLine(key, _state(key, at)) for key in found.order_by("-created_at", "-pk")]


def _state(key: ApiKey, at: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at <= at else "good"
