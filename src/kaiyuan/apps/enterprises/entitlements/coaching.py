"""What would close the one gap: now, needed, short by how much; never how to look as if."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaiyuan.apps.enterprises.entitlements.lines import Reader, Used
from kaiyuan.reports.checks import Check
from kaiyuan.reports.coaching import condition_gaps, near_conditions
from kaiyuan.reports.reasons import condition_label
from kaiyuan.reports.words import say
from kaiyuan.rulebook.explanation import ConditionAnswer, Explanation

# Behind every gap that a figure closes: conditions of law, record and yes-or-no cannot be worked on by degrees.
_FAR = Fraction(10**6)


@dataclass(frozen=True)
class Gap:
    """One comparison that fails, as a sentence with its gap set apart, and as a line from now to needed."""

    label: str
    before: str
    gap: str
    after: str
    value: float | None
    need: float | None
    has: str
    needed: str
    short: str


@dataclass(frozen=True)
class Card:
    """A condition that alone stands in the way: its gaps and the facts they rest on.

    `effort` orders cards: the share of what is needed that is lacking; flags and facts of record come last.
    `worked_on` tells whether a figure can be worked on; only then is there anything to coach. `waits`: time alone
    will meet it; `too_late`: time has passed, and nothing will.
    """

    label: str
    clause: str
    gaps: tuple[Gap, ...]
    used: tuple[Used, ...]
    effort: Fraction
    worked_on: bool
    waits: bool
    too_late: bool


def cards(explanation: Explanation, reader: Reader) -> tuple[Card, ...]:
    """Give a card for each condition of which the change alone would make the answer a yes."""
    if explanation.answer != "near":
        return ()
    return tuple(_card(answer, explanation, reader) for answer in near_conditions(explanation))


def _card(answer: ConditionAnswer, explanation: Explanation, reader: Reader) -> Card:
    gaps = condition_gaps(answer, explanation, lang=reader.lang)
    facts = {(fact.name, fact.year): fact for _, check in gaps for fact in check.facts}
    return Card(
        label=condition_label(answer, lang=reader.lang),
        clause=answer.condition.clause,
        gaps=tuple(
            _gap(sentence, check, answer, reader, several=len(gaps) > 1)
            for sentence, check in gaps
            if reader.sees(check.facts)
        ),
        used=reader.used(tuple(facts.values())),
        effort=max((_effort(check) for _, check in gaps), default=_FAR),
        worked_on=any(check.goal and not _elapsed(check) for _, check in gaps),
        waits=any(_passes(check, (">=", ">")) for _, check in gaps),
        too_late=any(_passes(check, ("<=", "<")) for _, check in gaps),
    )


def _gap(sentence: str, check: Check, answer: ConditionAnswer, reader: Reader, *, several: bool) -> Gap:
    if not answer.required and not check.goal:
        sentence = say(reader.lang, "coach.record")
    before, gap, after = sentence.partition(check.gap) if check.gap else (sentence, "", "")
    measure = check.measure
    value = need = None
    if measure is not None and check.short is not None and measure.actual is not None and measure.threshold:
        if measure.actual >= 0 and measure.threshold > 0 and check.short > 0:
            value, need = float(measure.actual), float(measure.threshold)
    comma = say(reader.lang, "comma")
    return Gap(
        label=check.label if several else "",
        before=before,
        gap=gap,
        after=after,
        value=value,
        need=need,
        has=say(reader.lang, "coach.now", value=check.actual),
        needed=say(reader.lang, "coach.needed", value=check.goal) if check.goal else "",
        short=comma.join(part for part in (check.gap, check.about) if part),
    )


def _elapsed(check: Check) -> bool:
    return check.measure is not None and check.measure.elapsed


def _passes(check: Check, signs: tuple[str, ...]) -> bool:
    return check.measure is not None and check.measure.elapsed and check.measure.op in signs


def _effort(check: Check) -> Fraction:
    measure = check.measure
    # A range of points says only how much is lacking at best.
    if _elapsed(check) or (measure is not None and measure.actual is None):
        return _FAR
    if check.short is None or measure is None or not measure.threshold or check.short < 0:
        return _FAR
    return abs(check.short / measure.threshold)
