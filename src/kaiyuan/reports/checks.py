"""What a condition looks at, line by line: actual value, what is needed, and the gap, in words.

A condition may hold several comparisons («in each of two years»), flags and words; each becomes one `Check`. Under a
NOT, or below `none`, the sign is turned, so that what is shown as needed is what the rule really wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kaiyuan.reports.figures import NOT_APPLICABLE, Shown, day, difference, quantities, quantity
from kaiyuan.reports.terms import Known, fact_label, facts_by_lag, term_words
from kaiyuan.reports.words import OPPOSITES, SIGNS, listed, say, truth_word
from kaiyuan.rulebook.explanation import ConditionAnswer, FactValue, Measure, Verdict
from kaiyuan.rulebook.expression import terms as t


@dataclass(frozen=True)
class Check:
    """One line: `satisfied` says whether it is as the rule wants it; `gap` and `about` may be empty.

    `short` is the gap as an exact number in the unit of the figures, positive when something is lacking; None where
    there is no such number.
    """

    label: str
    actual: str
    needed: str
    gap: str
    about: str
    satisfied: Verdict
    facts: tuple[FactValue, ...]
    measure: Measure | None = None
    short: Fraction | None = None


def checks_of(answer: ConditionAnswer, *, lang: str, base_year: int) -> tuple[Check, ...]:
    """Give the lines of a condition in the order they are written."""
    known = facts_by_lag(answer.facts, base_year=base_year)
    measures = iter(answer.measures)
    return tuple(_walk(answer.condition.expression, answer.required, measures, known, lang))


def value_words(fact: FactValue, *, lang: str) -> str:
    """Give a fact's value: 1,098.40 万元, 4.6%, 是, 2026-05-31, or 未知."""
    value = fact.value
    if value is None:
        return say(lang, "unknown")
    if isinstance(value, bool):
        return truth_word(value, lang=lang)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Fraction):
        return str(quantity(value, fact.unit, lang=lang, ratio=fact.ratio))
    return value


def source_words(fact: FactValue, *, lang: str) -> str:
    """Give where a value comes from and when it was recorded."""
    parts = [part for part in (fact.source, fact.recorded) if part]
    return " · ".join(parts) if parts else say(lang, "no_source")


def _walk(
    term: t.Condition, wanted: bool, measures: Iterator[Measure], known: Known, lang: str
) -> Iterator[Check]:
    match term:
        case t.And(parts) | t.Or(parts):
            for part in parts:
                yield from _walk(part, wanted, measures, known, lang)
        case t.Not(inner):
            yield from _walk(inner, not wanted, measures, known, lang)
        case t.Compare():
            measure = next(measures, None)
            # Comparisons inside a CASE are measured too; they choose the value, they are no lines of their own.
            for part in t.walk(term)[1:]:
                if isinstance(part, t.Compare | t.ScoreCompare):
                    next(measures, None)
            if measure is not None:
                yield _compared(term, measure, wanted, known, lang)
        case t.ScoreCompare():
            measure = next(measures, None)
            if measure is not None:
                yield _measured(say(lang, "term.score"), measure, wanted, (), lang)
        case t.Flag(name, lag):
            fact = known.get((name, lag))
            held = fact.value if fact is not None and isinstance(fact.value, bool) else None
            yield _plain(fact, truth_word(wanted, lang=lang), held, wanted, lang)
        case t.OneOf(name, lag, words):
            fact = known.get((name, lag))
            value = fact.value if fact is not None else None
            if len(words) == 1:
                needed = words[0] if wanted else f"{SIGNS['<>']} {words[0]}"
            else:
                needed = say(lang, "one_of" if wanted else "not_one_of", words=listed(lang, words))
            yield _plain(fact, needed, None if value is None else value in words, wanted, lang)
        case t.DateCompare(name, lag, op, limit):
            fact = known.get((name, lag))
            value = fact.value if fact is not None and isinstance(fact.value, date) else None
            sign = SIGNS[op if wanted else OPPOSITES[op]]
            held = None if value is None else _holds(value.toordinal(), op, limit.toordinal())
            yield _plain(fact, f"{sign} {day(limit)}", held, wanted, lang)


def _holds(left: int, op: str, right: int) -> bool:
    return {
        ">=": left >= right,
        "<=": left <= right,
        ">": left > right,
        "<": left < right,
        "=": left == right,
        "<>": left != right,
    }[op]


def _plain(fact: FactValue | None, needed: str, held: bool | None, wanted: bool, lang: str) -> Check:
    satisfied: Verdict = "unknown" if held is None else "yes" if held == wanted else "no"
    label = fact_label(fact, lang=lang) if fact is not None else ""
    actual = value_words(fact, lang=lang) if fact is not None else say(lang, "unknown")
    return Check(label, actual, needed, "", "", satisfied, (fact,) if fact is not None else ())


def _compared(term: t.Compare, measure: Measure, wanted: bool, known: Known, lang: str) -> Check:
    left = term.left if t.facts_used(term.left) or not t.facts_used(term.right) else term.right
    used = tuple(known[key] for key in t.facts_used(term) if key in known)
    # A table parameter depends on a category fact that the expression does not name.
    extra = () if used else tuple(known.values())
    return _measured(term_words(left, known, lang=lang), measure, wanted, used or extra, lang)


def _measured(
    label: str, measure: Measure, wanted: bool, facts: tuple[FactValue, ...], lang: str
) -> Check:
    op = measure.op if wanted else OPPOSITES[measure.op]
    pair = quantities((measure.actual, measure.threshold), measure.unit, lang=lang, ratio=measure.ratio)
    unknown = say(lang, "unknown")
    satisfied: Verdict = "unknown"
    if measure.verdict != "unknown":
        satisfied = "yes" if (measure.verdict == "yes") == wanted else "no"
    short = _short(measure, op, wanted)
    return Check(
        label,
        unknown if measure.actual is None else str(pair[0]),
        f"{SIGNS[op]} {unknown if measure.threshold is None else pair[1]}",
        _gap_words(measure, op, short, satisfied, lang),
        _about(measure, short, satisfied, lang),
        satisfied,
        facts,
        measure,
        short,
    )


def _short(measure: Measure, op: str, wanted: bool) -> Fraction | None:
    if measure.gap is None:
        return None
    if op in ("=", "<>"):
        return measure.gap if op == "=" else None
    return measure.gap if wanted else -measure.gap


def _gap_words(measure: Measure, op: str, short: Fraction | None, satisfied: Verdict, lang: str) -> str:
    if short is None or satisfied == "unknown":
        return ""
    if short == 0:
        if satisfied == "yes":
            return say(lang, "gap.edge")
        return say(lang, "gap.strict" if op == ">" else "gap.strict_low")
    gap = _difference(measure, abs(short), lang)
    if op == "=":
        return say(lang, "gap.apart", gap=gap)
    if satisfied == "yes":
        return say(lang, "gap.spare", gap=gap)
    return say(lang, "gap.short" if op in (">=", ">") else "gap.over", gap=gap)


def _difference(measure: Measure, value: Fraction, lang: str) -> Shown:
    return difference(
        value, (measure.actual, measure.threshold), measure.unit, lang=lang, ratio=measure.ratio
    )


def _about(measure: Measure, short: Fraction | None, satisfied: Verdict, lang: str) -> str:
    """Give the gap of a quotient in the unit of its numerator: 约 32 万元."""
    if short is None or short <= 0 or satisfied != "no" or not measure.gap_amount:
        return ""
    amount = abs(measure.gap_amount)
    return say(lang, "gap.about", amount=quantity(amount, measure.gap_amount_unit, lang=lang))


__all__ = ["NOT_APPLICABLE", "Check", "checks_of", "source_words", "value_words"]
