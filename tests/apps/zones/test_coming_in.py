"""How people come in, where they land, and when they are out."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from tests.cast import ON, PASSWORD

from kaiyuan.apps.zones.models import Membership

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _no_guesses_of_other_tests():
    cache.clear()


def enter(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def test_a_person_comes_in_by_name_and_password_and_lands_on_the_first_page(cast):
    client = Client()
    response = enter(client, "east-officer")
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(cast):
    wrong, unknown = enter(Client(), "east-officer", "wrong"), enter(Client(), "east-nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 200
    assert "用户名或口令不对" in wrong.content.decode()
    assert [wrong.context["form"].errors] == [unknown.context["form"].errors]


def test_the_login_speaks_the_readers_language(cast):
    client = Client(headers={"accept-language": "en"})
    assert "The user name or the password is wrong" in enter(client, "east-officer", "wrong").content.decode()


def test_a_disabled_user_is_out_at_the_next_request(cast, client_of):
    client = client_of(cast, "officer")
    assert client.get("/").status_code == 200
    cast.user("officer").__class__.objects.filter(pk=cast.user("officer").pk).update(is_active=False)
    assert client.get("/").url.startswith(LOGIN)


def test_who_has_no_place_any_more_is_logged_out(cast, client_of):
    client = client_of(cast, "officer")
    Membership.objects.filter(pk=cast.people["officer"].pk).update(ends_on=date(2026, 1, 2))
    assert client.get("/").url == f"{LOGIN}?next=/"
    assert "sessionid" not in client.cookies
    assert client.get(LOGIN).status_code == 200, (
        "the login page is shown, it does not send them round in a circle"
    )


def test_nobody_signs_up_by_themselves(db):
    for address in ("/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"):
        assert Client().get(address).status_code == 404


def test_the_people_of_the_demonstration_come_in_by_one_click(cast):
    with override_settings(DEMO=True):
        client = Client()
        assert "east-auditor" in client.get(LOGIN).content.decode()
        assert client.post("/demo/enter", {"persona": "east-auditor"}).url == "/"
        assert client.get("/me/").context["place"].role == "auditor"


def test_outside_a_demonstration_nobody_comes_in_by_one_click(cast):
    client = Client()
    assert "east-auditor" not in client.get(LOGIN).content.decode()
    assert client.post("/demo/enter", {"persona": "east-auditor"}).status_code == 404
    assert client.get("/me/").url.startswith(LOGIN)


def test_one_click_leads_only_into_zones_of_the_demonstration(cast):
    cast.zone.demo = False
    cast.zone.save()
    with override_settings(DEMO=True):
        assert Client().post("/demo/enter", {"persona": "east-auditor"}).status_code == 404


def test_coming_in_never_leads_to_another_site(cast):
    with override_settings(DEMO=True):
        there = Client().post(
            "/demo/enter", {"persona": "east-officer", "next": "https://elsewhere.example/"}
        )
    assert there.url == "/"
    assert enter(Client(), "east-officer", next="//elsewhere.example/").url == "/"


def test_a_person_with_two_places_chooses_among_their_own_only(cast, other_zone, client_of):
    second = Membership.objects.create(
        user=cast.user("officer"), zone=cast.zone, role="supervisor", starts_on=ON
    )
    client = client_of(cast, "officer")
    client.post("/me/place", {"membership": second.pk})
    assert client.get("/me/").context["person"].role == "supervisor"
    for strange in (other_zone.people["officer"].pk, 0, "x", ""):
        assert client.post("/me/place", {"membership": strange}).status_code == 404
    assert client.get("/me/").context["person"].role == "supervisor"
