"""Whatever is sent, by whomever: no fault of ours, no status that the description does not name."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.apps.api.calls import (
    SAMPLES,
    TOKEN,
    cookies,
    description,
    machine,
    old_key,
    operations,
    subscription,
)
from tests.apps.facts_of_cast import FIRST, put_in
from tests.apps.intake_files import put_import
from tests.cast import AT, ELSEWHERE, ON, OTHERS, OWN, Cast

from kaiyuan.apps.enterprises.actions import run_rules
from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts.rules import rules_of
from kaiyuan.apps.journal.actions import make_checkpoint, put_verification_down
from kaiyuan.apps.journal.queries import verify
from kaiyuan.apps.zones.models import ROLES

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

werkzeug = pytest.importorskip("werkzeug.test", reason="werkzeug comes with schemathesis")

REQUESTS = 2_000
# Each of these runs for seconds, and for each day anew.
SLOW = {"enterprises_start_run": 8, "enterprises_entitlements": 8, "enterprises_reasons": 8}
# A file that is made up has no name that ends as a sheet's does; test_imports.py uploads real ones.
NAMED_FILES = {"intake_upload"}
# So much of what is sent is as the description wants it; the rest breaks it on purpose.
KINDS = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
# A sample is sent by a session, and by a key.
OF_SAMPLE = (4, 5)
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
    storm = Storm(
        app=schema.app,
        known={name: sample.before(cast) for name, sample in SAMPLES.items()},
        there=_names_that_are_there(cast),
        keys={role: machine(cast, role) for role, _ in ROLES} | {"nobody": {}},
        sessions={role: cookies(cast, role) for role, _ in ROLES} | {"nobody": {}},
    )
    each_gets = REQUESTS // (len(every) * len(KINDS)) + 1
    # Where little can be varied an operation gets fewer; the others make up for it.
    while storm.cases < REQUESTS:
        for operation in every:
            for kind in KINDS:
                storm.pass_over(operation, kind, times=each_gets)
    for role, sent in storm.sent.items():
        assert sent.total() >= REQUESTS, (role, sent)
        assert not {status for status in sent if status >= 500}, (role, sent)
    assert set(storm.sent["nobody"]) <= {401, 405}
    never = set(operations()) - storm.reached - NAMED_FILES
    assert not never, f"never answered with success: {sorted(never)}"


def _names_that_are_there(cast: Cast) -> dict[str, tuple[Any, ...]]:
    """Give, for what stands before a name in a path, a few names that get a call past the door."""
    by = cast.person("officer")
    walked = verify(zone_id=by.zone_id)
    put_verification_down(by=cast.person("auditor"), verified=walked, at=AT)
    run = run_rules(by=by, as_of=ON, known_at=AT, at=AT)
    uploads = put_import(cast, done=True), put_import(cast, done=False)
    # The samples were made for enterprises that no import has changed.
    Enterprise.objects.update(version=1)
    return {
        "enterprises": (OWN, OTHERS, ELSEWHERE),
        "facts": ("revenue", "staff", "registration_date"),
        "rulebooks": tuple(book.id for book in rules_of(by.zone_id).rulebooks)[:3],
        "members": (cast.people["officer"].pk, cast.people["agent"].pk),
        "keys": (old_key(cast, "officer"), 2**53 - 1),
        "runs": (run.pk,),
        "entitlements": tuple(a.id for a in rules_of(by.zone_id).rulebooks[0].assessments)[:3],
        "imports": uploads,
        "events": (1, 2, 3),
        "checkpoints": (make_checkpoint(by=cast.person("auditor"), verified=walked, at=AT).size,),
        "subscriptions": (subscription(cast),),
    }


def place(operation: Any, word: str) -> str:
    """Give the part of the path that stands before a name: `runs` before `{number}`."""
    parts = operation.path.split("/")
    return parts[parts.index("{" + word + "}") - 1]


@dataclass
class Storm:
    """Requests of every kind; each is sent as every role, by a key or by a session."""

    app: Any
    known: dict[str, dict[str, Any]]
    there: dict[str, tuple[Any, ...]]
    keys: dict[str, dict[str, str]]
    sessions: dict[str, dict[str, str]]
    cases: int = 0
    reached: set[str] = field(default_factory=set)
    sent: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def pass_over(self, operation: Any, kind: Any, *, times: int) -> None:
        """Send up to so many requests to one operation as every role."""
        name = operation.definition.raw["operationId"]

        @settings(
            max_examples=min(times, SLOW.get(name, times)),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        )
        @given(case=operation.as_strategy(generation_mode=kind), pick=st.integers(0, max(OF_SAMPLE)))
        def call(case: Any, pick: int) -> None:
            for word in case.path_parameters or {}:
                names = self.there[place(operation, word)]
                if pick < len(names):
                    case.path_parameters[word] = names[pick]
            if name in SAMPLES and pick in OF_SAMPLE:
                # A body made up hardly ever is one that an act takes.
                case.path_parameters = dict(self.known[name])
                if SAMPLES[name].body and kind == KINDS[0]:
                    case.body = dict(SAMPLES[name].body)
                if SAMPLES[name].version is not None:
                    case.headers["If-Match"] = f'"{SAMPLES[name].version}"'
            self.cases += 1
            by_session = pick % 2 == 1
            if by_session:
                # A key that is made up is refused, whatever session stands beside it.
                (case.headers or {}).pop("Authorization", None)
            for role in self.keys:
                self._send(name, case, role, by_session=by_session)

        call()

    def _send(self, name: str, case: Any, role: str, *, by_session: bool) -> None:
        headers = {"X-CSRFToken": TOKEN} if by_session else self.keys[role]

        # A call leaves its cookies in the case and in the client; the next role must have its own only.
        case.cookies = {}
        with transaction.atomic():
            # What one call does, another must not meet: it might have ended the caller's own place.
            held = self.sessions[role] if by_session else {}
            answer = case.call(headers=headers, cookies=held, session=werkzeug.Client(self.app))
            transaction.set_rollback(True)
        self.sent[role][answer.status_code] += 1
        if 200 <= answer.status_code < 300:
            self.reached.add(name)
        if answer.status_code != 405:
            case.validate_response(answer, checks=CHECKS)
        text = answer.text
        leaked = [word for word in SECRETS if word in text]
        assert not [word for word in leaked if word not in case.as_curl_command()], text


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
