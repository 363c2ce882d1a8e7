"""Every endpoint that writes, counted from the description: a retry does nothing, a changed body is refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from tests.apps.api.calls import SAMPLES, Sample, caller_of, machine, operations, send, writing

from kaiyuan.apps.journal.models import Event, KeptAnswer

KEYED = {"Idempotency-Key": "one-and-the-same"}


def problem_of(answer) -> str:
    return answer.json()["type"].partition("#")[2]


def without(sample: Sample, answer) -> dict:
    """Give an answer without what is shown once; a retry has null there."""
    body = json.loads(answer.content or b"{}")
    if sample.shown_once:
        shown = body.pop(sample.shown_once)
        assert (shown is None) == ("Idempotent-Replayed" in answer)
    return body


def test_every_endpoint_that_writes_is_tried_below():
    assert writing()
    assert set(writing()) == set(SAMPLES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_retry_leaves_one_event_and_a_changed_body_is_refused(cast, name):
    sample = SAMPLES[name]
    names, key = sample.before(cast), caller_of(cast, name)
    before = Event.objects.count()
    first = send(name, names, headers=key | KEYED)
    assert first.status_code in {200, 201, 202, 204}, first.content
    again = send(name, names, headers=key | KEYED)
    assert (again.status_code, without(sample, again)) == (first.status_code, without(sample, first))
    assert again["Idempotent-Replayed"] == "true"
    assert [event.type for event in Event.objects.all()[before:]] == [sample.event]
    other = send(name, names, headers=key | KEYED, changes=sample.changed or {"more": 1})
    assert (other.status_code, problem_of(other)) == (422, "key-reused")
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_without_a_key_a_scope_or_a_login_nothing_is_written(cast, name):
    sample = SAMPLES[name]
    names = sample.before(cast)
    before = Event.objects.count()
    tried = [(caller_of(cast, name), "key-missing"), (KEYED, "not-logged-in")]
    tried.append((machine(cast, sample.role, scopes="read") | KEYED, "scope-missing"))
    if sample.by_session:
        tried.append((machine(cast, sample.role) | KEYED, "scope-missing"))
    for headers, problem in tried:
        assert problem_of(send(name, names, headers=headers)) == problem
    assert Event.objects.count() == before
    assert KeptAnswer.objects.count() == 0


@pytest.mark.parametrize(
    "name", sorted(name for name, sample in SAMPLES.items() if sample.version is not None)
)
def test_what_two_people_may_edit_asks_for_the_version_that_was_seen(cast, name):
    sample = SAMPLES[name]
    names, key = sample.before(cast), caller_of(cast, name)
    assert problem_of(send(name, names, headers=key | KEYED | {"If-Match": ""})) == "version-missing"
    late = send(name, names, headers=key | KEYED | {"If-Match": f'"{sample.version + 7}"'})
    assert (late.status_code, problem_of(late)) == (412, "stale")


@pytest.mark.parametrize("name", sorted(name for name in SAMPLES if "{" in operations()[name][1]))
def test_the_zone_next_door_answers_like_nothing_at_all(cast, other_zone, name):
    """What exists next door and what exists nowhere: the same bytes."""
    sample = SAMPLES[name]
    names = sample.before(cast)
    key = caller_of(other_zone, name)
    before = Event.objects.filter(chain__zone=other_zone.zone).count()
    nowhere = {word: "NOWHERE" if isinstance(value, str) else 2**40 for word, value in names.items()}
    there = send(name, names, headers=key | {"Idempotency-Key": "a"})
    absent = send(name, nowhere, headers=key | {"Idempotency-Key": "b"})
    assert (there.status_code, there.content) == (404, absent.content)
    assert Event.objects.filter(chain__zone=other_zone.zone).count() == before


@pytest.mark.slow
@pytest.mark.both_engines
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_parallel_calls_with_one_key_have_one_effect(cast, name):
    calls = 64 if connection.vendor == "postgresql" else 20
    sample = SAMPLES[name]
    names, key = sample.before(cast), caller_of(cast, name)
    before, together = Event.objects.count(), Barrier(calls)

    def call(_: int) -> tuple[int, str, bool]:
        together.wait(timeout=60)
        try:
            answer = send(name, names, headers=key | KEYED)
            return answer.status_code, json.dumps(without(sample, answer)), "Idempotent-Replayed" in answer
        finally:
            connection.close()

    operations()
    with ThreadPoolExecutor(calls) as threads:
        answers = list(threads.map(call, range(calls)))
    assert len(answers) == calls
    assert len({(status, body) for status, body, _ in answers}) == 1, answers
    assert answers[0][0] in {200, 201, 202, 204}
    assert [kept for _, _, kept in answers].count(False) == 1
    assert [event.type for event in Event.objects.all()[before:]] == [sample.event]
    assert KeptAnswer.objects.count() == 1
