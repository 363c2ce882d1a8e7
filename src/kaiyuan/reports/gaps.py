"""The one missing condition of many subjects at once: its comparisons measured in columns, then read row by row.

`kaiyuan.rulebook.explain` measures one subject; a workbook needs thousands. The same terms are bound once per
condition and valued exactly for all subjects, so that a row costs no more than its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kaiyuan.matching.tally import leaf_facts
from kaiyuan.reports.checks import Check, checks_of
from kaiyuan.rulebook import planes as pl
from kaiyuan.rulebook.binding import bind, bind_condition
from kaiyuan.rulebook.columns import narrowed
from kaiyuan.rulebook.exact import Exact, ExactValues
from kaiyuan.rulebook.explanation import ConditionAnswer, FactValue, Measure, ScoreAnswer, Verdict
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import Words
from kaiyuan.rulebook.normalise import form_of, formula_of
from kaiyuan.rulebook.plan import Plan, PlanAssessment
from kaiyuan.rulebook.reach import facts_read
from kaiyuan.rulebook.state import BatchState
from kaiyuan.rulebook.trees import Leaf, Tree, leaves_of
from kaiyuan.rulebook.units import NUMBER, Unit, unit

Bools = npt.NDArray[np.bool_]
_TURNED: dict[str, t.Comparison] = {">=": "<=", ">": "<", "=": "=", "<": ">", "<=": ">=", "<>": "<>"}


@dataclass(frozen=True)
class Short:
    """The condition that alone keeps one subject from a yes, and those of its lines that fail."""

    leaf: Leaf
    checks: tuple[Check, ...]


class NearMisses:
    """Subjects one condition short of one assessment, given as a batch of their facts."""

    def __init__(self, *, plan: Plan, assessment: PlanAssessment, batch: pa.RecordBatch) -> None:
        self.plan = plan
        self.assessment = assessment
        bound = plan.bound[assessment.source.rulebook]
        read = facts_read(assessment.source, bound)
        self.batch = narrowed(batch, [plan.facts[name].column(lag=lag) for name, lag in read])
        self.state = BatchState(plan, _with_rows(self.batch, batch.num_rows))
        self.rows = batch.num_rows
        self.exact = ExactValues(self.state, plan.facts)
        self.bound = bound

    def shorts(self, *, lang: str, measured: bool = True) -> Iterator[Short | None]:
        """Give for each subject what it is short of; `measured` False leaves the lines of the condition out."""
        chosen = self._chosen()
        readers: dict[str, Callable[[int], tuple[Check, ...]]] = {}
        for row, leaf in enumerate(chosen):
            if leaf is None:
                yield None
                continue
            if not measured:
                yield Short(leaf, ())
                continue
            name = leaf.condition.id
            if name not in readers:
                readers[name] = self._reader(leaf, lang)
            yield Short(leaf, readers[name](row))

    def _chosen(self) -> list[Leaf | None]:
        """Give for each subject the first condition whose change alone would make the answer a yes."""
        tree = self.assessment.tree
        chosen: list[Leaf | None] = [None] * self.rows
        if tree is None:
            return chosen
        open_rows = np.ones(self.rows, np.bool_)
        for leaf in leaves_of(tree):
            here = _bits(self.state.tree_if(tree, leaf.condition.id)[0], self.rows) & open_rows
            for row in np.flatnonzero(here):
                chosen[row] = leaf
            open_rows &= ~here
            if not open_rows.any():
                break
        return chosen

    def _reader(self, leaf: Leaf, lang: str) -> Callable[[int], tuple[Check, ...]]:
        node = leaf.condition
        columns = list(self._columns(node.expression))
        facts = self._facts(node.expression)
        score = self._scores(node.expression)

        def read(row: int) -> tuple[Check, ...]:
            answer = ConditionAnswer(
                node,
                "yes" if leaf.negated else "no",
                not leaf.negated,
                tuple(column.at(row, node.text) for column in columns),
                tuple(fact(row) for fact in facts),
            )
            checks = checks_of(answer, lang=lang, base_year=self.plan.base_year, score=score(row))
            return tuple(check for check in checks if check.satisfied == "no")

        return read

    def _columns(self, expression: t.Condition) -> Iterator[_MeasureColumn]:
        for part in t.walk(expression):
            if isinstance(part, t.Compare):
                yield self._compared(part)
            elif isinstance(part, t.ScoreCompare) and self.assessment.table is not None:
                low, high = self.state.table(self.assessment.table).range(part.score)
                actual = _exact(low, low == high)
                verdict = self._verdict(part, self.assessment.table)
                yield _MeasureColumn(
                    part.op, unit("分"), actual, self._value(part.right), verdict, plain=True
                )

    def _compared(self, part: t.Compare) -> _MeasureColumn:
        op, left, right = part.op, part.left, part.right
        if not t.facts_used(left) and t.facts_used(right):
            op, left, right = _TURNED[op], right, left
        column = _MeasureColumn(
            op,
            part.unit,
            self._value(left),
            self._value(right),
            self._verdict(part, -1),
            ratio=part.unit.plain and _is_ratio(left, self.plan),
        )
        if isinstance(left, t.Divide) and op != "=":
            fact = next((p for p in t.walk(left.left) if isinstance(p, t.Fact)), None)
            if fact is not None:
                kind = self.plan.facts[fact.name]
                counted = NUMBER if kind.type == "ratio" else unit(kind.unit)
                column = replace(column, divisor=self._value(left.right), numerator=counted)
        return column

    def _scores(self, expression: t.Condition) -> Callable[[int], ScoreAnswer | None]:
        source = self.assessment.source.score
        named = {part.score for part in t.walk(expression) if isinstance(part, t.ScoreCompare)}
        if source is None or self.assessment.table is None or not named:
            return lambda row: None
        table = self.state.table(self.assessment.table)
        ranges = {name: table.range(name) for name in {"score", *named}}
        words = {group.id: group.words for group in source.groups}
        words |= {indicator.id: indicator.words for indicator in source.indicators}

        def at(row: int) -> ScoreAnswer:
            def ends(name: str) -> tuple[Fraction, Fraction]:
                low, high = ranges[name]
                return _points(low[row]), _points(high[row])

            parts = tuple((name, words[name], *ends(name), None) for name in sorted(named - {"score"}))
            return ScoreAnswer(*ends("score"), source.max, parts, ())

        return at

    def _value(self, term: t.Numeric) -> Exact:
        closed = bind(term, self.bound)
        form_of(closed, self.plan.registry)
        return self.exact.value(closed)

    def _verdict(self, condition: t.Condition, table: int) -> tuple[Bools, Bools]:
        number = formula_of(bind_condition(condition, self.bound), self.plan.registry, table=table)
        certain, possible = self.state.formula(number)
        return _bits(certain, self.rows), _bits(possible, self.rows)

    def _facts(self, expression: t.Condition) -> list[Callable[[int], FactValue]]:
        return [self._fact(name, lag) for name, lag in t.facts_used(expression)]

    def _fact(self, name: str, lag: int) -> Callable[[int], FactValue]:
        fact = self.plan.facts[name]
        column = fact.column(lag=lag)
        index = self.batch.schema.get_field_index(column)
        # Figures are valued by the comparisons; only words, flags and days are read here.
        values = None if index < 0 or fact.numeric else self.batch.column(index)
        empty = FactValue(
            name,
            Words(fact.zh, fact.en),
            None,
            unit=fact.unit or "",
            year=self.plan.base_year - lag if fact.period == "year" else None,
        )
        return lambda row: empty if values is None else replace(empty, value=values[row].as_py())


@dataclass(frozen=True)
class _MeasureColumn:
    """One comparison over all subjects; `plain` figures are not scaled to the unit (points)."""

    op: t.Comparison
    unit: Unit
    actual: Exact
    threshold: Exact
    verdict: tuple[Bools, Bools]
    ratio: bool = False
    plain: bool = False
    divisor: Exact | None = None
    numerator: Unit = NUMBER

    def at(self, row: int, text: str) -> Measure:
        """Give the measure of one subject."""
        factor = Fraction(1) if self.plain else self.unit.factor
        actual, threshold = _at(self.actual, row, factor), _at(self.threshold, row, factor)
        verdict: Verdict = "no"
        if self.verdict[0][row]:
            verdict = "yes"
        elif self.verdict[1][row]:
            verdict = "unknown"
        gap = amount = None
        if actual is not None and threshold is not None:
            if self.op in (">=", ">"):
                gap = threshold - actual
            elif self.op in ("<=", "<"):
                gap = actual - threshold
            else:
                gap = abs(threshold - actual)
            if self.divisor is not None and (divisor := _at(self.divisor, row, Fraction(1))) is not None:
                amount = gap * factor * divisor / self.numerator.factor
        return Measure(
            text,
            self.op,
            actual,
            threshold,
            self.unit.written,
            verdict,
            gap,
            amount,
            self.numerator.written if amount is not None else "",
            ratio=self.ratio,
        )


def missing_labels(
    *, state: BatchState, assessment: PlanAssessment, label: Callable[[str, int], str]
) -> list[list[str]]:
    """Give for each subject of a state the labels of the unknown facts that keep an assessment open.

    A fact that only an alternative would need, where another alternative holds already, is not among them.
    """
    looked_at = dict(leaf_facts(state.plan, assessment))
    trees = [assessment.tree, *(tree for _, tree in assessment.tiers)]
    found: dict[tuple[str, int], Bools] = {}
    for tree in trees:
        for leaf, undecided in _open_leaves(state, tree, np.ones(state.rows, np.bool_)):
            for fact in looked_at[leaf.formula]:
                known = state.columns.known(state.plan.facts[fact[0]].column(lag=fact[1]))
                if known is not None:
                    lacking = undecided & ~_bits(known, state.rows)
                    found[fact] = found[fact] | lacking if fact in found else lacking
    result: list[list[str]] = [[] for _ in range(state.rows)]
    for (name, lag), rows in found.items():
        words = label(name, lag)
        for row in np.flatnonzero(rows):
            result[row].append(words)
    return result


def _open_leaves(state: BatchState, tree: Tree | None, within: Bools) -> Iterator[tuple[Leaf, Bools]]:
    """Give the leaves with the subjects for which they, and all groups around them, are open."""
    if tree is None:
        return
    certain, possible = state.tree(tree)
    undecided = _bits(possible & ~certain, state.rows) & within
    if not undecided.any():
        return
    if isinstance(tree, Leaf):
        yield tree, undecided
        return
    for part in tree.parts:
        yield from _open_leaves(state, part, undecided)


def _bits(words: pl.Words, rows: int) -> Bools:
    return pl.unpack(words, rows)


def _at(value: Exact, row: int, factor: Fraction) -> Fraction | None:
    if not value.known[row]:
        return None
    numerator: Any = value.numerator[row]
    if isinstance(numerator, Fraction):
        return Fraction(int(numerator.numerator), int(numerator.denominator)) / value.denominator / factor
    return Fraction(int(numerator), value.denominator) / factor


def _exact(values: npt.NDArray[np.float64], known: Bools) -> Exact:
    numbers = np.empty(values.size, object)
    numbers[:] = [
        Fraction(repr(float(value))) if abs(value) != float("inf") else Fraction(0) for value in values
    ]
    return Exact(numbers, 1, known & np.isfinite(values))


def _points(value: float) -> Fraction:
    # Points without an upper end are shown as very many, as in an explanation.
    return Fraction(repr(float(value))) if abs(value) != float("inf") else Fraction(10**9)


def _is_ratio(term: t.Numeric, plan: Plan) -> bool:
    match term:
        case t.Divide() | t.Growth():
            return True
        case t.Fact(name, _, _):
            return plan.facts[name].type == "ratio"
        case t.Coalesce(parts) | t.KnownExtreme(_, parts) | t.Add(parts):
            return any(_is_ratio(part, plan) for part in parts)
    return False


def _with_rows(batch: pa.RecordBatch, rows: int) -> pa.RecordBatch:
    # A batch without columns has no rows; one column keeps the count.
    if batch.num_columns:
        return batch
    return pa.RecordBatch.from_arrays([pa.nulls(rows)], ["nothing"])
