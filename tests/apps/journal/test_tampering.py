"""Whoever changes the journal is found: by the chain, or by a checkpoint that was kept outside."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest
from django.db import DatabaseError, transaction
from tests.apps.journal import tampering
from tests.apps.journal.tampering import COLUMNS, cut_tail, fill, own_the_database, rewrite_from, sql, stored
from tests.conftest import ROOT

from kaiyuan.apps.journal.models import Chain
from kaiyuan.apps.journal.queries import verify

LENGTH = 12


@pytest.fixture
def journal(cast):
    fill(cast, LENGTH)
    own_the_database()
    return cast


def kinds(cast, **more) -> list[tuple[str, int | None]]:
    return [(each.kind, each.sequence) for each in verify(zone_id=cast.zone.pk, **more).findings]


def test_a_journal_as_it_was_recorded_verifies(journal):
    result = verify(zone_id=journal.zone.pk)
    chain = Chain.objects.get(zone=journal.zone)
    assert (result.ok, result.counted, result.head) == (True, LENGTH, chain.head)


def test_a_zone_without_events_verifies(other_zone):
    result = verify(zone_id=other_zone.zone.pk)
    assert (result.ok, result.counted) == (True, 0)


def flips_found(cast, count: int, seed: int) -> None:
    """Flip bits until `count` of them are in; a value that the engine itself refuses is no flip."""
    chance, flipped = random.Random(seed), 0
    while flipped < count:
        sequence, column = chance.randrange(1, LENGTH + 1), chance.choice(COLUMNS)
        key, before = stored(sequence, "id"), stored(sequence, column)
        after = tampering.with_a_bit_flipped(before, chance)
        try:
            with transaction.atomic():
                sql(f"UPDATE journal_event SET {column} = %s WHERE id = %s", after, key)
        except DatabaseError:
            continue
        flipped += 1
        assert not verify(zone_id=cast.zone.pk).ok, (sequence, column, before, after)
        sql(f"UPDATE journal_event SET {column} = %s WHERE id = %s", before, key)
    assert verify(zone_id=cast.zone.pk).ok


def test_any_single_bit_of_any_column_is_seen(journal):
    flips_found(journal, count=120, seed=20261120)


@pytest.mark.slow
def test_fifteen_hundred_flips_are_all_seen(journal):
    flips_found(journal, count=1_500, seed=7)


@pytest.mark.slow
def test_a_bit_flipped_in_the_database_file_is_found_or_changes_nothing(tmp_path):
    around = os.environ | {"DATABASE_URL": "", "KAIYUAN_DATA": str(tmp_path), "KAIYUAN_MODE": "test"}
    around["PYTHONPATH"] = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    command = [sys.executable, "-m", "tests.apps.journal.flipping", "200", "20261120"]
    run = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["missed"] == []
    assert told["found"] + told["unreadable"] > 70
    assert told["whole_again"] is True


def test_a_changed_event_is_named(journal):
    sql("UPDATE journal_event SET payload = '{}' WHERE sequence = 5")
    assert kinds(journal) == [("changed", 5)]


def test_an_event_changed_with_its_own_hash_breaks_the_tie_to_the_next(journal):
    from kaiyuan.apps.journal.chain import event_hash
    from kaiyuan.apps.journal.models import Event

    event = Event.objects.get(sequence=5)
    event.payload = "{}"
    sql(
        "UPDATE journal_event SET payload = '{}', hash = %s WHERE sequence = 5",
        event_hash(event, algorithm="sha256"),
    )
    assert kinds(journal) == [("tie", 6)]


def test_a_deleted_event_leaves_a_gap(journal):
    sql("DELETE FROM journal_event WHERE sequence IN (4, 5)")
    result = verify(zone_id=journal.zone.pk)
    assert [(each.kind, each.sequence) for each in result.findings] == [("missing", 4), ("count", None)]
    assert result.findings[0].words.en == "events 4 to 5 are missing"


def test_two_events_that_changed_places_are_found(journal):
    for before, after in ((4, 1004), (5, 4), (1004, 5)):
        sql("UPDATE journal_event SET sequence = %s WHERE sequence = %s", after, before)
    assert {("changed", 4), ("changed", 5)} <= set(kinds(journal))


def test_an_event_put_in_before_the_first_or_behind_the_last_is_found(journal):
    sql("UPDATE journal_event SET sequence = 0 WHERE sequence = 1")
    assert kinds(journal)[0] == ("order", 1)
    sql("UPDATE journal_event SET sequence = 1 WHERE sequence = 0")
    sql("UPDATE journal_event SET sequence = 99 WHERE sequence = 12")
    assert kinds(journal) == [("missing", 12)]


def test_a_tail_cut_off_without_care_is_found_without_a_checkpoint(journal):
    sql("DELETE FROM journal_event WHERE sequence > 9")
    assert ("missing", 10) in kinds(journal)


def test_events_left_behind_a_head_put_back_are_found(journal):
    sql("UPDATE journal_chain SET length = 9, head = (SELECT hash FROM journal_event WHERE sequence = 9)")
    assert kinds(journal) == [("count", None)]


def test_a_head_that_is_not_the_last_event_is_found(journal):
    sql("UPDATE journal_chain SET head = 'ff'")
    assert kinds(journal) == [("head", LENGTH)]


def test_a_hash_nobody_knows_is_a_finding_not_a_crash(journal):
    sql("UPDATE journal_chain SET algorithm = 'md5'")
    assert kinds(journal) == [("algorithm", None)]


def test_a_careful_cut_and_a_whole_new_chain_pass_without_a_checkpoint(journal):
    """That is what checkpoints outside are for: the chain alone cannot know."""
    rewrite_from(journal, 3)
    assert verify(zone_id=journal.zone.pk).ok
    cut_tail(journal, 8)
    assert verify(zone_id=journal.zone.pk).ok
