"""The expression language of rules: SQL's scalar expressions, parsed by sqlglot, typed and checked here."""

from kaiyuan.rulebook.expression.parse import ParameterType, parse_expression, parse_value
from kaiyuan.rulebook.expression.terms import Condition, Numeric, Term

__all__ = ["Condition", "Numeric", "ParameterType", "Term", "parse_expression", "parse_value"]
