"""From the facts in the site's database to all verdicts, against the command line on the same table.

    python bench/site_facts.py [--enterprises 100000] [--repeat 5]

100,000 enterprises, twenty facts of a year, three years each, lie in the database as some 5.5 million observations
(bench/site_zone.py). The one side reads them as known now, makes the canonical table, decides every rule and writes
decisions.arrow; the other is `kaiyuan match` on that table as an Arrow file. Each side is a process of its own; they
take turns. The command line is timed from its start to its end. The database is timed twice: so, and as in a site that
runs already, from the asking for the table to the decisions on disk. The decisions must be the same to the byte.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
GOAL = 3.0
Times = tuple[float, float, float, float]


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
    run("write", asked)
    command = "from kaiyuan.cli.main import run; run()"
    match = [sys.executable, "-c", command, "match", str(folder / "facts.arrow"), "--on", ON.isoformat()]
    match += ["--pack", "national", "--pack", "demo", "--out", str(folder / "by-file")]
    sides: dict[str, list[Times]] = {"command line": [], "database": []}
    for _ in range(asked.repeat):
        sides["command line"].append(timed(match))
        sides["database"].append(run("database", asked))
    same = (folder / "by-file" / "decisions.arrow").read_bytes() == (
        folder / "by-database" / "decisions.arrow"
    ).read_bytes()
    report(asked, sides, same)


def one(what: str, enterprises: int) -> None:
    """Do one side in this process."""
    import pyarrow as pa

    from bench.site_zone import AT, CODE, ON, ready

    folder = ready(enterprises)
    from kaiyuan.apps.facts.queries import table
    from kaiyuan.apps.facts.rules import rules_of
    from kaiyuan.apps.zones.models import Zone
    from kaiyuan.matching.run import run as decide
    from kaiyuan.rulebook import compile_plan

    zone = Zone.objects.get(code=CODE).pk
    rules = rules_of(zone)
    asked_at = time.perf_counter()
    plan = compile_plan(rules, on=ON)
    facts = table(zone_id=zone, as_of=ON, known_at=AT, names=plan.columns())
    read_at = time.perf_counter()
    if what == "write":
        with pa.ipc.new_file(folder / "facts.arrow", facts.schema) as out:
            out.write_batch(facts)
        return
    decide(plan=plan, batches=[facts], out=folder / "by-database")
    sys.stderr.write(f"table {read_at - asked_at:.3f} decided {time.perf_counter() - asked_at:.3f}\n")


def run(what: str, asked: argparse.Namespace) -> Times:
    """Do one side in a process of its own."""
    command = [sys.executable, __file__, "--one", what, "--enterprises", str(asked.enterprises)]
    return timed(command)


def timed(command: list[str]) -> Times:
    """Give whole time, processor time and, where the process tells them, until the table and until the decisions."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = re.search(r"table ([\d.]+) decided ([\d.]+)", done.stderr)
    return took, spent, float(told[1]) if told else took, float(told[2]) if told else took


def report(asked: argparse.Namespace, sides: dict[str, list[Times]], same: bool) -> None:
    """Write what was measured to bench/out and to the terminal."""
    middle = {
        side: [statistics.median(column) for column in zip(*runs, strict=True)]
        for side, runs in sides.items()
    }
    line, base = middle["command line"], middle["database"]
    lines = [
        f"# From facts in the database to all verdicts: {asked.enterprises:,} enterprises × 20 facts × 3 years",
        "",
        f"SQLite, {os.cpu_count()} processors, medians of {asked.repeat} runs in turns; load {os.getloadavg()[0]:.1f}.",
        "",
        "| side | seconds | of the command line | processor, s |",
        "|---|---:|---:|---:|",
        f"| command line, whole process | {line[0]:.2f} | 1 | {line[1]:.2f} |",
        f"| database → Arrow, in a site that runs | {base[2]:.2f} | {base[2] / line[0]:.2f} × | |",
        f"| database → Arrow → all verdicts, in a site that runs | {base[3]:.2f} | **{base[3] / line[0]:.2f} ×** | |",
        f"| database, whole process | {base[0]:.2f} | {base[0] / line[0]:.2f} × | {base[1]:.2f} |",
        "",
        f"Goal: within {GOAL:g} ×. Decisions {'equal to the byte' if same else 'DIFFER'}.",
    ]
    out = ROOT / "bench" / "out" / "site_facts.md"
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    if not same:
        raise SystemExit("the two sides decided differently")


if __name__ == "__main__":
    main()
