"""From a rule set and a day to a plan: what is in force, parameters settled, every distinct leaf numbered once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.binding import Bound, bind, bind_condition, bind_parameters
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import (
    Assessment,
    Award,
    Budget,
    ConditionNode,
    Node,
    ParameterDefinition,
    RuleSet,
    Stacking,
)  # fmt: skip
from kaiyuan.rulebook.normal import Registry
from kaiyuan.rulebook.normalise import form_of, formula_of
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
    parameters: frozenset[str]

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
    bound: Mapping[str, Mapping[str, Bound]]
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
    return _compile(Plan(rules, on, Registry(), [], (), {}, changes=changes), wanted)


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
    check_changes(plan.rules, on=on, changes=plan.changes)
    books = [book for book in plan.rules.rulebooks if book.window.holds(on)]
    bound = {book.id: _bound(plan, book.id, book.parameters, plan.changes) for book in books}
    plan = replace(plan, bound=bound)
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
        stacking=tuple(
            _bound_stacking(s, bound[book.id], plan.registry) for book in books for s in book.stacking
        ),
        budgets=tuple(
            _bound_budget(b, bound[book.id], plan.registry) for book in books for b in book.budgets
        ),
    )
    for name in wanted or ():
        plan.assessment(name)
    return plan


def exact(value: Fraction | int | float | Decimal | str) -> Fraction:
    """Give a number exactly as it is written; a float counts as its shortest decimal form."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def check_changes(rules: RuleSet, *, on: date, changes: Mapping[str, Fraction]) -> None:
    """Raise `RuleError` when a changed parameter is unknown on the day or its name is ambiguous."""
    owners: dict[str, list[str]] = {}
    for book in rules.rulebooks:
        if book.window.holds(on):
            for definition in book.parameters:
                owners.setdefault(definition.name, []).append(book.id)
                owners.setdefault(f"{book.id}.{definition.name}", []).append(book.id)
    for name in changes:
        found = owners.get(name.partition("[")[0])
        if not found:
            known = ", ".join(sorted(key for key in owners if "." not in key)) or "none"
            raise RuleError(
                "no parameter has this name on that day", text=name, remedy=f"Known parameters: {known}"
            )
        if len(found) > 1:
            raise RuleError(
                "several rulebooks have a parameter of this name",
                text=name,
                remedy="Write " + " or ".join(f"{owner}.{name}" for owner in found),
            )


def with_parameters(plan: Plan, changes: Mapping[str, Fraction | int | float | Decimal | str]) -> Plan:
    """Give the plan with parameters changed; what does not depend on them keeps its numbers and is not recompiled."""
    merged = dict(plan.changes) | {name: exact(value) for name, value in changes.items()}
    check_changes(plan.rules, on=plan.on, changes=merged)
    touched = {name.partition("[")[0] for name in {*merged, *plan.changes}}
    bound = dict(plan.bound)
    for book in plan.rules.rulebooks:
        if book.window.holds(plan.on) and any(
            d.name in touched or f"{book.id}.{d.name}" in touched for d in book.parameters
        ):
            bound[book.id] = _bound(plan, book.id, book.parameters, merged)
    fresh = replace(plan, bound=bound, changes=merged)
    books = [book for book in plan.rules.rulebooks if book.window.holds(plan.on)]
    moved = {
        name: frozenset(key for key in after if after[key] != plan.bound[name].get(key))
        for name, after in bound.items()
        if after is not plan.bound[name]
    }
    return replace(
        fresh,
        assessments=tuple(
            _assessment(a.source, fresh)
            if not a.parameters.isdisjoint(moved.get(a.source.rulebook, ()))
            else a
            for a in plan.assessments
        ),
        stacking=tuple(
            _bound_stacking(s, bound[book.id], fresh.registry) for book in books for s in book.stacking
        ),
        budgets=tuple(
            _bound_budget(b, bound[book.id], fresh.registry) for book in books for b in book.budgets
        ),
    )


def _bound(
    plan: Plan, book: str, definitions: Sequence[ParameterDefinition], changes: Mapping[str, Fraction]
) -> dict[str, Bound]:
    by_fact: dict[str, str] = {}
    for definition in definitions:
        fact = plan.facts.find(definition.by) if definition.by else None
        if definition.by and fact is not None:
            by_fact[definition.by] = fact.name
    own = {name.removeprefix(f"{book}."): value for name, value in changes.items()}
    return bind_parameters({d.name: d for d in definitions}, on=plan.on, by_fact=by_fact, changes=own)


def _assessment(source: Assessment, plan: Plan) -> PlanAssessment:
    bound = plan.bound[source.rulebook]
    used: set[str] = set()
    leaves: dict[str, int] = {}
    table: int | None = None
    if source.score is not None:
        table = len(plan.tables)
        plan.tables.append(plan_table(source.score, registry=plan.registry, bound=bound, used=used))

    def tree(node: Node) -> Tree:
        def formula(condition: ConditionNode) -> int:
            used.update(t.parameters_used(condition.expression))
            number = formula_of(
                bind_condition(condition.expression, bound),
                plan.registry,
                table=-1 if table is None else table,
            )
            leaves[condition.id] = number
            return number

        return negation_normal(node, formula)

    requires = None if source.requires is None else tree(source.requires)
    tiers = tuple((tier.id, None if tier.requires is None else tree(tier.requires)) for tier in source.tiers)
    award = source.award
    if award is not None:
        award = _bound_award(award, bound, plan.registry, used)
    return PlanAssessment(source, requires, table, tiers, award, leaves, frozenset(used))


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
