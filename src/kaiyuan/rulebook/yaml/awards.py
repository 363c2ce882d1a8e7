"""Amounts of money: awards, how several of them meet, and budgets."""

from __future__ import annotations

from collections.abc import Sequence

from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.model import Award, Budget, Stacking
from kaiyuan.rulebook.units import FEN_PER_YUAN, Unit, unit
from kaiyuan.rulebook.yaml.context import REFUSED_NUMBER, Context, words
from kaiyuan.rulebook.yaml.fields import written
from kaiyuan.rulebook.yaml.nodes import Path
from kaiyuan.rulebook.yaml.schema import AwardModel, BudgetModel, StackingModel

_OWN_KEYS: dict[str, tuple[str, ...]] = {
    "highest_only": (),
    "cap_per_firm": ("cap", "unit"),
    "exclude_if_funded": ("when",),
}


def read_award(context: Context, model: AwardModel, path: Path) -> Award:
    """Give an award with its amounts in 元."""
    money = context.money_unit(model.unit, (*path, "unit"))
    if (model.amount is None) == (model.base is None) or (model.base is None) != (model.rate is None):
        context.faults.add(
            "an award is either an amount, or a rate and a base",
            path,
            text=[key for key in ("amount", "rate", "base") if getattr(model, key) is not None],
            remedy="Write amount: 30, or rate: 0.1 with base: 研发费用",
        )
    base_key = "amount" if model.amount is not None else "base"
    base = getattr(model, base_key)
    step, rounding = 1, model.round.mode if model.round is not None else "half_up"
    if model.round is not None and model.round.to != "分":
        # 分 is a fen here; as the unit of a fact it is a point.
        step = int(unit(model.round.to).factor * FEN_PER_YUAN)
    return Award(
        base=context.amount(base, (*path, base_key), written=money) if base is not None else REFUSED_NUMBER,
        unit=money,
        rate=context.amount(model.rate, (*path, "rate")) if model.rate is not None else None,
        cap=_money(context, model, "cap", money, path),
        floor=_money(context, model, "floor", money, path),
        already_paid=_money(context, model, "already_paid", money, path),
        step=step,
        rounding=rounding,
        text=_formula(model),
    )


def _money(context: Context, model: AwardModel, key: str, money: Unit, path: Path) -> t.Numeric | None:
    content = getattr(model, key)
    return context.amount(content, (*path, key), written=money) if content is not None else None


def _formula(model: AwardModel) -> str:
    def shown(content: object) -> str:
        return content if isinstance(content, str) else f"{written(content)} {model.unit}"

    text = (
        shown(model.amount) if model.amount is not None else f"{written(model.rate)} * ({shown(model.base)})"
    )
    if model.floor is not None:
        text = f"max({shown(model.floor)}, {text})"
    if model.cap is not None:
        text = f"min({shown(model.cap)}, {text})"
    return f"{text} - {shown(model.already_paid)}" if model.already_paid is not None else text


def read_stacking(context: Context, models: Sequence[StackingModel]) -> tuple[Stacking, ...]:
    """Give the rules on how awards to one firm meet; caps in 元."""
    result: list[Stacking] = []
    _refuse_double_ids(context, [model.id for model in models], "stacking")
    for index, model in enumerate(models):
        path: Path = ("stacking", index)
        own = _OWN_KEYS[model.rule]
        for key in ("cap", "unit", "when"):
            given = getattr(model, key) is not None
            if given and key not in own:
                context.faults.add(
                    f"{model.rule} takes no `{key}`",
                    (*path, key),
                    text=key,
                    key=True,
                    remedy="Take it out, or choose another rule",
                )
            elif not given and key in own:
                context.faults.add(
                    f"{model.rule} has no `{key}`", path, text=model.id, remedy=f"Add `{key}:`"
                )
        _refuse_double_names(context, model.of, (*path, "of"))
        money = (
            context.money_unit(model.unit, (*path, "unit"))
            if model.unit is not None and "unit" in own
            else None
        )
        cap = (
            context.amount(model.cap, (*path, "cap"), written=money)
            if model.cap is not None and money
            else None
        )
        when = context.condition(model.when, (*path, "when")) if model.when is not None else None
        result.append(
            Stacking(model.id, words(model), model.clause, model.rule, tuple(model.of), cap, money, when)
        )
    return tuple(result)


def read_budgets(context: Context, models: Sequence[BudgetModel]) -> tuple[Budget, ...]:
    """Give the budgets; amounts in 元. Without `order` dates come earliest first and numbers largest first."""
    _refuse_double_ids(context, [model.id for model in models], "budgets")
    return tuple(_budget(context, model, ("budgets", index)) for index, model in enumerate(models))


def _budget(context: Context, model: BudgetModel, path: Path) -> Budget:
    money = context.money_unit(model.unit, (*path, "unit"))
    _refuse_double_names(context, model.of, (*path, "of"))
    rank_by: t.Numeric | tuple[str, int] | None = None
    fact = context.facts.find(model.rank_by) if model.rank_by is not None else None
    if model.when_short == "ranked" and model.rank_by is None:
        context.faults.add(
            "a ranked budget has no `rank_by`", path, text=model.id, remedy="Add rank_by: and what is ranked"
        )
    if model.when_short == "pro_rata" and model.rank_by is not None:
        context.faults.add(
            "pro_rata takes no `rank_by`",
            (*path, "rank_by"),
            text=model.rank_by,
            key=True,
            remedy="Take it out: all are cut alike",
        )
    if model.rank_by is None and model.order is not None:
        context.faults.add(
            "`order` without `rank_by`",
            (*path, "order"),
            text=model.order,
            key=True,
            remedy="Add rank_by:, or take order out",
        )
    if fact is not None and fact.type == "date":
        rank_by = (fact.name, 0)
    elif model.rank_by is not None:
        rank_by, _ = context.value(model.rank_by, (*path, "rank_by"))
    return Budget(
        id=model.id,
        words=words(model),
        clause=model.clause,
        amount=context.amount(model.amount, (*path, "amount"), written=money),
        unit=money,
        year=model.year,
        of=tuple(model.of),
        when_short=model.when_short,
        rank_by=rank_by,
        rank_text=model.rank_by or "",
        descending=model.order == "desc" if model.order is not None else not isinstance(rank_by, tuple),
    )


def _refuse_double_ids(context: Context, ids: Sequence[str], part: str) -> None:
    for index, identifier in enumerate(ids):
        if identifier in ids[:index]:
            context.faults.add(
                f"two entries of {part} have this id",
                (part, index, "id"),
                text=identifier,
                remedy="Give each an id of its own",
            )


def _refuse_double_names(context: Context, names: Sequence[str], path: Path) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            context.faults.add(
                "this assessment is named twice", (*path, index), text=name, remedy="Name it once"
            )
