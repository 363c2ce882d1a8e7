"""What the project wants to reach, judged by what a run measured. Each goal stands beside its stricter readings."""

from __future__ import annotations

from bench.cases import MILLION
from bench.outcome import Measurement, Outcome

Goal = tuple[str, str, bool]


def goals_of(outcome: Outcome) -> list[Goal]:
    """Give for each goal that this run can judge: what is wanted, what was measured, whether it is reached."""
    ours = outcome.find("kaiyuan", "files", MILLION, 200)
    explained = outcome.find("kaiyuan", "files_explained", MILLION, 200)
    memory = outcome.find("kaiyuan", "memory", MILLION, 200)
    goals: list[Goal] = []

    def ratio(text: str, mine: Measurement | None, theirs: Measurement | None, least: float) -> None:
        if mine is None or theirs is None:
            return
        times = mine.speed / theirs.speed
        found = (
            f"{times:,.1f} × ({mine.speed / MILLION:,.0f} against {theirs.speed / MILLION:,.3g} M verdicts/s"
        )
        if mine.processor and theirs.processor:
            effort = theirs.processor / theirs.verdicts / (mine.processor / mine.verdicts)
            found += f"; for the same processor time {effort:,.1f} ×"
        goals.append((text, f"{found}; theirs: {theirs.way.text})", times >= least))

    million = "10⁶ × 200, ours from disk to disk"
    fisca = "OpenFisca-core"
    ratio(
        f"≥ 6 × OpenFisca's verdicts, theirs in memory ({million})",
        ours,
        outcome.find(fisca, "verdicts", MILLION, 200),
        6,
    )
    mapped = outcome.find_mapped("kaiyuan", "files")
    ratio(
        "– the same, our facts in a mapped Arrow file instead of Parquet",
        mapped,
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
    # Like with like first; then ours with files to read and write against theirs without.
    in_memory = outcome.best("Polars", MILLION, 200, span="memory", explained=False)
    on_disk = outcome.best("Polars", MILLION, 200, span="files", explained=False)
    ratio("≥ 5 × Polars at its best, both in memory (10⁶ × 200)", memory, in_memory, 5)
    ratio("– the same, both from Parquet to an Arrow file", ours, on_disk, 5)
    ratio(
        "– the same, both from a mapped Arrow file to an Arrow file",
        mapped,
        outcome.find_mapped("Polars", "files_conditions"),
        5,
    )
    ratio("– the same, ours from Parquet to an Arrow file, theirs in memory", ours, in_memory, 5)
    ratio(
        "– the same, ours from a mapped Arrow file to an Arrow file, theirs in memory", mapped, in_memory, 5
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
        verdicts, everything = one.report.extra["verdicts ms"], one.report.extra["all ms"]
        text = "one enterprise × 200 policies in single milliseconds"
        goals.append((text, f"{verdicts:.2f} ms", verdicts < 10))
        text = "– the same with 200 distances and 1,600 conditions, a column each"
        goals.append((text, f"{everything:.2f} ms", everything < 10))
    return goals
