"""The small cast that tries every page and endpoint: six roles in one zone, and the same six in another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts.models import Subject
from kaiyuan.apps.zones.models import ROLES, Department, Membership, User, Zone
from kaiyuan.apps.zones.queries import person_in
from kaiyuan.apps.zones.rights import Person

AT = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)
ON = date(2026, 11, 20)
PASSWORD = "a long and quiet passphrase"
# Made up; the check digits are right.
OWN, OTHERS, ELSEWHERE = "91370800MA0000015H", "91610131MADEM0011G", "91441283TE5T00016N"


@dataclass(frozen=True)
class Cast:
    """A zone with one person in each role, and its enterprises: the agent's own one first."""

    zone: Zone
    people: dict[str, Membership]
    firms: tuple[Enterprise, ...]

    def person(self, role: str) -> Person:
        """Give the person in a role, as acts know them."""
        return person_in(self.people[role])

    def user(self, role: str) -> User:
        """Give the user who has a role."""
        return self.people[role].user


def make_cast(*, code: str, name: str, firms: tuple[str, ...]) -> Cast:
    """Make a zone, its people and its enterprises."""
    zone = Zone.objects.create(code=code, name_zh=name, name_en=f"Zone {code}", demo=True)
    department = Department.objects.create(zone=zone, code="science", name_zh="科技部门", name_en="Science")
    made = []
    for number, firm in enumerate(firms):
        subject = Subject.objects.create(zone=zone, code=firm)
        made.append(
            Enterprise.objects.create(
                zone=zone,
                subject=subject,
                code=firm,
                name=f"示例企业{number}（合成数据）",
                name_initials=f"slqy{number}",
                name_pinyin=f"shiliqiye{number}",
                updated_at=AT,
            )
        )
    people = {}
    for role, _ in ROLES:
        user = User.objects.create(username=f"{code}-{role}", full_name=f"{name}{role}")
        user.set_password(PASSWORD)
        user.save()
        people[role] = Membership.objects.create(
            user=user,
            zone=zone,
            role=role,
            department=department if role == "officer" else None,
            subject=firms[0] if role == "agent" else "",
            starts_on=date(2026, 1, 1),
        )
    return Cast(zone, people, tuple(made))
