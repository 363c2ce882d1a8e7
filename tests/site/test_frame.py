"""The frame around every page: the way around, how one likes to read, and refusals that tell nothing."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from kaiyuan.site.context import SHEETS, theme_of
from kaiyuan.site.menu import menu_of


def current(cast, role: str, path: str) -> list[str]:
    return [line.zh for _, lines in menu_of(cast.person(role), path=path) for line in lines if line.current]


def test_one_entry_of_the_menu_is_current_and_it_is_the_nearest(cast):
    assert current(cast, "auditor", "/journal/verify/") == ["校验"]
    assert current(cast, "auditor", "/journal/12/") == ["日志"]
    assert current(cast, "auditor", "/") == ["今日"]
    assert current(cast, "auditor", "/nothing/") == []


def test_nobody_is_shown_a_way_they_may_not_go(cast, client_of):
    for role in cast.people:
        client = client_of(cast, role)
        for _, lines in menu_of(cast.person(role), path="/"):
            for line in lines:
                assert client.get(line.url).status_code in (200, 302), f"{role} {line.url}"


@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_of_the_frame_is_served(client, db, name):
    answer = client.get(f"/static/{name}")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/css")


def test_a_zone_that_has_a_theme_wears_it():
    assert theme_of("park") == ("kaiyuan/themes/park.css",)
    assert theme_of("east") == theme_of("") == ()


@pytest.mark.parametrize(
    ("choice", "seen"),
    [
        ({"language": "en"}, '<html lang="en"'),
        ({"text": "large"}, 'class="is-large'),
        ({"colours": "light"}, "is-light"),
    ],
)
def test_what_a_reader_chooses_stays_on_the_next_page(client, db, choice, seen):
    page = reverse("account_login")
    assert seen not in client.get(page).content.decode()
    answer = client.post("/me/display", choice, headers={"referer": f"http://testserver{page}"})
    assert answer.status_code == 302 and answer["Location"] == page
    assert seen in client.get(page).content.decode()


def test_a_choice_that_does_not_exist_is_not_kept(client, db):
    answer = client.post("/me/display", {"language": "xx", "text": "<b>", "colours": ""})
    assert answer.status_code == 302 and not answer.cookies


@pytest.mark.parametrize(
    "referer",
    ["https://elsewhere.example/x", "//elsewhere.example/x", "http://testserver//elsewhere.example/x"],
)
def test_a_choice_never_leads_to_another_site(client, db, referer):
    location = client.post("/me/display", {"text": "large"}, headers={"referer": referer})["Location"]
    assert re.fullmatch(r"/(?!/).*", location)


def test_a_page_that_is_not_there_says_the_same_to_everybody_and_names_nothing(cast, client_of):
    client = client_of(cast, "officer")
    one, other = client.get("/enterprises/none/at/all/"), client.get("/enterprises/somewhere/else/entirely/")
    assert one.status_code == other.status_code == 404
    assert one.content == other.content
    assert b"csrfmiddlewaretoken" not in one.content


def test_a_form_without_its_token_is_told_what_to_do(cast, client_of):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(reverse("account_login"), {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "刷新后再提交一次" in answer.content.decode()


def test_our_own_fault_is_said_without_the_frame_and_with_a_number(settings, cast, client_of, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("for this test")

    monkeypatch.setattr("kaiyuan.site.pages.home_of", broken)
    client = client_of(cast, "officer")
    client.raise_request_exception = False
    answer = client.get("/")
    text = answer.content.decode()
    assert answer.status_code == 500 and "出错了" in text
    assert answer["X-Request-Id"] in text and "for this test" not in text
    assert 'class="k-side"' not in text


def test_pages_carry_no_script_or_style_of_their_own(cast, client_of):
    for address in ("/", "/dev/components/", "/me/"):
        answer = client_of(cast, "officer").get(address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*src=)", answer.content.decode())
