"""The same rules as SQL, for a warehouse: one source with the evaluator, the same three answers."""

from kaiyuan.rulebook.sql.compile import CompiledQuery, compile_query
from kaiyuan.rulebook.sql.dialects import DIALECTS, Dialect, dialect_named
from kaiyuan.rulebook.sql.text import rules_sql

__all__ = ["DIALECTS", "CompiledQuery", "Dialect", "compile_query", "dialect_named", "rules_sql"]
