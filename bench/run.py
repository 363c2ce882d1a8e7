"""Run the benchmark: `make bench`, or `python bench/run.py --help`.

Builds what is missing (environments, rules, facts), asks every engine for the same verdicts and compares them with
the referee, then measures each way of each engine in a process of its own, and writes bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.cases import BACK_ENDS, CHECKED, ENGINES, MILLION, Way, back_ends, cases, extras  # noqa: E402
from bench.environments import python_of  # noqa: E402
from bench.model import distinct_leaves  # noqa: E402
from bench.outcome import Machine, Measurement, Outcome, Workloads  # noqa: E402
from bench.population import write_population  # noqa: E402
from bench.protocol import Job, Report  # noqa: E402
from bench.referee import compare  # noqa: E402
from bench.results import to_markdown, to_screen  # noqa: E402
from bench.rules import write_rules  # noqa: E402
from bench.workload import workload  # noqa: E402

OUT = ROOT / "bench" / "out"
CHECK_ROWS = 4_000
RESERVE = 2_000  # MB left to the rest of the machine


def main() -> None:
    """Read the options and run."""
    options = arguments()
    began = time.time()
    runner = Runner(options.codec)
    machine = describe(options, time.strftime("%Y-%m-%d"))
    sizes, policies = numbers(options.sizes), [int(each) for each in options.policies.split(",")]
    repeat, engines = (3 if options.quick else options.repeat), options.engines
    outcome = Outcome(machine, [measured(count) for count in policies])
    for count in policies:
        outcome.checks += runner.check(count, engines)
    work = [
        *cases(sizes=sizes, policies=policies, engines=engines),
        *back_ends([name for name in BACK_ENDS if getattr(options, name)], sizes=sizes, policies=policies),
        *(extras(sizes=sizes, policies=policies) if "kaiyuan" in engines else ()),
    ]
    for way, rows, count in work:
        outcome.measurements.append(runner.measure(way, rows, count, repeat))
        print(to_screen(outcome.measurements[-1]), flush=True)
    outcome.agreements = runner.agreements()
    machine.seconds = round(time.time() - began)
    text = to_markdown(outcome)
    (OUT / "results.json").write_text(json.dumps([each.plain() for each in outcome.measurements], indent=1))
    target = OUT / "RESULTS-quick.md" if options.quick else ROOT / "bench" / "RESULTS.md"
    target.write_text(text, encoding="utf-8")
    print(f"\n{text}\nwritten: {target.relative_to(ROOT)}")


def measured(policies: int) -> Workloads:
    """Give the size of the rulebook with this many policies."""
    work = workload(policies)
    return Workloads(policies, len(work.facts), len(work.columns), len(distinct_leaves(work.policies)))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Kaiyuan and its peers on the same work, in one run.")
    parser.add_argument(
        "--sizes", default="1e5,1e6,1e7", help="numbers of enterprises (default: %(default)s)"
    )
    parser.add_argument("--policies", default="20,200", help="numbers of policies (default: %(default)s)")
    parser.add_argument("--peers", default=",".join(ENGINES), help="engines, by name (default: all)")
    parser.add_argument("--repeat", type=int, default=5, help="repetitions of each measurement (default: 5)")
    parser.add_argument(
        "--codec", default="lz4", choices=("lz4", "snappy"), help="compression of the facts on disk"
    )
    parser.add_argument(
        "--postgres", action="store_true", help="the SQL on PostgreSQL too, reached by PGHOST and so on"
    )
    parser.add_argument("--spark", action="store_true", help="the SQL on Spark too, in local mode")
    parser.add_argument("--quick", action="store_true", help="10⁵ enterprises only, three repetitions")
    options = parser.parse_args()
    wanted = options.peers.lower().split(",")
    if unknown := set(wanted) - {engine.lower() for engine in ENGINES}:
        parser.error(f"no such engine: {', '.join(unknown)}. There are: {', '.join(ENGINES)}")
    options.engines = [engine for engine in ENGINES if engine.lower() in wanted]
    if options.quick:
        options.sizes = "1e5"
    return options


def numbers(text: str) -> list[int]:
    """Read `1e5,1e6` as whole numbers."""
    return sorted(int(float(each)) for each in text.split(","))


class Runner:
    """Starts the measuring processes and keeps what they need: environments, rules, facts."""

    def __init__(self, codec: str) -> None:
        self.codec = codec
        self.rules: dict[tuple[int, bool], Path] = {}
        OUT.mkdir(exist_ok=True)
        self.verdicts: dict[tuple[int, int, bool], dict[str, dict[str, list[int]]]] = {}

    def job(self, way: Way, rows: int, policies: int, repeat: int) -> Job:
        """Give the job's description, its rules and facts written if they are not there."""
        if (policies, way.shared) not in self.rules:
            self.rules[policies, way.shared] = write_rules(policies=policies, shared=way.shared, folder=OUT)
        facts = write_population(
            work=workload(1), rows=max(rows, 100_000), folder=OUT, codec=way.codec or self.codec
        )
        out = OUT / f"{way.peer}.arrow"
        return Job(
            way.peer,
            way.task,
            rows,
            policies,
            str(facts),
            str(out),
            str(self.rules[policies, way.shared]),
            repeat,
            way.limit,
            way.shared,
        )

    def check(self, policies: int, engines: list[str]) -> list[str]:
        """Compare every engine's verdicts on the first enterprises with the referee's; stop at a difference."""
        lines = []
        for make in CHECKED:
            way = make(task="check", text="check", span="check")
            if way.engine not in engines:
                continue
            job = self.job(way, CHECK_ROWS, policies, 1)
            report, error = self.start(way.environment, job)
            if report is None:
                lines.append(f"{way.engine}, {policies} policies: not checked, {error}")
                continue
            agreed, line = compare(
                work=workload(policies),
                facts=Path(job.facts),
                rows=CHECK_ROWS,
                found=Path(job.out).read_bytes(),
            )
            if not agreed:
                raise SystemExit(f"{way.engine} gives other verdicts than the referee: {line}")
            lines.append(f"{way.engine}, {policies} policies: {line}")
            Path(job.out).unlink()
        print("\n".join(lines), flush=True)
        return lines

    def measure(self, way: Way, rows: int, policies: int, repeat: int) -> Measurement:
        """Run one measurement in a fresh process; what cannot be run says why."""
        needed = way.memory * rows * policies // (200 * MILLION)
        if needed + RESERVE > free_memory():
            return Measurement(
                way, rows, policies, None, f"left out: needs about {needed // 1000 + 1} GB of memory"
            )
        job = self.job(way, rows, policies, min(repeat, 3) if rows > MILLION else repeat)
        report, error = self.start(way.environment, job)
        Path(job.out).unlink(missing_ok=True)
        if report is not None and report.counts and way.unknowns:
            key = (rows, policies, way.shared)
            self.verdicts.setdefault(key, {})[f"{way.engine} {way.task} {way.codec}"] = report.counts
        return Measurement(way, rows, policies, report, error)

    def start(self, environment: str, job: Job) -> tuple[Report | None, str]:
        """Start a process and read its report, or say why there is none."""
        paths = [str(ROOT), str(ROOT / "src")] if environment == "kaiyuan" else [str(ROOT)]
        command = [python_of(environment), "-m", f"bench.peers.{job.peer}", job.sent()]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=job.limit * job.repeat,
                check=False,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            )
        except subprocess.TimeoutExpired:
            return None, f"took more than {job.limit * job.repeat} s"
        if done.returncode:
            last = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
            return None, last[:200]
        return Report(**json.loads(done.stdout.strip().splitlines()[-1])), ""

    def agreements(self) -> list[str]:
        """Tell where engines with unknowns counted the same no, unknown and yes for every policy; stop if not."""
        lines = []
        for (rows, policies, shared), found in sorted(self.verdicts.items()):
            first = next(iter(found.values()))
            name = f"{rows:,} × {policies}{'' if shared else ', no threshold shared'}"
            apart = {way: moved(first, counts) for way, counts in found.items() if counts != first}
            # A decimal that lies on its threshold (453.3 ÷ 15.11 against 30) is decided exactly by Kaiyuan and by
            # the last binary digit elsewhere; more than one in a million verdicts would be another matter.
            if any(number * 1_000_000 > rows * policies for number in apart.values()):
                raise SystemExit(
                    f"counts differ at {name}: {', '.join(f'{w} by {n}' for w, n in apart.items())}"
                )
            lines.append(
                f"{name}: {len(found)} ways, the same counts of no, unknown and yes for every policy"
                + "".join(f"; but {way.strip()} by {number}" for way, number in apart.items())
            )
        return lines


def moved(first: dict[str, list[int]], other: dict[str, list[int]]) -> int:
    """Give how many verdicts at least must differ for two sets of counts."""
    return (
        sum(
            sum(abs(a - b) for a, b in zip(counts, other[name], strict=True))
            for name, counts in first.items()
        )
        // 2
    )


def free_memory() -> int:
    """Give how many MB are free, or a large number where the system does not say."""
    path = Path("/proc/meminfo")
    if not path.exists():
        return 10**9
    line = next(line for line in path.read_text().splitlines() if line.startswith("MemAvailable"))
    return int(line.split()[1]) // 1024


def describe(options: argparse.Namespace, day: str) -> Machine:
    """Describe the machine and the options."""
    info = Path("/proc/cpuinfo")
    model = (
        next(
            (
                line.split(":")[1].strip()
                for line in info.read_text().splitlines()
                if line.startswith("model name")
            ),
            platform.processor(),
        )
        if info.exists()
        else platform.processor()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 10**9
    load = os.getloadavg()[0]
    return Machine(
        day=day,
        processor=model,
        cores=os.cpu_count() or 0,
        memory=memory,
        system=platform.platform(),
        codec=options.codec,
        load=load,
        repeat=3 if options.quick else options.repeat,
        command=" ".join(["python -m bench.run", *sys.argv[1:]]),
    )


if __name__ == "__main__":
    main()
