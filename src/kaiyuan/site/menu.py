"""The way around: which entries the side menu has for whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from kaiyuan.apps.zones.rights import Person, may


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `act` is what a person needs to see it."""

    address: str
    icon: str
    zh: str
    en: str
    act: str
    only: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Group:
    """Entries under a heading; the first group has none."""

    zh: str
    en: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Line:
    """An entry as this person sees it now."""

    url: str
    icon: str
    zh: str
    en: str
    current: bool


_AGENT = frozenset({"agent"})
GROUPS = (
    Group("", "", (
        Entry("site:home", "home", "今日", "Today", "home.read"),
        Entry("enterprises:mine", "gift", "能享受什么", "What we are entitled to", "entitlement.read", _AGENT),
        Entry("enterprises:my_file", "doc", "企业档案", "Our file", "enterprise.read", _AGENT),
    )),
    Group("底数", "Ground", (
        Entry("enterprises:list", "case", "企业", "Enterprises", "enterprise.list"),
        Entry("intake:imports", "upload", "导入", "Imports", "import.read"),
        Entry("facts:definitions", "db", "指标字典", "Facts", "fact_definition.read"),
        Entry("enterprises:rules", "scale", "规则与依据", "Rules", "rule.read"),
    )),
    Group("可信", "Trust", (
        Entry("journal:events", "clock", "日志", "Journal", "journal.read"),
        Entry("journal:verify", "shield", "校验", "Verify", "journal.verify"),
        Entry("journal:subscriptions", "send", "外发", "Outbox", "subscription.read"),
    )),
    Group("人员与接口", "People and API", (
        Entry("people:members", "users", "人员", "People", "member.read"),
        Entry("people:api_keys", "key", "接口密钥", "API keys", "api_key.own"),
    )),
)  # fmt: skip


def menu_of(person: Person, *, path: str) -> tuple[tuple[Group, tuple[Line, ...]], ...]:
    """Give the groups with the lines that this person may follow; the longest address that fits is current."""
    open_to_them = [
        (group, [(entry, url) for entry in group.entries if (url := _address(entry, person))])
        for group in GROUPS
    ]
    fitting = [
        url
        for _, entries in open_to_them
        for _, url in entries
        if path == url or (url != "/" and path.startswith(url))
    ]
    current = max(fitting, key=len, default="")
    return tuple(
        (group, tuple(Line(url, entry.icon, entry.zh, entry.en, url == current) for entry, url in entries))
        for group, entries in open_to_them
        if entries
    )


def _address(entry: Entry, person: Person) -> str:
    if not may(person, entry.act) or (entry.only and person.role not in entry.only):
        return ""
    try:
        return reverse(entry.address)
    except NoReverseMatch:
        return ""
