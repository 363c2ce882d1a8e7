"""One question about one enterprise as a page shows it: answer, why, amount, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

from kaiyuan.apps.enterprises.answers import BY_LETTER, MAYBE, NEAR, NO, UNKNOWN, YES, Answer
from kaiyuan.apps.enterprises.deciding import Proposal
from kaiyuan.apps.enterprises.entitlements.coaching import Card, cards
from kaiyuan.apps.enterprises.entitlements.lines import Line, Reader
from kaiyuan.reports.reasons import Reasons, Row, missing_facts, reasons
from kaiyuan.reports.terms import fact_label
from kaiyuan.reports.words import listed, say
from kaiyuan.rulebook.explanation import Explanation, FactValue
from kaiyuan.rulebook.model import Assessment, Words
from kaiyuan.sheets.wording import Wording

MOST_NAMED = 3
_KINDS = {
    "title": Wording("资格", "Title"),
    "size": Wording("划型", "Size class"),
    "threshold": Wording("门槛", "Threshold"),
    "grade": Wording("评级", "Grade"),
    "entitlement": Wording("待遇", "Benefit"),
}
_ALL_MET = Wording("{n} 条条件全部有据符合。", "All {n} conditions are met, on evidence.")
_ONE_MET = Wording("唯一的条件有据符合。", "Its one condition is met, on evidence.")
_CLASS = Wording("按现有资料归入“{tier}”。", "In the class “{tier}” on the facts at hand.")
_CLASS_OPEN = Wording("符合条件，但缺资料，未能归类。", "Eligible; facts are missing to tell the class.")
_NEAR = Wording("{n} 条里符合 {met} 条，差“{label}”。", "{met} of {n} conditions are met; “{label}” is not.")
_NEAR_OR = Wording(
    "{n} 条里符合 {met} 条，补上{labels}之一即可。", "{met} of {n} met; any of {labels} is enough."
)
_MISSING = Wording("缺 {facts}{more}。", "Missing: {facts}{more}.")
_AND_MORE = Wording(" 等 {n} 项资料", " and more, {n} in all")
_NOT_MET = Wording("未达到：{labels}{more}。", "Not met: {labels}{more}.")
_MORE_NOT_MET = Wording(" 等 {n} 条", " and more, {n} in all")
_OR = Wording("或", " or ")
_JUDGED = Wording("资料齐全，等专家评判。", "All facts are here; experts have yet to judge.")


@dataclass(frozen=True)
class Amount:
    """What an award comes to: between `low` and `high` fen, equal where it is certain; None is unknown."""

    low: int | None
    high: int | None

    @property
    def certain(self) -> bool:
        """Tell whether it is one known amount."""
        return self.low is not None and self.low == self.high

    @property
    def known(self) -> bool:
        """Tell whether anything can be said of it."""
        return self.high is not None


@dataclass(frozen=True)
class Doubt:
    """Why a yes is only perhaps: words, and the facts on which it depends."""

    words: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One question with its answer.

    `amount` None: the question is not about money, or the reader may not see amounts (`withheld`). `changed_by` are
    the words of the rule on stacking that changed what is granted.
    """

    source: Assessment
    explanation: Explanation
    found: Reasons
    answer: Answer
    why: str
    tier: str
    amount: Amount | None
    withheld: bool
    changed_by: str
    doubts: tuple[Doubt, ...]
    cards: tuple[Card, ...]
    open_lines: tuple[Line, ...]
    passed_lines: tuple[Line, ...]
    missing: tuple[FactValue, ...]

    @property
    def id(self) -> str:
        """Give the id of the assessment."""
        return self.source.id

    @property
    def kind(self) -> Wording:
        """Give what kind of thing it is, for questions that are not about money."""
        return _KINDS[self.source.kind]

    @property
    def title(self) -> Words:
        """Give its title."""
        return self.source.title

    @property
    def paid(self) -> bool:
        """Tell whether the question is about money."""
        return self.source.award is not None

    @property
    def nothing(self) -> bool:
        """Tell whether its formula comes to nothing, so that there is a yes but no money."""
        return self.amount is not None and self.amount.high == 0

    @property
    def effort(self) -> Fraction:
        """Give what orders near misses: the least that is lacking of any one way, as a share of what is needed."""
        return min((card.effort for card in self.cards), default=Fraction(10**9))

    @property
    def coached(self) -> bool:
        """Tell whether a card of it shows a figure that can be worked on."""
        return any(card.worked_on and card.gaps for card in self.cards)

    def disclosed(self) -> set[str]:
        """Give the facts whose values this item shows when it is opened."""
        shown = {fact.name for line in (*self.open_lines, *self.passed_lines) for fact in line.used}
        shown |= {fact.name for card in self.cards for fact in card.used}
        return shown | {name for doubt in self.doubts for name in doubt.facts}


@dataclass(frozen=True)
class Basis:
    """What an item is made from besides its explanation."""

    letter: str
    proposal: Proposal | None
    rival: Proposal | None
    rival_yes: bool
    contested: bool
    doubts: tuple[Doubt, ...]
    changed_by: str


def item(
    *, source: Assessment, explanation: Explanation, basis: Basis, reader: Reader, amounts: bool
) -> Item:
    """Give one question as it is shown to a reader; `amounts` False keeps amounts back."""
    e = explanation
    answer = BY_LETTER[basis.letter]
    found = reasons(e.tree, lang=reader.lang, base_year=e.base_year, score=e.score)
    missing = tuple({(fact.name, fact.year): fact for fact, _ in missing_facts(e)}.values())
    tier = e.tier[1].get(reader.lang) if e.tier is not None and e.verdict == "yes" else ""
    made = cards(e, reader)
    amount = _amount(e, answer, basis) if source.award is not None and amounts else None
    return Item(
        source=source,
        explanation=e,
        found=found,
        answer=answer,
        why=_why(e, answer, found, missing, made, basis, reader.lang),
        tier=tier,
        amount=amount,
        withheld=source.award is not None and not amounts,
        changed_by=basis.changed_by,
        doubts=basis.doubts,
        cards=made,
        open_lines=reader.lines(found.open),
        passed_lines=reader.lines(found.passed),
        missing=missing,
    )


def _amount(e: Explanation, answer: Answer, basis: Basis) -> Amount:
    if answer is YES:
        granted = basis.proposal.granted if basis.proposal is not None else None
        return Amount(granted, granted)
    if answer is MAYBE:
        mine = basis.proposal.granted if basis.proposal is not None else None
        if not basis.contested:
            # Not another source but the value itself is open: what is proposed is the most that can be said.
            return Amount(None, mine)
        other = basis.rival.granted if basis.rival is not None else None
        ends = [fen for fen in (mine, other) if fen is not None]
        if e.verdict == "yes" and basis.rival_yes and len(ends) == 2:
            return Amount(min(ends), max(ends))
        return Amount(None, max(ends, default=None))
    if answer is NEAR and e.amount is not None:
        return Amount(e.amount.fen, e.amount.fen)
    return Amount(None, None)


def _why(
    e: Explanation,
    answer: Answer,
    found: Reasons,
    missing: tuple[FactValue, ...],
    made: tuple[Card, ...],
    basis: Basis,
    lang: str,
) -> str:
    if answer is MAYBE:
        return " ".join(doubt.words for doubt in basis.doubts) or _JUDGED.text(lang=lang)
    if answer is YES:
        if e.tiers:
            words = _CLASS if e.tier is not None else _CLASS_OPEN
            return words.text(lang=lang).format(tier=e.tier[1].get(lang) if e.tier is not None else "")
        words = _ONE_MET if found.conditions == 1 else _ALL_MET
        return words.text(lang=lang).format(n=found.conditions)
    if answer is NEAR:
        labels = [card.label for card in made]
        if len(labels) == 1:
            return _NEAR.text(lang=lang).format(n=found.conditions, met=found.met, label=labels[0])
        named = listed(lang, [f"“{label}”" for label in labels])
        return _NEAR_OR.text(lang=lang).format(n=found.conditions, met=found.met, labels=named)
    if answer is UNKNOWN and missing:
        return _named(_MISSING, _AND_MORE, [fact_label(fact, lang=lang) for fact in missing], "facts", lang)
    if answer is NO or answer is UNKNOWN:
        labels = _not_met(found.open, lang)
        if labels:
            return _named(_NOT_MET, _MORE_NOT_MET, labels, "labels", lang)
    return ""


def _not_met(rows: Sequence[Row], lang: str) -> list[str]:
    """Give what is not met; a group without words of its own goes by those of its parts."""
    nameless = {say(lang, "group.any"), say(lang, "group.all")}
    labels: list[str] = []
    for place, row in enumerate(rows):
        if row.depth or row.result != "no":
            continue
        parts = [
            each.label for each in takewhile(lambda each: each.depth, rows[place + 1 :]) if each.depth == 1
        ]
        own = row.answer is not None or row.label not in nameless or not parts
        labels.append(row.label if own else _OR.text(lang=lang).join(parts))
    return labels


def _named(sentence: Wording, rest: Wording, names: list[str], field: str, lang: str) -> str:
    more = rest.text(lang=lang).format(n=len(names)) if len(names) > MOST_NAMED else ""
    return sentence.text(lang=lang).format(**{field: listed(lang, names[:MOST_NAMED]), "more": more})
