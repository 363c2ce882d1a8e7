"""The observations of a zone as columns of numbers, as they lie in the database, in the order of their writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.db.models import F

from kaiyuan.apps.facts.models import Observation

Ints = npt.NDArray[np.int64]
_EPOCH_ORDINAL = 719_163
NO_YEAR = 0


@dataclass(frozen=True)
class Rows:
    """Observations column by column. `year` 0: a fact of a moment; `since` is its day, counted from 1970-01-01."""

    subject: Ints
    fact: Ints
    year: Ints
    since: Ints
    whole: pa.Array
    real: pa.Array
    words: pa.Array
    source: Ints
    line: pa.Array


def read_rows(
    *, zone_id: int, facts: Sequence[int], newest_year: int, subjects: Sequence[int] | None = None
) -> Rows:
    """Give the actual observations of a zone for facts and subjects (None: all), in the order of writing."""
    rows = Observation.objects.filter(zone_id=zone_id, kind=0, fact_id__in=facts).order_by("pk")
    if subjects is not None:
        rows = rows.filter(subject_id__in=subjects)
    rows = rows.exclude(year__gt=newest_year)
    cells: list[Any] = (
        list(
            zip(
                *rows.values_list(
                    "subject_id",
                    "fact_id",
                    "year",
                    "valid_from",
                    "whole",
                    "real",
                    "words",
                    F("source_id"),
                    "line",
                ),
                strict=True,
            )
        )
        or [()] * 9
    )
    return Rows(
        subject=np.array(cells[0], np.int64),
        fact=np.array(cells[1], np.int64),
        year=np.array([year or NO_YEAR for year in cells[2]], np.int64),
        since=np.array(
            [0 if day is None else day.toordinal() - _EPOCH_ORDINAL for day in cells[3]], np.int64
        ),
        whole=pa.array(cells[4], pa.int64()),
        real=pa.array(cells[5], pa.float64()),
        words=pa.array(cells[6], pa.string()),
        source=np.array(cells[7], np.int64),
        line=pa.array(cells[8], pa.int64()),
    )
