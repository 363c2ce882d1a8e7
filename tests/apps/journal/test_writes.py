"""A write happens once: by a page's form or by an endpoint, clicked twice or retried."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from pydantic import BaseModel
from tests.cast import Cast

from kaiyuan.apps.journal.actions import KeyReused, record
from kaiyuan.apps.journal.models import Event, KeptAnswer
from kaiyuan.apps.journal.writes import (
    Call,
    Change,
    Conflict,
    KeyMissing,
    Stale,
    VersionMissing,
    submit,
    unchanged,
    write,
)
from kaiyuan.apps.zones.rights import NotLoggedIn
from kaiyuan.sheets.wording import Wording


class Noted(BaseModel):
    text: str
    version: int


def note(text: str = "hello", *, version: int = 3):
    """Give an act that puts one event down."""

    def act(call: Call) -> Noted:
        record(
            by=call.by,
            type="enterprise.noted",
            subject="enterprise:x",
            at=call.at,
            payload={"text": text},
            key=call.key,
        )
        return Noted(text=text, version=version)

    return act


def call(cast: Cast, body: str = "{}", *, role: str = "officer", **headers: str) -> HttpRequest:
    request = RequestFactory().post("/x", body, content_type="application/json", headers=headers)
    request.person = cast.person(role)
    return request


def form(cast: Cast, **fields: object) -> HttpRequest:
    request = RequestFactory().post("/x", fields)
    request.person = cast.person("officer")
    request.user = cast.user("officer")
    request.session = {}
    return request


def go(call: Call) -> str:
    note()(call)
    return "/there"


KEYED = {"Idempotency-Key": "k1"}


def test_a_retry_gets_the_same_bytes_and_leaves_one_event(cast):
    first = write(call(cast, **KEYED), note(), status=201)
    again = write(call(cast, **KEYED), note("never done"), status=201)
    assert (first.status_code, first.content, first["ETag"]) == (201, b'{"text":"hello","version":3}', '"3"')
    assert (again.status_code, again.content, again["ETag"]) == (201, first.content, '"3"')
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert [event.idempotency_key for event in Event.objects.all()] == ["k1"]


def test_a_key_with_one_changed_byte_is_refused_and_nothing_is_done(cast):
    write(call(cast, '{"text":"a"}', **KEYED), note())
    for other in (
        call(cast, '{"text":"b"}', **KEYED),
        call(cast, '{"text":"a"}', **KEYED, **{"If-Match": '"2"'}),
    ):
        with pytest.raises(KeyReused):
            write(other, note())
    assert Event.objects.count() == 1


def test_keys_belong_to_the_person_who_sent_them(cast, other_zone):
    for each in (call(cast, **KEYED), call(cast, role="supervisor", **KEYED), call(other_zone, **KEYED)):
        assert "Idempotent-Replayed" not in write(each, note())
    assert Event.objects.count() == 3


@pytest.mark.parametrize("key", ["", " ", "a b", "键", "x" * 81])
def test_a_write_without_a_usable_key_is_refused(cast, key):
    request = call(cast)
    request.META["HTTP_IDEMPOTENCY_KEY"] = key
    with pytest.raises(KeyMissing, match="1 to 80 visible"):
        write(request, note())


def test_nobody_writes_nothing(cast):
    request = call(cast, **KEYED)
    request.person = None
    with pytest.raises(NotLoggedIn):
        write(request, note())


def test_an_act_that_answers_nothing_answers_204(cast):
    answer = write(call(cast, **KEYED), lambda call: None)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_refusal_leaves_neither_effect_nor_key_behind(cast):
    def act(call: Call) -> Noted:
        note()(call)
        raise Conflict(Wording("已撤销", "it is undone already"))

    with pytest.raises(Conflict, match="undone already"):
        write(call(cast, **KEYED), act)
    assert (Event.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    assert write(call(cast, **KEYED), note()).status_code == 200


@pytest.mark.parametrize(("sent", "seen"), [('"7"', 7), ("7", 7), (' "7" ', 7)])
def test_the_version_that_was_seen_comes_in_if_match(cast, sent, seen):
    found = []
    write(call(cast, **KEYED, **{"If-Match": sent}), lambda call: found.append(call.version))
    assert found == [seen]


@pytest.mark.parametrize("sent", ["", "*", 'W/"7"', "x"])
def test_a_version_that_says_nothing_is_not_guessed(cast, sent):
    with pytest.raises(VersionMissing, match="the version you saw is missing"):
        write(call(cast, **KEYED, **{"If-Match": sent}), lambda call: call.version and None)


def test_a_double_click_on_a_page_goes_to_the_same_place_and_acts_once(cast):
    token = iter(("one", "two"))
    answers = [submit(form(cast, key="k", note="x", csrfmiddlewaretoken=next(token)), go) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/there")] * 2
    assert Event.objects.count() == 1


def test_an_upload_is_the_same_request_when_its_bytes_are(cast):
    def sent(content: bytes) -> HttpResponse:
        return submit(form(cast, key="k", file=SimpleUploadedFile("a.csv", content)), go)

    assert sent(b"1").status_code == sent(b"1").status_code == 303
    assert sent(b"2").status_code == 422
    assert Event.objects.count() == 1


@pytest.mark.parametrize("fields", [{"note": "x"}, {"key": "", "note": "x"}])
def test_a_form_without_its_key_is_answered_422_with_what_was_typed(cast, fields):
    answer = submit(form(cast, **fields, password="secret"), go)
    assert answer.status_code == 422
    assert "<dd>x</dd>" in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert Event.objects.count() == 0


def stale(call: Call) -> str:
    unchanged(
        asked=call.version,
        now=5,
        changes=[Change("note", Wording("备注", "Note"), "theirs", by="王<b>", at=call.at)],
    )
    return go(call)


def test_two_people_editing_is_answered_409_with_what_changed_and_what_was_typed(cast):
    answer = submit(form(cast, key="k", version="4", note="mine"), stale)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "备注" in shown
    assert "theirs" in shown
    assert "王&lt;b&gt;" in shown
    assert "mine" in shown
    assert submit(form(cast, key="k", version="5", note="mine"), stale).status_code == 303


def test_a_page_may_show_the_conflict_in_its_own_form(cast):
    seen: list[Conflict] = []

    def show(conflict: Conflict) -> HttpResponse:
        seen.append(conflict)
        return HttpResponse("again")

    answer = submit(form(cast, key="k", version="4"), stale, conflict=show)
    assert (answer.status_code, answer.content) == (409, b"again")
    assert isinstance(seen[0], Stale)
    assert [change.name for change in seen[0].changes] == ["note"]


def test_the_tag_gives_each_form_a_key_of_its_own():
    shown = [Template("{% once %}").render(Context()) for _ in range(2)]
    keys = [re.fullmatch(r'<input type="hidden" name="key" value="([0-9a-f-]{36})">', each) for each in shown]
    assert all(keys)
    assert shown[0] != shown[1]
