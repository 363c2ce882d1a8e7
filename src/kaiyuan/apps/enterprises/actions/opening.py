"""Reading what an enterprise is entitled to: an act, since confidential facts are shown as reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kaiyuan.apps.enterprises import queries
from kaiyuan.apps.enterprises.answers import ANSWERS, YES
from kaiyuan.apps.enterprises.deciding import decide
from kaiyuan.apps.enterprises.entitlements.items import Item
from kaiyuan.apps.enterprises.entitlements.reading import told_of
from kaiyuan.apps.enterprises.entitlements.view import Asked, Entitlements, disclosed, entitlements
from kaiyuan.apps.enterprises.files import FileView, file_view
from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.enterprises.plans import plan_of
from kaiyuan.apps.facts import queries as facts
from kaiyuan.apps.facts.actions import disclose
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.queries import of_subject
from kaiyuan.apps.zones.rights import Person, may


@dataclass(frozen=True)
class Opened:
    """One question about one enterprise with all its reasons; `whole` tells whether no value is kept back."""

    firm: Enterprise
    item: Item
    on: date
    known_at: datetime
    whole: bool


def open_entitlements(
    *, by: Person, code: str, on: date, known_at: datetime, at: datetime, lang: str
) -> Entitlements:
    """Give everything an enterprise is entitled to on a day, and put down which confidential facts were shown."""
    view = entitlements(by=by, code=code, on=on, known_at=known_at, lang=lang)
    disclose(by=by, subject=code, facts=_visible(by, disclosed(view)), purpose="entitlements", at=at)
    return view


def open_reasons(
    *, by: Person, code: str, assessment: str, on: date, known_at: datetime, at: datetime, lang: str
) -> Opened:
    """Give one question with all its reasons, and put down which confidential facts were shown."""
    asked = Asked(by=by, code=code, on=on, known_at=known_at, lang=lang)
    item = asked.named(assessment)
    e = item.explanation
    used = [fact for condition in e.conditions() for fact in condition.facts]
    if e.score is not None:
        used += [fact for indicator in e.score.indicators for fact in indicator.facts]
    if e.amount is not None and asked.amounts:
        used += e.amount.facts
    names = {fact.name for fact in used} | item.disclosed()
    disclose(by=by, subject=code, facts=_visible(by, names), purpose=f"reasons:{assessment}", at=at)
    return Opened(asked.firm, item, on, known_at, whole=asked.reader.sees(used) and asked.amounts)


def _visible(by: Person, names: set[str]) -> set[str]:
    # What the reader's classes keep back was not shown, so it was not read.
    return names & set(facts.visible(by))


@dataclass(frozen=True)
class OpenedFile:
    """The file of an enterprise, its answers by letter, and the newest of what happened to it."""

    firm: Enterprise
    view: FileView
    counts: dict[str, int]
    amount: int | None
    events: list[Event]


def open_file(*, by: Person, code: str, on: date, known_at: datetime, at: datetime, lang: str) -> OpenedFile:
    """Give the file of an enterprise, and put down which confidential facts it showed."""
    firm = queries.enterprise(by=by, code=code)
    values = facts.values(zone_id=by.zone_id, subject=code, as_of=on, known_at=known_at)
    seen = [value for value in values if value.definition.privacy in by.classes]
    disclose(by=by, subject=code, facts={value.fact for value in seen}, purpose="file", at=at)
    counts: dict[str, int] = {}
    amount = None
    if may(by, "entitlement.read", subject=code):
        plan = plan_of(by.zone_id, on=on)
        told = told_of(firm, values, base_year=plan.base_year, lang=lang)
        decided = decide(plan=plan, zone_id=by.zone_id, known_at=known_at, told=told)
        letters = bytes(decided.letters[0]).decode()
        counts = {answer.name: letters.count(answer.letter) for answer in ANSWERS}
        if queries.sees_amounts(by):
            granted = decided.world.granted()[0]
            yes = decided.letters[0] == ord(YES.letter)
            amount = int(granted[yes & (granted > 0)].sum())
    return OpenedFile(
        firm=firm,
        view=file_view(seen, base_year=on.year - 1, lang=lang),
        counts=counts,
        amount=amount,
        events=of_subject(by=by, subject=code, most=8),
    )
