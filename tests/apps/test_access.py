"""Who may see and do what: the table is asserted, whole, for every address the site has."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from tests.apps.access import METHODS, ROLES, Row, addresses, filled, paths_of, rows
from tests.apps.world import World, make_world

from kaiyuan.apps.journal.signing import make_key

ROWS = rows()
BY_ADDRESS: dict[str, dict[str, Row]] = {}
for _row in ROWS:
    BY_ADDRESS.setdefault(_row.address, {})[_row.method] = _row

Ask = Callable[[str, str, str, str], HttpResponse]


@pytest.fixture
def world(cast, other_zone, settings, tmp_path) -> World:
    """Give the two zones with one of everything."""
    settings.CHECKPOINT_KEY = str(tmp_path / "key.pem")
    make_key(tmp_path / "key.pem")
    return make_world(cast, other_zone)


@pytest.fixture
def ask(world, client_of) -> Ask:
    """Give a way to ask an address as somebody: each stays logged in until they log out."""
    known: dict[str, Client] = {}

    def asked(role: str, method: str, address: str, path: str) -> HttpResponse:
        if role not in known:
            known[role] = Client() if role == "nobody" else confirmed(client_of(world.here, role))
            known[role].raise_request_exception = False
        sent = filled(address, world, role) if method != "GET" else {}
        # Guesses are counted in the cache, and acts act: neither may reach the next question.
        cache.clear()
        with transaction.atomic():
            answer = known[role].generic(method, path, **sent)
            transaction.set_rollback(True)
        if address in ENDING and method != "GET":
            del known[role]
        return answer

    return asked


def confirmed(client: Client) -> Client:
    """Let a browser have just given its password again, so that grave pages answer rather than ask."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


ENDING = {"/accounts/logout/"}


def test_every_address_has_a_row_and_every_row_an_address():
    there = set(addresses())
    assert there - set(BY_ADDRESS) == set(), "addresses without a row in tests/apps/access_table.txt"
    assert set(BY_ADDRESS) - there == set(), "rows without an address"


def refused(row: Row, role: str) -> bool:
    return row.own[role] in {401, 404} or (role == "nobody" and row.own[role] == 302)


def test_every_page_answers_some_roles_as_the_table_says(world, ask):
    compare([row for row in ROWS if row.method == "GET"], ("nobody", "agent", "auditor"), world, ask)


@pytest.mark.slow
def test_every_address_answers_each_role_as_the_table_says(world, ask):
    compare(ROWS, ROLES, world, ask)


def compare(asked: list[Row], roles: tuple[str, ...], world: World, ask: Ask) -> None:
    wrong = []
    for row in asked:
        for role in roles:
            paths = paths_of(row.address, world, role)
            for whose, expected in (("own", row.own), ("others", row.others)):
                if whose in paths:
                    got = ask(role, row.method, row.address, paths[whose]).status_code
                    if got != expected[role]:
                        wrong.append(
                            f"{row.method} {paths[whose]} as {role}, {whose}: {got}, not {expected[role]}"
                        )
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_what_is_in_another_zone_answers_byte_for_byte_like_what_is_nowhere(world, ask):
    wrong = []
    for row in ROWS:
        for role in ROLES:
            paths = paths_of(row.address, world, role)
            if "absent" not in paths:
                continue
            absent = ask(role, row.method, row.address, paths["absent"])
            if absent.status_code != (row.own[role] if refused(row, role) else 404):
                wrong.append(f"{row.method} {paths['absent']} as {role}: {absent.status_code}")
            for whose in ("elsewhere", "others"):
                if whose in paths and (whose == "elsewhere" or row.others[role] == 404):
                    answer = ask(role, row.method, row.address, paths[whose])
                    if seen(answer, paths[whose]) != seen(absent, paths["absent"]):
                        wrong.append(f"{row.method} {paths[whose]} as {role}: not like {paths['absent']}")
    assert not wrong, "\n".join(wrong)


def seen(answer: HttpResponse, path: str) -> tuple[int, bytes, dict[str, str]]:
    """Give all that can be seen of an answer, without the words that were asked and the number of the request."""
    headers = {
        name: unquote(value).replace(path, "PATH") for name, value in answer.items() if name != "X-Request-Id"
    }
    return answer.status_code, answer.content.replace(path.encode(), b"PATH"), headers


@pytest.mark.slow
def test_methods_that_are_not_listed_are_refused(world, ask):
    wrong = []
    for address, listed in BY_ADDRESS.items():
        row = next(iter(listed.values()))
        for role in ROLES:
            path = paths_of(address, world, role)["own"]
            for method in sorted(set(METHODS) - set(listed)):
                got = ask(role, method, address, path).status_code
                # Who is sent elsewhere by one method may be so by any.
                sent = {each.own[role] for each in listed.values()} & {302}
                if got not in {405, *sent} and not (refused(row, role) and got == row.own[role]):
                    wrong.append(f"{method} {path} as {role}: {got}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_a_disabled_user_gets_what_nobody_gets(world, client_of):
    client = client_of(world.here, "officer")
    officer = world.here.user("officer")
    officer.is_active = False
    officer.save()
    wrong = []
    for row in ROWS:
        path = paths_of(row.address, world, "officer")["own"]
        answers = [each.generic(row.method, path).status_code for each in (client, Client())]
        if answers[0] != answers[1]:
            wrong.append(f"{row.method} {path}: {answers}")
    assert not wrong, "\n".join(wrong)
