"""Measure a condition: every comparison in it with actual value, threshold, and gap in its own unit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kaiyuan.rulebook.binding import Bound, bind, bind_condition
from kaiyuan.rulebook.exact import ExactValues, python_number
from kaiyuan.rulebook.explanation import Measure, Verdict
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.normalise import form_of, formula_of
from kaiyuan.rulebook.plan import Plan, PlanAssessment
from kaiyuan.rulebook.state import BatchState
from kaiyuan.rulebook.units import NUMBER, Unit, unit

_LOWER_LIMIT = (">=", ">")
_TURNED: dict[t.Comparison, t.Comparison] = {">=": "<=", ">": "<", "=": "=", "<": ">", "<=": ">=", "<>": "<>"}


class Measurer:
    """Gives values on a batch of one, exactly, in the unit that people write."""

    def __init__(self, plan: Plan, state: BatchState, exact: ExactValues, bound: Mapping[str, Bound]) -> None:
        self.plan = plan
        self.state = state
        self.exact = exact
        self.bound = bound

    def base(self, term: t.Numeric) -> Fraction | None:
        """Give the value of a term in base units, or None when it is unknown."""
        closed = bind(term, self.bound)
        form_of(closed, self.plan.registry)
        value = self.exact.value(closed)
        return python_number(value.numerator[0]) / value.denominator if value.known[0] else None

    def written(self, term: t.Numeric, unit: Unit) -> Fraction | None:
        """Give the value of a term in the written unit, or None when it is unknown."""
        value = self.base(term)
        return None if value is None else value / unit.factor

    def measures(self, condition: t.Condition, text: str, assessment: PlanAssessment) -> tuple[Measure, ...]:
        """Give the comparisons of a condition in the order they are written."""
        found: list[Measure] = []
        for part in t.walk(condition):
            if isinstance(part, t.Compare):
                found.append(self._compare(part, text))
            elif isinstance(part, t.ScoreCompare) and assessment.table is not None:
                found.append(self._score(part, text, assessment.table))
        return tuple(found)

    def _verdict(self, condition: t.Condition, table: int = -1) -> Verdict:
        number = formula_of(bind_condition(condition, self.bound), self.plan.registry, table=table)
        pair = self.state.formula(number)
        if int(pair[0][0]) & 1:
            return "yes"
        return "unknown" if int(pair[1][0]) & 1 else "no"

    def _compare(self, part: t.Compare, text: str) -> Measure:
        op, left, right = part.op, part.left, part.right
        if not t.facts_used(left) and t.facts_used(right):
            op, left, right = _TURNED[op], right, left
        actual, threshold = self.written(left, part.unit), self.written(right, part.unit)
        gap = _gap(op, actual, threshold)
        amount, amount_unit = self._numerator_gap(op, left, threshold, part.unit, gap)
        return Measure(
            text, op, actual, threshold, part.unit.written, self._verdict(part), gap, amount, amount_unit,
            ratio=part.unit.plain and _is_ratio(left, self.plan),
            elapsed=isinstance(left, t.Since),
        )  # fmt: skip

    def _numerator_gap(
        self, op: t.Comparison, left: t.Numeric, threshold: Fraction | None, unit: Unit, gap: Fraction | None
    ) -> tuple[Fraction | None, str]:
        if not isinstance(left, t.Divide) or threshold is None or gap is None or op == "=":
            return None, ""
        divisor = self.base(left.right)
        written = self._written_unit(left.left)
        if divisor is None or written is None:
            return None, ""
        return gap * unit.factor * divisor / written.factor, written.written

    def _written_unit(self, term: t.Numeric) -> Unit | None:
        from_fact = next((part for part in t.walk(term) if isinstance(part, t.Fact)), None)
        if from_fact is None:
            return None
        fact = self.plan.facts[from_fact.name]
        return NUMBER if fact.type == "ratio" else unit(fact.unit)

    def _score(self, part: t.ScoreCompare, text: str, table: int) -> Measure:
        low, high = self.state.table(table).range(part.score)
        threshold = self.written(part.right, NUMBER)
        known = low[0] == high[0]
        actual = Fraction(repr(float(low[0]))) if known else None
        return Measure(
            text,
            part.op,
            actual,
            threshold,
            "分",
            self._verdict(part, table),
            _gap(part.op, actual, threshold),
        )


def _gap(op: t.Comparison, actual: Fraction | None, threshold: Fraction | None) -> Fraction | None:
    if actual is None or threshold is None:
        return None
    if op in _LOWER_LIMIT:
        return threshold - actual
    if op in ("<=", "<"):
        return actual - threshold
    return abs(threshold - actual)


def _is_ratio(term: t.Numeric, plan: Plan) -> bool:
    match term:
        case t.Divide() | t.Growth():
            return True
        case t.Fact(name, _, _):
            return plan.facts[name].type == "ratio"
        case t.Coalesce(parts) | t.KnownExtreme(_, parts) | t.Add(parts):
            return any(_is_ratio(part, plan) for part in parts)
    return False
