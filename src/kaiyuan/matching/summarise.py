"""From a run's counts to its summary."""

from __future__ import annotations

from collections.abc import Sequence

from kaiyuan.matching.run import RunOutcome
from kaiyuan.matching.summary import AssessmentSummary, MissingFact, NearCondition, Summary
from kaiyuan.rulebook.model import Words
from kaiyuan.rulebook.plan import Plan
from kaiyuan.rulebook.reach import condition_nodes


def summarise(
    outcome: RunOutcome,
    *,
    plan: Plan,
    packs: Sequence[str],
    engine: str = "local",
    sources: Sequence[str] = (),
    rows_read: int | None = None,
    rows_rejected: int = 0,
    notes: Sequence[str] = (),
) -> Summary:
    """Give the summary of a run as plain data."""
    found, claims = outcome.tally, outcome.claims
    missing = sorted(found.missing.items(), key=lambda item: (-item[1][0], item[0]))
    near = sorted(found.near.items(), key=lambda item: (-item[1], item[0]))
    conditions = {(a.id, c.id): c.words for a in plan.assessments for c in condition_nodes(a.source.requires)}
    assessments = []
    for a in plan.assessments:
        yes, one_short, no, unknown = found.answers.get(a.id, [0, 0, 0, 0])
        proposed, amount_unknown = found.amounts.get(a.id, [0, 0])
        granted = proposed
        if claims is not None and a.award is not None:
            mine = claims.assessment == claims.names.index(a.id)
            proposed = int(claims.proposed[mine & claims.known].sum())
            granted = int(claims.granted[mine & ~claims.open].sum())
            amount_unknown = int((mine & ~claims.known).sum())
        words = {tier.id: tier.words for tier in a.source.tiers}
        tiers = tuple((tier, words[tier], number) for tier, number in found.tiers.get(a.id, {}).items())
        source = a.source
        assessments.append(
            AssessmentSummary(
                a.id, source.title, source.kind, source.rulebook, f"《{source.document.title}》{source.document.number}",
                source.clause, source.confidence, source.demo, yes, one_short, no, unknown, a.award is not None,
                proposed, granted, amount_unknown, tiers,
            )
        )  # fmt: skip
    return Summary(
        on=plan.on,
        base_year=plan.base_year,
        packs=tuple(packs),
        engine=engine,
        sources=tuple(sources),
        rows_read=outcome.subjects + rows_rejected if rows_read is None else rows_read,
        rows_rejected=rows_rejected,
        subjects=outcome.subjects,
        assessments=tuple(assessments),
        missing=tuple(_missing_fact(plan, fact, lag, counts) for (fact, lag), counts in missing),
        near=tuple(
            NearCondition(a, c, conditions.get((a, c), Words(c, c)), number) for (a, c), number in near
        ),
        budgets=outcome.budgets,
        stacking=outcome.stacking,
        off=tuple((a.id, a.title) for a in plan.disabled),
        notes=tuple(notes),
        changes={name: str(value) for name, value in plan.changes.items()},
    )


def _missing_fact(plan: Plan, fact: str, lag: int, counts: Sequence[int]) -> MissingFact:
    definition = plan.facts[fact]
    year = plan.base_year - lag if definition.period == "year" else None
    return MissingFact(fact, Words(definition.zh, definition.en), year, counts[0], counts[1])
