"""What somebody who owns the database can do to a journal: the triggers go first, then anything may be written."""

from __future__ import annotations

import random
from datetime import timedelta

from django.db import connection, transaction
from tests.cast import AT, Cast

from kaiyuan.apps.journal import guards
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.journal.chain import event_hash, first_hash
from kaiyuan.apps.journal.models import Chain, Event

COLUMNS = (
    "sequence",
    "type",
    "subject",
    "case_key",
    "effective_at",
    "recorded_at",
    "actor",
    "actor_label",
    "legal_basis",
    "idempotency_key",
    "payload",
    "prev_hash",
    "hash",
)


def fill(cast: Cast, count: int) -> None:
    """Record events as an officer would, no two alike."""
    person = cast.person("officer")
    with transaction.atomic():
        for number in range(count):
            record(
                by=person,
                type="enterprise.noted",
                subject=f"enterprise:{cast.firms[0].code}",
                at=AT + timedelta(seconds=number, microseconds=number % 3),
                payload={"number": number, "words": "营业收入已核对"},
                case_key=f"case:{number % 7}",
                legal_basis="条例第三条",
                key=f"key-{number}",
            )


def own_the_database() -> None:
    """Drop every trigger, as the owner of a database may."""
    with connection.cursor() as cursor:
        for statement in guards.removals(connection.vendor):
            cursor.execute(statement)


def sql(statement: str, *values: object) -> int:
    """Run raw SQL, `%s` for values; give the count of rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.rowcount


def stored(sequence: int, column: str) -> object:
    """Give what the engine holds in a column of an event, moments as its own text."""
    column = f"CAST({column} AS TEXT)" if column.endswith("_at") else column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM journal_event WHERE sequence = %s", [sequence])
        return cursor.fetchone()[0]


def with_a_bit_flipped(value: object, chance: random.Random) -> object:
    """Give the value with one bit turned, text that is still text."""
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(40))
    raw = bytearray(str(value).encode())
    while True:
        place, bit = chance.randrange(len(raw)), 1 << chance.randrange(8)
        raw[place] ^= bit
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raw[place] ^= bit


def rewrite_from(cast: Cast, sequence: int) -> None:
    """Change an event, and give it and all after it right hashes, the head of the chain too."""
    chain = Chain.objects.get(zone=cast.zone)
    before = first_hash(zone_code=cast.zone.code, algorithm=chain.algorithm)
    for event in Event.objects.filter(chain=chain).order_by("sequence"):
        if event.sequence == sequence:
            event.payload = '{"number":999}'
        event.prev_hash = before
        event.hash = before = event_hash(event, algorithm=chain.algorithm)
        sql(
            "UPDATE journal_event SET payload = %s, prev_hash = %s, hash = %s WHERE id = %s",
            event.payload,
            event.prev_hash,
            event.hash,
            event.pk,
        )
    sql("UPDATE journal_chain SET head = %s WHERE id = %s", before, chain.pk)


def cut_tail(cast: Cast, left: int) -> None:
    """Take the last events away and put the head back, so that the chain looks whole."""
    chain = Chain.objects.get(zone=cast.zone)
    sql("DELETE FROM journal_event WHERE chain_id = %s AND sequence > %s", chain.pk, left)
    head = Event.objects.get(chain=chain, sequence=left).hash
    sql("UPDATE journal_chain SET head = %s, length = %s WHERE id = %s", head, left, chain.pk)
