"""What is measured: engines, ways and sizes, chosen so that a whole run takes less than 25 minutes on two cores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

MILLION = 1_000_000


@dataclass(frozen=True)
class Way:
    """One way of using one engine."""

    engine: str  # as printed
    environment: str
    peer: str
    task: str
    text: str
    span: str  # `files`: Parquet to Arrow on disk; `memory`: facts and results in memory; `server`: as said
    explained: bool = False
    unknowns: bool = True
    most_rows: int = MILLION
    sample: int = 0  # rows when the engine is too slow for whole populations; speed is then per verdict
    limit: int = 240
    memory: int = 0  # MB that must be free per million enterprises × 200 policies, beyond the usual
    shared: bool = True  # False: no two policies share a threshold
    codec: str = ""  # compression of the facts on disk, where not the run's own


ours = partial(Way, "kaiyuan", "kaiyuan", "kaiyuan_peer")
sql = partial(Way, "Kaiyuan SQL", "kaiyuan", "sql_peer")
polars = partial(Way, "Polars", "polars", "polars_peer")
openfisca = partial(Way, "OpenFisca-core", "openfisca", "openfisca_peer", unknowns=False)
zen = partial(Way, "zen-engine", "zen", "zen_peer", span="memory", unknowns=False)
large = 10 * MILLION
one_call = "one enterprise a call"
traced = "a variable per condition, traced"

WAYS = (
    ours("files", "verdicts", "files", most_rows=large),
    ours("files_explained", "every condition's verdict too", "files", explained=True, most_rows=large),
    ours(
        "files_all",
        "conditions, distances, score ranges and the summary too",
        "files",
        explained=True,
        most_rows=large,
    ),
    ours("memory", "verdicts", "memory"),
    ours("memory_explained", "every condition's verdict too", "memory", explained=True),
    sql("files", "generated SQL run by DuckDB", "files"),
    sql("files_explained", "generated SQL run by DuckDB, conditions kept", "files", explained=True),
    sql("memory", "generated SQL run by DuckDB", "memory"),
    polars("files", "one select, streaming", "files"),
    polars("files_conditions", "distinct conditions first, streaming", "files", most_rows=large),
    polars(
        "files_explained", "distinct conditions kept, streaming", "files", explained=True, most_rows=large
    ),
    polars("memory", "one select", "memory"),
    polars("conditions", "distinct conditions first", "memory"),
    polars("streaming", "one select, streaming engine", "memory"),
    polars("streaming_conditions", "distinct conditions first, streaming engine", "memory"),
    polars("streaming_explained", "distinct conditions kept, streaming engine", "memory", explained=True),
    openfisca("verdicts", "a variable per policy", "memory"),
    openfisca("explained", f"{traced}, vectors kept", "memory", explained=True, memory=3_000),
    openfisca("shared", "a variable per distinct condition, traced", "memory", explained=True, memory=2_000),
    openfisca(
        "served",
        f"{traced}, given away as by its web API",
        "memory",
        explained=True,
        limit=400,
        memory=19_000,
    ),
    zen("graphs", f"a graph per policy, {one_call}", sample=2_000),
    zen("readme", f"one graph by create_decision, {one_call}", sample=2_000),
    zen("graph", f"one graph kept compiled, {one_call}", sample=10_000),
    zen("batch", "one graph kept compiled, evaluate_batch", sample=10_000),
    zen("explained", f"conditions as outputs, {one_call}", explained=True, sample=4_000),
)
# What two choices of the work are worth, at 10⁶ × 200: shared thresholds, and how the facts lie on disk.
unshared = "no threshold shared"
snappy = "facts as pyarrow writes them unasked (snappy)"
mapped = "facts as an uncompressed Arrow file, mapped"
VARIANTS = (
    ours("files", unshared, "files", shared=False),
    ours("memory", unshared, "memory", shared=False),
    polars("files_conditions", unshared, "files", shared=False),
    polars("streaming_conditions", f"{unshared}, streaming engine", "memory", shared=False),
    openfisca("verdicts", unshared, "memory", shared=False),
    ours("files", snappy, "files", codec="snappy"),
    polars("files_conditions", snappy, "files", codec="snappy"),
    ours("files", mapped, "files", codec="arrow"),
    ours(
        "files_explained", f"{mapped}; every condition's verdict too", "files", explained=True, codec="arrow"
    ),
    polars("files_conditions", mapped, "files", codec="arrow"),
)
# Only when asked for: they need a server, or Java.
BACK_ENDS = {
    "postgres": sql(
        "postgres", "generated SQL run by PostgreSQL, table to table", "server", most_rows=100_000
    ),
    "spark": sql("spark", "generated SQL run by Spark, Parquet to nothing", "server"),
}
READ = ours("read", "reading the facts alone", "extra", most_rows=large)
ONE = ours("one", "one enterprise, every policy", "extra")
WHAT_IF = ours("whatif", "every policy anew; and one changed threshold", "extra")
CHECKED = (ours, sql, polars, openfisca, zen)
ENGINES = tuple(dict.fromkeys(way.engine for way in WAYS))


def cases(*, sizes: list[int], policies: list[int], engines: list[str]) -> Iterator[tuple[Way, int, int]]:
    """Yield (way, rows, policies); an engine that is sampled appears once per number of policies."""
    for count in policies:
        for rows in sizes:
            for way in WAYS:
                if way.engine not in engines or rows > way.most_rows:
                    continue
                if way.sample and rows != min(sizes):
                    continue
                yield way, way.sample or rows, count
    if MILLION in sizes and 200 in policies:
        yield from ((way, MILLION, 200) for way in VARIANTS if way.engine in engines)


def back_ends(names: list[str], *, sizes: list[int], policies: list[int]) -> Iterator[tuple[Way, int, int]]:
    """Yield the measurements of the SQL back ends that were asked for, at the largest size each can bear."""
    for name in names:
        way = BACK_ENDS[name]
        rows = max((size for size in sizes if size <= way.most_rows), default=min(sizes))
        yield from ((way, rows, count) for count in policies)


def extras(*, sizes: list[int], policies: list[int]) -> Iterator[tuple[Way, int, int]]:
    """Yield what is measured beside whole populations: reading alone, one enterprise, one change."""
    yield READ, max(sizes), max(policies)
    yield ONE, 100_000, max(policies)
    yield WHAT_IF, 100_000, max(policies)
