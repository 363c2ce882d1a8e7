"""The whole job: files of enterprises and rules in, decisions, rejects and a summary out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaiyuan.matching.engines import Engine, run_on_engine
from kaiyuan.matching.population import Population, Progress
from kaiyuan.matching.run import RunOptions, RunOutcome, run
from kaiyuan.matching.summarise import summarise
from kaiyuan.matching.summary import Summary
from kaiyuan.rulebook.plan import Plan
from kaiyuan.sheets import RejectWriter


@dataclass(frozen=True)
class Job:
    """What a job gave: the summary, the account of the files, and the folder with its files."""

    summary: Summary
    account: list[dict[str, Any]]
    outcome: RunOutcome
    out: Path


def match_files(
    *,
    plan: Plan,
    population: Population,
    packs: tuple[str, ...],
    out: Path,
    engine: Engine = Engine.local,
    options: RunOptions | None = None,
    progress: Progress | None = None,
) -> Job:
    """Decide every assessment of a plan on every row of a population, and write all there is to write.

    Written to `out`: `decisions.arrow`, `awards.arrow` (if a rule awards money), `rejects.csv`, `summary.json`.
    """
    out.mkdir(parents=True, exist_ok=True)
    options = options or RunOptions()
    notes: tuple[str, ...] = ()
    with RejectWriter(out / "rejects.csv") as rejects:
        if engine is Engine.local:
            batches = population.batches(rejects=rejects, progress=progress)
            outcome = run(plan=plan, batches=batches, out=out, options=options)
        else:
            outcome = run_on_engine(
                engine,
                plan=plan,
                population=population,
                out=out,
                rejects=rejects,
                answers=options.answers,
                progress=progress,
            )
            notes = ("stacking, budgets and missing facts are settled by the local engine only",)
    summary = summarise(
        outcome,
        plan=plan,
        packs=packs,
        engine=engine.value,
        notes=notes,
        sources=population.names,
        rows_read=population.rows_read,
        rows_rejected=population.rows_rejected,
    )
    account = population.account()
    write_summary(out / "summary.json", summary, account)
    return Job(summary, account, outcome, out)


def write_summary(path: Path, summary: Summary, account: list[dict[str, Any]]) -> None:
    """Write a summary with the account of its files as JSON."""
    text = json.dumps({**summary.data(), "files": account}, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
