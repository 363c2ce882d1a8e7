"""What a run found, as lines on the screen and as bench/RESULTS.md."""

from __future__ import annotations

from bench.cases import ENGINES, MILLION
from bench.goals import goals_of
from bench.outcome import Measurement, Outcome

SPANS = {"files": "Parquet → Arrow file", "memory": "memory → memory", "server": ""}


def to_screen(measurement: Measurement) -> str:
    """Give one line for the screen."""
    head = f"{measurement.way.engine:16}{measurement.way.task:22}{measurement.rows:>11,} ×{measurement.policies:>4}"
    if measurement.report is None:
        return f"{head}  {measurement.error}"
    return (
        f"{head}{measurement.median:>10.3f} s{measurement.cpu:>9} cpu{measurement.speed / MILLION:>10.3f} M verdicts/s"
        f"{measurement.report.peak:>8,} MB"
    )


def to_markdown(outcome: Outcome) -> str:
    """Give the whole report."""
    parts = [_head(outcome), _targets(outcome), _checks(outcome)]
    for policies in sorted({each.policies for each in outcome.measurements}):
        for rows in sorted({each.rows for each in outcome.measurements if not each.way.sample}):
            parts.append(_table(outcome, rows, policies))
    return "\n\n".join([*filter(None, parts), _variants(outcome), _extras(outcome)]) + "\n"


def _head(outcome: Outcome) -> str:
    machine = outcome.machine
    versions: dict[str, str] = {}
    for each in outcome.measurements:
        if each.report is not None:
            versions |= each.report.versions
    books = "; ".join(
        f"{each.policies} policies with {each.policies * 8:,} conditions, {each.distinct} of them distinct"
        for each in outcome.workloads
    )
    busy = (
        ""
        if machine.load < 0.5
        else (
            f"\n\n**The machine was busy when the run began (load {machine.load:.1f}): these figures are rough.**"
        )
    )
    return f"""# Results

Written by `{machine.command}` on {machine.day}, in {machine.seconds // 60} min {machine.seconds % 60} s. \
What each engine is asked, and what it does not do, stands in [README.md](README.md).

- Machine: {machine.processor}, {machine.cores} cores, {machine.memory} GB, {machine.system}
- Versions: {", ".join(f"{name} {number}" for name, number in versions.items())}
- Work: {outcome.workloads[0].facts} facts in {outcome.workloads[0].columns} columns, 5 % missing; {books}
- Facts on disk: Parquet, {machine.codec}, row groups of 262,144
- Each figure is the median of {machine.repeat} repetitions in a process of its own (3 at 10⁷); memory is that \
process's largest resident set{busy}"""


def _targets(outcome: Outcome) -> str:
    goals = goals_of(outcome)
    lines = ["## Goals", "", "| wanted | measured | |", "|---|---|---|"]
    lines += [
        f"| {wanted} | {found} | {'reached' if reached else '**not reached**'} |"
        for wanted, found, reached in goals
    ]
    return "\n".join(lines) if goals else ""


def _checks(outcome: Outcome) -> str:
    lines = [
        "## The same verdicts",
        "",
        "Against the referee's exact arithmetic, on the first 4,000 enterprises:",
        "",
    ]
    lines += [f"- {line}" for line in outcome.checks]
    if outcome.agreements:
        lines += ["", "On whole populations, among the engines that know unknowns:", ""]
        lines += [f"- {line}" for line in outcome.agreements]
    return "\n".join(lines)


def _table(outcome: Outcome, rows: int, policies: int) -> str:
    sizes = {each.rows for each in outcome.measurements if not each.way.sample}
    sampled = rows == (
        MILLION if MILLION in sizes else max(sizes)
    )  # engines that are sampled stand in one table
    chosen = [
        each
        for each in outcome.measurements
        if each.policies == policies
        and each.way.span != "extra"
        and not each.variant
        and (sampled if each.way.sample else each.rows == rows)
    ]
    chosen.sort(key=lambda each: ENGINES.index(each.way.engine))
    lines = [
        f"## {rows:,} enterprises × {policies} policies",
        "",
        "| engine | way | from → to | median s (least–most) | CPU s | M verdicts/s | peak MB | Kaiyuan, disk / memory |",
        "|---|---|---|---:|---:|---:|---:|---:|",
    ]
    lines += [_row(outcome, each, rows) for each in chosen]
    return "\n".join(lines) if any(each.rows == rows for each in chosen) else ""


def _variants(outcome: Outcome) -> str:
    lines = [
        "## What two choices are worth, 1,000,000 × 200",
        "",
        "| engine | way | median s | CPU s | M verdicts/s | peak MB |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for each in outcome.measurements:
        if each.variant and each.report is not None:
            lines.append(
                f"| {each.way.engine} | {each.way.text}; {SPANS[each.way.span]} | {each.median:.3f} | {each.cpu} | "
                f"{each.speed / MILLION:,.0f} | {each.peak} |"
            )
    return "\n".join(lines) if len(lines) > 4 else ""


def _row(outcome: Outcome, each: Measurement, rows: int) -> str:
    span = SPANS[each.way.span]
    notes = [each.way.text]
    if not each.way.unknowns:
        notes.append("no unknowns")
    if each.report is None:
        return f"| {each.way.engine} | {'; '.join(notes)} | {span} | {each.error} | | | | |"
    if each.way.sample:
        notes.append(f"sample of {int(each.report.extra['rows']):,}")
    seconds = each.report.seconds
    spread = f"{each.median:.3f} ({min(seconds):.3f}–{max(seconds):.3f})"
    return (
        f"| {each.way.engine} | {'; '.join(notes)} | {span} | {spread} | {each.cpu} | {each.speed / MILLION:,.3g} | "
        f"{each.peak} | {_times(outcome, each, rows)} |"
    )


def _times(outcome: Outcome, each: Measurement, rows: int) -> str:
    """How many times faster Kaiyuan is at the same kind of answer: from disk to disk, and in memory."""
    if each.way.engine == "kaiyuan":
        return ""
    found = []
    for span in ("files", "memory"):
        mine = outcome.find(
            "kaiyuan", f"{span}_explained" if each.way.explained else span, rows, each.policies
        )
        skip = mine is None or (span == "memory" and each.way.span == "files")
        found.append("–" if skip or mine is None else f"{mine.speed / each.speed:,.1f} ×")
    return " / ".join(found)


def _extras(outcome: Outcome) -> str:
    lines = [
        "## Growth, one enterprise, one change",
        "",
        "| | median s | CPU s | M verdicts/s | peak MB |",
        "|---|---:|---:|---:|---:|",
    ]
    for task, text in (
        ("files", "verdicts"),
        ("files_explained", "every condition's verdict too"),
        ("files_all", "conditions, distances, score ranges and the summary too"),
    ):
        for each in outcome.measurements:
            wanted = each.way.engine == "kaiyuan" and each.way.task == task and not each.variant
            if wanted and each.report is not None and each.policies == 200:
                lines.append(
                    f"| {each.rows:,} × 200, {text} | {each.median:.3f} | {each.cpu} | {each.speed / MILLION:,.0f} | "
                    f"{each.peak} |"
                )
    for each in outcome.measurements:
        if each.way.span != "extra":
            continue
        if each.report is None:
            lines.append(f"| {each.way.task} | {each.error} | | | |")
            continue
        extra = ", ".join(f"{name} {value:.4g}" for name, value in each.report.extra.items())
        lines.append(
            f"| {each.way.task}, {each.rows:,} × {each.policies}: {extra} | {each.median:.4f} | {each.cpu} | | "
            f"{each.peak} |"
        )
    return "\n".join(lines)
