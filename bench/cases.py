"""What is measured: engines, ways and sizes, chosen so that a whole run takes less than 25 minutes on two cores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True)
class Way:
    """One way of using one engine."""

    engine: str  # as printed
    environment: str
    peer: str
    task: str
    text: str
    span: str  # `files`: Parquet to Arrow on disk; `memory`: facts and results in memory
    explained: bool = False
    unknowns: bool = True
    most_rows: int = MILLION
    sample: int = 0  # rows when the engine is too slow for whole populations; speed is then per verdict
    limit: int = 240
    memory: int = 0  # MB that must be free per million enterprises × 200 policies, beyond the usual


WAYS = (
    Way("kaiyuan", "kaiyuan", "kaiyuan_peer", "files", "verdicts", "files", most_rows=10 * MILLION),
    Way("kaiyuan", "kaiyuan", "kaiyuan_peer", "files_explained", "every condition's verdict too", "files",
        explained=True, most_rows=10 * MILLION),
    Way("kaiyuan", "kaiyuan", "kaiyuan_peer", "files_all", "conditions, distances and score ranges too", "files",
        explained=True, most_rows=10 * MILLION),
    Way("kaiyuan", "kaiyuan", "kaiyuan_peer", "memory", "verdicts", "memory"),
    Way("kaiyuan", "kaiyuan", "kaiyuan_peer", "memory_explained", "every condition's verdict too", "memory",
        explained=True),
    Way("kaiyuan as SQL", "kaiyuan", "duckdb_peer", "files", "generated SQL run by DuckDB", "files"),
    Way("kaiyuan as SQL", "kaiyuan", "duckdb_peer", "memory", "generated SQL run by DuckDB", "memory"),
    Way("Polars", "polars", "polars_peer", "files", "one select, streaming", "files"),
    Way("Polars", "polars", "polars_peer", "files_conditions", "distinct conditions first, streaming", "files",
        most_rows=10 * MILLION),
    Way("Polars", "polars", "polars_peer", "files_explained", "conditions kept, streaming", "files", explained=True,
        most_rows=10 * MILLION),
    Way("Polars", "polars", "polars_peer", "memory", "one select", "memory"),
    Way("Polars", "polars", "polars_peer", "conditions", "distinct conditions first", "memory"),
    Way("Polars", "polars", "polars_peer", "streaming", "one select, streaming engine", "memory"),
    Way("Polars", "polars", "polars_peer", "streaming_conditions", "distinct conditions first, streaming engine",
        "memory"),
    Way("Polars", "polars", "polars_peer", "streaming_explained", "conditions kept, streaming engine", "memory",
        explained=True),
    Way("OpenFisca-core", "openfisca", "openfisca_peer", "verdicts", "a variable per policy", "memory",
        unknowns=False),
    Way("OpenFisca-core", "openfisca", "openfisca_peer", "explained",
        "a variable per condition, traced, vectors kept", "memory", explained=True, unknowns=False, memory=3_000),
    Way("OpenFisca-core", "openfisca", "openfisca_peer", "shared",
        "a variable per distinct condition, traced, vectors kept", "memory", explained=True, unknowns=False,
        memory=2_000),
    Way("OpenFisca-core", "openfisca", "openfisca_peer", "served",
        "a variable per condition, trace given away as its web API does", "memory", explained=True, unknowns=False,
        limit=400, memory=19_000),
    Way("zen-engine", "zen", "zen_peer", "graphs", "a graph per policy, one enterprise a call", "memory",
        unknowns=False, sample=2_000),
    Way("zen-engine", "zen", "zen_peer", "readme", "one graph by create_decision, one enterprise a call", "memory",
        unknowns=False, sample=2_000),
    Way("zen-engine", "zen", "zen_peer", "graph", "one graph kept compiled, one enterprise a call", "memory",
        unknowns=False, sample=10_000),
    Way("zen-engine", "zen", "zen_peer", "batch", "one graph kept compiled, evaluate_batch", "memory", unknowns=False,
        sample=10_000),
    Way("zen-engine", "zen", "zen_peer", "explained", "conditions as outputs, one enterprise a call", "memory",
        explained=True, unknowns=False, sample=4_000),
)
CHECKED = (("kaiyuan", "kaiyuan", "kaiyuan_peer"), ("kaiyuan as SQL", "kaiyuan", "duckdb_peer"),
           ("Polars", "polars", "polars_peer"), ("OpenFisca-core", "openfisca", "openfisca_peer"),
           ("zen-engine", "zen", "zen_peer"))
PEERS = tuple(dict.fromkeys(way.engine for way in WAYS))


def cases(*, sizes: list[int], policies: list[int], peers: list[str]) -> Iterator[tuple[Way, int, int]]:
    """Yield (way, rows, policies); an engine that is sampled appears once per number of policies."""
    for count in policies:
        for rows in sizes:
            for way in WAYS:
                if way.engine not in peers or rows > way.most_rows:
                    continue
                if way.sample and rows != min(sizes):
                    continue
                yield way, way.sample or rows, count
