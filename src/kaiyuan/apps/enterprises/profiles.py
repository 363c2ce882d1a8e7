"""What the list shows of an enterprise besides its name, read from its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from kaiyuan.apps.facts import queries as facts
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.rulebook import CategoryValue

# All public: the list shows nothing that would have to be disclosed.
INDUSTRY, STATUS, REGISTERED = "size_industry", "business_status", "registration_date"


@dataclass(frozen=True)
class Profile:
    """Industry and status as the facts' own words, empty where unknown; the day of registration."""

    industry: str = ""
    status: str = ""
    registered_on: date | None = None


def profiles(*, zone_id: int, codes: Sequence[str], at: datetime) -> dict[str, Profile]:
    """Give the profiles of enterprises as known at a moment, by code; without facts there is none."""
    table = facts.table(
        zone_id=zone_id,
        as_of=timezone.localtime(at).date(),
        known_at=at,
        subjects=list(codes),
        names=[INDUSTRY, STATUS, REGISTERED],
    )
    held = set(table.schema.names)
    columns = [
        table.column(name).to_pylist() if name in held else [None] * table.num_rows
        for name in ("subject", INDUSTRY, STATUS, REGISTERED)
    ]
    return {
        code: Profile(industry or "", status or "", day)
        for code, industry, status, day in zip(*columns, strict=True)
    }


@dataclass(frozen=True)
class Choices:
    """The words that the list can be narrowed by."""

    industries: tuple[CategoryValue, ...]
    statuses: tuple[CategoryValue, ...]


def choices_of(zone_id: int) -> Choices:
    """Give the words of industry and status that the zone's dictionary has."""
    dictionary = dictionary_of(zone_id)
    industry, status = dictionary.get(INDUSTRY), dictionary.get(STATUS)
    return Choices(industry.values if industry else (), status.values if status else ())
