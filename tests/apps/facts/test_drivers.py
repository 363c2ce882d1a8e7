"""Many observations are read by an Arrow-native driver; it says what the cursor says."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest
from django.db import connection
from tests.apps.facts_of_cast import FIRST, put_in
from tests.cast import AT, ON

from kaiyuan.apps.facts.actions import correct
from kaiyuan.apps.facts.queries import drivers, rows, table

LATER = AT + timedelta(days=1)


@pytest.fixture
def on_disk(transactional_db, tmp_path, monkeypatch):
    """Let every observation be many, and the database be a file where it lies in memory."""

    def copy() -> list[str]:
        asked = []
        monkeypatch.setattr(rows, "MANY", 0)
        reader = f"from_{connection.vendor}"
        whole = getattr(drivers, reader)
        monkeypatch.setattr(rows, reader, lambda **how: asked.append(reader) or whole(**how))
        if connection.vendor == "sqlite":
            import sqlite3

            path = tmp_path / "a copy.sqlite3"
            with sqlite3.connect(path) as target:
                connection.connection.backup(target)
            monkeypatch.setattr(rows, "_database", lambda: str(path))
        return asked

    return copy


def test_driver_and_cursor_give_the_same_table(on_disk, cast):
    put_in(cast, **FIRST)
    put_in(cast, at=LATER, revenue=pa.array([None, 70]), size_industry=pa.array(["建筑业", None]))
    correct(
        by=cast.person("officer"), subject=cast.firms[0].code, fact="staff", year=2025, value=None,
        reason="x", at=LATER,
    )  # fmt: skip
    ask = {"zone_id": cast.zone.pk, "as_of": ON, "known_at": LATER}
    by_cursor = table(**ask)
    asked = on_disk()
    by_driver = table(**ask)
    assert len(asked) == 1
    assert by_driver.equals(by_cursor, check_metadata=True)
    assert by_driver.num_columns == 3 + len(FIRST)


def test_a_database_that_cannot_be_read_is_told_and_not_taken_for_an_empty_one(tmp_path):
    with pytest.raises(drivers.ReadingFailed, match="could not be read"):
        drivers.from_sqlite(path=str(tmp_path / "none.sqlite3"), queries=["SELECT id FROM nothing"])
