"""The database itself refuses to change or forget what was said and since when it is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.apps.facts_of_cast import put_in
from tests.cast import AT

from kaiyuan.apps.facts import guards
from kaiyuan.apps.facts.actions import Loading, NewSource, withdraw
from kaiyuan.apps.facts.models import Observation, Source

LATER = AT + timedelta(days=1)
ATTACKS = {
    "change a value": "UPDATE facts_observation SET whole = whole + 1",
    "move a value to another year": "UPDATE facts_observation SET year = year - 1 WHERE year IS NOT NULL",
    "move a value to another source": "UPDATE facts_observation SET source_id = 0",
    "delete a value": "DELETE FROM facts_observation WHERE line = 5",
    "delete all": "DELETE FROM facts_observation",
    "know it earlier": "UPDATE facts_source SET recorded_at = '2020-01-01 00:00:00'",
    "know it no longer": "UPDATE facts_source SET recorded_at = NULL",
    "rename a source": "UPDATE facts_source SET label = 'another'",
    "change the file": "UPDATE facts_source SET digest = 'ff'",
    "hide its values": "UPDATE facts_source SET first = NULL, last = NULL",
    "delete a source": "DELETE FROM facts_source",
}
ON_SQLITE = {
    "replace a source": (
        "REPLACE INTO facts_source (id, zone_id, kind, label, digest, begun_at)"
        " SELECT id, zone_id, kind, 'another', digest, begun_at FROM facts_source"
    )
}


def attack(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_raw_attack_is_refused_and_leaves_nothing(cast, loaded):
    before = list(Observation.objects.values_list()), list(Source.objects.values_list())
    for name, statement in (ATTACKS | (ON_SQLITE if connection.vendor == "sqlite" else {})).items():
        with pytest.raises(IntegrityError, match=r"nothing is changed|never changed"):
            attack(statement)
        assert (list(Observation.objects.values_list()), list(Source.objects.values_list())) == before, name


def test_a_withdrawal_is_once_and_for_all(cast, loaded):
    withdraw(by=cast.person("officer"), source=loaded.source.pk, reason="x", at=LATER)
    for statement in (
        "UPDATE facts_source SET withdrawn_at = NULL",
        "UPDATE facts_source SET withdrawn_at = '2020-01-01 00:00:00'",
    ):
        with pytest.raises(IntegrityError, match="nothing is changed"):
            attack(statement)


def test_a_source_that_is_still_filled_may_change_and_go(cast):
    source = NewSource(kind="file", label="x")
    row = Loading.begin(by=cast.person("officer"), source=source, on=AT.date(), at=AT).source
    attack("UPDATE facts_source SET label = 'y'")
    row.delete()
    assert not Source.objects.exists()


def test_every_trigger_is_there_after_migrations(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        there = {name for (name,) in cursor.fetchall()}
    assert set(guards.triggers(connection.vendor)) <= there


def test_what_the_program_does_itself_is_not_refused(cast, loaded):
    put_in(cast, at=LATER)
    assert Source.objects.filter(recorded_at=LATER).exists()
