"""Reading what an enterprise is entitled to: an act, since confidential facts are shown as reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kaiyuan.apps.enterprises.entitlements.items import Item
from kaiyuan.apps.enterprises.entitlements.view import Asked, Entitlements, disclosed, entitlements
from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts.actions import disclose
from kaiyuan.apps.facts.queries import visible
from kaiyuan.apps.zones.rights import Person


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
    return names & set(visible(by))
