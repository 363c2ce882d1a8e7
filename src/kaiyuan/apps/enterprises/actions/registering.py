"""Enterprises come into the list: named, findable by sound, with the profile that their facts tell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import transaction

from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.enterprises.pinyin import sound_of
from kaiyuan.apps.enterprises.profiles import Profile, profiles
from kaiyuan.apps.facts.models import Subject
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.zones.rights import Person, require
from kaiyuan.errors import InputError

# A slice keeps the lock on the database for a moment only; a list of 100,000 is many short acts.
SLICE = 2_000
T = TypeVar("T")


@dataclass(frozen=True)
class Registered:
    """How many enterprises came in, and how many known ones got another name or profile."""

    new: int
    changed: int


def register(*, by: Person, subjects: Mapping[str, str], at: datetime) -> Registered:
    """Put subjects of facts into the list of enterprises: credit code → name as the source writes it.

    A known enterprise keeps its name where the source gives none. Doing it again changes nothing. Every slice of
    2,000 is one act with one event. Raises InputError for a code that facts do not know.
    """
    require(by, "enterprise.register")
    new = changed = 0
    for part in _slices(subjects.items(), SLICE):
        done = _register_slice(by, dict(part), at)
        new, changed = new + done.new, changed + done.changed
    return Registered(new, changed)


def refresh_profiles(*, by: Person, codes: Sequence[str], at: datetime) -> int:
    """Bring the profile of enterprises up to what their facts tell now; give how many changed.

    Part of the act that changed the facts (a correction, an import undone), so it writes no event of its own.
    """
    changed = 0
    for part in _slices(codes, SLICE):
        with transaction.atomic():
            known = list(Enterprise.objects.select_for_update().filter(zone_id=by.zone_id, code__in=part))
            changed += _update(known, {}, profiles(zone_id=by.zone_id, codes=part, at=at), at)
    return changed


def _register_slice(by: Person, names: Mapping[str, str], at: datetime) -> Registered:
    codes = list(names)
    with transaction.atomic():
        told = profiles(zone_id=by.zone_id, codes=codes, at=at)
        known = list(Enterprise.objects.select_for_update().filter(zone_id=by.zone_id, code__in=codes))
        newcomers = sorted(set(codes) - {firm.code for firm in known})
        subjects = dict(
            Subject.objects.filter(zone_id=by.zone_id, type="enterprise", code__in=newcomers).values_list(
                "code", "pk"
            )
        )
        if strangers := sorted(set(newcomers) - set(subjects)):
            raise InputError(
                "facts know no enterprise of this code",
                text=strangers[0],
                remedy="Load the facts of an enterprise before it is registered",
            )
        Enterprise.objects.bulk_create(
            [
                _newcomer(by.zone_id, subjects[code], code, names[code] or code, told.get(code), at)
                for code in newcomers
            ]
        )
        changed = _update(known, names, told, at)
        if newcomers or changed:
            record(
                by=by,
                type="enterprise.registered",
                subject=f"zone:{by.zone_code}",
                at=at,
                payload={
                    "new": len(newcomers),
                    "changed": changed,
                    "first": codes[0],
                    "last": codes[-1],
                    "codes_digest": hashlib.sha256("\n".join(codes).encode()).hexdigest(),
                },
            )
    return Registered(len(newcomers), changed)


def _newcomer(
    zone_id: int, subject_id: int, code: str, name: str, told: Profile | None, at: datetime
) -> Enterprise:
    sound = sound_of(name)
    profile = told or Profile()
    return Enterprise(
        zone_id=zone_id,
        subject_id=subject_id,
        code=code,
        name=name[:200],
        name_initials=sound.initials,
        name_pinyin=sound.full,
        industry=profile.industry,
        status=profile.status,
        registered_on=profile.registered_on,
        updated_at=at,
    )


def _update(
    known: Sequence[Enterprise], names: Mapping[str, str], told: Mapping[str, Profile], at: datetime
) -> int:
    changed = []
    for firm in known:
        before = (firm.name, firm.industry, firm.status, firm.registered_on)
        name = names.get(firm.code, "")[:200]
        if name and name != firm.name:
            sound = sound_of(name)
            firm.name, firm.name_initials, firm.name_pinyin = name, sound.initials, sound.full
        profile = told.get(firm.code, Profile())
        firm.industry, firm.status = profile.industry, profile.status
        firm.registered_on = profile.registered_on
        if before != (firm.name, firm.industry, firm.status, firm.registered_on):
            firm.version += 1
            firm.updated_at = at
            changed.append(firm)
    fields = ("name", "name_initials", "name_pinyin", "industry", "status", "registered_on", "version")
    Enterprise.objects.bulk_update(changed, [*fields, "updated_at"], batch_size=50)
    return len(changed)


def _slices(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
