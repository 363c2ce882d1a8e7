"""Rules as data that people can read."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from kaiyuan.apps.facts.rules import rules_of


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_every_rulebook_has_a_page_that_names_document_clauses_and_parameters(cast, client_of):
    client = client_of(cast, "agent")
    books = {book.id: book for book in rules_of(cast.zone.pk).rulebooks}
    assert len(books) > 20
    for name, book in books.items():
        shown = text_of(client.get(f"/rules/{name}/", {"on": book.window.start.isoformat()}))
        assert book.document.number in shown
        for assessment in book.assessments:
            assert assessment.clause in shown
        for parameter in book.parameters:
            assert parameter.name in shown


def test_the_day_in_the_address_chooses_the_version(cast, client_of):
    client = client_of(cast, "officer")
    before = text_of(client.get("/rules/demo.title_awards/?on=2026-03-31"))
    after = text_of(client.get("/rules/demo.title_awards/?on=2026-04-01"))
    assert "看的是 2026-03-31" in before and "看的是 2026-04-01" in after
    value = re.compile(r"<b>(\d+) 万元</b>")
    shown = [
        value.findall(client.get(f"/rules/demo.title_awards/?on={day}").content.decode())
        for day in ("2026-03-31", "2026-04-01")
    ]
    assert "20" in shown[0] and "30" not in shown[0]
    assert "30" in shown[1] and "20" not in shown[1]


@pytest.mark.parametrize("day", ["", "never", "0001-01-01", "2026-13-40", "9999-12-31"])
def test_a_day_that_cannot_be_is_today(cast, client_of, day):
    assert client_of(cast, "auditor").get("/rules/", {"on": day}).status_code == 200


def test_the_list_names_every_pack_and_rulebook_in_both_languages(cast, client_of):
    client = client_of(cast, "administrator")
    chinese = text_of(client.get("/rules/"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = text_of(client.get("/rules/"))
    for book in rules_of(cast.zone.pk).rulebooks:
        assert book.title.zh in chinese
        assert book.title.en in english.replace("&#x27;", "'").replace("&amp;", "&")


def test_a_rulebook_that_is_not_there_is_not_found(cast, client_of):
    assert client_of(cast, "officer").get("/rules/national.nothing/").status_code == 404
