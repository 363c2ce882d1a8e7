"""What a run found, as lines on the screen and as bench/RESULTS.md."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass, field

from bench.cases import MILLION, Way
from bench.protocol import Report

SPANS = {"files": "Parquet → Arrow file", "memory": "memory → memory", "server": ""}


@dataclass
class Machine:
    """Where and how the run was made."""

    day: str
    processor: str
    cores: int
    memory: int
    system: str
    codec: str
    load: float
    repeat: int
    command: str
    seconds: int = 0


@dataclass(frozen=True)
class Workloads:
    """The size of one rulebook."""

    policies: int
    facts: int
    columns: int
    distinct: int


@dataclass(frozen=True)
class Measurement:
    """One way of one engine at one size, or why there is no figure."""

    way: Way
    rows: int
    policies: int
    report: Report | None
    error: str = ""

    @property
    def variant(self) -> bool:
        """Tell whether this was measured to see what a choice is worth."""
        return not self.way.shared or bool(self.way.codec)

    @property
    def median(self) -> float:
        """Give the median of the wall times, in seconds."""
        assert self.report is not None
        return statistics.median(self.report.seconds)

    @property
    def cpu(self) -> str:
        """Give the median of the processor times, in seconds; empty when it was not taken."""
        assert self.report is not None
        return f"{statistics.median(self.report.cpu):.3f}" if self.report.cpu else ""

    @property
    def speed(self) -> float:
        """Give verdicts per second."""
        assert self.report is not None
        return self.report.verdicts / self.median

    def plain(self) -> dict[str, object]:
        """Give the measurement as plain values."""
        return {
            "engine": self.way.engine,
            "task": self.way.task,
            "rows": self.rows,
            "policies": self.policies,
            "error": self.error,
            **(asdict(self.report) | {"counts": None} if self.report else {}),
        }


@dataclass
class Outcome:
    """Everything a run found."""

    machine: Machine
    workloads: list[Workloads]
    checks: list[str] = field(default_factory=list)
    agreements: list[str] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)

    def find(self, engine: str, task: str, rows: int | None, policies: int) -> Measurement | None:
        """Give the measurement of a way, if it was made; `rows` None takes any size."""
        return next(
            (
                each
                for each in self.measurements
                if each.report is not None
                and each.way.engine == engine
                and each.way.task == task
                and rows in (None, each.rows)
                and each.policies == policies
                and not each.variant
            ),
            None,
        )

    def best(
        self, engine: str, rows: int, policies: int, *, span: str, explained: bool
    ) -> Measurement | None:
        """Give an engine's fastest way of one kind."""
        found = [
            each
            for each in self.measurements
            if each.report is not None
            and each.way.engine == engine
            and each.rows == rows
            and each.policies == policies
            and each.way.span == span
            and each.way.explained == explained
            and not each.variant
        ]
        return max(found, key=lambda each: each.speed, default=None)


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
- Facts on disk: Parquet, {machine.codec}, row groups of 131,072
- Each figure is the median of {machine.repeat} repetitions in a process of its own (3 at 10⁷); memory is that \
process's largest resident set{busy}"""


def _targets(outcome: Outcome) -> str:
    lines = ["## Targets", "", "| wanted | measured | |", "|---|---|---|"]
    for wanted, measured, reached in _goals(outcome):
        mark = "–" if reached is None else "reached" if reached else "**not reached**"
        lines.append(f"| {wanted} | {measured} | {mark} |")
    return "\n".join(lines)


def _goals(outcome: Outcome) -> list[tuple[str, str, bool | None]]:
    ours = outcome.find("kaiyuan", "files", MILLION, 200)
    explained = outcome.find("kaiyuan", "files_explained", MILLION, 200)
    memory = outcome.find("kaiyuan", "memory", MILLION, 200)
    goals: list[tuple[str, str, bool | None]] = []

    def ratio(text: str, mine: Measurement | None, theirs: Measurement | None, least: float | None) -> None:
        if mine is None or theirs is None:
            goals.append((text, "not measured in this run", None))
            return
        times = mine.speed / theirs.speed
        goals.append(
            (
                text,
                f"{times:,.1f} × ({mine.speed / MILLION:,.0f} against {theirs.speed / MILLION:,.3g} "
                f"M verdicts/s; {theirs.way.text})",
                None if least is None else times >= least,
            )
        )

    million = "10⁶ × 200, ours from disk to disk"
    fisca = "OpenFisca-core"
    ratio(
        f"≥ 6 × OpenFisca's verdicts, theirs in memory ({million})",
        ours,
        outcome.find(fisca, "verdicts", MILLION, 200),
        6,
    )
    ratio(
        "≥ 40 × OpenFisca with explanation, its trace given away",
        explained,
        outcome.find(fisca, "served", MILLION, 200),
        40,
    )
    ratio(
        "– the same, its traced vectors only kept in memory",
        explained,
        outcome.find(fisca, "explained", MILLION, 200),
        40,
    )
    ratio(
        "≥ 5 × Polars, its best in memory",
        ours,
        outcome.best("Polars", MILLION, 200, span="memory", explained=False),
        5,
    )
    ratio(
        "– the same, both from disk to disk",
        ours,
        outcome.best("Polars", MILLION, 200, span="files", explained=False),
        5,
    )
    ratio(
        "– the same, both in memory",
        memory,
        outcome.best("Polars", MILLION, 200, span="memory", explained=False),
        5,
    )
    zen = "zen-engine"
    ratio("≥ 1,000 × zen-engine, a graph per policy", ours, outcome.find(zen, "graphs", None, 200), 1000)
    ratio("– the same, as its documentation begins", ours, outcome.find(zen, "readme", None, 200), 1000)
    ratio("– the same, all policies in one compiled graph", ours, outcome.find(zen, "graph", None, 200), 1000)
    ratio("– the same, in its batch call", ours, outcome.find(zen, "batch", None, 200), 1000)
    large = outcome.find("kaiyuan", "files_explained", 10 * MILLION, 200)
    if large is not None and large.report is not None:
        peak = large.report.peak
        goals.append(("10⁷ × 200 with every condition's verdict under 1 GB", f"{peak:,} MB", peak < 1000))
        if explained is not None:
            times = large.median / explained.median
            goals.append(
                ("– and linear from 10⁶", f"{times:.1f} × the time for 10 × the enterprises", times <= 11)
            )
    change = outcome.find("kaiyuan", "whatif", None, 200)
    if change is not None and change.report is not None:
        share = change.report.extra["full ms"] / change.report.extra["changed ms"]
        goals.append(
            (
                "a changed threshold over 10⁵ enterprises in under 1/20 of a full evaluation",
                f"1/{share:.0f} ({change.report.extra['changed ms']:.2f} ms against "
                f"{change.report.extra['full ms']:.1f} ms)",
                share > 20,
            )
        )
    one = outcome.find("kaiyuan", "one", None, 200)
    if one is not None and one.report is not None:
        goals.append(
            (
                "one enterprise × 200 policies in single milliseconds",
                f"{one.report.extra['verdicts ms']:.2f} ms, with conditions and distances "
                f"{one.report.extra['all ms']:.2f} ms",
                one.report.extra["all ms"] < 10,
            )
        )
    return goals


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
    chosen = [
        each
        for each in outcome.measurements
        if each.policies == policies
        and each.way.span != "extra"
        and not each.variant
        and (each.rows == rows or each.way.sample)
    ]
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
                f"{each.speed / MILLION:,.0f} | {each.report.peak:,} |"
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
        f"{each.report.peak:,} | {_times(outcome, each, rows)} |"
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
                    f"{each.report.peak:,} |"
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
            f"{each.report.peak:,} |"
        )
    return "\n".join(lines)
