"""Explain one decision: the plan's own conditions, evaluated on a batch of one, with their values beside them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pyarrow as pa

from kaiyuan.rulebook.awards import award_amounts
from kaiyuan.rulebook.evaluate import distances
from kaiyuan.rulebook.exact import ExactValues
from kaiyuan.rulebook.explanation import (
    AmountAnswer,
    ConditionAnswer,
    Explanation,
    FactValue,
    GroupAnswer,
    IndicatorAnswer,
    NodeAnswer,
    ScoreAnswer,
    Verdict,
)  # fmt: skip
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.measures import Measurer
from kaiyuan.rulebook.model import Award, ConditionNode, Indicator, Node, Score, Words
from kaiyuan.rulebook.plan import Plan, PlanAssessment
from kaiyuan.rulebook.planes import Words as Plane
from kaiyuan.rulebook.reach import bands_of
from kaiyuan.rulebook.state import BatchState
from kaiyuan.rulebook.trees import negation_normal
from kaiyuan.rulebook.units import unit
from kaiyuan.rulebook.ways import ways_to_yes


def explain(*, plan: Plan, batch: pa.RecordBatch, row: int, assessment: str) -> Explanation:
    """Explain the decision on row `row` (0-based) of a batch of canonical facts; raises `RuleError` on an unknown id."""
    return _Explainer(plan, batch.slice(row, 1), plan.assessment(assessment)).explanation()


class _Explainer:
    def __init__(self, plan: Plan, batch: pa.RecordBatch, assessment: PlanAssessment) -> None:
        self.plan = plan
        self.batch = batch
        self.assessment = assessment
        self.state = BatchState(plan, batch)
        self.exact = ExactValues(self.state, plan.facts)
        self.bound = plan.bound[assessment.source.rulebook]
        self.measurer = Measurer(plan, self.state, self.exact, self.bound)

    def explanation(self) -> Explanation:
        plan, a, source = self.plan, self.assessment, self.assessment.source
        verdict = _verdict(self.state.status(a))
        distance = 0
        ways: tuple[tuple[str, ...], ...] = ()
        if a.tree is not None:
            distance = int(distances(self.state.ladder(a.tree), 1)[0])
            ways = tuple(
                tuple(sorted(way))
                for way in ways_to_yes(a.tree, lambda leaf: bool(int(self.state.leaf(leaf)[0][0]) & 1))
            )
        return Explanation(
            subject=str(self._cell("subject") or ""),
            subject_name=str(self._cell("subject_name") or ""),
            on=plan.on,
            base_year=plan.base_year,
            assessment=a.id,
            version=source.version,
            title=source.title,
            document=source.document,
            clause=source.clause,
            confidence=source.confidence,
            demo=source.demo,
            verdict=verdict,
            distance=distance,
            tree=None if source.requires is None else self._node(source.requires, required=True),
            ways=ways,
            score=None if source.score is None else self._score(source.score),
            tier=self._tier(),
            tiers=tuple(
                (
                    tier.id,
                    tier.words,
                    None if tier.requires is None else self._node(tier.requires, required=True),
                )
                for tier in source.tiers
            ),
            amount=None
            if a.award is None or source.award is None
            else self._amount(a.award, source.award, verdict),
            reading=source.reading,
            note=source.note,
            off=source.disabled_conditions,
            changes=dict(plan.changes),
        )

    def _cell(self, name: str) -> Any:
        index = self.batch.schema.get_field_index(name)
        return None if index < 0 else self.batch.column(index)[0].as_py()

    def _node(self, node: Node, *, required: bool) -> NodeAnswer:
        if isinstance(node, ConditionNode):
            return self._condition(node, required)
        inner = required != (node.kind == "none")
        pair = self.state.tree(negation_normal(node, lambda c: self.assessment.leaves[c.id]))
        return GroupAnswer(
            node.kind,
            node.n,
            node.words,
            node.clause,
            _verdict(pair),
            required,
            tuple(self._node(child, required=inner) for child in node.children),
        )

    def _condition(self, node: ConditionNode, required: bool) -> ConditionAnswer:
        verdict = _verdict(self.state.formula(self.assessment.leaves[node.id]))
        measures = self.measurer.measures(node.expression, node.text, self.assessment)
        return ConditionAnswer(node, verdict, required, measures, self._facts(node.expression))

    def _facts(self, *terms: t.Term) -> tuple[FactValue, ...]:
        used: dict[tuple[str, int], None] = {}
        for term in terms:
            used.update(dict.fromkeys(t.facts_used(term)))
            for name in sorted(t.parameters_used(term)):
                value = self.bound.get(name)
                if isinstance(value, t.Lookup):
                    used[value.fact, 0] = None
        return tuple(self._fact(name, lag) for name, lag in used)

    def _fact(self, name: str, lag: int) -> FactValue:
        fact = self.plan.facts[name]
        column = fact.column(lag=lag)
        index = self.batch.schema.get_field_index(column)
        field = None if index < 0 else self.batch.schema.field(index)
        metadata = (field.metadata or {}) if field is not None else {}
        value: Any = self._cell(column)
        if isinstance(value, float):
            value = Fraction(repr(value)) if value == value and abs(value) != float("inf") else None
        elif isinstance(value, int) and not isinstance(value, bool):
            value = Fraction(value)
        if isinstance(value, Fraction) and fact.type == "money":
            value = value / 100 / unit(fact.unit).factor
        return FactValue(
            name,
            Words(fact.zh, fact.en),
            value,
            unit=fact.unit or "",
            year=self.plan.base_year - lag if fact.period == "year" else None,
            source=metadata.get(b"source", b"").decode(),
            recorded=metadata.get(b"recorded", b"").decode(),
            privacy=fact.privacy,
            ratio=fact.type == "ratio",
        )

    def _tier(self) -> tuple[str, Words] | None:
        certain, _ = self.state.tiers(self.assessment) if self.assessment.tiers else ([], None)
        for tier, plane in zip(self.assessment.source.tiers, certain, strict=True):
            if int(plane[0]) & 1:
                return tier.id, tier.words
        return None

    def _score(self, score: Score) -> ScoreAnswer:
        assert self.assessment.table is not None
        scores = self.state.table(self.assessment.table)

        def bounds(name: str) -> tuple[Fraction, Fraction]:
            low, high = scores.range(name)
            return _shortest(float(low[0])), _shortest(float(high[0]))

        groups = tuple((g.id, g.words, *bounds(g.id), g.max) for g in score.groups)
        indicators = tuple(self._indicator(i, *bounds(i.id)) for i in score.indicators)
        return ScoreAnswer(*bounds("score"), score.max, groups, indicators)

    def _indicator(self, indicator: Indicator, low: Fraction, high: Fraction) -> IndicatorAnswer:
        value, written = None, ""
        terms: list[t.Term] = [band.test for band in bands_of(indicator) if band.test is not None]
        texts = [table for table in indicator.tables if table.value is not None]
        if texts and texts[0].value is not None:
            value, written = self.measurer.written(texts[0].value, texts[0].unit), texts[0].unit.written
        band = ""
        if low == high:
            band = next((b.text for b in bands_of(indicator) if b.low <= low <= b.high), "")
        if indicator.proportional is not None:
            p = indicator.proportional
            terms = [p.value, p.benchmark, p.weight, *([p.cap] if p.cap is not None else [])]
            value = self.measurer.base(p.value)
            band = p.text
        return IndicatorAnswer(
            indicator.id, indicator.words, indicator.group, low, high, indicator.max, value, written, band,
            self._facts(*terms),
        )  # fmt: skip

    def _amount(self, award: Award, source: Award, verdict: Verdict) -> AmountAnswer:
        amounts = award_amounts(award, self.exact)
        parts = (source.base, source.rate, source.cap, source.floor, source.already_paid)
        fen = int(amounts.fen[0]) if amounts.known[0] else None
        facts = self._facts(*(part for part in parts if part is not None))
        return AmountAnswer(fen, award.unit.written, source.text, verdict == "yes", facts)


def _verdict(pair: Plane) -> Verdict:
    if int(pair[0][0]) & 1:
        return "yes"
    return "unknown" if int(pair[1][0]) & 1 else "no"


def _shortest(value: float) -> Fraction:
    return Fraction(repr(value)) if abs(value) != float("inf") else Fraction(10**9)
