"""Scoring tables: rows with short forms, points that add up, the best of several, proportions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import cast

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.expression.arithmetic import Typed, TypeFault, fact_value
from kaiyuan.rulebook.expression.leaves import compare, is_in
from kaiyuan.rulebook.model import Band, BandTable, Indicator, Proportional, Score, ScoreGroup
from kaiyuan.rulebook.units import NUMBER
from kaiyuan.rulebook.yaml.context import REFUSED_CONDITION, Context, words
from kaiyuan.rulebook.yaml.fields import written
from kaiyuan.rulebook.yaml.nodes import Path
from kaiyuan.rulebook.yaml.schema import BandModel, IndicatorModel, ProportionalModel, ScoreModel

_LIMITS: tuple[tuple[str, t.Comparison], ...] = (
    ("min", ">="), ("above", ">"), ("max", "<="), ("below", "<"), ("is_", "="),
)  # fmt: skip
_FORMS = ("bands", "each", "best_of", "proportional")


def read_score(context: Context, model: ScoreModel, path: Path) -> Score:
    """Give a scoring table; names of groups and indicators are unique, every table ends with `otherwise`."""
    groups = tuple(ScoreGroup(name, words(group), group.max) for name, group in model.groups.items())
    taken: dict[str, Path] = {name: (*path, "groups", name) for name in model.groups}
    indicators: list[Indicator] = []
    for index, indicator in enumerate(model.indicators):
        place = (*path, "indicators", index)
        if indicator.id in taken or indicator.id == "score":
            context.faults.add(
                "two parts of one score have this name",
                (*place, "id"),
                text=indicator.id,
                remedy="Give each group and indicator a name of its own",
            )
        taken[indicator.id] = place
        if indicator.group is not None and indicator.group not in model.groups:
            known = ", ".join(model.groups) or "none"
            context.faults.add(
                "no group has this name",
                (*place, "group"),
                text=indicator.group,
                remedy=f"Groups of this score: {known}",
            )
        indicators.append(_indicator(context, indicator, place))
    if "score" in model.groups:
        context.faults.add(
            "a group cannot be called score",
            (*path, "groups", "score"),
            text="score",
            remedy="Give it another name",
        )
    return Score(tuple(indicators), groups, model.max)


def _indicator(context: Context, model: IndicatorModel, path: Path) -> Indicator:
    forms = [form for form in _FORMS if getattr(model, form) is not None]
    if len(forms) != 1:
        context.faults.add(
            f"{' and '.join(forms)} stand side by side" if forms else f"indicator {model.id} gives no points",
            path,
            text=model.id,
            remedy="Write exactly one of bands, each, best_of, proportional",
        )
        return Indicator(model.id, words(model))
    if model.value is not None and model.bands is None:
        context.faults.add(
            f"`value` beside {forms[0]} has no meaning", (*path, "value"), text=model.value, key=True,
            remedy="Put it into the tables of best_of or into proportional, or take it out",
        )  # fmt: skip
    tables: tuple[BandTable, ...] = ()
    if model.bands is not None:
        tables = (_table(context, model.value, model.bands, path),)
    elif model.best_of is not None:
        tables = tuple(
            _table(context, table.value, table.bands, (*path, "best_of", index))
            for index, table in enumerate(model.best_of)
        )
    each = tuple(
        Band(context.condition(band.when, (*path, "each", index, "when")), *band.points, band.when)
        for index, band in enumerate(model.each or ())
    )
    return Indicator(
        id=model.id,
        words=words(model),
        group=model.group or "",
        max=model.max,
        tables=tables,
        each=each,
        proportional=_proportional(context, model.proportional, (*path, "proportional"))
        if model.proportional
        else None,
        clause=model.clause or "",
    )


def _proportional(context: Context, model: ProportionalModel, path: Path) -> Proportional:
    value, unit = context.value(model.value, (*path, "value"))
    if model.benchmark == 0:
        context.faults.add(
            "a benchmark of 0 divides nothing", (*path, "benchmark"), text="0", remedy="Give it a value"
        )
    benchmark = context.amount(model.benchmark, (*path, "benchmark"), written=unit)
    weight = context.amount(model.weight, (*path, "weight"))
    cap = context.amount(model.cap, (*path, "cap")) if model.cap is not None else None
    text = f"({model.value}) / {written(model.benchmark)} * {written(model.weight)}"
    return Proportional(value, benchmark, weight, cap, text)


def _table(context: Context, value: str | None, bands: Sequence[BandModel], path: Path) -> BandTable:
    looked_at = _looked_at(context, value, (*path, "value")) if value is not None else None
    rows: list[Band] = []
    for index, band in enumerate(bands):
        place = (*path, "bands", index)
        last = index == len(bands) - 1
        if (band.otherwise is not None) != last:
            context.faults.add(
                "the table does not end with `otherwise`"
                if last
                else "`otherwise` stands before the last row",
                place,
                text=written(band.points[0]) + " points",
                remedy="End the table with {otherwise: true, points: 0}"
                if last
                else "Put {otherwise: true, …} last",
            )
        rows.append(_band(context, band, value or "", looked_at, place))
    if looked_at is None or looked_at.kind not in ("number", "literal"):
        return BandTable(tuple(rows), None, value or "")
    return BandTable(tuple(rows), looked_at.number, value or "", looked_at.unit)


def _looked_at(context: Context, value: str, path: Path) -> Typed | None:
    fact = context.facts.find(value)
    if fact is not None and not fact.numeric and fact.type != "boolean":
        return fact_value(fact, lag=0)
    before = len(context.faults.found)
    term, unit = context.value(value, path)
    return Typed(term, "number", unit) if len(context.faults.found) == before else None


def _band(context: Context, band: BandModel, value: str, looked_at: Typed | None, path: Path) -> Band:
    limits = [(attribute, op) for attribute, op in _LIMITS if getattr(band, attribute) is not None]
    short = bool(limits) or band.in_ is not None
    if (band.when is not None) + (band.otherwise is not None) + short != 1:
        context.faults.add(
            "a row wants one test",
            path,
            text=written(band.points[0]) + " points",
            remedy="Write limits (min, above, max, below, is, in), or when, or otherwise",
        )
    if band.otherwise is False:
        context.faults.add(
            "`otherwise` is true or absent", (*path, "otherwise"), text=False, remedy="Write otherwise: true"
        )
    if band.when is not None:
        return Band(context.condition(band.when, (*path, "when")), *band.points, band.when)
    if not short:
        return Band(None, *band.points)
    if not value:
        context.faults.add(
            "limits without a `value` to look at",
            path,
            text=written(band.points[0]) + " points",
            remedy="Add value: beside bands:",
        )
    texts: list[str] = []
    tests: list[t.Condition] = []
    for attribute, op in limits:
        limit = getattr(band, attribute)
        texts.append(f"{value} {op} {_shown(limit)}")
        tests.append(_limit(context, looked_at, op, [limit], (*path, attribute.rstrip("_"))))
    if band.in_ is not None:
        texts.append(f"{value} IN ({', '.join(map(_shown, band.in_))})")
        tests.append(_limit(context, looked_at, "=", band.in_, (*path, "in")))
    return Band(tests[0] if len(tests) == 1 else t.And(tuple(tests)), *band.points, " AND ".join(texts))


def _limit(
    context: Context, looked_at: Typed | None, op: t.Comparison, limits: Sequence[object], path: Path
) -> t.Condition:
    if looked_at is None:
        return REFUSED_CONDITION
    try:
        choices = [_typed_limit(context, looked_at, limit, path) for limit in limits]
        return compare(op, looked_at, choices[0]) if path[-1] != "in" else is_in(looked_at, choices)
    except TypeFault as fault:
        shown = ", ".join(written(limit) for limit in limits)
        error = RuleError(fault.message, text=shown, remedy=fault.remedy)
        context.faults.add_expression(error, path)
        return REFUSED_CONDITION


def _typed_limit(context: Context, looked_at: Typed, limit: object, path: Path) -> Typed:
    if isinstance(limit, str) and looked_at.kind == "number":
        term, unit = context.value(limit, path, written=looked_at.unit)
        return Typed(term, "number", unit)
    if isinstance(limit, str | date):
        return Typed(None, "string", NUMBER, name=str(limit))
    return Typed(t.Number(Fraction(cast("int", limit))), "literal", NUMBER)


def _shown(limit: object) -> str:
    if isinstance(limit, str) and not limit.startswith(":"):
        return f"'{limit}'"
    return written(limit)
