"""What a condition looks at, line by line: actual value, what is needed, and the gap, in words.

A condition may hold several comparisons («in each of two years»), flags and words; each becomes one `Check`. Under a
NOT, or below `none`, the sign is turned, so that what is shown as needed is what the rule really wants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from kaiyuan.reports.figures import Shown, day, difference, quantities, quantity
from kaiyuan.reports.terms import Known, fact_label, facts_by_lag, term_words
from kaiyuan.reports.words import OPPOSITES, SIGNS, listed, say, truth_word
from kaiyuan.rulebook.explanation import ConditionAnswer, FactValue, Measure, ScoreAnswer, Verdict
from kaiyuan.rulebook.expression import terms as t


@dataclass(frozen=True)
class Check:
    """One line: `satisfied` says whether it is as the rule wants it; `gap` and `about` may be empty.

    `short` is the gap as an exact number in the unit of the figures, positive when something is lacking; None where
    there is no such number. `goal` is what is needed without its sign, empty where it is no figure.
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
    goal: str = ""


Scores = Mapping[str, tuple[str, Fraction, Fraction]]
"""The words, low and high of a score, its groups and its indicators, by id."""


def checks_of(
    answer: ConditionAnswer, *, lang: str, base_year: int, score: ScoreAnswer | None = None
) -> tuple[Check, ...]:
    """Give the lines of a condition in the order they are written; a lower and an upper limit are one line."""
    known = facts_by_lag(answer.facts, base_year=base_year)
    expression = answer.condition.expression
    # A table parameter depends on a category fact that the expression does not name.
    tables = tuple(fact for key, fact in known.items() if key not in t.facts_used(expression))
    walk = _Walk(iter(answer.measures), known, tables, _scores(score, lang), lang)
    merged: list[Check] = []
    for check in walk.lines(expression, answer.required):
        if merged and (both := _between(merged[-1], check, lang)) is not None:
            merged[-1] = both
        else:
            merged.append(check)
    return tuple(merged)


def _scores(score: ScoreAnswer | None, lang: str) -> Scores:
    if score is None:
        return {}
    found = {"score": (say(lang, "term.score"), score.low, score.high)}
    found |= {name: (words.get(lang), low, high) for name, words, low, high, _ in score.groups}
    found |= {i.id: (i.words.get(lang), i.low, i.high) for i in score.indicators}
    return found


def _between(first: Check, second: Check, lang: str) -> Check | None:
    """Give one line for «at least … and at most …» of the same thing, or None."""
    a, b = first.measure, second.measure
    if a is None or b is None or first.label != second.label or (a.op, b.op) != (">=", "<="):
        return None
    if not first.needed.startswith(SIGNS[">="]) or None in (a.threshold, b.threshold):
        return None
    limits = quantities((a.threshold, b.threshold), a.unit, lang=lang, ratio=a.ratio)
    needed = Shown(say(lang, "range", low=limits[0].number, high=limits[1].number), limits[1].unit)
    worse = second if first.satisfied == "yes" else first
    return replace(worse, needed=str(needed), gap=worse.gap if worse.satisfied == "no" else "")


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


@dataclass(frozen=True)
class _Walk:
    measures: Iterator[Measure]
    known: Known
    tables: tuple[FactValue, ...]
    scores: Scores
    lang: str

    def lines(self, term: t.Condition, wanted: bool) -> Iterator[Check]:
        match term:
            case t.And(parts) | t.Or(parts):
                for part in parts:
                    yield from self.lines(part, wanted)
            case t.Not(opposite):
                yield from self.lines(opposite, not wanted)
            case t.Compare() | t.ScoreCompare():
                measure = next(self.measures, None)
                # Comparisons inside a CASE are measured too; they choose the value, they are no lines of their own.
                for inner in t.walk(term)[1:]:
                    if isinstance(inner, t.Compare | t.ScoreCompare):
                        next(self.measures, None)
                if measure is not None and isinstance(term, t.Compare):
                    yield self._compared(term, measure, wanted)
                elif measure is not None and isinstance(term, t.ScoreCompare):
                    yield self._scored(term, measure, wanted)
            case t.Flag(name, lag) | t.OneOf(name, lag, _) | t.DateCompare(name, lag, _, _):
                yield self._plain(term, self.known.get((name, lag)), wanted)

    def _compared(self, term: t.Compare, measure: Measure, wanted: bool) -> Check:
        left = term.left if t.facts_used(term.left) or not t.facts_used(term.right) else term.right
        used = tuple(self.known[key] for key in t.facts_used(term) if key in self.known)
        tables = self.tables if t.parameters_used(term) else ()
        return _measured(
            term_words(left, self.known, lang=self.lang), measure, wanted, used + tables, self.lang
        )

    def _scored(self, term: t.ScoreCompare, measure: Measure, wanted: bool) -> Check:
        label, low, high = self.scores.get(term.score, (say(self.lang, "term.score"), None, None))
        check = _measured(label, measure, wanted, (), self.lang)
        if measure.actual is not None or low is None or high is None:
            return check
        ends = quantities((low, high), measure.unit, lang=self.lang)
        span = Shown(say(self.lang, "range", low=ends[0].number, high=ends[1].number), ends[1].unit)
        check = replace(check, actual=str(span))
        if (
            check.satisfied != "no"
            or measure.threshold is None
            or not wanted
            or measure.op not in (">=", ">")
        ):
            return check
        short = measure.threshold - high
        gap = difference(short, (high, measure.threshold), measure.unit, lang=self.lang)
        return replace(check, gap=say(self.lang, "gap.at_best", gap=gap), short=short)

    def _plain(self, term: t.Flag | t.OneOf | t.DateCompare, fact: FactValue | None, wanted: bool) -> Check:
        value = fact.value if fact is not None else None
        held: bool | None = None
        match term:
            case t.Flag():
                needed = truth_word(wanted, lang=self.lang)
                held = value if isinstance(value, bool) else None
            case t.OneOf(_, _, words):
                needed = words[0] if wanted else f"{SIGNS['<>']} {words[0]}"
                if len(words) > 1:
                    phrase = "one_of" if wanted else "not_one_of"
                    needed = say(self.lang, phrase, words=listed(self.lang, words))
                held = value in words if isinstance(value, str) else None
            case t.DateCompare(_, _, op, limit):
                needed = f"{SIGNS[op if wanted else OPPOSITES[op]]} {day(limit)}"
                if isinstance(value, date):
                    held = _holds(value.toordinal(), op, limit.toordinal())
        satisfied: Verdict = "unknown" if held is None else "yes" if held == wanted else "no"
        if fact is None:
            return Check("", say(self.lang, "unknown"), needed, "", "", satisfied, ())
        label, actual = fact_label(fact, lang=self.lang), value_words(fact, lang=self.lang)
        return Check(label, actual, needed, "", "", satisfied, (fact,))


def _holds(left: int, op: str, right: int) -> bool:
    return {
        ">=": left >= right,
        "<=": left <= right,
        ">": left > right,
        "<": left < right,
        "=": left == right,
        "<>": left != right,
    }[op]


def _measured(label: str, measure: Measure, wanted: bool, facts: tuple[FactValue, ...], lang: str) -> Check:
    op = measure.op if wanted else OPPOSITES[measure.op]
    pair = quantities((measure.actual, measure.threshold), measure.unit, lang=lang, ratio=measure.ratio)
    unknown = say(lang, "unknown")
    satisfied: Verdict = "unknown"
    if measure.verdict != "unknown":
        satisfied = "yes" if (measure.verdict == "yes") == wanted else "no"
    short = _short(measure, op, wanted)
    goal = ""
    if measure.threshold is not None:
        goal = str(pair[1]) if op in (">=", "<=", "=") else f"{SIGNS[op]} {pair[1]}"
    return Check(
        label,
        unknown if measure.actual is None else str(pair[0]),
        unknown if measure.threshold is None else f"{SIGNS[op]} {pair[1]}",
        _gap_words(measure, op, short, satisfied, lang),
        _about(measure, short, satisfied, lang),
        satisfied,
        facts,
        measure,
        short,
        goal,
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
