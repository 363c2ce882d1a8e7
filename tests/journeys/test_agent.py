"""An enterprise's agent learns what the firm is entitled to, why, and what is missing; and sees nothing of others."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser
READ = "SELECT COUNT(*) FROM journal_event WHERE type = 'facts.read' AND actor LIKE 'membership:%'"
OWN = "SELECT subject FROM zones_membership WHERE role = 'agent' AND zone_id = 1"
OTHERS = f"SELECT code FROM enterprises_enterprise WHERE zone_id = 1 AND code <> ({OWN}) LIMIT 1"
ELSEWHERE = "SELECT code FROM enterprises_enterprise WHERE zone_id = 2 LIMIT 1"
TILES = ("符合", "可能符合", "差一条", "暂不符合", "信息不足")


def main_of(page) -> str:
    return page.locator("main").inner_text()


def test_from_the_amount_to_the_reason_to_the_fact_to_its_source(visit, site):
    page = visit("demo.agent")
    page.goto("/")
    page.get_by_role("link", name="能享受什么").first.click()
    said = main_of(page)
    assert "这是测算，不是决定" in said
    counts = [int(re.search(rf"^{answer}\n(\d+)$", said, re.M)[1]) for answer in TILES]
    assert sum(counts) == site.one(
        "SELECT COUNT(*) FROM enterprises_runcount WHERE run_id = (SELECT MAX(id) FROM enterprises_run WHERE zone_id = 1)"
    )
    assert counts[0] and counts[2] and counts[4]

    # A near miss says what is there, what is needed, and by how much it falls short.
    page.locator("#near + .k-panel").get_by_role("link", name=re.compile("^看理由")).first.click()
    said = main_of(page)
    assert "只差一个条件就符合" in said and "未达到和未知的条件" in said
    table = page.locator("main table").first
    assert "未达到" in table.inner_text() and "来源与日期" in table.inner_text()

    # Every number opens to where it comes from.
    table.locator('a[href*="/facts/"]').first.click()
    assert re.search(r"合成演示数据|更正|补报", main_of(page))
    assert page.complaints == []


def test_opening_the_page_puts_down_one_reading_of_confidential_facts(visit, site):
    page = visit("demo.agent")
    before = site.one(READ)
    page.goto("/my/")
    assert site.one(READ) == before + 1
    page.goto("/")
    assert site.one(READ) == before + 1


def test_another_firm_another_zone_and_nothing_at_all_look_the_same(visit, site):
    page = visit("demo.agent")
    assert page.goto(f"/enterprises/{site.one(OWN)}/").status == 200
    answers = []
    for code in (site.one(OTHERS), site.one(ELSEWHERE), "91370800MA0000015H"):
        answer = page.goto(f"/enterprises/{code}/")
        answers.append((answer.status, answer.text()))
    assert answers[0][0] == 404
    assert len(set(answers)) == 1


def test_everything_is_there_without_script_in_english_and_on_a_phone(visit):
    page = visit("demo.agent", width=390, language="en-GB", script=False)
    page.goto("/my/")
    said = main_of(page)
    assert "An estimate, not a decision" in said and "Entitled to now" in said
    page.locator("#near + .k-panel").get_by_role("link", name=re.compile("^Reasons")).first.click()
    said = main_of(page)
    assert re.search(r"^1 not met · \d+ met", said, re.M) and "How to close the gap" in said
