"""Rules as SQL text, with a header that says what they are and how far they were tried."""

from __future__ import annotations

from collections.abc import Collection

from kaiyuan.rulebook.evaluate import Answers
from kaiyuan.rulebook.plan import Plan
from kaiyuan.rulebook.sql.compile import CompiledQuery, compile_query
from kaiyuan.rulebook.sql.dialects import dialect_named


def rules_sql(
    plan: Plan,
    *,
    dialect: str,
    table: str = "facts",
    columns: Collection[str] | None = None,
    distance: bool = True,
    leaves: bool = False,
    scores: bool = True,
    amounts: bool = True,
    pretty: bool = True,
) -> str:
    """Give a plan as one SELECT in a dialect, over a table of canonical facts.

    The table has the columns of `plan.columns()` (money in whole fen); `columns` names those it really has, an
    absent one counts as unknown. The answer has the evaluator's columns: per assessment `A` (true, false, NULL),
    `A.distance`, `A.score_low`, `A.score_high`, `A.tier`, `A.amount`, and with `leaves` `A/condition`. An amount
    that is no exact sum of whole numbers stays NULL, and the header says so. Raises `InputError` for an unknown
    dialect, a bad table name or column names the dialect cannot hold.
    """
    query = compile_query(
        plan,
        dialect=dialect_named(dialect),
        table=table,
        columns=columns,
        answers=Answers(distance, leaves, scores, amounts),
    )
    return _header(plan, query) + query.text(pretty=pretty) + "\n"


def _header(plan: Plan, query: CompiledQuery) -> str:
    dialect = query.dialect
    tried = (
        "run on the engine by the project's tests"
        if dialect.tested
        else "transpiled, not run by the project's tests: compare a sample with `kaiyuan match` first"
    )
    lines = [
        f"Rules in force on {plan.on.isoformat()}, {len(plan.assessments)} assessments.",
        f"Dialect {dialect.name} ({dialect.title}): {dialect.status} — {tried}.",
        "Verdicts are true (yes), false (no) or NULL (unknown); distance 4 means more than three; amounts are fen.",
    ]
    if query.left_open:
        lines.append(f"Amounts left to the evaluator, NULL here: {', '.join(query.left_open)}.")
    if not dialect.dots:
        lines.append(
            f"{dialect.title} allows no full stop in a column name: A.distance is called A__distance."
        )
    return "".join(f"-- {' '.join(line.split())}\n" for line in lines)
