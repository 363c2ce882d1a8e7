"""Expressions in words: 研发费用 ÷ 营业收入 instead of the text a rule is written in."""

from __future__ import annotations

from collections.abc import Mapping

from kaiyuan.reports.words import listed, say
from kaiyuan.rulebook.explanation import FactValue
from kaiyuan.rulebook.expression import terms as t

Known = Mapping[tuple[str, int], FactValue]
"""The facts of a condition by name and years back."""


def facts_by_lag(facts: tuple[FactValue, ...], *, base_year: int) -> Known:
    """Give facts by name and by how many years they lie before the base year (0 for facts of the moment)."""
    return {(fact.name, base_year - fact.year if fact.year is not None else 0): fact for fact in facts}


def fact_label(fact: FactValue, *, lang: str) -> str:
    """Give a fact's label with its year: 2025年营业收入."""
    label = fact.label.get(lang) or fact.name
    return label if fact.year is None else say(lang, "year_of", year=fact.year, label=label)


def term_words(term: t.Numeric, known: Known, *, lang: str) -> str:
    """Give a numeric term in words, or an empty text where it holds what people do not know by name."""
    years = {known[key].year for key in t.facts_used(term) if key in known}
    text = _words(term, known, lang, one_year=len(years) == 1)
    year = next(iter(years), None)
    if text and year is not None and len(years) == 1 and not isinstance(term, t.Growth):
        return say(lang, "year_of", year=year, label=text)
    return text


def _words(term: t.Numeric, known: Known, lang: str, *, one_year: bool) -> str:
    def inner(part: t.Numeric) -> str:
        return _words(part, known, lang, one_year=one_year)

    def bracketed(part: t.Numeric) -> str:
        return f"({inner(part)})" if isinstance(part, t.Add) and inner(part) else inner(part)

    match term:
        case t.Fact(name, lag, _):
            return _fact(known, name, lag, lang, one_year=one_year)
        case t.Growth(fact, years):
            label = _fact(known, fact.name, fact.lag, lang, one_year=True)
            return label and say(
                lang, "term.growth.one" if years == 1 else "term.growth", fact=label, n=years
            )
        case t.Since(name, lag, kind):
            label = _fact(known, name, lag, lang, one_year=one_year)
            return label and say(lang, f"term.{kind}", fact=label)
        case t.Multiply(t.Number(value), other) if value == -1:
            return (label := bracketed(other)) and f"−{label}"
        case t.Add(parts):
            texts = [inner(part) for part in parts]
            return "" if not all(texts) else " + ".join(texts).replace("+ −", "− ")
        case t.Divide(left, right):
            sides = (bracketed(left), bracketed(right))
            return f"{sides[0]} ÷ {sides[1]}" if all(sides) else ""
        case t.Multiply(left, right):
            sides = (bracketed(left), bracketed(right))
            return f"{sides[0]} × {sides[1]}" if all(sides) else ""
        case t.Coalesce(parts):
            texts = [inner(part) for part in parts if not isinstance(part, t.Number)]
            if not texts or not all(texts):
                return ""
            if len(texts) == 1:
                return texts[0]
            return say(lang, "term.coalesce", first=texts[0], rest=listed(lang, texts[1:]))
        case t.KnownExtreme(kind, parts):
            texts = [inner(part) for part in parts]
            return say(lang, f"term.{kind}", terms=listed(lang, texts)) if all(texts) else ""
        case t.Absolute(part):
            return (label := inner(part)) and f"|{label}|"
        case t.RoundHalfUp(part, _, _):
            return inner(part)
    return ""


def _fact(known: Known, name: str, lag: int, lang: str, *, one_year: bool) -> str:
    fact = known.get((name, lag))
    if fact is None:
        return ""
    return (fact.label.get(lang) or fact.name) if one_year else fact_label(fact, lang=lang)
