"""Whatever is sent, by whomever: no fault of ours, no status that the description does not name."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.apps.api.calls import SAMPLES, description, machine, operations
from tests.apps.facts_of_cast import FIRST, put_in
from tests.cast import ELSEWHERE, OTHERS, OWN

from kaiyuan.apps.zones.models import ROLES

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

REQUESTS = 200
# So much of what is sent is as the description wants it; the rest breaks it on purpose.
KINDS = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
# Names that are there, so that calls get past the door; generated ones hardly ever are.
NAMES: dict[str, tuple[Any, ...]] = {
    "code": (OWN, OTHERS, ELSEWHERE),
    "name": ("revenue", "staff", "registration_date"),
}
OF_SAMPLE = 5
SECRETS = ("Traceback", "sqlite", "SELECT ", "psycopg", ELSEWHERE)


@pytest.fixture
def one_connection():
    """Keep the test's connection from one request to the next, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("one_connection")
def test_two_thousand_requests_as_each_role_meet_no_fault_and_no_undocumented_answer(cast, other_zone):
    put_in(cast, **FIRST)
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(description())))
    schema.app = get_wsgi_application()
    every = [found.ok() for found in schema.get_all_operations()]
    assert {each.definition.raw["operationId"] for each in every} == set(operations())
    reached: set[str] = set()
    known = {name: sample.before(cast) for name, sample in SAMPLES.items()}
    for role in (None, *(name for name, _ in ROLES)):
        headers = machine(cast, role) if role else {}
        sent = _storm(every, headers=headers, known=known, reached=reached)
        assert sum(sent.values()) >= REQUESTS, (role, sent)
        assert not {status for status in sent if status >= 500}, (role, sent)
        if role is None:
            assert set(sent) <= {401, 405}, sent
    assert reached == set(operations()), "never answered with success: " + ", ".join(
        set(operations()) - reached
    )


def _storm(
    every: list[Any], *, headers: dict[str, str], known: dict[str, dict[str, Any]], reached: set[str]
) -> Counter[int]:
    sent: Counter[int] = Counter()
    each_gets = REQUESTS // (len(every) * len(KINDS)) + 1
    for operation in every:
        for kind in KINDS:
            _try(operation, kind, times=each_gets, headers=headers, known=known, reached=reached, sent=sent)
    return sent


def _try(
    operation: Any,
    kind: Any,
    *,
    times: int,
    headers: dict[str, str],
    known: dict[str, dict[str, Any]],
    reached: set[str],
    sent: Counter[int],
) -> None:
    name = operation.definition.raw["operationId"]

    @settings(
        max_examples=times,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(case=operation.as_strategy(generation_mode=kind), pick=st.integers(0, OF_SAMPLE))
    def call(case: Any, pick: int) -> None:
        for word in case.path_parameters or {}:
            if word in NAMES and pick < len(NAMES[word]):
                case.path_parameters[word] = NAMES[word][pick]
        if name in SAMPLES and pick == OF_SAMPLE:
            # A body made up hardly ever is one that an act takes.
            case.path_parameters = dict(known[name])
            if SAMPLES[name].body:
                case.body = dict(SAMPLES[name].body)
        answer = case.call(headers=headers)
        sent[answer.status_code] += 1
        if 200 <= answer.status_code < 300:
            reached.add(name)
        if answer.status_code != 405:
            case.validate_response(answer, checks=CHECKS)
        text = answer.text
        assert not [word for word in SECRETS if word in text and word not in case.as_curl_command()], text

    call()


def _checks() -> list[Any]:
    from schemathesis import checks
    from schemathesis.specs.openapi import checks as openapi

    return [
        checks.not_a_server_error,
        openapi.status_code_conformance,
        openapi.content_type_conformance,
        openapi.response_headers_conformance,
        openapi.response_schema_conformance,
    ]


CHECKS = _checks()
