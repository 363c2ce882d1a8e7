"""Everything one enterprise is entitled to on a day: five answers with amounts, what to do next, where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kaiyuan.apps.enterprises import queries
from kaiyuan.apps.enterprises.answers import ANSWERS, BY_LETTER, MAYBE, NEAR, UNKNOWN, YES, Answer
from kaiyuan.apps.enterprises.deciding import Decided, decide, inexact_among
from kaiyuan.apps.enterprises.entitlements.items import Basis, Doubt, Item, item
from kaiyuan.apps.enterprises.entitlements.lines import WITHHELD, Reader
from kaiyuan.apps.enterprises.entitlements.reading import told_of
from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.enterprises.plans import plan_of
from kaiyuan.apps.facts import queries as facts
from kaiyuan.apps.zones.rights import Absent, Person, require
from kaiyuan.reports.checks import value_words
from kaiyuan.reports.terms import fact_label
from kaiyuan.rulebook import Plan, explain
from kaiyuan.rulebook.explanation import Explanation, FactValue
from kaiyuan.rulebook.plan import PlanAssessment
from kaiyuan.sheets.wording import Wording

_DISAGREE = Wording(
    "“{fact}”有两个来源不一致（{one} 与 {other}）。", "Two sources disagree on {fact} ({one}, {other})."
)
_INEXACT = Wording("“{fact}”记的是“{word}”数，待核实。", "{fact} is recorded as “{word}” and needs checking.")


@dataclass(frozen=True)
class Group:
    """The items of one answer, in the order in which they are worth reading."""

    answer: Answer
    items: tuple[Item, ...]

    @property
    def low(self) -> int:
        """Give the least that the known amounts add up to, in fen."""
        return sum(each.amount.low for each in self.items if each.amount and each.amount.low is not None)

    @property
    def high(self) -> int:
        """Give the most that the known amounts add up to, in fen."""
        return sum(each.amount.high for each in self.items if each.amount and each.amount.high is not None)

    @property
    def paid(self) -> int:
        """Give how many of the items bring money, or may."""
        return sum(each.paid and not each.nothing for each in self.items)

    @property
    def unpaid(self) -> int:
        """Give how many of the items are titles, classes and the like."""
        return sum(not each.paid for each in self.items)

    @property
    def nothing(self) -> int:
        """Give how many of the items are about money that comes to nothing."""
        return sum(each.nothing for each in self.items)

    @property
    def unknown_amounts(self) -> int:
        """Give how many amounts cannot be told."""
        return sum(1 for each in self.items if each.amount is not None and not each.amount.known)


@dataclass(frozen=True)
class SourceUsed:
    """A source of this enterprise's facts: its name, the day its data speak of, how many values count."""

    label: str
    day: date
    values: int


@dataclass(frozen=True)
class Step:
    """Something worth doing now: `kind` is the answer it moves; `fact` is what to supply or to verify, if anything."""

    kind: str
    item: Item | None
    fact: str
    label: str
    settles: int


@dataclass(frozen=True)
class Entitlements:
    """What one enterprise is entitled to, as of a day, from what was known at a moment."""

    firm: Enterprise
    on: date
    known_at: datetime
    latest: datetime | None
    groups: tuple[Group, ...]
    sources: tuple[SourceUsed, ...]
    steps: tuple[Step, ...]
    shows_amounts: bool
    documents: int

    def group(self, answer: Answer) -> Group:
        """Give the items of one answer."""
        return next(group for group in self.groups if group.answer is answer)

    @property
    def yes(self) -> Group:
        """Give what it is entitled to now."""
        return self.group(YES)

    @property
    def maybe(self) -> Group:
        """Give what has to be verified."""
        return self.group(MAYBE)

    @property
    def near(self) -> Group:
        """Give what it is one condition short of."""
        return self.group(NEAR)

    @property
    def unknown(self) -> Group:
        """Give what facts are missing for."""
        return self.group(UNKNOWN)


class Asked:
    """One enterprise with the rules of a day on its facts; items are made from it one by one, or all."""

    def __init__(self, *, by: Person, code: str, on: date, known_at: datetime, lang: str) -> None:
        require(by, "entitlement.read", subject=code)
        self.firm = queries.enterprise(by=by, code=code)
        self.plan: Plan = plan_of(by.zone_id, on=on)
        self.values = facts.values(zone_id=by.zone_id, subject=code, as_of=on, known_at=known_at)
        told = told_of(self.firm, self.values, base_year=self.plan.base_year, lang=lang)
        self.batch = told.batch
        self.decided: Decided = decide(plan=self.plan, zone_id=by.zone_id, known_at=known_at, told=told)
        self.reader = Reader(lang, by.classes)
        self.amounts = queries.sees_amounts(by)
        self._proposals = self.decided.world.proposals(0)
        rival = self.decided.rival
        self._rivals = {} if rival is None else rival.proposals(0)

    def item(self, place: int) -> Item:
        """Give the item of an assessment by its place in the plan."""
        a = self.plan.assessments[place]
        explanation = explain(plan=self.plan, batch=self.batch, row=0, assessment=a.id)
        letter = chr(self.decided.letters[0, place])
        rival = self.decided.rival
        basis = Basis(
            letter=letter,
            proposal=self._proposals.get(a.id),
            rival=self._rivals.get(a.id),
            rival_yes=rival is not None and chr(rival.letters[0, place]) == YES.letter,
            contested=rival is not None and self._differs(place),
            doubts=self._doubts(a, explanation) if BY_LETTER[letter] is MAYBE else (),
            changed_by=self._changed_by(a.id),
        )
        return item(
            source=a.source, explanation=explanation, basis=basis, reader=self.reader, amounts=self.amounts
        )

    def named(self, assessment: str) -> Item:
        """Give the item of an assessment by id; raises Absent where none of that id is in force."""
        for place, a in enumerate(self.plan.assessments):
            if a.id == assessment:
                return self.item(place)
        raise Absent("not found")

    def _differs(self, place: int) -> bool:
        rival, world = self.decided.rival, self.decided.world
        if rival is None:
            return False
        same = world.letters[0, place] == rival.letters[0, place]
        return not same or bool(world.granted()[0, place] != rival.granted()[0, place])

    def _changed_by(self, assessment: str) -> str:
        proposal = self._proposals.get(assessment)
        if proposal is None or not proposal.changed_by:
            return ""
        rule = next((s for s in self.plan.stacking if s.id == proposal.changed_by), None)
        return rule.words.get(self.reader.lang) if rule is not None else ""

    def _doubts(self, a: PlanAssessment, explanation: Explanation) -> tuple[Doubt, ...]:
        lang = self.reader.lang
        found: list[Doubt] = []
        if self.decided.rival is not None:
            other = explain(plan=self.plan, batch=self.decided.rival.batch, row=0, assessment=a.id)
            theirs = _facts_of(other)
            for key, fact in _facts_of(explanation).items():
                if key in theirs and theirs[key].value != fact.value:
                    one, two = (self._value(each) for each in (fact, theirs[key]))
                    label = fact_label(fact, lang=lang)
                    words = _DISAGREE.text(lang=lang).format(fact=label, one=one, other=two)
                    found.append(Doubt(words, (fact.name,)))
        values = self.decided.inexact.get(self.firm.code, ())
        used = _facts_of(explanation)
        for value in inexact_among(self.plan, a, values):
            known = used.get((value.fact, value.year))
            label = value.fact if known is None else fact_label(known, lang=lang)
            words = _INEXACT.text(lang=lang).format(fact=label, word=value.qualifier)
            found.append(Doubt(words, (value.fact,)))
        return tuple(found)

    def _value(self, fact: FactValue) -> str:
        lang = self.reader.lang
        return value_words(fact, lang=lang) if self.reader.sees([fact]) else WITHHELD.text(lang=lang)


def entitlements(*, by: Person, code: str, on: date, known_at: datetime, lang: str) -> Entitlements:
    """Give everything an enterprise is entitled to; raises Absent for one that is not there or not for this person."""
    asked = Asked(by=by, code=code, on=on, known_at=known_at, lang=lang)
    items = [asked.item(place) for place in range(len(asked.plan.assessments))]
    groups = tuple(
        Group(answer, tuple(sorted((i for i in items if i.answer is answer), key=_order_of(answer))))
        for answer in ANSWERS
    )
    counted: Counter[tuple[str, date]] = Counter(
        (value.source, value.data_date or value.recorded_at.date()) for value in asked.values
    )
    return Entitlements(
        firm=asked.firm,
        on=on,
        known_at=known_at,
        latest=max((value.recorded_at for value in asked.values), default=None),
        groups=groups,
        sources=tuple(
            SourceUsed(label, day, number)
            for (label, day), number in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
        ),
        steps=_steps(groups, lang),
        shows_amounts=asked.amounts,
        documents=len({each.source.document.number for each in items}),
    )


def disclosed(view: Entitlements) -> set[str]:
    """Give the facts whose values the page of all entitlements shows: of near misses, of doubts, of amounts."""
    shown: set[str] = set()
    for group in view.groups:
        for each in group.items:
            if group.answer is NEAR:
                shown |= each.disclosed()
            shown |= {name for doubt in each.doubts for name in doubt.facts}
            if each.amount is not None and each.amount.known and each.explanation.amount is not None:
                shown |= {fact.name for fact in each.explanation.amount.facts}
    return shown


def _order_of(answer: Answer) -> Callable[[Item], Any]:
    def largest_first(each: Item) -> tuple[Any, ...]:
        return (
            not each.paid or each.nothing,
            each.nothing,
            -((each.amount.high or 0) if each.amount else 0),
            each.source.title.zh,
        )

    def easiest_first(each: Item) -> tuple[Any, ...]:
        return (each.nothing, not each.coached, each.effort, *largest_first(each))

    def fewest_missing_first(each: Item) -> tuple[Any, ...]:
        return (len(each.missing), *largest_first(each))

    return {NEAR: easiest_first, UNKNOWN: fewest_missing_first}.get(answer, largest_first)


def _steps(groups: tuple[Group, ...], lang: str) -> tuple[Step, ...]:
    """Give up to three things worth doing: settle a doubt, close the smallest gap, supply the fact that tells most."""
    by_answer = {group.answer: group.items for group in groups}
    steps: list[Step] = []
    for each in by_answer[MAYBE]:
        if each.doubts:
            fact = each.doubts[0].facts[0]
            steps.append(Step("maybe", each, fact, _label(each.explanation, fact, lang), 1))
            break
    worth = [each for each in by_answer[NEAR] if each.coached]
    worth.sort(key=lambda each: (not (each.amount and each.amount.high), each.effort))
    steps += [Step("near", each, "", each.cards[0].label, 1) for each in worth[:1]]
    lacking: Counter[tuple[str, int | None]] = Counter()
    labels: dict[tuple[str, int | None], str] = {}
    for each in by_answer[UNKNOWN]:
        for missing in each.missing:
            lacking[missing.name, missing.year] += 1
            labels[missing.name, missing.year] = fact_label(missing, lang=lang)
    for key, number in lacking.most_common(3 - len(steps)):
        steps.append(Step("unknown", None, key[0], labels[key], number))
    return tuple(steps)


def _label(explanation: Explanation, name: str, lang: str) -> str:
    found = [fact for (fact_name, _), fact in _facts_of(explanation).items() if fact_name == name]
    return fact_label(found[0], lang=lang) if found else name


def _facts_of(explanation: Explanation) -> dict[tuple[str, int | None], FactValue]:
    used = [fact for condition in explanation.conditions() for fact in condition.facts]
    if explanation.score is not None:
        used += [fact for indicator in explanation.score.indicators for fact in indicator.facts]
    if explanation.amount is not None:
        used += explanation.amount.facts
    return {(fact.name, fact.year): fact for fact in used}
