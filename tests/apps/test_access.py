"""Who may see and do what: the table is asserted, whole, for every address the site has."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.apps.access import METHODS, ROLES, Row, addresses, paths_of, rows
from tests.apps.asking import Asker
from tests.apps.world import World

ROWS = rows()
BY_ADDRESS: dict[str, dict[str, Row]] = {}
for _row in ROWS:
    BY_ADDRESS.setdefault(_row.address, {})[_row.method] = _row


def test_every_address_has_a_row_and_every_row_an_address():
    there = set(addresses())
    assert there - set(BY_ADDRESS) == set(), "addresses without a row in tests/apps/access_table.txt"
    assert set(BY_ADDRESS) - there == set(), "rows without an address"


def refused(row: Row, role: str) -> bool:
    return row.own[role] in {401, 404} or (role == "nobody" and row.own[role] == 302)


def test_every_page_answers_some_roles_as_the_table_says(world, ask):
    compare([row for row in ROWS if row.method == "GET"], ("nobody", "agent"), world, ask)


@pytest.mark.slow
def test_every_address_answers_each_role_as_the_table_says(world, ask):
    compare(ROWS, ROLES, world, ask)


def compare(asked: list[Row], roles: tuple[str, ...], world: World, ask: Asker) -> None:
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
    return answer.status_code, answer.whole.replace(path.encode(), b"PATH"), headers


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
