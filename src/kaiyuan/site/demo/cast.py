"""Who plays in the demonstration: two zones, their departments, and a person in every role. All are made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kaiyuan.apps.zones import queries
from kaiyuan.apps.zones.models import ROLES


@dataclass(frozen=True)
class Part:
    """A person of the demonstration: user name behind the zone's code, name, role, and for officers a department."""

    username: str
    name: str
    role: str
    department: str = ""


@dataclass(frozen=True)
class Scene:
    """A zone of the demonstration: its names, departments (code, Chinese, English), people, and how many firms."""

    code: str
    zh: str
    en: str
    departments: tuple[tuple[str, str, str], ...]
    parts: tuple[Part, ...]


SCENES = (
    Scene(
        "demo",
        "示例高新区",
        "Demo High-tech Zone",
        (
            ("science", "科技创新局", "Science and Innovation"),
            ("economy", "经济发展局", "Economic Development"),
            ("service", "企业服务中心", "Enterprise Service Centre"),
        ),
        (
            Part("agent", "林专员（演示）", "agent"),
            Part("officer", "周科员（演示）", "officer", "science"),
            Part("officer2", "吴科员（演示）", "officer", "economy"),
            Part("supervisor", "郑主任（演示）", "supervisor"),
            Part("editor", "许编辑（演示）", "policy_editor"),
            Part("auditor", "沈审计（演示）", "auditor"),
            Part("admin", "韩管理员（演示）", "administrator"),
        ),
    ),
    Scene(
        "park",
        "示例产业园",
        "Demo Industry Park",
        (("office", "园区办公室", "Park Office"),),
        (
            Part("agent", "何专员（演示）", "agent"),
            Part("officer", "曹科员（演示）", "officer", "office"),
            Part("auditor", "严审计（演示）", "auditor"),
            Part("admin", "金管理员（演示）", "administrator"),
        ),
    ),
)

_BEGINS_WITH = {
    "agent": "/my/",
    "officer": "/enterprises/",
    "supervisor": "/enterprises/",
    "policy_editor": "/rules/",
    "auditor": "/journal/verify/",
    "administrator": "/people/",
}


@dataclass(frozen=True)
class Persona:
    """A person who can be played, as the command line shows them."""

    zone: str
    role: str
    name: str
    username: str
    begins_with: str


def personas(*, on: date) -> tuple[Persona, ...]:
    """Give the people who can log in by one click, and the page that each may begin with."""
    roles = dict(ROLES)
    return tuple(
        Persona(
            zone=place.zone.name_zh,
            role=roles[place.role],
            name=str(place.user),
            username=place.user.username,
            begins_with=_BEGINS_WITH[place.role],
        )
        for place in queries.personas(on=on)
    )
