"""Facts by the API: who sees what, that reading is put down, and that a correction counts."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.apps.api.calls import machine
from tests.apps.facts_of_cast import FIRST, put_in
from tests.cast import OTHERS, OWN

from kaiyuan.apps.journal.models import Event

FACTS = f"/api/v1/enterprises/{OWN}/facts"


@pytest.fixture
def client(cast):
    put_in(cast, **FIRST)

    def of(role: str) -> Client:
        return Client(headers=machine(cast, role) | {"Accept-Language": "en"})

    return of


def readings() -> list[Event]:
    return list(Event.objects.filter(type="facts.read"))


def by_name(answer) -> dict:
    return {(each["fact"], each["year"]): each["value"] for each in answer.json()["items"]}


def test_what_is_known_comes_with_its_source_and_one_reading_is_put_down(client):
    answer = client("officer").get(FACTS, {"as_of": "2026-11-20", "purpose": "核对"})
    assert by_name(answer)["revenue", 2025] == 100
    assert by_name(answer)["registration_date", None] == "2016-03-08"
    assert {each["source"] for each in answer.json()["items"]} == {"名单.xlsx"}
    (reading,) = readings()
    assert reading.subject == f"enterprise:{OWN}"
    assert '"purpose":"核对"' in reading.payload


def test_an_auditor_sees_no_confidential_fact_and_leaves_no_reading(client):
    answer = client("auditor").get(FACTS)
    assert ("revenue", 2025) not in by_name(answer)
    assert answer.json()["items"]
    assert readings() == []
    assert client("auditor").get(f"{FACTS}/revenue").status_code == 404


def test_an_agent_sees_the_own_enterprise_and_no_other(client):
    agent = client("agent")
    assert agent.get(FACTS).status_code == 200
    others, nowhere = (agent.get(f"/api/v1/enterprises/{code}/facts") for code in (OTHERS, "NOWHERE"))
    assert (others.status_code, others.content) == (404, nowhere.content)


def correct(client: Client, fact: str, body: dict, *, seen: str, key: str = "k"):
    headers = {"Idempotency-Key": key, "If-Match": seen}
    return client.post(f"{FACTS}/{fact}/corrections", body, "application/json", headers=headers)


def test_a_correction_counts_and_the_history_keeps_both(client):
    officer = client("officer")
    body = {"year": 2025, "value": 250, "qualifier": "约", "reason": "审计报告"}
    seen = officer.get(f"{FACTS}/revenue")["ETag"]
    done = correct(officer, "revenue", body, seen=seen)
    assert (done.status_code, done.json()["version"]) == (201, 3)
    assert by_name(officer.get(FACTS))["revenue", 2025] == 250
    told = officer.get(f"{FACTS}/revenue").json()["items"]
    assert [(each["year"], each["value"], each["counts"]) for each in told if each["year"] == 2025] == [
        (2025, 250, True),
        (2025, 100, False),
    ]


def test_who_corrects_what_was_corrected_meanwhile_is_told_by_whom_and_not_the_value(client):
    officer = client("officer")
    body = {"year": 2025, "value": 250_777, "reason": "审计报告"}
    assert correct(officer, "revenue", body, seen='"2"').status_code == 201
    late = correct(officer, "revenue", body | {"value": 9}, seen='"2"', key="other")
    assert late.status_code == 412
    (change,) = late.json()["changes"]
    assert (change["name"], change["now"], change["by"]) == ("revenue", "审计报告", "东区officer")
    assert "250777" not in late.content.decode()


@pytest.mark.parametrize(
    ("fact", "body", "words"),
    [
        ("revenue", {"value": 1}, "needs its year"),
        ("revenue", {"year": 2025, "value": 0.5}, "no value of type money"),
        ("revenue", {"year": 2025, "value": 2**70}, "no value of type money"),
        ("registration_date", {"value": "8 March"}, "not a day"),
        ("size_industry", {"value": "航天"}, "words of its list"),
    ],
)
def test_a_correction_that_cannot_be_says_why(client, fact, body, words):
    answer = correct(client("officer"), fact, {"reason": "x", **body}, seen='"2"')
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert words in error["detail"]
    assert error["remedy"]


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({"year": 2025, "value": 1}, "/body/reason", "it is missing"),
        ({"year": 1200, "value": 1, "reason": "x"}, "/body/year", "1949 or more"),
        ({"year": 2025, "value": 1, "reason": "x", "hidden": 1}, "/body/hidden", "no such field"),
        ({"year": 2025, "value": 1, "reason": "x\0"}, "/body/reason", "not written as it should be"),
    ],
)
def test_what_the_schema_refuses_is_told_with_its_place(client, body, pointer, words):
    answer = correct(client("officer"), "revenue", body, seen='"2"')
    assert answer.status_code == 422
    found = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert words in found[pointer]


def test_the_definitions_come_in_pages_and_only_those_of_ones_classes(client):
    seen, cursor = [], ""
    while cursor is not None:
        page = client("auditor").get("/api/v1/facts", {"limit": 40, "cursor": cursor}).json()
        seen += [each["name"] for each in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) > 40
    assert "revenue" not in seen
    assert client("auditor").get("/api/v1/facts/revenue").status_code == 404
    assert client("officer").get("/api/v1/facts/revenue").json()["unit"] == "万元"
