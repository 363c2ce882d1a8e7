"""From an author's text to a typed expression: sqlglot parses, an exact-type whitelist and our checker decide.

The checker knows what sqlglot does not: that 产业领域 > 5 compares a word with a number, that NOT 营业收入
negates an amount, that 元 and 人 cannot be added.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import NoReturn, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.expression.arithmetic import (
    Typed,
    TypeFault,
    add,
    divide,
    fact_value,
    multiply,
    negate,
    scaled,
    unify,
)
from kaiyuan.rulebook.expression.functions import FUNCTIONS, call_function
from kaiyuan.rulebook.expression.leaves import compare, is_in
from kaiyuan.rulebook.expression.tokens import PreparedText, prepare
from kaiyuan.rulebook.facts import FactDefinition, FactDictionary
from kaiyuan.rulebook.units import NUMBER, Unit


@dataclass(frozen=True)
class ParameterType:
    """What an expression needs to know of a parameter: its unit (None: none given) and the fact it depends on."""

    unit: Unit | None = None
    by: str | None = None


def parse_expression(
    text: str,
    *,
    facts: FactDictionary,
    parameters: Mapping[str, ParameterType] | Collection[str] = (),
    scores: Collection[str] = (),
) -> t.Condition:
    """Parse and check a condition; raise `RuleError` with position, text and remedy when it is not acceptable."""
    typed = _parse(text, facts=facts, parameters=parameters, scores=scores)
    if typed.kind != "condition":
        raise RuleError(
            "a condition is wanted here, this is a value",
            column=1,
            text=text,
            remedy="Compare it with something, as in 营业收入 >= 1500",
        )
    return cast("t.Condition", typed.term)


def parse_value(
    text: str,
    *,
    facts: FactDictionary,
    parameters: Mapping[str, ParameterType] | Collection[str] = (),
    written: Unit | None = None,
) -> tuple[t.Numeric, Unit]:
    """Parse and check a numeric expression; give it in base units, with the unit in which people write it.

    A bare number takes the unit `written`; with `written` given, a value of another dimension is refused.
    """
    typed = _parse(text, facts=facts, parameters=parameters, scores=())
    if typed.kind not in ("number", "literal"):
        raise RuleError(
            "a number is wanted here", column=1, text=text, remedy="Write an expression of numeric facts"
        )
    if typed.kind == "literal" and written is not None:
        typed = Typed(scaled(cast("t.Numeric", typed.term), written.factor), "number", written)
    if written is not None and typed.unit.dimensions != written.dimensions:
        raise RuleError(
            f"the unit is {typed.unit.written or 'a bare number'}, wanted is {written.written or 'a bare number'}",
            column=1,
            text=text,
            remedy="Check which facts stand in the expression",
        )
    return cast("t.Numeric", typed.term), typed.unit


def _parse(
    text: str,
    *,
    facts: FactDictionary,
    parameters: Mapping[str, ParameterType] | Collection[str],
    scores: Collection[str],
) -> Typed:
    prepared = prepare(text)
    known = parameters if isinstance(parameters, Mapping) else {name: ParameterType() for name in parameters}
    try:
        tree = sqlglot.parse_one(prepared.text)
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, IndexError) as error:
        details = getattr(error, "errors", None) or [{}]
        raise RuleError(
            "the expression cannot be read",
            column=prepared.position((details[0].get("col") or 1) - 1),
            text=str(details[0].get("highlight") or text),
            remedy="Check brackets, commas and operators",
        ) from error
    return _Converter(prepared, facts, known, scores).convert(tree)


class _Converter:
    """Turns sqlglot's tree into typed terms, node type by node type; an unlisted type is refused."""

    def __init__(
        self,
        prepared: PreparedText,
        facts: FactDictionary,
        parameters: Mapping[str, ParameterType],
        scores: Collection[str],
    ) -> None:
        self.prepared = prepared
        self.facts = facts
        self.parameters = parameters
        self.scores = scores
        self.handlers: dict[type, Callable[..., Typed]] = {
            exp.Paren: lambda node: self.convert(node.this),
            exp.Column: self.column,
            exp.Literal: self.literal,
            exp.Placeholder: self.parameter,
            exp.Neg: lambda node: negate(self.convert(node.this)),
            exp.Add: lambda node: self.spine(node, exp.Add, exp.Sub),
            exp.Sub: lambda node: self.spine(node, exp.Add, exp.Sub),
            exp.Mul: lambda node: self.spine(node, exp.Mul, exp.Div),
            exp.Div: lambda node: self.spine(node, exp.Mul, exp.Div),
            exp.And: partial(self.connector, make=t.And),
            exp.Or: partial(self.connector, make=t.Or),
            exp.Not: self.negation,
            exp.Between: self.between,
            exp.In: self.membership,
            exp.Case: self.case,
            exp.Coalesce: lambda node: self.call("coalesce", [node.this, *node.expressions], node),
            exp.Abs: lambda node: self.call("abs", [node.this], node),
            exp.Anonymous: lambda node: self.call(str(node.this).lower(), node.expressions, node),
        }
        for kind, op in _COMPARISONS.items():
            self.handlers[kind] = partial(self.comparison, op=op)

    def convert(self, node: exp.Expr) -> Typed:
        handler = self.handlers.get(type(node))
        if handler is None:
            self.refuse(
                "this form is not part of the expression language",
                node,
                remedy="Allowed are arithmetic, comparisons, BETWEEN, IN, AND, OR, NOT, CASE, :parameters and the functions "
                + ", ".join(FUNCTIONS),
            )
        try:
            return handler(node)
        except TypeFault as fault:
            self.refuse(fault.message, node, remedy=fault.remedy)

    def refuse(self, message: str, node: exp.Expr, *, remedy: str, text: str | None = None) -> NoReturn:
        raise RuleError(message, column=self.position(node), text=text or self.written(node), remedy=remedy)

    def written(self, node: exp.Expr) -> str:
        """Give the author's own words for a node, as far as sqlglot kept their places."""
        ends = [part.meta["end"] for part in node.walk() if isinstance(part.meta.get("end"), int)]
        if not ends:
            return _written(node)
        first, last = self.position(node) - 1, self.prepared.position(max(ends))
        words = self.prepared.original[first:last]
        open_brackets = words.count("(") + words.count("（") - words.count(")") - words.count("）")
        rest = self.prepared.original[last:]
        while open_brackets > 0 and rest[:1] in (")", "）"):
            words, rest, open_brackets = words + rest[0], rest[1:], open_brackets - 1
        return words

    def position(self, node: exp.Expr) -> int:
        starts = [part.meta["start"] for part in node.walk() if isinstance(part.meta.get("start"), int)]
        return self.prepared.position(min(starts)) if starts else 1

    def fact(self, node: exp.Expr) -> FactDefinition:
        if type(node) is not exp.Column or node.args.get("table") is not None:
            self.refuse(
                "the name of a fact is wanted here", node, remedy="Write a fact name or its Chinese label"
            )
        name = node.name
        found = self.facts.find(name)
        if found is None:
            close = self.facts.suggestions(name)
            hint = f"Did you mean {' or '.join(close)}? " if close else ""
            self.refuse(
                "no fact has this name",
                node,
                text=name,
                remedy=f"{hint}Add it to the pack's facts.yaml, or correct the name",
            )
        return found

    def column(self, node: exp.Column) -> Typed:
        if node.args.get("db") is not None or node.args.get("catalog") is not None:
            self.refuse("a name has too many dots", node, remedy="Write score.group at most")
        table = node.args.get("table")
        if table is not None:
            if table.name != "score" or node.name not in self.scores:
                self.refuse(
                    "no such score",
                    node,
                    remedy="Write score, or score.<group or indicator> of this assessment: "
                    + ", ".join(self.scores),
                )
            return Typed(None, "score", NUMBER, name=node.name)
        if node.name == "score" and self.scores:
            return Typed(None, "score", NUMBER, name="score")
        return fact_value(self.fact(node), lag=0)

    def literal(self, node: exp.Literal) -> Typed:
        if node.is_string:
            return Typed(None, "string", NUMBER, name=str(node.this))
        return Typed(t.Number(_fraction(str(node.this))), "literal", NUMBER)

    def parameter(self, node: exp.Placeholder) -> Typed:
        name = node.name
        if name not in self.parameters:
            known = ", ".join(sorted(self.parameters)) or "none"
            raise RuleError(
                "no parameter has this name",
                column=self.prepared.position(self.prepared.text.find(f":{name}")),
                text=f":{name}",
                remedy=f"Known parameters: {known}",
            )
        declared = self.parameters[name]
        if declared.unit is None:
            return Typed(t.Parameter(name, Fraction(1)), "literal", NUMBER)
        return Typed(t.Parameter(name, declared.unit.factor), "number", declared.unit)

    def spine(self, node: exp.Expr, plus: type[exp.Expr], minus: type[exp.Expr]) -> Typed:
        # Long sums lean to the left as deep as they are long; they are walked, not descended.
        chain: list[tuple[bool, exp.Expr]] = []
        current = node
        while type(current) in (plus, minus):
            chain.append((type(current) is minus, current.args["expression"]))
            current = current.this
        result = self.convert(current)
        for inverse, part in reversed(chain):
            right = self.convert(part)
            if plus is exp.Add:
                result = add(result, negate(right) if inverse else right)
            else:
                result = divide(result, right) if inverse else multiply(result, right)
        return result

    def connector(self, node: exp.Expr, *, make: Callable[[tuple[t.Condition, ...]], t.And | t.Or]) -> Typed:
        kind, parts, waiting = type(node), [], [node]
        while waiting:
            current = waiting.pop()
            if type(current) is kind:
                waiting.extend([current.args["expression"], current.this])
            else:
                parts.append(self.condition(current))
        return Typed(make(tuple(parts)), "condition", NUMBER)

    def condition(self, node: exp.Expr) -> t.Condition:
        typed = self.convert(node)
        if typed.kind != "condition":
            self.refuse(
                "AND, OR and NOT join conditions, this is a value",
                node,
                remedy="Compare it with something, as in 营业收入 >= 1500",
            )
        return cast("t.Condition", typed.term)

    def negation(self, node: exp.Not) -> Typed:
        return Typed(t.Not(self.condition(node.this)), "condition", NUMBER)

    def comparison(self, node: exp.Expr, *, op: t.Comparison) -> Typed:
        return Typed(
            compare(op, self.convert(node.this), self.convert(node.args["expression"])), "condition", NUMBER
        )

    def between(self, node: exp.Between) -> Typed:
        if node.args.get("symmetric") is not None:
            self.refuse("BETWEEN takes two limits", node, remedy="Write x BETWEEN low AND high")
        value = self.convert(node.this)
        low, high = self.convert(node.args["low"]), self.convert(node.args["high"])
        return Typed(t.And((compare(">=", value, low), compare("<=", value, high))), "condition", NUMBER)

    def membership(self, node: exp.In) -> Typed:
        extra = [key for key, value in node.args.items() if value and key not in ("this", "expressions")]
        if extra or not node.expressions:
            self.refuse(
                "IN takes a list of words or numbers", node, remedy="Write 划型行业 IN ('工业', '建筑业')"
            )
        return Typed(
            is_in(self.convert(node.this), [self.convert(e) for e in node.expressions]), "condition", NUMBER
        )

    def case(self, node: exp.Case) -> Typed:
        conditions: list[t.Condition] = []
        values: list[Typed] = []
        for branch in node.args["ifs"]:
            if type(branch) is not exp.If:
                self.refuse("this CASE cannot be read", node, remedy="Write CASE WHEN … THEN … ELSE … END")
            if node.this is not None:
                conditions.append(compare("=", self.convert(node.this), self.convert(branch.this)))
            else:
                conditions.append(self.condition(branch.this))
            if any(isinstance(part, t.ScoreCompare) for part in t.walk(conditions[-1])):
                self.refuse(
                    "a score stands inside CASE",
                    branch.this,
                    remedy="Compare the score in a condition of its own, joined by AND or OR",
                )
            values.append(self.convert(branch.args["true"]))
        default = node.args.get("default")
        if default is not None:
            values.append(self.convert(default))
        numbers, kind, shared = unify(values, "the results of CASE")
        last = numbers[-1] if default is not None else None
        return Typed(
            t.Case(tuple(zip(conditions, numbers[: len(conditions)], strict=True)), last), kind, shared
        )

    def call(self, name: str, arguments: list[exp.Expr], node: exp.Expr) -> Typed:
        if name not in FUNCTIONS:
            self.refuse(
                "this function is not part of the language", node, remedy="Known: " + ", ".join(FUNCTIONS)
            )
        if name in ("prior", "growth", "years_since", "days_since"):
            fact = self.fact(arguments[0]) if arguments else None
            rest = [self.convert(argument) for argument in arguments[1:]]
            return call_function(name, fact, rest)
        return call_function(name, None, [self.convert(argument) for argument in arguments])


_COMPARISONS: dict[type, t.Comparison] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip


def _fraction(text: str) -> Fraction:
    return Fraction(text.rstrip("."))


def _written(node: exp.Expr) -> str:
    try:
        return node.sql()[:80]
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError):
        return type(node).__name__
