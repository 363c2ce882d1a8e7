"""The dictionary of facts, as each role may see it."""

from __future__ import annotations

import re

import pytest

from kaiyuan.apps.facts.queries import visible


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("role", ["agent", "auditor", "administrator"])
def test_everybody_sees_the_facts_of_their_classes_and_no_other(cast, client_of, role):
    browser, own = client_of(cast, role), visible(cast.person(role))
    shown = "".join(browser.get(f"/facts/?size=100&page={page}").content.decode() for page in (1, 2, 3))
    assert set(re.findall(r'href="/facts/([a-z0-9_]+)/"', shown)) == set(own)
    status = browser.get("/facts/revenue/").status_code
    assert status == (200 if role == "agent" else 404)
    assert "revenue" in own or role != "agent"


def test_facts_are_found_by_words_class_and_period(cast, client_of):
    browser = client_of(cast, "officer")
    page = words(browser.get("/facts/?q=营收"))
    assert "营业收入" in page and "从业人员" not in page
    assert "没有这样的指标" in words(browser.get("/facts/?q=营收&class=public"))
    assert "法定代表人" in words(browser.get("/facts/?class=personal"))
    assert "有效发明专利数" not in words(browser.get("/facts/?period=year&q=发明专利数"))


def test_a_fact_tells_which_rules_ask_for_it(cast, client_of):
    page = words(client_of(cast, "agent").get("/facts/revenue/"))
    assert "企业规模" in page and "工信部联企业〔2011〕300号" in page
    assert "每次查看都记入日志" in page
    assert "今日有效的规则都不用它" in words(client_of(cast, "agent").get("/facts/address/"))


def test_what_is_no_fact_is_not_there(cast, client_of):
    assert client_of(cast, "officer").get("/facts/no_such_thing/").status_code == 404
