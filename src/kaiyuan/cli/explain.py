"""`kaiyuan explain`: why one enterprise has the answers it has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaiyuan.cli import options as o
from kaiyuan.cli import screen
from kaiyuan.cli.explanation_view import explanation_view, overview
from kaiyuan.errors import InputError
from kaiyuan.matching import open_population
from kaiyuan.reports.explanation_data import explanation_data
from kaiyuan.reports.explanation_html import explanation_html
from kaiyuan.rulebook import compile_plan
from kaiyuan.rulebook import explain as explain_decision


def explain(
    files: o.Files,
    subject: Annotated[str, typer.Option("--subject", "-s", help="Credit code or name of the enterprise.")],
    assessment: Annotated[
        list[str] | None,
        typer.Option("--assessment", "-a", help="An assessment's id; may be repeated. Default: all."),
    ] = None,
    pack: o.Packs = None,
    on: o.On = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page instead; needs one --assessment.")
    ] = None,
    mapping: o.MappingFile = None,
    sheet: o.Sheet = None,
    lang: o.Lang = "zh",
    as_json: o.AsJson = False,
) -> None:
    """Explain the answers on one enterprise: each condition with citation, value, threshold, gap, source and date."""
    rules, lang = o.rules_of(pack), o.language(lang)
    plan = compile_plan(rules, on=o.day(on))
    population = open_population(files, facts=rules.facts, on=plan.on, mapping=mapping, sheet=sheet)
    batch, row = population.find(subject)
    names = assessment or [a.id for a in plan.assessments]
    explanations = [explain_decision(plan=plan, batch=batch, row=row, assessment=name) for name in names]
    if html is not None:
        if len(explanations) != 1:
            raise InputError(
                "a page shows one assessment",
                text=f"{len(explanations)} assessments",
                remedy="Add --assessment ID",
            )
        html.write_text(explanation_html(explanations[0], lang=lang), encoding="utf-8")
        screen.console().print(str(html))
    elif as_json:
        o.show_json([explanation_data(each) for each in explanations])
    elif assessment:
        for each in explanations:
            screen.console().print(explanation_view(each, lang=lang))
    else:
        screen.console().print(overview(explanations, lang=lang))
