"""The first page: for each role what stands now, and what one can begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse

from kaiyuan.apps.enterprises.models import RunCount
from kaiyuan.apps.enterprises.queries.standing import FirmStanding, ZoneStanding, firm_standing, zone_standing
from kaiyuan.apps.enterprises.rule_views import assessment_titles
from kaiyuan.apps.journal import queries as journal
from kaiyuan.apps.people import queries as people
from kaiyuan.apps.zones.rights import AGENT, Absent, Person, may

MOST_POLICIES, MOST_EVENTS = 8, 8
_SHADES = (("yes", "fo"), ("maybe", "f2"), ("near", "fw"), ("unknown", "fa"), ("no", "f0"))


@dataclass(frozen=True)
class Way:
    """One thing to begin with: where it is, and its words."""

    url: str
    icon: str
    zh: str
    en: str
    why_zh: str
    why_en: str


@dataclass(frozen=True)
class Share:
    """How many enterprises got one answer."""

    name: str
    value: int
    shade: str


@dataclass(frozen=True)
class Policy:
    """What one assessment said of the zone's enterprises."""

    count: RunCount
    title: Any
    shares: tuple[Share, ...]

    @property
    def said(self) -> str:
        """Give the figures that the bar draws."""
        return " / ".join(str(share.value) for share in self.shares)


@dataclass(frozen=True)
class Home:
    """What the first page shows; a part that is not for the role is None or empty."""

    on: date
    ways: tuple[Way, ...]
    firm: FirmStanding | None = None
    zone: ZoneStanding | None = None
    policies: tuple[Policy, ...] = ()
    trust: Trust | None = None
    members: int | None = None


@dataclass(frozen=True)
class Trust:
    """What the journal can show for itself."""

    chain: Any
    checkpoint: Any
    verified: Any
    events: tuple[Told, ...]


@dataclass(frozen=True)
class Told:
    """An event of the journal with the words of its type."""

    words: Any
    subject: str
    actor_label: str
    recorded_at: datetime


# Address, icon, the act it needs, words, and what for; the first ones that a person may take are shown.
_WAYS = (
    ("enterprises:mine", "gift", "entitlement.read", "看能享受什么", "See what we are entitled to",
     "五种结果，逐条理由，差一条的怎么补", "Five answers, every reason, and how to close a gap"),
    ("enterprises:my_file", "doc", "enterprise.read", "看企业档案", "See our file",
     "每个数从哪里来、哪一天的", "Where every figure comes from, and of which day"),
    ("intake:new", "upload", "import.write", "导入表格", "Read a sheet in",
     "先预览再读入，读错了能撤回", "Preview first; what was read wrongly can be undone"),
    ("enterprises:list", "case", "enterprise.list", "查企业", "Look firms up",
     "按行业、状态和测算结果筛选，可导出", "By industry, status and answer; can be exported"),
    ("journal:verify", "shield", "journal.verify", "校验日志", "Verify the journal",
     "逐条重算，和外存的检查点比对", "Every event anew, against a checkpoint kept outside"),
    ("journal:events", "clock", "journal.read", "看日志", "Read the journal",
     "谁在什么时候做了什么", "Who did what, and when"),
    ("people:members", "users", "member.write", "管人员", "Look after people",
     "开通、结束岗位，都留痕", "Give and end places; each leaves its trace"),
    ("journal:subscriptions", "send", "subscription.write", "管外发", "Look after the outbox",
     "事件推到别的系统，签名、重试", "Events to other systems, signed and retried"),
    ("enterprises:rules", "scale", "rule.read", "查规则与依据", "Look rules up",
     "条款、参数、版本，按日期", "Clauses, parameters and versions, by date"),
)  # fmt: skip
_FOR_AGENTS = frozenset({"enterprises:mine", "enterprises:my_file"})
MOST_WAYS = 3


def home_of(person: Person, *, on: date) -> Home:
    """Give the first page of a person on a day."""
    home = Home(on, ways_of(person))
    if person.role == AGENT:
        return Home(on, home.ways, firm=_firm(person))
    zone = zone_standing(by=person) if may(person, "run.read") else None
    return Home(
        on,
        home.ways,
        zone=zone,
        policies=_policies(person, zone) if zone is not None else (),
        trust=_trust(person) if may(person, "journal.read") else None,
        members=people.members(by=person, on=on).count() if may(person, "member.write") else None,
    )


def ways_of(person: Person) -> tuple[Way, ...]:
    """Give what a person can begin with, three things at most."""
    ways = []
    for name, icon, act, *words in _WAYS:
        if not may(person, act) or (name in _FOR_AGENTS) != (person.role == AGENT and name in _FOR_AGENTS):
            continue
        try:
            ways.append(Way(reverse(name), icon, *words))
        except NoReverseMatch:
            continue
    return tuple(ways[:MOST_WAYS])


def _firm(person: Person) -> FirmStanding | None:
    try:
        return firm_standing(by=person, code=person.subject)
    except Absent:
        # The enterprise of an agent may not have been read in yet.
        return None


def _policies(person: Person, zone: ZoneStanding) -> tuple[Policy, ...]:
    titles = assessment_titles(person.zone_id)
    known = [count for count in zone.counts if count.assessment in titles]
    most = sorted(known, key=lambda count: (-count.near, -count.yes, count.position))[:MOST_POLICIES]
    return tuple(
        Policy(
            count,
            titles[count.assessment],
            tuple(Share(name, getattr(count, name), shade) for name, shade in _SHADES),
        )
        for count in most
    )


def _trust(person: Person) -> Trust:
    checkpoints = journal.checkpoints(by=person)
    verified = journal.last_verified(by=person) if may(person, "journal.verify") else None
    leaf = journal.events(by=person, asked=journal.Asked(), size=MOST_EVENTS)
    events = tuple(
        Told(journal.type_words(event.type), event.subject, event.actor_label, event.recorded_at)
        for event in leaf.events
    )
    return Trust(journal.chain_of(by=person), checkpoints.first(), verified, events)
