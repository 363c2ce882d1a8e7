"""What a rule looks at: its conditions, its expressions, the columns it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaiyuan.rulebook.binding import Bound
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import Assessment, Band, ConditionNode, Indicator, Node


def condition_nodes(node: Node | None) -> tuple[ConditionNode, ...]:
    """Give the conditions of a tree in the order they are written."""
    if node is None:
        return ()
    if isinstance(node, ConditionNode):
        return (node,)
    return tuple(condition for child in node.children for condition in condition_nodes(child))


def assessment_terms(assessment: Assessment) -> tuple[t.Term, ...]:
    """Give every expression of an assessment."""
    terms: list[t.Term] = [c.expression for c in condition_nodes(assessment.requires)]
    for tier in assessment.tiers:
        terms += [c.expression for c in condition_nodes(tier.requires)]
    for indicator in assessment.score.indicators if assessment.score else ():
        terms += [band.test for band in bands_of(indicator) if band.test is not None]
        if indicator.proportional is not None:
            p = indicator.proportional
            terms += [p.value, p.benchmark, p.weight, *([p.cap] if p.cap else [])]
    award = assessment.award
    if award is not None:
        terms += [
            x for x in (award.base, award.rate, award.cap, award.floor, award.already_paid) if x is not None
        ]
    return tuple(terms)


def bands_of(indicator: Indicator) -> tuple[Band, ...]:
    """Give all bands of an indicator, of its tables and of its sums."""
    return tuple(band for table in indicator.tables for band in table.bands) + indicator.each


def facts_read(assessment: Assessment, bound: Mapping[str, Bound]) -> tuple[tuple[str, int], ...]:
    """Give the (fact, lag) pairs an assessment reads, those of its table parameters included."""
    used: dict[tuple[str, int], None] = {}
    for term in assessment_terms(assessment):
        used.update(dict.fromkeys(t.facts_used(term)))
        used.update(dict.fromkeys(_tables(t.parameters_used(term), bound)))
    return tuple(used)


def _tables(names: Iterable[str], bound: Mapping[str, Bound]) -> tuple[tuple[str, int], ...]:
    values = [bound.get(name) for name in sorted(names)]
    return tuple((value.fact, 0) for value in values if isinstance(value, t.Lookup))
