"""Facts are read as of a day, as they were known at a moment."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from tests.apps.facts_of_cast import FIRST, put_in
from tests.cast import AT, ON, OTHERS, OWN

from kaiyuan.apps.facts.actions import correct, withdraw
from kaiyuan.apps.facts.queries import history, table, values
from kaiyuan.apps.zones.rights import Absent

LATER = AT + timedelta(days=10)


def read(cast, *, as_of=ON, known_at=AT, **more) -> pa.RecordBatch:
    return table(zone_id=cast.zone.pk, as_of=as_of, known_at=known_at, **more)


def column(batch: pa.RecordBatch, name: str) -> list:
    """Give the values of the agent's own firm and of the other one."""
    by_code = dict(zip(batch.column("subject").to_pylist(), batch.column(name).to_pylist(), strict=True))
    return [by_code[OWN], by_code[OTHERS]]


def test_what_was_loaded_comes_back_with_every_type_as_it_was(cast, loaded):
    batch = read(cast)
    for name, array in FIRST.items():
        wanted = [None if value != value else value for value in array.to_pylist()]
        assert column(batch, name) == wanted, name
        assert batch.schema.field(name).type == array.type, name
    assert column(batch, "subject_name") == ["甲（合成数据）", "乙（合成数据）"]
    assert batch.schema.field("revenue").metadata == {
        b"source": "名单.xlsx".encode(),
        b"recorded": b"2026-11-20",
        b"unit": b"fen",
        b"stored": b"fen",
    }


def test_nothing_is_known_before_it_was_recorded(cast, loaded):
    batch = read(cast, known_at=AT - timedelta(seconds=1))
    assert batch.schema.names == ["subject", "subject_name", "source_line"]
    assert batch.num_rows == 2


def test_the_year_before_moves_with_the_day_that_is_asked_about(cast, loaded):
    next_year = read(cast, as_of=date(2027, 3, 1))
    assert column(next_year, "revenue__1") == [100, None]
    assert column(next_year, "revenue__2") == [90, 80]
    assert "revenue" not in next_year.schema.names
    last_year = read(cast, as_of=date(2025, 3, 1))
    assert column(last_year, "revenue") == [90, 80]
    assert "staff" not in last_year.schema.names


def test_a_fact_of_a_moment_holds_from_its_day_until_the_next_one(cast, loaded):
    put_in(cast, at=LATER, on=date(2026, 12, 1), hnte_title=pa.array([False, None]))
    assert column(read(cast, as_of=date(2026, 11, 30), known_at=LATER), "hnte_title") == [True, False]
    assert column(read(cast, as_of=date(2026, 12, 1), known_at=LATER), "hnte_title") == [False, False]
    assert "hnte_title" not in read(cast, as_of=date(2026, 11, 19), known_at=LATER).schema.names


def test_an_older_day_told_later_does_not_hide_a_newer_day(cast, loaded):
    put_in(cast, at=LATER, on=date(2026, 6, 1), hnte_title=pa.array([False, True]))
    assert column(read(cast, known_at=LATER), "hnte_title") == [True, False]
    assert column(read(cast, as_of=date(2026, 7, 1), known_at=LATER), "hnte_title") == [False, True]


def test_of_two_sources_for_one_year_the_later_one_counts_and_an_empty_cell_hides_nothing(cast, loaded):
    put_in(cast, at=LATER, label="补报.xlsx", revenue=pa.array([None, 70]), staff=pa.array([13, None]))
    before, after = read(cast, known_at=LATER - timedelta(seconds=1)), read(cast, known_at=LATER)
    assert column(before, "revenue") == [100, None]
    assert column(after, "revenue") == [100, 70]
    assert column(after, "staff") == [13, 34]
    assert "2 sources" in after.schema.field("staff").metadata[b"source"].decode()


def test_a_withdrawn_source_counts_no_longer_but_did_before(cast, loaded):
    second = put_in(cast, at=LATER, revenue=pa.array([101, 71]))
    gone = LATER + timedelta(days=1)
    withdraw(by=cast.person("officer"), source=second.source.pk, reason="错了一版", at=gone)
    assert column(read(cast, known_at=gone), "revenue") == [100, None]
    assert column(read(cast, known_at=gone - timedelta(seconds=1)), "revenue") == [101, 71]


def test_a_correction_counts_from_its_moment_and_unknown_hides_what_was_said(cast, loaded):
    by = cast.person("officer")
    correct(by=by, subject=OWN, fact="revenue", year=2025, value=99, reason="年报更正", at=LATER)
    correct(by=by, subject=OTHERS, fact="staff", year=2025, value=None, reason="来源不实", at=LATER)
    after = read(cast, known_at=LATER)
    assert column(after, "revenue") == [99, None]
    assert column(after, "staff") == [12, None]
    assert column(read(cast), "revenue") == [100, None]


def test_columns_and_subjects_can_be_chosen(cast, loaded):
    batch = read(cast, subjects=[OTHERS], names={"revenue__1", "staff"})
    assert batch.schema.names[3:] == ["revenue__1", "staff"]
    assert batch.column("subject").to_pylist() == [OTHERS]
    assert batch.column("revenue__1").to_pylist() == [80]


def test_a_zone_reads_nothing_of_the_zone_next_door(cast, other_zone, loaded):
    batch = read(other_zone)
    assert batch.schema.names == ["subject", "subject_name", "source_line"]
    assert batch.column("subject").to_pylist() == [firm.code for firm in other_zone.firms]
    assert values(zone_id=other_zone.zone.pk, subject=OWN, as_of=ON, known_at=AT) == []
    assert history(zone_id=other_zone.zone.pk, subject=OWN, fact="revenue") == []
    with pytest.raises(Absent):
        withdraw(by=other_zone.person("officer"), source=loaded.source.pk, reason="x", at=LATER)


def test_the_table_and_the_values_say_the_same(cast, loaded):
    put_in(cast, at=LATER, revenue=pa.array([None, 70]), hnte_title=pa.array([False, None]))
    correct(
        by=cast.person("officer"), subject=OWN, fact="revenue", year=2024, value=91, reason="更正", at=LATER
    )
    for as_of in (ON, date(2027, 1, 1), date(2025, 6, 1)):
        for known_at in (AT, LATER):
            batch = read(cast, as_of=as_of, known_at=known_at, subjects=[OWN])
            cells = {
                name: batch.column(name)[0].as_py() for name in batch.schema.names[3:]
                if batch.column(name)[0].as_py() is not None
            }  # fmt: skip
            told = values(zone_id=cast.zone.pk, subject=OWN, as_of=as_of, known_at=known_at)
            assert cells == {
                known.definition.column(lag=as_of.year - 1 - known.year if known.year else 0): known.value
                for known in told
            }


def test_the_history_of_a_fact_tells_everything_ever_said_of_it(cast, loaded):
    second = put_in(cast, at=LATER, label="二.xlsx", revenue=pa.array([101, None]))
    correct(
        by=cast.person("officer"), subject=OWN, fact="revenue", year=2025, value=99, qualifier="约",
        reason="更正", at=LATER + timedelta(days=1),
    )  # fmt: skip
    withdraw(by=cast.person("officer"), source=second.source.pk, reason="x", at=LATER + timedelta(days=2))
    told = history(zone_id=cast.zone.pk, subject=OWN, fact="revenue")
    assert [(each.known.value, each.known.year, each.known.source, each.counts) for each in told] == [
        (99, 2025, "更正", True),
        (101, 2025, "二.xlsx", False),
        (100, 2025, "名单.xlsx", False),
        (90, 2024, "名单.xlsx", True),
    ]
    assert told[0].known.qualifier == "约"
    assert told[1].source.withdrawn_at is not None
    assert told[0].by == "东区officer"
