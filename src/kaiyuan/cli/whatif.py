"""`kaiyuan whatif`: who gains, who loses and what it costs if a rule were different."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from kaiyuan.cli import options as o
from kaiyuan.cli import screen
from kaiyuan.errors import InputError
from kaiyuan.matching import open_population
from kaiyuan.packs import replaced_policy
from kaiyuan.rulebook import compile_plan, what_if


def whatif(
    files: o.Files,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter and its other value; may be repeated."),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="A rulebook file that takes the place of its namesake.")
    ] = None,
    pack: o.Packs = None,
    on: o.On = None,
    mapping: o.MappingFile = None,
    sheet: o.Sheet = None,
    lang: o.Lang = "zh",
    as_json: o.AsJson = False,
) -> None:
    """Tell who would gain, lose or become unknown, and the cost, under changed parameters or a replaced policy."""
    rules, lang = o.rules_of(pack), o.language(lang)
    changes = dict(_change(each) for each in setting or ())
    if not changes and policy is None:
        raise InputError("nothing is changed", text="whatif", remedy="Add --set NAME=VALUE or --policy FILE")
    plan = compile_plan(rules, on=o.day(on))
    population = open_population(files, facts=rules.facts, on=plan.on, mapping=mapping, sheet=sheet)
    with screen.progress_bar(shown=not as_json) as progress:
        result = what_if(
            plan=plan,
            batches=population.batches(progress=progress),
            parameters=changes,
            rules=None if policy is None else replaced_policy(rules, policy),
        )
    if as_json:
        o.show_json(result.plain())
    else:
        screen.show_what_if(result, lang)


def _change(text: str) -> tuple[str, str]:
    name, sign, value = (part.strip() for part in text.partition("="))
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not sign or not name or not number.is_finite():
        raise InputError(
            "this is not a change of a parameter",
            text=text,
            remedy="Write NAME=VALUE, as in revenue_floor=1200",
        )
    if number and not -9 <= number.adjusted() <= 15:
        raise InputError(
            "this value is out of range", text=text, remedy="Write it in the parameter's own unit"
        )
    return name, value
