"""The database itself refuses to change or forget what was recorded."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from tests.apps.journal.tampering import fill, sql

from kaiyuan.apps.journal import guards
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.queries import verify

ATTACKS = {
    "change a payload": "UPDATE journal_event SET payload = '{}' WHERE sequence = 2",
    "change a hash": "UPDATE journal_event SET hash = prev_hash WHERE sequence = 2",
    "change an actor": "UPDATE journal_event SET actor_label = 'nobody'",
    "move an event": "UPDATE journal_event SET sequence = 9 WHERE sequence = 3",
    "delete an event": "DELETE FROM journal_event WHERE sequence = 2",
    "delete the last event": "DELETE FROM journal_event WHERE sequence = 3",
    "delete all events": "DELETE FROM journal_event",
    "shorten the chain": "UPDATE journal_chain SET length = 2",
    "turn the head": "UPDATE journal_chain SET head = '00'",
    "change the hash of the chain": "UPDATE journal_chain SET algorithm = 'sm3', length = length + 1",
    "delete the chain": "DELETE FROM journal_chain",
    "fork": (
        "INSERT INTO journal_event (chain_id, sequence, type, subject, case_key, effective_at, recorded_at, actor,"
        " actor_label, legal_basis, idempotency_key, payload, prev_hash, hash) SELECT chain_id, 4, type, subject,"
        " case_key, effective_at, recorded_at, actor, actor_label, legal_basis, idempotency_key, payload, prev_hash,"
        " 'ff' FROM journal_event WHERE sequence = 3"
    ),
    "leave a gap": (
        "INSERT INTO journal_event (chain_id, sequence, type, subject, case_key, effective_at, recorded_at, actor,"
        " actor_label, legal_basis, idempotency_key, payload, prev_hash, hash) SELECT chain_id, 7, type, subject,"
        " case_key, effective_at, recorded_at, actor, actor_label, legal_basis, idempotency_key, payload, hash,"
        " 'ff' FROM journal_event WHERE sequence = 3"
    ),
    "tie to nothing": (
        "INSERT INTO journal_event (chain_id, sequence, type, subject, case_key, effective_at, recorded_at, actor,"
        " actor_label, legal_basis, idempotency_key, payload, prev_hash, hash) SELECT chain_id, 4, type, subject,"
        " case_key, effective_at, recorded_at, actor, actor_label, legal_basis, idempotency_key, payload, 'ee',"
        " 'ff' FROM journal_event WHERE sequence = 3"
    ),
}
ON_SQLITE = {
    "replace by number": (
        "INSERT OR REPLACE INTO journal_event SELECT NULL, sequence, type, subject, case_key, effective_at,"
        " recorded_at, actor, 'nobody', legal_basis, idempotency_key, payload, prev_hash, hash, chain_id"
        " FROM journal_event WHERE sequence = 2"
    ),
    "replace by key": (
        "REPLACE INTO journal_event SELECT id, sequence, type, subject, case_key, effective_at,"
        " recorded_at, actor, 'nobody', legal_basis, idempotency_key, payload, prev_hash, hash, chain_id"
        " FROM journal_event WHERE sequence = 2"
    ),
    "update or replace": "UPDATE OR REPLACE journal_event SET sequence = 1 WHERE sequence = 2",
    "replace the chain": "REPLACE INTO journal_chain (id, algorithm, length, head, zone_id) "
    "SELECT id, algorithm, 0, '', zone_id FROM journal_chain",
}
ON_POSTGRESQL = {
    "empty the table": "TRUNCATE journal_event CASCADE",
    "empty the chains": "TRUNCATE journal_chain CASCADE",
    "upsert": (
        "INSERT INTO journal_event SELECT * FROM journal_event WHERE sequence = 2"
        " ON CONFLICT (id) DO UPDATE SET actor_label = 'nobody'"
    ),
}


def test_every_raw_attack_is_refused_and_leaves_nothing(cast):
    fill(cast, 3)
    if connection.vendor == "postgresql":
        # What foreign keys still have to check would refuse a TRUNCATE before our trigger is asked.
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    before = list(Event.objects.values_list())
    there = ATTACKS | (ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)
    for name, attack in there.items():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            sql(attack)
        assert (
            "never changed" in str(refused.value)
            or "follows" in str(refused.value)
            or "grows" in str(refused.value)
        ), name
    assert list(Event.objects.values_list()) == before
    assert verify(zone_id=cast.zone.pk).ok


def test_every_trigger_is_there_after_migrations(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        there = {name for (name,) in cursor.fetchall()}
    assert set(guards.triggers(connection.vendor)) <= there


@pytest.mark.django_db(transaction=True)
def test_triggers_are_back_after_a_test_has_emptied_the_tables():
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)
    test_every_trigger_is_there_after_migrations(None)
