"""From a rule set and a day to a plan: what is in force, parameters settled, every distinct leaf numbered once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TypedDict

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.binding import Bound, bind, bind_condition
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import (
    Assessment,
    Award,
    Budget,
    ConditionNode,
    RuleSet,
    Stacking,
)  # fmt: skip
from kaiyuan.rulebook.normal import Registry
from kaiyuan.rulebook.normalise import form_of, formula_of
from kaiyuan.rulebook.parameters import BoundBooks, DayParameters
from kaiyuan.rulebook.reach import facts_read
from kaiyuan.rulebook.tables import PlanTable, plan_table
from kaiyuan.rulebook.trees import Tree, negation_normal


@dataclass(frozen=True)
class PlanAssessment:
    """An assessment of the plan's day, with its leaves as formula numbers."""

    source: Assessment
    tree: Tree | None
    table: int | None
    tiers: tuple[tuple[str, Tree | None], ...]
    award: Award | None
    leaves: Mapping[str, int]
    # The parameters it depends on: all, by condition, and of its scoring table.
    parameters: frozenset[str]
    mentions: Mapping[str, frozenset[str]]
    scored: frozenset[str]

    @property
    def id(self) -> str:
        """Give the assessment's id."""
        return self.source.id


@dataclass(frozen=True)
class Plan:
    """What is in force on a day, compiled. Plans made from one another share registry and tables."""

    rules: RuleSet
    on: date
    registry: Registry
    tables: list[PlanTable]
    assessments: tuple[PlanAssessment, ...]
    day: DayParameters
    bound: BoundBooks
    disabled: tuple[Assessment, ...] = ()
    stacking: tuple[Stacking, ...] = ()
    budgets: tuple[Budget, ...] = ()
    changes: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def facts(self) -> FactDictionary:
        """Give the fact dictionary."""
        return self.rules.facts

    @property
    def base_year(self) -> int:
        """Give the last complete year before the day: the year of facts without lag."""
        return self.on.year - 1

    def assessment(self, name: str) -> PlanAssessment:
        """Give an assessment by id, or raise `RuleError` naming those in force."""
        for assessment in self.assessments:
            if assessment.id == name:
                return assessment
        off = [a.id for a in self.disabled]
        reason = "it is switched off in its pack" if name in off else f"in force on {self.on} are: " + ", ".join(
            a.id for a in self.assessments
        )  # fmt: skip
        raise RuleError("no such assessment in force", text=name, remedy=f"{reason[0].upper()}{reason[1:]}")

    def columns(self) -> tuple[str, ...]:
        """Give the columns of the canonical table that the plan reads."""
        return self._columns

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        return required_columns(self)


def compile_plan(
    rules: RuleSet,
    *,
    on: date,
    parameters: Mapping[str, Fraction | int | float | Decimal | str] | None = None,
    assessments: Iterable[str] | None = None,
) -> Plan:
    """Compile what is in force on a day, with parameters changed if wanted.

    `parameters` maps a name (or `rulebook.name`, or `name[word]` for one entry of a table) to a value in the
    parameter's own unit. `assessments` narrows the plan to some ids. Raises `RuleError` on unknown names.
    """
    changes = {name: exact(value) for name, value in (parameters or {}).items()}
    wanted = None if assessments is None else tuple(assessments)
    return _compile(Plan(rules, on, Registry(), [], (), DayParameters({}), {}, changes=changes), wanted)


def compile_beside(plan: Plan, rules: RuleSet) -> Plan:
    """Compile other rules on a plan's registry; an assessment that is the same object stays the plan's own."""
    fresh = _compile(replace(plan, rules=rules, assessments=(), bound={}), None)
    own = {a.id: a for a in plan.assessments}
    same = tuple(
        own[a.id] if a.id in own and a.source == own[a.id].source and _same_bound(a, plan, fresh) else a
        for a in fresh.assessments
    )
    return replace(fresh, assessments=same)


def _same_bound(assessment: PlanAssessment, before: Plan, after: Plan) -> bool:
    book = assessment.source.rulebook
    return all(before.bound[book].get(name) == after.bound[book].get(name) for name in assessment.parameters)


def _compile(plan: Plan, wanted: tuple[str, ...] | None) -> Plan:
    on = plan.on
    day = DayParameters.of(plan.rules, on)
    plan = replace(plan, day=day, bound=day.bound(plan.changes))
    books = [book for book in plan.rules.rulebooks if book.window.holds(on)]
    current = [
        assessment
        for book in books
        for assessment in book.assessments
        if assessment.window.within(book.window).holds(on) and (wanted is None or assessment.id in wanted)
    ]
    plan = replace(
        plan,
        assessments=tuple(_assessment(a, plan) for a in current if a.enabled),
        disabled=tuple(a for a in current if not a.enabled),
        **_payments(plan),
    )
    for name in wanted or ():
        plan.assessment(name)
    return plan


def exact(value: Fraction | int | float | Decimal | str) -> Fraction:
    """Give a number exactly as it is written; a float counts as its shortest decimal form."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def with_parameters(plan: Plan, changes: Mapping[str, Fraction | int | float | Decimal | str]) -> Plan:
    """Give the plan with parameters changed; what does not depend on them keeps its numbers and is not recompiled."""
    merged = dict(plan.changes) | {name: exact(value) for name, value in changes.items()}
    bound, moved = plan.day.changed(plan.bound, plan.changes, merged)
    fresh = replace(plan, bound=bound, changes=merged)
    nothing = frozenset[str]()
    return replace(
        fresh,
        assessments=tuple(
            a
            if a.parameters.isdisjoint(names := moved.get(a.source.rulebook, nothing))
            else _assessment(a.source, fresh, kept=(a, names))
            for a in plan.assessments
        ),
        **_payments(fresh, frozenset(moved)),
    )


class Payments(TypedDict):
    """The parts of a plan that settle payments."""

    stacking: tuple[Stacking, ...]
    budgets: tuple[Budget, ...]


def _payments(plan: Plan, moved: Container[str] | None = None) -> Payments:
    """Give stacking rules and budgets with their parameters settled: anew of all rulebooks, or of the moved ones."""
    books = [book for book in plan.rules.rulebooks if book.window.holds(plan.on)]
    stacking = [(book.id, rule) for book in books for rule in book.stacking]
    budgets = [(book.id, budget) for book in books for budget in book.budgets]

    def again(book: str) -> bool:
        return moved is None or book in moved

    return {
        "stacking": tuple(
            _bound_stacking(rule, plan.bound[book], plan.registry) if again(book) else plan.stacking[place]
            for place, (book, rule) in enumerate(stacking)
        ),
        "budgets": tuple(
            _bound_budget(budget, plan.bound[book], plan.registry) if again(book) else plan.budgets[place]
            for place, (book, budget) in enumerate(budgets)
        ),
    }


def _assessment(
    source: Assessment, plan: Plan, kept: tuple[PlanAssessment, frozenset[str]] | None = None
) -> PlanAssessment:
    """Compile an assessment; of `kept`, its older form, all is taken that mentions none of the names beside it."""
    bound = plan.bound[source.rulebook]
    older, moved = kept or (None, frozenset[str]())
    leaves: dict[str, int] = {}
    mentions: dict[str, frozenset[str]] = {}
    scored: set[str] = set()
    if source.score is None:
        table = None
    elif older is not None and older.scored.isdisjoint(moved):
        table = older.table
        scored.update(older.scored)
    else:
        table = len(plan.tables)
        plan.tables.append(plan_table(source.score, registry=plan.registry, bound=bound, used=scored))
        older = None

    def formula(condition: ConditionNode) -> int:
        if older is not None and older.mentions[condition.id].isdisjoint(moved):
            mentions[condition.id] = older.mentions[condition.id]
            number = older.leaves[condition.id]
        else:
            mentions[condition.id] = t.parameters_used(condition.expression)
            closed = bind_condition(condition.expression, bound)
            number = formula_of(closed, plan.registry, table=-1 if table is None else table)
        leaves[condition.id] = number
        return number

    requires = None if source.requires is None else negation_normal(source.requires, formula)
    tiers = tuple(
        (tier.id, None if tier.requires is None else negation_normal(tier.requires, formula))
        for tier in source.tiers
    )
    used = scored.union(*mentions.values())
    award = source.award
    if award is not None:
        award = _bound_award(award, bound, plan.registry, used)
    return PlanAssessment(
        source, requires, table, tiers, award, leaves, frozenset(used), mentions, frozenset(scored)
    )


def _bound_award(award: Award, bound: Mapping[str, Bound], registry: Registry, used: set[str]) -> Award:
    def close(term: t.Numeric | None) -> t.Numeric | None:
        if term is None:
            return None
        used.update(t.parameters_used(term))
        closed = bind(term, bound)
        # Numbered now, so that evaluation on several threads only reads the registry.
        form_of(closed, registry)
        return closed

    return replace(
        award,
        base=close(award.base) or award.base,
        rate=close(award.rate),
        cap=close(award.cap),
        floor=close(award.floor),
        already_paid=close(award.already_paid),
    )


def _bound_stacking(rule: Stacking, bound: Mapping[str, Bound], registry: Registry) -> Stacking:
    when = None if rule.when is None else bind_condition(rule.when, bound)
    if when is not None:
        formula_of(when, registry)
    return replace(rule, cap=None if rule.cap is None else bind(rule.cap, bound), when=when)


def _bound_budget(budget: Budget, bound: Mapping[str, Bound], registry: Registry) -> Budget:
    rank = budget.rank_by
    if rank is not None and not isinstance(rank, tuple):
        rank = bind(rank, bound)
        form_of(rank, registry)
    return replace(budget, amount=bind(budget.amount, bound), rank_by=rank)


def required_columns(plan: Plan) -> tuple[str, ...]:
    """Give the columns of the canonical table that a plan reads, subject columns first."""
    used: dict[tuple[str, int], None] = {}
    for assessment in plan.assessments:
        used.update(dict.fromkeys(facts_read(assessment.source, plan.bound[assessment.source.rulebook])))
    for rule in plan.stacking:
        used.update(dict.fromkeys(t.facts_used(rule.when) if rule.when else ()))
    for budget in plan.budgets:
        if isinstance(budget.rank_by, tuple):
            used[budget.rank_by] = None
        elif budget.rank_by is not None:
            used.update(dict.fromkeys(t.facts_used(budget.rank_by)))
    names = [plan.facts[name].column(lag=lag) for name, lag in used]
    return ("subject", "subject_name", "source_line", *names)


__all__ = [
    "Plan",
    "PlanAssessment",
    "compile_beside",
    "compile_plan",
    "exact",
    "required_columns",
    "with_parameters",
]
