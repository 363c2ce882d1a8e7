"""What a run found, as data: the machine, the measurements, and how to find one of them."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass, field

from bench.cases import Way
from bench.protocol import Report


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
    def verdicts(self) -> int:
        """Give the verdicts of one repetition."""
        assert self.report is not None
        return self.report.verdicts

    @property
    def processor(self) -> float | None:
        """Give the median of the processor times in seconds, all threads added up; None when it was not taken."""
        assert self.report is not None
        return statistics.median(self.report.cpu) if self.report.cpu else None

    @property
    def cpu(self) -> str:
        """Give the processor time as text, empty when it was not taken."""
        return "" if self.processor is None else f"{self.processor:.3f}"

    @property
    def peak(self) -> str:
        """Give the largest resident set in MB; a dash when the work ran in another process."""
        assert self.report is not None
        return f"{self.report.peak:,}" if self.report.peak else "–"

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

    def find_mapped(self, engine: str, task: str) -> Measurement | None:
        """Give the measurement of a way at 10⁶ × 200 over facts in a mapped Arrow file, if it was made."""
        return next(
            (
                each
                for each in self.measurements
                if each.report is not None
                and (each.way.engine, each.way.task, each.way.codec) == (engine, task, "arrow")
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
