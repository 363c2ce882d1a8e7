"""An act and its event stand or fall together, each event tied to the one before."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from tests.cast import AT
from tests.conftest import ROOT

from kaiyuan.apps.journal.actions import Answer, KeyReused, once, record
from kaiyuan.apps.journal.canonical import canonical
from kaiyuan.apps.journal.chain import event_hash, first_hash
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.wording import TYPES
from kaiyuan.errors import InputError


def put_down(cast, *, number: int = 1) -> Event:
    with transaction.atomic():
        return record(
            by=cast.person("officer"),
            type="enterprise.noted",
            subject=f"enterprise:{cast.firms[0].code}",
            at=AT,
            payload={"number": number},
        )


def test_events_of_a_zone_are_numbered_from_one_and_tied_together(cast):
    first, second = put_down(cast), put_down(cast, number=2)
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.prev_hash == first_hash(zone_code="east", algorithm="sha256")
    assert second.prev_hash == first.hash
    read = Event.objects.get(pk=second.pk)
    assert event_hash(read, algorithm="sha256") == second.hash


def test_two_zones_have_chains_of_their_own(cast, other_zone):
    assert put_down(cast).sequence == 1
    assert put_down(other_zone).sequence == 1


@pytest.mark.django_db(transaction=True)
def test_an_event_without_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="stand or fall together"):
        record(by=None, type="a.b", subject="a:b", at=AT, payload={})


def test_a_float_has_no_single_spelling_and_is_refused(cast):
    with pytest.raises(InputError, match=r"holds a float at \.share"), transaction.atomic():
        record(by=cast.person("officer"), type="a.b", subject="a:b", at=AT, payload={"share": 0.1})


def test_a_retry_gets_the_answer_of_the_first_call_and_does_nothing(cast):
    done = []

    def act() -> Answer:
        done.append(1)
        return Answer(201, '{"id":1}')

    call = {"by": cast.person("officer"), "key": "k", "request": {"path": "/x", "body": "1"}, "at": AT}
    first, second = once(act=act, **call), once(act=act, **call)
    assert (first.status, first.body, first.kept) == (201, '{"id":1}', False)
    assert (second.status, second.body, second.kept) == (201, '{"id":1}', True)
    assert len(done) == 1
    with pytest.raises(KeyReused, match="another request"):
        once(act=act, **{**call, "request": {"path": "/x", "body": "2"}})


def test_text_that_one_engine_would_keep_and_another_refuse_is_refused_on_both(cast):
    for bad in ("x" * 81, "enterprise:\x00"):
        with pytest.raises(InputError, match="a subject that does not fit"), transaction.atomic():
            record(by=cast.person("officer"), type="a.b", subject=bad, at=AT, payload={})
    with pytest.raises(InputError, match=r"half a character at \.name"), transaction.atomic():
        record(by=cast.person("officer"), type="a.b", subject="a:b", at=AT, payload={"name": "\ud83d"})


def test_a_payload_is_written_as_rfc_8785_writes_it():
    written = canonical({"peach": '\u00e9\n"\\\u0007', "b": [True, None, -1], "a": {"z": 1, "A": "中"}})
    assert written == '{"a":{"A":"中","z":1},"b":[true,null,-1],"peach":"\u00e9\\n\\"\\\\\\u0007"}'


def test_every_type_that_the_code_records_has_words_in_both_languages():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/kaiyuan/apps").rglob("*.py"))
    recorded = set(re.findall(r"""(?:type|event)="([a-z_]+\.[a-z_]+)\"""", code))
    assert {"facts.loaded", "checkpoint.made", "member.invited"} <= recorded
    assert recorded - set(TYPES) == set()
