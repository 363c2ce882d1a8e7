"""One enterprise, and finding it."""

from __future__ import annotations

import unicodedata

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts.queries import visible
from kaiyuan.apps.zones.rights import AGENT, Absent, Person, may, require
from kaiyuan.rulebook import FactDefinition


def enterprise(*, by: Person, code: str) -> Enterprise:
    """Give the enterprise of a credit code; raises Absent where it is not there or not for this person."""
    require(by, "enterprise.read", subject=code)
    found = Enterprise.objects.filter(zone_id=by.zone_id, code=code).first()
    if found is None:
        raise Absent("not found")
    return found


def matching(firms: QuerySet[Enterprise], words: str) -> QuerySet[Enterprise]:
    """Narrow enterprises to those whose name, code or sound holds every one of some words."""
    for word in unicodedata.normalize("NFKC", words).split():
        wanted = Q(name__icontains=word)
        if word.isascii():
            sound = "".join(sign for sign in word.lower() if sign.isalnum())
            wanted |= Q(code__istartswith=word)
            if sound:
                wanted |= Q(name_initials__contains=sound) | Q(name_pinyin__contains=sound)
        firms = firms.filter(wanted)
    return firms


def found(*, by: Person, words: str, most: int) -> list[Enterprise]:
    """Give up to `most` enterprises that words find, those that begin with them first; an agent finds the own one."""
    words = words.strip()
    if not words or not (may(by, "enterprise.list") or by.role == AGENT):
        return []
    firms = Enterprise.objects.filter(zone_id=by.zone_id)
    if by.role == AGENT:
        firms = firms.filter(code=by.subject)
    first = words.split()[0]
    rank = Case(
        When(Q(code__iexact=first) | Q(name=words), then=Value(0)),
        When(
            Q(name__startswith=first)
            | Q(code__istartswith=first)
            | Q(name_initials__startswith=first.lower()),
            then=Value(1),
        ),
        default=Value(2),
        output_field=IntegerField(),
    )
    return list(matching(firms, words).order_by(rank, "name", "code")[:most])


def fact(*, by: Person, name: str) -> FactDefinition:
    """Give a fact by name; raises Absent for one that is not there or not of a class for this person."""
    definition = visible(by).get(name)
    if definition is None:
        raise Absent("not found")
    return definition
