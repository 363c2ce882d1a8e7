"""Facts of the small cast: batches to load, and what the first load says."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from tests.cast import AT, ON, OTHERS, OWN, Cast

from kaiyuan.apps.facts.actions import Loaded, NewSource, load


def batch(**columns) -> pa.RecordBatch:
    """Give a canonical batch of the cast's two enterprises."""
    return pa.RecordBatch.from_pydict(
        {
            "subject": pa.array([OWN, OTHERS]),
            "subject_name": pa.array(["甲（合成数据）", "乙（合成数据）"]),
            "source_line": pa.array([5, 6], pa.int64()),
            **columns,
        }
    )


FIRST = {
    "revenue": pa.array([100, None], pa.int64()),
    "revenue__1": pa.array([90, 80], pa.int64()),
    "staff": pa.array([12, 34], pa.int64()),
    "size_industry": pa.array(["工业", "批发业"]),
    "registration_date": pa.array([date(2016, 3, 8), None]),
    "market_share": pa.array([0.125, float("nan")]),
    "hnte_title": pa.array([True, False]),
}


def put_in(cast: Cast, *, at=AT, on=ON, label="名单.xlsx", **columns) -> Loaded:
    """Load columns as an officer of the cast."""
    return load(
        by=cast.person("officer"),
        batches=[batch(**columns)],
        source=NewSource(kind="file", label=label, data_date=on),
        on=on,
        at=at,
    )
