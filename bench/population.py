"""Invented enterprises for the benchmark: canonical facts in Parquet, chunk by chunk, the same for every run.

Nothing here is about a real enterprise. Revenue is lognormal, the other figures follow it; each fact of each
enterprise is missing with probability 5 %, independently. A chunk's numbers depend only on the seed and on the
chunk's place, so 10⁵ enterprises are the first of 10⁶, and 10⁷ need no more memory than one chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.model import FEN_PER_WAN, Fact, Workload
from bench.workload import SEED

CHUNK = 131_072
GROUP = 2 * CHUNK  # rows of a row group, the piece that our run reads at once
MISSING = 0.05
VERSION = 2  # raise when the numbers change: files on disk carry it in their name

Floats = npt.NDArray[np.float64]
TYPES = {
    "money": pa.int64(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "ratio": pa.float64(),
    "boolean": pa.bool_(),
    "category": pa.string(),
}


def write_population(
    *, work: Workload, rows: int, folder: Path, codec: str = "lz4", seed: int = SEED
) -> Path:
    """Write `rows` enterprises as Parquet in row groups of 262,144 and give the file; keep one that is there.

    `lz4` with dictionaries for words only is quick to read; `snappy` is what pyarrow writes when nothing is said;
    `arrow` is an Arrow file instead, uncompressed, its words as codes, which a reader maps and does not decode.
    """
    kind = "arrow" if codec == "arrow" else "parquet"
    path = folder / f"facts-{rows}-{codec}-{seed}-{VERSION}.{kind}"
    if path.exists():
        return path
    part = path.with_suffix(".part")
    if codec == "arrow":
        _write_arrow(part, work=work, rows=rows, seed=seed)
        part.rename(path)
        return path
    schema = population_schema(work)
    words = [term.column for term in work.columns if work.dictionary[term.fact].type == "category"]
    options = (
        {"compression": "snappy"} if codec == "snappy" else {"compression": codec, "use_dictionary": words}
    )
    with pq.ParquetWriter(part, schema, **options) as writer:
        for table in _groups(work=work, rows=rows, seed=seed):
            writer.write_table(table, row_group_size=GROUP)
    part.rename(path)
    return path


def _write_arrow(path: Path, *, work: Workload, rows: int, seed: int) -> None:
    writer: pa.ipc.RecordBatchFileWriter | None = None
    for table in _groups(work=work, rows=rows, seed=seed):
        columns = [
            _coded(field, column.chunk(0), work) for field, column in zip(table.schema, table, strict=True)
        ]
        batch = pa.RecordBatch.from_arrays(columns, table.schema.names)
        if writer is None:
            writer = pa.ipc.new_file(path, batch.schema)
        writer.write_batch(batch)
    if writer is not None:
        writer.close()


def _groups(*, work: Workload, rows: int, seed: int) -> Iterator[pa.Table]:
    for number, start in enumerate(range(0, rows, GROUP)):
        chunks = [population_chunk(work=work, number=2 * number + half, seed=seed) for half in (0, 1)]
        yield pa.Table.from_batches(chunks).slice(0, rows - start).combine_chunks()


def _coded(field: pa.Field, column: pa.Array, work: Workload) -> pa.Array:
    # One dictionary for the whole file: an Arrow file may not change it between batches.
    fact = work.dictionary.get(field.name.partition("__")[0])
    if fact is None or fact.type != "category":
        return column
    words = pa.array([word for word, _ in fact.values])
    return pa.DictionaryArray.from_arrays(pc.index_in(column, words).cast(pa.int8()), words)


def population_schema(work: Workload) -> pa.Schema:
    """Give the canonical schema: three columns of identity, then one column per fact and year."""
    fields = [
        pa.field("subject", pa.string()),
        pa.field("subject_name", pa.string()),
        pa.field("source_line", pa.int64()),
    ]
    for term in work.columns:
        fact = work.dictionary[term.fact]
        meta = {b"source": b"bench", b"recorded": b"2026-03-31", b"unit": fact.unit.encode()}
        fields.append(pa.field(term.column, TYPES[fact.type], metadata=meta))
    return pa.schema(fields)


def population_chunk(*, work: Workload, number: int, seed: int = SEED) -> pa.RecordBatch:
    """Give chunk `number` (131,072 enterprises, canonical columns)."""
    rng = np.random.default_rng([seed, number])
    values = _figures(rng)
    first = number * CHUNK
    serial = np.arange(first, first + CHUNK, dtype=np.int64)
    text = np.char.mod("%010d", serial)
    arrays: list[pa.Array] = [
        pa.array(np.char.add("91990000", text)),
        pa.array(np.char.add("虚构企业", text)),
        pa.array(serial + 2),
    ]
    for term in work.columns:
        fact = work.dictionary[term.fact]
        missing = rng.random(CHUNK, dtype=np.float32) < MISSING
        arrays.append(_column(fact, values[term.column], missing))
    return pa.RecordBatch.from_arrays(arrays, schema=population_schema(work))


def _column(fact: Fact, values: Floats, missing: npt.NDArray[np.bool_]) -> pa.Array:
    if fact.type == "money":
        return pa.array(np.rint(values * FEN_PER_WAN).astype(np.int64), mask=missing)
    if fact.type == "integer":
        return pa.array(np.floor(values).astype(np.int64), mask=missing)
    if fact.type == "boolean":
        return pa.array(values > 0, mask=missing)
    if fact.type == "category":
        codes = pa.array(values.astype(np.int32), mask=missing)
        words = pa.array([zh for zh, _ in fact.values])
        return pa.DictionaryArray.from_arrays(codes, words).cast(pa.string())
    return pa.array(np.round(values, 4 if fact.type == "ratio" else 2), mask=missing)


def _figures(rng: np.random.Generator) -> dict[str, Floats]:
    """Draw the enterprises' figures in written units (万元, 人, 亩); columns by canonical name."""

    def normal(mean: float, spread: float) -> Floats:
        return np.asarray(rng.standard_normal(CHUNK, dtype=np.float32) * spread + mean, dtype=np.float64)

    def around(median: float, spread: float) -> Floats:
        return np.exp(normal(np.log(median), spread))

    def chance(share: float) -> Floats:
        return np.asarray(rng.random(CHUNK, dtype=np.float32) < share, dtype=np.float64)

    def uniform(low: float, high: float) -> Floats:
        return np.asarray(rng.random(CHUNK, dtype=np.float32), dtype=np.float64) * (high - low) + low

    revenue = around(4000, 1.3)
    before = revenue / np.clip(normal(1.08, 0.18), 0.3, 3)
    research = revenue * around(0.045, 0.6)
    tax = revenue * around(0.03, 0.5)
    staff = np.maximum(1, np.floor(revenue / around(60, 0.5)))
    assets = revenue * around(1.3, 0.5)
    debt = np.clip(normal(0.5, 0.18), 0.01, 1.4)
    land = around(25, 0.9) * (1 - chance(0.02))  # some rent all their space: no land, a divisor of zero
    main = np.clip(normal(0.72, 0.17), 0, 1)
    return {
        "revenue": revenue,
        "revenue__1": before,
        "rd_expense": research,
        "rd_expense__1": research / np.clip(normal(1.1, 0.2), 0.3, 3),
        "tax_paid": tax,
        "tax_paid__1": tax / np.clip(normal(1.05, 0.2), 0.3, 3),
        "profit": revenue * normal(0.07, 0.06),
        "total_assets": assets,
        "net_assets": assets * (1 - debt),
        "fixed_investment": revenue * around(0.06, 0.9),
        "export_revenue": revenue * uniform(0.02, 0.7) * chance(0.45),
        "equity_financing": around(1500, 0.9) * chance(0.3),
        "labour_cost": staff * around(11, 0.3),
        "loan_balance": assets * debt * uniform(0, 0.5),
        "staff": staff,
        "staff__1": np.maximum(1, staff / np.clip(normal(1.05, 0.15), 0.4, 2)),
        "rd_staff": staff * np.clip(around(0.18, 0.5), 0, 0.9),
        "senior_technicians": staff * np.clip(around(0.06, 0.7), 0, 0.6),
        "invention_patents": around(3, 0.9),
        "utility_patents": around(7, 0.9),
        "standards_led": around(0.8, 0.8),
        "niche_years": uniform(0, 16),
        "operating_years": uniform(0, 22),
        "university_projects": around(1.2, 0.8),
        "debt_ratio": debt,
        "main_product_share": main,
        "new_product_share": np.clip(normal(0.3, 0.16), 0, 1),
        "market_share": np.clip(around(0.09, 0.7), 0, 1),
        "land_area": land,
        "energy_use": around(900, 1.2),
        "dishonest": chance(0.03),
        "safety_accident": chance(0.04),
        "provincial_award": chance(0.35),
        "rd_platform": chance(0.45),
        "listed": chance(0.25),
        "industry": np.minimum(np.floor(rng.exponential(4.0, CHUNK)), 11),
        "district": np.floor(uniform(0, 7.999)),
    }
