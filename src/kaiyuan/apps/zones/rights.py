"""Who may see and do what: one table, used by pages, API, admin and commands alike.

An act is `what.verb`. A role either has an act or not; an agent has it for the own enterprise only. What a person may
not see is answered exactly like what is not there.
"""

from __future__ import annotations

from dataclasses import dataclass

from kaiyuan.errors import KaiyuanError

AGENT, OFFICER, SUPERVISOR = "agent", "officer", "supervisor"
EDITOR, AUDITOR, ADMINISTRATOR = "policy_editor", "auditor", "administrator"
ALL = frozenset({AGENT, OFFICER, SUPERVISOR, EDITOR, AUDITOR, ADMINISTRATOR})
STAFF = ALL - {AGENT}

RIGHTS: dict[str, frozenset[str]] = {
    "home.read": ALL,
    "rule.read": ALL,
    "fact_definition.read": ALL,
    "enterprise.list": STAFF - {ADMINISTRATOR},
    "enterprise.read": ALL - {ADMINISTRATOR},
    "enterprise.edit": frozenset({OFFICER}),
    "enterprise.export": frozenset({OFFICER, SUPERVISOR}),
    "enterprise.register": frozenset({OFFICER}),
    "search.read": ALL,
    "entitlement.read": ALL - {ADMINISTRATOR, AUDITOR},
    "run.read": STAFF - {ADMINISTRATOR},
    "run.start": frozenset({OFFICER, EDITOR}),
    "observation.read": ALL - {ADMINISTRATOR},
    "observation.correct": frozenset({OFFICER}),
    "import.read": frozenset({OFFICER, SUPERVISOR, AUDITOR}),
    "import.write": frozenset({OFFICER}),
    "journal.read": frozenset({AUDITOR, SUPERVISOR}),
    "journal.verify": frozenset({AUDITOR}),
    "checkpoint.make": frozenset({AUDITOR}),
    "subscription.read": frozenset({ADMINISTRATOR, AUDITOR}),
    "subscription.write": frozenset({ADMINISTRATOR}),
    "member.read": frozenset({ADMINISTRATOR, AUDITOR}),
    "member.write": frozenset({ADMINISTRATOR}),
    "api_key.own": ALL,
    "table.read": frozenset({ADMINISTRATOR, AUDITOR}),
}
"""Act → the roles that have it. A new page or endpoint names its act here first."""

CLASSES: dict[str, frozenset[str]] = {
    AGENT: frozenset({"public", "internal", "confidential", "personal"}),
    OFFICER: frozenset({"public", "internal", "confidential", "personal"}),
    SUPERVISOR: frozenset({"public", "internal", "confidential"}),
    EDITOR: frozenset({"public", "internal"}),
    AUDITOR: frozenset({"public", "internal"}),
    ADMINISTRATOR: frozenset({"public"}),
}
"""Role → the classes of facts it may see; an agent sees those of the own enterprise."""

DISCLOSED = frozenset({"confidential", "personal"})
"""Classes whose every reading is put down in the journal."""


class Absent(KaiyuanError):
    """What was asked for is not there, or is not for this person; nobody is told which."""


class NotLoggedIn(KaiyuanError):
    """The act needs a person, and nobody is logged in."""


@dataclass(frozen=True)
class Person:
    """A person in one of their places: what an act needs to know of who acts."""

    user_id: int
    membership_id: int
    zone_id: int
    zone_code: str
    role: str
    label: str
    department_id: int | None = None
    subject: str = ""
    scopes: frozenset[str] = frozenset({"read", "write"})
    via: str = ""

    @property
    def actor(self) -> str:
        """Give the word that the journal knows this person by."""
        return self.via or f"membership:{self.membership_id}"

    @property
    def classes(self) -> frozenset[str]:
        """Give the classes of facts that this person may see."""
        return CLASSES[self.role]


def may(person: Person | None, act: str, *, subject: str | None = None) -> bool:
    """Tell whether the person has the act; `subject` is the enterprise it touches, where it touches one."""
    if person is None or person.role not in RIGHTS[act]:
        return False
    return person.role != AGENT or subject is None or subject == person.subject


def require(person: Person | None, act: str, *, subject: str | None = None) -> Person:
    """Give the person if they have the act; raises NotLoggedIn for nobody and Absent for somebody without it."""
    if person is None:
        raise NotLoggedIn("nobody is logged in", remedy="Log in first")
    if not may(person, act, subject=subject):
        raise Absent("not found")
    return person
