"""What holds for every endpoint: who may call, how lists go on, how it refuses."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from ninja import Schema
from tests.cast import Cast

from kaiyuan.apps.journal.actions import KeyReused
from kaiyuan.apps.journal.writes import Change, KeyMissing, Stale, VersionMissing
from kaiyuan.apps.zones.keys import new_key
from kaiyuan.apps.zones.models import ApiKey, User
from kaiyuan.apps.zones.paging import Paging, page_of, slice_of
from kaiyuan.apps.zones.rights import Absent
from kaiyuan.errors import InputError, PackError
from kaiyuan.sheets.wording import Wording
from kaiyuan.site import problems
from kaiyuan.site.api import api, refused

ME = "/api/v1/me"


@pytest.fixture
def key_of():
    """Give a machine's client with a key for the person in a role."""

    def make(cast: Cast, role: str, *, scopes: str = "read,write") -> Client:
        key, now = new_key(), timezone.now()
        ApiKey.objects.create(
            membership=cast.people[role],
            name="machine",
            prefix=key.prefix,
            digest=key.digest,
            scopes=scopes,
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
        return Client(headers={"Authorization": f"Bearer {key.text}"})

    return make


def problem(answer) -> dict:
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["status"] == answer.status_code
    return body


def name_of(answer) -> str:
    return problem(answer)["type"].partition("#")[2]


def test_a_person_and_a_key_learn_who_they_are(cast, client_of, key_of):
    for client in (client_of(cast, "agent"), key_of(cast, "agent")):
        answer = client.get(ME)
        assert answer.status_code == 200
        body = answer.json()
        assert (body["role"], body["zone"]) == ("agent", "east")
        assert body["enterprise"] == cast.firms[0].code
        assert "import.write" not in body["acts"]
        assert answer["Cache-Control"] == "no-store"


def test_nobody_is_asked_to_log_in_never_sent_to_a_page(db):
    answer = Client().get(ME)
    assert name_of(answer) == "not-logged-in"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_bad_key_is_not_replaced_by_a_good_session(cast, client_of):
    answer = client_of(cast, "officer").get(ME, headers={"Authorization": "Bearer ky_bad"})
    assert answer.status_code == 401


def test_a_key_without_the_scope_is_told_so(cast, key_of):
    assert name_of(key_of(cast, "officer", scopes="write").get(ME)) == "scope-missing"


def test_a_disabled_user_is_out_at_the_next_call(cast, client_of, key_of):
    clients = client_of(cast, "officer"), key_of(cast, "officer")
    assert [client.get(ME).status_code for client in clients] == [200, 200]
    User.objects.filter(pk=cast.user("officer").pk).update(is_active=False)
    assert [client.get(ME).status_code for client in clients] == [401, 401]


def test_an_address_that_is_not_there_answers_as_the_api_does(cast, client_of):
    answer = client_of(cast, "officer").get("/api/v1/nothing")
    assert name_of(answer) == "absent"


def test_refusals_speak_the_language_of_the_caller(db):
    chinese = problem(Client().get(ME, headers={"Accept-Language": "zh"}))
    english = problem(Client().get(ME, headers={"Accept-Language": "en"}))
    assert (chinese["title"], english["title"]) == ("未登录", "Nobody is logged in")


def test_what_the_caller_holds_already_is_not_sent_again(cast, client_of):
    client = client_of(cast, "officer")
    tag = client.get(ME)["ETag"]
    again = client.get(ME, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert client.get(ME, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (Absent("the enterprise of another zone"), 404, "absent"),
        (KeyMissing("none"), 400, "key-missing"),
        (KeyReused("other request"), 422, "key-reused"),
        (VersionMissing("none"), 428, "version-missing"),
        (InputError("not a year", text="20x6", remedy="Write four digits"), 422, "invalid"),
    ],
)
def test_each_refusal_of_the_code_has_its_status(rf, error, status, name):
    answer = refused(rf.get("/"), error)
    assert (answer.status_code, name_of(answer)) == (status, name)
    assert "another zone" not in answer.content.decode()


def test_a_refusal_of_input_says_what_to_do(rf):
    body = problem(refused(rf.get("/"), InputError("not a year", text="20x6", remedy="Write four digits")))
    assert body["errors"] == [{"pointer": "", "detail": "not a year: '20x6'", "remedy": "Write four digits"}]


def test_who_comes_second_is_told_what_changed(rf):
    change = Change("note", Wording("备注", "Note"), "theirs", by="王")
    body = problem(refused(rf.get("/"), Stale(Wording("已改", "changed"), changes=[change])))
    assert body["status"] == 412
    assert body["changes"] == [{"name": "note", "label": "备注", "now": "theirs", "by": "王", "at": None}]


def test_a_pack_of_ours_that_is_broken_is_no_fault_of_the_caller(rf):
    with pytest.raises(PackError):
        refused(rf.get("/"), PackError("no such pack"))


def test_every_problem_has_words_in_both_languages_and_a_name_of_its_own():
    assert len({each.name for each in problems.PROBLEMS}) == len(problems.PROBLEMS)
    for each in problems.PROBLEMS:
        for words in (each.title, each.remedy):
            assert words.zh
            assert words.en.isascii()
            assert words.zh != words.en


def test_a_list_goes_on_after_the_last_row_seen_even_when_rows_come_in_between(cast, other_zone):
    users = User.objects.filter(username__startswith="east")
    everybody = sorted(users.values_list("username", flat=True), reverse=True)
    seen, cursor = [], ""
    for _ in range(9):
        rows, cursor = page_of(
            users, order=("-username",), paging=Paging(cursor=cursor or "", limit=2), name="x"
        )
        seen += [row.username for row in rows]
        User.objects.get_or_create(username="east-zzz")
        if cursor is None:
            break
    assert seen == everybody


def test_a_list_ordered_by_two_fields_loses_no_row(cast, other_zone):
    users = User.objects.all()
    User.objects.filter(username__contains="o").update(full_name="same")
    order = ("full_name", "-pk")
    seen, cursor = [], ""
    while cursor is not None:
        rows, cursor = page_of(users, order=order, paging=Paging(cursor=cursor, limit=5), name="x")
        seen += rows
    assert seen == list(users.order_by(*order))


def test_a_list_in_memory_has_pages_too():
    first, cursor = slice_of([1, 2, 3], paging=Paging(limit=2), name="x")
    rest, end = slice_of([1, 2, 3], paging=Paging(limit=2, cursor=cursor), name="x")
    assert (first, rest, end) == ([1, 2], [3], None)


def test_a_cursor_of_another_list_or_of_nobody_is_refused(cast):
    _, cursor = slice_of([1, 2, 3], paging=Paging(limit=2), name="x")
    for bad in (cursor, "eyJ", "a:b:c", "\N{SNOWMAN}"):
        with pytest.raises(InputError, match="not one that this list gave"):
            page_of(User.objects.all(), order=("pk",), paging=Paging(cursor=bad), name="y")


def test_the_description_tells_of_keys_versions_and_every_refusal():
    description = api.get_openapi_schema(path_prefix="/api/v1/")
    operations = [
        (method, operation) for each in description["paths"].values() for method, operation in each.items()
    ]
    assert operations
    for method, operation in operations:
        common = {each.get("$ref", "").rpartition("/")[2] for each in operation["parameters"]}
        assert ("IdempotencyKey" in common) == (method != "get"), operation["operationId"]
        assert {401, 404, 422} <= set(operation["responses"])
        assert operation["security"], operation["operationId"]
        assert operation["description"], operation["operationId"]


def test_the_page_of_the_api_lists_every_operation_and_problem(db):
    shown = Client().get("/api/v1/docs/").content.decode()
    assert ME in shown
    for each in problems.PROBLEMS:
        assert f'id="{each.name}"' in shown


def test_no_two_shapes_of_answers_share_a_name():
    """The description knows a shape by its name alone: of two it would tell only one."""

    def below(shape: type[Schema]) -> set[type[Schema]]:
        return {each for child in shape.__subclasses__() for each in {child} | below(child)}

    ours = [each.__name__ for each in below(Schema) if each.__module__.startswith("kaiyuan.apps")]
    assert len(ours) > 50
    assert {name: count for name, count in Counter(ours).items() if count > 1} == {}
