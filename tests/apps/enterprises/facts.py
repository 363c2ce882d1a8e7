"""The facts of this app's tests, as an officer's file gives them (money in fen)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from tests.cast import OTHERS, OWN, Cast

from kaiyuan.apps.facts import actions as facts
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.sheets.stored import stored_type

WAN = 1_000_000  # fen
# The first firm is one condition short of a little giant: 1,098.4 of 1,200 万元 research within two years.
GIANT: dict[str, Any] = {
    "revenue": 8_246 * WAN,
    "revenue__1": 7_415 * WAN,
    "revenue__2": 6_668 * WAN,
    "main_revenue": 7_620 * WAN,
    "rd_expense": 586_400_000,
    "rd_expense__1": 512 * WAN,
    "total_assets": 9_600 * WAN,
    "total_liabilities": 4_435 * WAN,
    "niche_years": 9.0,
    "class1_ip_original": 4,
    "market_share": 0.125,
    "six_foundations": True,
    "zjtx_title": True,
    "development_score": 71.0,
    "staff": 186,
    "size_industry": "工业",
    "business_status": "存续",
    "registration_date": date(2016, 3, 8),
    "major_incident_3y": False,
    "data_fraud_3y": False,
    "operates_in_zone": True,
    "serious_dishonesty": False,
    "abnormal_operation": False,
    "latest_title_date": date(2026, 6, 30),
    "ladder_award_paid": 0,
}
FIRST: dict[str, dict[str, Any]] = {
    OWN: GIANT,
    OTHERS: {
        "revenue": 900 * WAN,
        "staff": 42,
        "size_industry": "软件和信息技术服务业",
        "business_status": "存续",
    },
}


def load_facts(
    cast: Cast, told: Mapping[str, Mapping[str, Any]], *, label: str, at: datetime, kind: str = "file"
) -> facts.Loaded:
    """Load facts by subject as one source."""
    dictionary = dictionary_of(cast.zone.pk)
    columns = list(dict.fromkeys(column for row in told.values() for column in row))
    arrays = [pa.array(list(told)), pa.array([""] * len(told)), pa.array(range(2, len(told) + 2))]
    for column in columns:
        kind_of = stored_type(dictionary[column.partition("__")[0]])
        arrays.append(pa.array([row.get(column) for row in told.values()], kind_of))
    batch = pa.RecordBatch.from_arrays(arrays, names=["subject", "subject_name", "source_line", *columns])
    return facts.load(
        by=cast.person("officer"),
        batches=[batch],
        source=facts.NewSource(kind=kind, label=label, data_date=at.date()),
        on=date(2026, 11, 20),
        at=at,
    )
