"""An explanation as plain data for JSON, complete and exact.

Numbers are exact: whole ones as numbers, finite decimals as texts ("1098.4"), all others as "n/d"; money also in
whole fen where it is an amount. Every number stands beside its unit; ratios have the unit "1".
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from kaiyuan.reports.figures import exact_number
from kaiyuan.reports.reasons import missing_facts
from kaiyuan.rulebook.explanation import (
    AmountAnswer,
    ConditionAnswer,
    Explanation,
    FactValue,
    GroupAnswer,
    IndicatorAnswer,
    Measure,
    NodeAnswer,
    ScoreAnswer,
)
from kaiyuan.rulebook.model import Words


def explanation_data(explanation: Explanation) -> dict[str, Any]:
    """Give everything about one decision as values that `json.dumps` takes."""
    e = explanation
    return {
        "subject": e.subject,
        "subject_name": e.subject_name,
        "assessment": e.assessment,
        "title": _words(e.title),
        "answer": e.answer,
        "verdict": e.verdict,
        "distance": e.distance,
        "nature": "estimate",
        "demo": e.demo,
        "on": e.on.isoformat(),
        "base_year": e.base_year,
        "version": e.version,
        "document": {
            "title": e.document.title,
            "number": e.document.number,
            "issuer": e.document.issuer,
            "url": e.document.url,
        },
        "clause": e.clause,
        "confidence": e.confidence,
        "reading": _words(e.reading),
        "note": _words(e.note),
        "tree": None if e.tree is None else _node(e.tree),
        "ways_to_yes": [list(way) for way in e.ways],
        "missing": [_fact(fact) for fact in {(f.name, f.year): f for f, _ in missing_facts(e)}.values()],
        "score": None if e.score is None else _score(e.score),
        "tier": None if e.tier is None else {"id": e.tier[0], "title": _words(e.tier[1])},
        "tiers": [
            {"id": tier, "title": _words(words), "tree": None if tree is None else _node(tree)}
            for tier, words, tree in e.tiers
        ],
        "amount": None if e.amount is None else _amount(e.amount),
        "off": [
            {"id": node.id, "title": _words(node.words), "clause": node.clause, "confidence": node.confidence}
            for node in e.off
        ],
        "changes": {name: exact_number(value) for name, value in e.changes.items()},
    }


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.get("zh"), "en": words.get("en")}


def _node(node: NodeAnswer) -> dict[str, Any]:
    if isinstance(node, GroupAnswer):
        return {
            "kind": node.kind,
            "n": node.n,
            "title": _words(node.words),
            "clause": node.clause,
            "verdict": node.verdict,
            "required": node.required,
            "satisfied": node.satisfied,
            "children": [_node(child) for child in node.children],
        }
    return _condition(node)


def _condition(answer: ConditionAnswer) -> dict[str, Any]:
    node = answer.condition
    return {
        "kind": "condition",
        "id": node.id,
        "title": _words(node.words),
        "text": node.text,
        "clause": node.clause,
        "reading": _words(node.reading),
        "verdict": answer.verdict,
        "required": answer.required,
        "satisfied": answer.satisfied,
        "measures": [_measure(measure) for measure in answer.measures],
        "facts": [_fact(fact) for fact in answer.facts],
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "op": measure.op,
        "actual": _number(measure.actual),
        "threshold": _number(measure.threshold),
        "unit": _unit(measure.unit, ratio=measure.ratio),
        "gap": _number(measure.gap),
        "gap_amount": _number(measure.gap_amount),
        "gap_amount_unit": measure.gap_amount_unit,
        "verdict": measure.verdict,
    }


def _fact(fact: FactValue) -> dict[str, Any]:
    value: Any = fact.value
    if isinstance(value, Fraction):
        value = exact_number(value)
    elif isinstance(value, date):
        value = value.isoformat()
    return {
        "name": fact.name,
        "label": _words(fact.label),
        "value": value,
        "unit": _unit(fact.unit, ratio=fact.ratio),
        "year": fact.year,
        "source": fact.source,
        "recorded": fact.recorded,
        "class": fact.privacy,
    }


def _score(score: ScoreAnswer) -> dict[str, Any]:
    return {
        "low": exact_number(score.low),
        "high": exact_number(score.high),
        "max": _number(score.max),
        "groups": [
            {
                "id": name,
                "title": _words(words),
                "low": exact_number(low),
                "high": exact_number(high),
                "max": _number(most),
            }
            for name, words, low, high, most in score.groups
        ],
        "indicators": [_indicator(indicator) for indicator in score.indicators],
    }


def _indicator(indicator: IndicatorAnswer) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "title": _words(indicator.words),
        "group": indicator.group,
        "low": exact_number(indicator.low),
        "high": exact_number(indicator.high),
        "max": _number(indicator.max),
        "value": _number(indicator.value),
        "unit": indicator.unit,
        "band": indicator.band,
        "facts": [_fact(fact) for fact in indicator.facts],
    }


def _amount(amount: AmountAnswer) -> dict[str, Any]:
    return {
        "fen": amount.fen,
        "unit": amount.unit,
        "text": amount.text,
        "proposed": amount.proposed,
        "facts": [_fact(fact) for fact in amount.facts],
    }


def _number(value: Fraction | None) -> int | str | None:
    return None if value is None else exact_number(value)


def _unit(text: str, *, ratio: bool) -> str:
    return "1" if ratio and not text else text
