"""How a peer's process is told what to do and tells what it measured: one JSON object in, one line of JSON out.

Each measurement is a fresh process in the peer's own environment. It prepares (imports, rules, data where the peer
holds it in memory), then repeats the work and reports every wall time and its own peak memory. Only the standard
library is used here.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

NO, UNKNOWN, YES = 0, 1, 2
ENOUGH = 20.0  # seconds


@dataclass(frozen=True)
class Job:
    """One measurement, or (task `check`) the first `rows` verdicts written to `out`."""

    peer: str  # the module bench.peers.<peer>
    task: str
    rows: int
    policies: int
    facts: str  # the Parquet file
    out: str  # a file the task may write
    rules: str  # the folder with the policies in every language
    repeat: int = 3
    limit: int = 240  # seconds before the process is ended
    shared: bool = True
    memory: int = 0  # MB that must be free, else the job is left out

    @classmethod
    def received(cls) -> Job:
        """Read the job from the command line of this process."""
        return cls(**json.loads(sys.argv[1]))

    def sent(self) -> str:
        """Give the job as a command-line argument."""
        return json.dumps(asdict(self))


@dataclass
class Report:
    """What a process measured."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # processor seconds of all threads, beside each wall time
    verdicts: int = 0  # verdicts given in one repetition
    prepared: float = 0.0  # seconds before the work began
    peak: int = 0  # MB, the process's largest resident set
    counts: dict[str, list[int]] = field(default_factory=dict)  # per policy: no, unknown, yes
    versions: dict[str, str] = field(default_factory=dict)
    extra: dict[str, float] = field(default_factory=dict)


def measure(job: Job, work: Callable[[], object], report: Report) -> object:
    """Repeat the work, noting each wall time; give the last result. Results are freed between repetitions.

    Work of many seconds is repeated three times only.
    """
    result: object = None
    for _ in range(job.repeat):
        result = None
        gc.collect()
        start, cpu = time.perf_counter(), time.process_time()
        result = work()
        report.seconds.append(time.perf_counter() - start)
        report.cpu.append(time.process_time() - cpu)
        if sum(report.seconds) > ENOUGH and len(report.seconds) >= 3:
            break
    report.peak = peak()
    return result


def peak() -> int:
    """Give this process's largest resident set so far, in MB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used / 1000 if sys.platform != "darwin" else used / 1_000_000)


def versions(*names: str) -> dict[str, str]:
    """Give the installed versions of these packages and of Python."""
    found = {"python": sys.version.split()[0]}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def write_codes(path: str, codes: Iterable[bytes]) -> None:
    """Write verdict codes for a check: one byte per row, policy after policy."""
    Path(path).write_bytes(b"".join(codes))


def answer(report: Report) -> None:
    """Print the report as the process's last line."""
    print(json.dumps(asdict(report)))
