"""OpenFisca-core: vectors over the whole population in memory; no unknowns, so missing facts take their default.

Timed is only `calculate`, policy after policy; building the population and setting its facts is not. `verdicts`,
`explained` and `shared` are the three ways of bench/dialects/openfisca_source.py; the last two with the tracer on,
which keeps each condition's vector and what it was calculated from. `served` is `explained`, and then the trace as
OpenFisca gives it away (its web API's /trace): `get_serialized_flat_trace`, every vector as a list.
"""

from __future__ import annotations

import runpy
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core.simulations import Simulation, SimulationBuilder

from bench.model import FEN_PER_WAN, Term, Workload
from bench.protocol import NO, YES, Job, Report, answer, measure, versions, write_codes
from bench.workload import YEAR, workload

Column = npt.NDArray[Any]


def main() -> None:
    job = Job.received()
    warnings.filterwarnings("ignore")
    np.seterr(all="ignore")
    start = time.perf_counter()
    work = workload(job.policies, shared=job.shared)
    way = {"check": "verdicts", "served": "explained"}.get(job.task, job.task)
    system = runpy.run_path(str(Path(job.rules) / f"policies_openfisca_{way}.py"))["SYSTEM"]
    file = pq.ParquetFile(job.facts)
    columns = {term: column(file, work, term, job.rows) for term in work.columns}
    report = Report(verdicts=job.rows * job.policies, versions=versions("OpenFisca-Core", "numpy"))
    report.prepared = time.perf_counter() - start
    if job.task == "check":
        simulation = populated(system, columns, job)
        found = [simulation.calculate(policy.id, str(YEAR)) for policy in work.policies]
        write_codes(job.out, (np.where(verdict, YES, NO).astype(np.uint8).tobytes() for verdict in found))
        return answer(report)
    simulations = [populated(system, columns, job) for _ in range(job.repeat)]  # share the facts' arrays

    def calculate() -> object:
        simulation = simulations.pop()
        found = [simulation.calculate(policy.id, str(YEAR)) for policy in work.policies]
        if simulation.trace:
            assert len(simulation.tracer.trees) == len(work.policies)
        return simulation.tracer.get_serialized_flat_trace() if job.task == "served" else found

    measure(job, calculate, report)
    answer(report)


def column(file: pq.ParquetFile, work: Workload, term: Term, rows: int) -> Column:
    """Read one fact as an array, 万元 for money, missing values set to the variable's default."""
    fact = work.dictionary[term.fact]
    read = file.read(columns=[term.column]).column(0).slice(0, rows)
    if fact.type == "category":
        codes = pc.index_in(read, value_set=pa.array([zh for zh, _ in fact.values]))
        return pc.fill_null(codes, 0).to_numpy().astype(np.int16)
    if fact.type == "boolean":
        return pc.fill_null(read, False).to_numpy(zero_copy_only=False)
    values = pc.fill_null(read, 0).to_numpy()
    if fact.type == "money":
        return (values / FEN_PER_WAN).astype(np.float32)
    return values.astype(np.int32 if fact.type == "integer" else np.float32)


def populated(system: Any, columns: dict[Term, Column], job: Job) -> Simulation:
    """Give a simulation whose companies have these facts."""
    simulation = SimulationBuilder().build_default_simulation(system, count=job.rows)
    simulation.trace = job.task in ("explained", "shared", "served")
    for term, values in columns.items():
        simulation.set_input(term.fact, str(YEAR - term.prior), values)
    return simulation


if __name__ == "__main__":
    main()
