"""From a plan to one SQL query: the same nodes, atoms, formulas, tables and trees that the evaluator runs on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlglot import exp

from kaiyuan.errors import InputError
from kaiyuan.rulebook.awards import award_columns
from kaiyuan.rulebook.evaluate import SUBJECT_COLUMNS, Answers
from kaiyuan.rulebook.plan import Plan, PlanAssessment
from kaiyuan.rulebook.sql import fragments as f
from kaiyuan.rulebook.sql.amounts import AmountSql, whole_award
from kaiyuan.rulebook.sql.conditions import ConditionSql
from kaiyuan.rulebook.sql.dialects import Dialect
from kaiyuan.rulebook.sql.facts import CARRIED_PREFIX, FactSql
from kaiyuan.rulebook.sql.fragments import Sql
from kaiyuan.rulebook.sql.layers import Layers
from kaiyuan.rulebook.sql.scores import ScoreSql
from kaiyuan.rulebook.sql.trees import TreeSql
from kaiyuan.rulebook.sql.values import ValueSql

_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class CompiledQuery:
    """A query with what a reader must know of it.

    `left_open` names the assessments whose amount is NULL here because it is no exact sum of whole numbers;
    `carried` are the source columns their awards need, handed on as `_fact_<column>` when asked for.
    """

    select: exp.Select
    dialect: Dialect
    left_open: tuple[str, ...]
    carried: tuple[str, ...]

    def text(self, *, pretty: bool = True) -> str:
        """Give the SQL text in the query's dialect."""
        return self.select.sql(dialect=self.dialect.name, pretty=pretty)


def compile_query(
    plan: Plan,
    *,
    dialect: Dialect,
    table: str = "facts",
    columns: Collection[str] | None = None,
    answers: Answers | None = None,
    carry: bool = False,
) -> CompiledQuery:
    """Compile a plan into one SELECT over `table`.

    `columns` are those the table has (None: all the plan reads); an absent one is NULL for everyone. With
    `carry` the facts of awards that SQL leaves open are handed on, for the evaluator to compute them. Raises
    `InputError` when the dialect cannot hold the answer's column names.
    """
    return _Compiler(plan, dialect, columns).query(_source(table), answers or Answers(), carry=carry)


class _Compiler:
    def __init__(self, plan: Plan, dialect: Dialect, columns: Collection[str] | None) -> None:
        self.plan = plan
        self.dialect = dialect
        self.columns = columns
        self.layers = Layers(materialised=dialect.materialised)
        self.facts = FactSql(self.layers, columns)
        registry, layers, facts = plan.registry, self.layers, self.facts
        self.values = ValueSql(
            dialect=dialect,
            registry=registry,
            dictionary=plan.facts,
            on=plan.on,
            facts=facts,
            layers=layers,
            formula=lambda number: self.conditions.formula(number),
        )
        self.conditions = ConditionSql(
            registry=registry,
            facts=facts,
            layers=layers,
            form=self.values.form,
            score=lambda atom: self.scores.compare(atom),
        )
        self.scores = ScoreSql(
            tables=plan.tables,
            layers=layers,
            formula=self.conditions.formula,
            form=self.values.form,
            source=self.conditions.source,
        )
        self.trees = TreeSql(layers=layers, formula=self.conditions.formula)
        self.amounts = AmountSql(
            dialect=dialect,
            registry=registry,
            facts=facts,
            layers=layers,
            form=self.values.form,
            formula=self.conditions.formula,
        )

    def query(self, source: exp.Table, answers: Answers, *, carry: bool) -> CompiledQuery:
        output = [pair for a in self.plan.assessments for pair in self._answers(a, answers)]
        left_open = [
            a for a in self.plan.assessments
            if answers.amounts and a.award is not None and not whole_award(a.award, self.plan.facts)
        ]  # fmt: skip
        wanted = [c for a in left_open if a.award for c in award_columns(a.award, self.plan.facts)]
        carried = tuple(dict.fromkeys(c for c in wanted if self.facts.has(c))) if carry else ()
        output += [(CARRIED_PREFIX + name, self.facts.carried(name)) for name in carried]
        subjects = [name for name in SUBJECT_COLUMNS if self.facts.has(name)]
        self._check([*subjects, *(name for name, _ in output)])
        select = self.layers.query(source=source, subjects=subjects, answers=output)
        if self.dialect.setting is not None:
            setting = exp.EQ(this=exp.to_identifier(self.dialect.setting), expression=f.whole(1))
            select.set("settings", [setting])
        return CompiledQuery(select, self.dialect, tuple(a.id for a in left_open), carried)

    def _answers(self, assessment: PlanAssessment, answers: Answers) -> Iterator[tuple[str, Sql]]:
        name = assessment.id
        for condition, formula in assessment.leaves.items():
            self.layers.note(self.conditions.formula(formula), f"{name}/{condition}")
        status = self._status(assessment)
        yield self._name(name), status.copy()
        if answers.distance and assessment.tree is not None:
            yield self._name(f"{name}.distance"), self.trees.distance(assessment.tree)
        if answers.scores and assessment.table is not None:
            low, high = self.scores.doubles(assessment.table, "score")
            yield self._name(f"{name}.score_low"), low
            yield self._name(f"{name}.score_high"), high
        if assessment.tiers:
            yield self._name(f"{name}.tier"), self.trees.tier(assessment)
        if answers.amounts and assessment.award is not None:
            yield self._name(f"{name}.amount"), self._amount(assessment, status)
        if answers.leaves:
            for condition, formula in assessment.leaves.items():
                yield self._name(f"{name}/{condition}"), self.conditions.formula(formula)

    def _status(self, assessment: PlanAssessment) -> Sql:
        if assessment.tree is not None or assessment.tiers or assessment.table is None:
            return self.trees.status(assessment)
        low, high = self.scores.doubles(assessment.table, "score")
        return f.when((f.compare(low, "=", high), f.truth(True)))

    def _amount(self, assessment: PlanAssessment, status: Sql) -> Sql:
        award = assessment.award
        if award is None or not whole_award(award, self.plan.facts):
            return f.nothing("bigint")
        return self.amounts.amount(award, status.copy())

    def _name(self, name: str) -> str:
        return self.dialect.output(name)

    def _check(self, names: list[str]) -> None:
        dialect = self.dialect
        long = [
            n for n in names if dialect.longest_name is not None and len(n.encode()) > dialect.longest_name
        ]
        if long:
            raise InputError(
                f"{dialect.title} cuts column names after {dialect.longest_name} bytes",
                text=long[0],
                remedy="Leave out the conditions, or give the rule a shorter id",
            )
        seen: dict[str, str] = {}
        for name in names:
            other = seen.setdefault(name if dialect.tells_case else name.casefold(), name)
            if other is not name:
                raise InputError(
                    f"{dialect.title} does not tell {other} and {name} apart",
                    text=name,
                    remedy="Give one of them another id, or ask for one at a time",
                )
        width = max(len(names), self.layers.width + len(SUBJECT_COLUMNS))
        if dialect.most_columns is not None and width > dialect.most_columns:
            raise InputError(
                f"{dialect.title} holds {dialect.most_columns} columns, these rules need {width}",
                remedy="Ask for fewer assessments at a time",
            )


def _source(table: str) -> exp.Table:
    parts = table.split(".")
    if len(parts) > 3 or not all(_NAME.fullmatch(part) for part in parts):
        raise InputError("not the name of a table", text=table, remedy="Write name or schema.name")
    names = [exp.to_identifier(part, quoted=True) for part in reversed(parts)]
    return exp.Table(**dict(zip(("this", "db", "catalog"), names, strict=False)))
