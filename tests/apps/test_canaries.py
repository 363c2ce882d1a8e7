"""What is confidential in one zone is never seen in another, and within its own zone never without being put down."""

from __future__ import annotations

import logging

import pytest
from tests.apps.access import ROLES, paths_of, rows
from tests.apps.asking import Asker, text_of
from tests.apps.canaries import STEM, Canary, put_elsewhere, put_facts
from tests.apps.world import World
from tests.cast import ELSEWHERE, OTHERS, OWN

from kaiyuan.apps.zones.rights import CLASSES, DISCLOSED

ROWS = rows()
SEARCHED = (
    f"?q={STEM}&words={STEM}&name={STEM}&subject=enterprise:{ELSEWHERE}&code={ELSEWHERE}&enterprise={ELSEWHERE}"
    "&state=all&size=100&zone=west&membership=1"
)


@pytest.fixture
def strangers(world) -> list[Canary]:
    """Give the canaries of the zone next door."""
    return [*put_facts(world.there, base=5_000), *put_elsewhere(world.there)]


@pytest.fixture
def own(world) -> list[Canary]:
    """Give the canaries of the zone that asks."""
    return put_facts(world.here, base=0)


def asked_everywhere(world: World, ask: Asker, roles: tuple[str, ...], methods: tuple[str, ...]):
    for role in roles:
        # The table asks for a fact that most may see; here for one that few may, with everything ever said of it.
        for firm in (OWN, OTHERS, ELSEWHERE):
            path = f"/enterprises/{firm}/facts/revenue/"
            yield f"GET {path} as {role}", ask(role, "GET", "", path)
    for row in ROWS:
        if row.method not in methods:
            continue
        for role in roles:
            for whose, path in paths_of(row.address, world, role).items():
                for search in ("", SEARCHED) if row.method == "GET" and whose == "own" else ("",):
                    yield (
                        f"{row.method} {path}{search} as {role}",
                        ask(role, row.method, row.address, path + search),
                    )


def test_an_officer_who_searches_every_list_for_another_zone_sees_nothing_of_it(world, ask, strangers):
    found = []
    for row in ROWS:
        paths = paths_of(row.address, world, "officer")
        path = paths.get("elsewhere", paths["own"] + SEARCHED)
        if row.method == "GET" and row.own["officer"] == 200 and not row.address.startswith("/accounts/"):
            text = text_of(ask("officer", "GET", row.address, path))
            found += [f"{path}: {each.field}" for each in strangers if each.is_in(text)]
    assert not found


@pytest.mark.slow
def test_nobody_sees_anything_of_another_zone_on_any_address_export_error_or_log(
    world, ask, strangers, caplog
):
    found = []
    with caplog.at_level(logging.INFO):
        for where, answer in asked_everywhere(world, ask, ROLES, ("GET", "POST", "PUT", "PATCH", "DELETE")):
            text = text_of(answer)
            found += [f"{where}: {each.field}" for each in strangers if each.is_in(text)]
    logged = caplog.text
    assert "request" in logged, "the log was listened to"
    assert not found + [f"log: {each.field}" for each in strangers if each.is_in(logged)]


def test_the_zones_own_people_do_see_them_so_the_canaries_are_alive(world, client_of, strangers):
    ask = Asker(world, client_of, world.there)
    texts = [
        text_of(ask(role, "GET", "", path))
        for role, path in (
            ("officer", f"/api/v1/enterprises/{ELSEWHERE}/facts?limit=200"),
            ("officer", "/enterprises/"),
            ("officer", f"/enterprises/{ELSEWHERE}/"),
            ("officer", "/imports/"),
            ("administrator", "/people/"),
            ("administrator", "/journal/subscriptions/"),
            ("administrator", "/me/keys/"),
        )
    ]
    unseen = {each.field for each in strangers if not any(each.is_in(text) for text in texts)}
    assert unseen <= {"secret", "note", "source"}, "these canaries could never be found"


@pytest.mark.slow
def test_every_answer_with_a_confidential_fact_has_exactly_one_reading_in_the_journal(world, ask, own):
    wrong, shown = [], 0
    for where, answer in asked_everywhere(world, ask, ROLES, ("GET", "POST")):
        text = text_of(answer)
        told = [each for each in own if each.is_in(text)]
        shown += bool(told)
        if told and ask.readings != 1:
            wrong.append(f"{where}: {ask.readings} readings of {told[0].field} and {len(told) - 1} more")
        if ask.readings > 1 or (ask.readings and not answer.status_code < 400):
            wrong.append(f"{where}: {ask.readings} readings, {answer.status_code}")
        role = where.rsplit(" ", 1)[1]
        forbidden = {each.field for each in told if role == "nobody" or each.privacy not in CLASSES[role]}
        if forbidden:
            wrong.append(f"{where}: shows {sorted(forbidden)[:3]}")
    assert not wrong, "\n".join(wrong)
    assert shown >= len(DISCLOSED), "somebody does see something, or nothing was tried"
