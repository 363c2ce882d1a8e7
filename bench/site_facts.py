"""From the facts in the site's database to all verdicts, against the command line on the same table.

    python bench/site_facts.py [--enterprises 100000] [--repeat 5]

100,000 enterprises, twenty facts of a year, three years each, lie in the database as some 5.5 million observations
(bench/site_zone.py). The one side reads them as known now, makes the canonical table, decides every rule and writes
decisions.arrow; the other is `kaiyuan match` on that table as an Arrow file. Each side is a process of its own, timed
from its start to its end; they take turns. The decisions of both must be the same to the byte.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
GOAL = 3.0


def main() -> None:
    """Measure and tell."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--enterprises", type=int, default=100_000)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--one", choices=("write", "database"), help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        one(asked.one, asked.enterprises)
        return
    from bench.site_zone import ON, ready

    folder = ready(asked.enterprises)
    run("write", asked, folder)
    command = "from kaiyuan.cli.main import run; run()"
    match = [sys.executable, "-c", command, "match", str(folder / "facts.arrow"), "--on", ON.isoformat()]
    match += ["--pack", "national", "--pack", "demo", "--out", str(folder / "by-file")]
    sides: dict[str, list[tuple[float, float, float]]] = {"command line": [], "database": []}
    for _ in range(asked.repeat):
        sides["command line"].append(timed(match))
        sides["database"].append(run("database", asked, folder))
    same = (folder / "by-file" / "decisions.arrow").read_bytes() == (
        folder / "by-database" / "decisions.arrow"
    ).read_bytes()
    report(asked, sides, same)


def one(what: str, enterprises: int) -> None:
    """Do one side in this process."""
    import pyarrow as pa

    from bench.site_zone import AT, CODE, ON, ready

    began = time.perf_counter()
    folder = ready(enterprises)
    from kaiyuan.apps.facts.queries import table
    from kaiyuan.apps.facts.rules import rules_of
    from kaiyuan.apps.zones.models import Zone
    from kaiyuan.matching.run import run as decide
    from kaiyuan.rulebook import compile_plan

    zone = Zone.objects.get(code=CODE).pk
    plan = compile_plan(rules_of(zone), on=ON)
    ready_at = time.perf_counter()
    facts = table(zone_id=zone, as_of=ON, known_at=AT, names=plan.columns())
    read_at = time.perf_counter()
    if what == "write":
        with pa.ipc.new_file(folder / "facts.arrow", facts.schema) as out:
            out.write_batch(facts)
        return
    decide(plan=plan, batches=[facts], out=folder / "by-database")
    sys.stderr.write(
        f"{ready_at - began:.2f} {read_at - ready_at:.2f} {time.perf_counter() - read_at:.2f} {facts.num_rows}\n"
    )


def run(what: str, asked: argparse.Namespace, folder: Path) -> tuple[float, float, float]:
    """Do one side in a process of its own; give its wall time, its processor time and how long the table took."""
    command = [sys.executable, __file__, "--one", what, "--enterprises", str(asked.enterprises)]
    return timed(command)


def timed(command: list[str]) -> tuple[float, float, float]:
    """Give wall time, processor time and, where the process tells it, the time that the table took."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    told = done.stderr.split()
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, spent, float(told[-3]) if len(told) >= 4 and told[-1].isdigit() else 0.0


def report(asked: argparse.Namespace, sides: dict[str, list[tuple[float, float, float]]], same: bool) -> None:
    """Write what was measured to bench/out and to the terminal."""
    middle = {
        side: [statistics.median(column) for column in zip(*runs, strict=True)]
        for side, runs in sides.items()
    }
    ratio = middle["database"][0] / middle["command line"][0]
    lines = [
        f"# From facts in the database to all verdicts: {asked.enterprises:,} enterprises × 20 facts × 3 years",
        "",
        f"SQLite, {os.cpu_count()} processors, medians of {asked.repeat} runs in turns; load {os.getloadavg()[0]:.1f}.",
        "",
        "| side | whole process, s | least | processor, s | database → Arrow, s |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {side} | {middle[side][0]:.2f} | {min(run[0] for run in runs):.2f} | {middle[side][1]:.2f} | "
            f"{f'{middle[side][2]:.2f}' if middle[side][2] else '–'} |"
            for side, runs in sides.items()
        ),
        "",
        f"Database / command line: **{ratio:.2f} ×** (goal: within {GOAL:g} ×). "
        f"Decisions {'equal to the byte' if same else 'DIFFER'}.",
    ]
    out = ROOT / "bench" / "out" / "site_facts.md"
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    if not same:
        raise SystemExit("the two sides decided differently")


if __name__ == "__main__":
    main()
