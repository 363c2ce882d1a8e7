"""Reads of zones and people."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from kaiyuan.apps.zones.models import Membership
from kaiyuan.apps.zones.rights import Absent, Person

PERSONAS_SHOWN = 40


def memberships(*, user_id: int, on: date) -> QuerySet[Membership]:
    """Give the places that a user has on a day, of active users only."""
    return (
        Membership.objects.filter(user_id=user_id, user__is_active=True, starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gte=on))
        .select_related("zone", "department", "user")
    )


def person(*, user_id: int, membership_id: int | None, on: date) -> Person | None:
    """Give the user in the place chosen, or in the first place they have; None if they have none that day."""
    places = list(memberships(user_id=user_id, on=on))
    if not places:
        return None
    chosen = next((place for place in places if place.pk == membership_id), places[0])
    return person_in(chosen)


def person_in(place: Membership) -> Person:
    """Give the person of a membership."""
    return Person(
        user_id=place.user_id,
        membership_id=place.pk,
        zone_id=place.zone_id,
        zone_code=place.zone.code,
        role=place.role,
        label=str(place.user),
        department_id=place.department_id,
        subject=place.subject,
    )


def place(person: Person) -> Membership:
    """Give the membership of a person with zone, department and user."""
    return Membership.objects.select_related("zone", "department", "user").get(pk=person.membership_id)


def own_place(*, user_id: int, membership: str, on: date) -> Membership:
    """Give one of the user's own places on a day by its number; raises Absent."""
    place = next((each for each in memberships(user_id=user_id, on=on) if str(each.pk) == membership), None)
    if place is None:
        raise Absent("not found")
    return place


def personas(*, on: date) -> list[Membership]:
    """Give the people of the demonstration zones who may be played on a day, by zone and role, one a user."""
    places = (
        Membership.objects.filter(zone__demo=True, user__is_active=True, starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gte=on))
        .select_related("zone", "department", "user")
        .order_by("zone__code", "pk")[:PERSONAS_SHOWN]
    )
    return list({place.user_id: place for place in reversed(places)}.values())[::-1]


def persona(*, username: str, on: date) -> Membership:
    """Give the first place in a demonstration zone that a user has on a day; raises Absent."""
    place = (
        Membership.objects.filter(
            zone__demo=True, user__username=username, user__is_active=True, starts_on__lte=on
        )
        .filter(Q(ends_on=None) | Q(ends_on__gte=on))
        .select_related("zone", "user")
        .order_by("pk")
        .first()
    )
    if place is None:
        raise Absent("not found")
    return place
