"""Enterprises, rules and runs by the API."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.apps.api.calls import machine
from tests.apps.facts_of_cast import FIRST, put_in
from tests.cast import AT, ELSEWHERE, ON, OTHERS, OWN

from kaiyuan.apps.enterprises.actions import run_rules
from kaiyuan.apps.journal.models import Event

FIRMS = "/api/v1/enterprises"


@pytest.fixture
def client(cast, other_zone):
    return lambda role: Client(headers=machine(cast, role) | {"Accept-Language": "en"})


def test_the_list_has_the_zone_only_and_goes_on_by_cursor(client):
    officer = client("officer")
    first = officer.get(FIRMS, {"limit": 1}).json()
    second = officer.get(FIRMS, {"limit": 1, "cursor": first["next"]}).json()
    assert [first["items"][0]["code"], second["items"][0]["code"]] == sorted([OWN, OTHERS])
    assert second["next"] is None
    found = officer.get(FIRMS, {"q": "slqy1"}).json()["items"]
    assert [each["code"] for each in found] == [OTHERS]


def test_an_agent_has_no_list_and_no_other_enterprise(client):
    agent = client("agent")
    assert agent.get(FIRMS).status_code == 404
    assert agent.get(f"{FIRMS}/{OWN}").status_code == 200
    refusals = {agent.get(f"{FIRMS}/{code}").content for code in (OTHERS, ELSEWHERE, "NOWHERE")}
    assert len(refusals) == 1


def test_an_enterprise_has_its_version_as_its_tag_and_its_note_for_officers_only(cast, client):
    firm = cast.firms[0]
    firm.note, firm.version = "重点联系", 4
    firm.save()
    answer = client("officer").get(f"{FIRMS}/{OWN}")
    assert (answer["ETag"], answer.json()["note"]) == ('"4"', "重点联系")
    assert client("agent").get(f"{FIRMS}/{OWN}").json()["note"] is None


def test_a_run_answers_the_list_and_is_counted(cast, client):
    put_in(cast, **FIRST)
    body = {"as_of": "2026-11-20"}
    headers = {"Idempotency-Key": "k"}
    made = client("officer").post("/api/v1/runs", body, "application/json", headers=headers)
    assert (made.status_code, made.json()["enterprises"]) == (201, 2)
    assert Event.objects.filter(type="rules.run", subject=f"run:{made.json()['id']}").count() == 1
    whole = client("supervisor").get(f"/api/v1/runs/{made.json()['id']}").json()
    count = whole["counts"][0]
    assert sum(count[answer] for answer in ("yes", "maybe", "near", "unknown", "no")) == 2
    asked = {"assessment": count["assessment"]}
    listed = client("officer").get(FIRMS, asked).json()["items"]
    assert {each["answer"] for each in listed} <= {"yes", "maybe", "near", "unknown", "no"}
    narrowed = client("officer").get(FIRMS, asked | {"answer": listed[0]["answer"]}).json()["items"]
    assert {each["answer"] for each in narrowed} == {listed[0]["answer"]}


def test_who_may_not_see_confidential_figures_sees_no_amounts(cast, client):
    run = run_rules(by=cast.person("officer"), as_of=ON, known_at=AT, at=AT)
    counts = client("auditor").get(f"/api/v1/runs/{run.pk}").json()["counts"]
    assert {count["amount"] for count in counts} == {None}
    assert {each["amount"] for each in client("auditor").get(FIRMS).json()["items"]} == {None}


def test_a_run_of_the_zone_next_door_is_not_there(other_zone, client):
    run = run_rules(by=other_zone.person("officer"), as_of=ON, known_at=AT, at=AT)
    officer = client("officer")
    assert officer.get("/api/v1/runs").json()["items"] == []
    there, nowhere = officer.get(f"/api/v1/runs/{run.pk}"), officer.get(f"/api/v1/runs/{2**40}")
    assert (there.status_code, there.content) == (404, nowhere.content)


def test_rules_come_in_the_version_of_a_day_with_their_clauses(client):
    agent = client("agent")
    listed, cursor = [], ""
    while cursor is not None:
        page = agent.get("/api/v1/rulebooks", {"on": "2026-11-20", "limit": 20, "cursor": cursor}).json()
        listed += page["items"]
        cursor = page["next"]
    assert "national.cultivation_2026" in {each["id"] for each in listed}
    book = agent.get("/api/v1/rulebooks/national.cultivation_2026", {"on": "2026-11-20"}).json()
    assert book["in_force"]
    assert book["document"]["number"] == "工信部企业〔2026〕2号"
    assert all(each["clause"] for each in book["assessments"])
    before = agent.get("/api/v1/rulebooks/national.cultivation_2026", {"on": "2020-01-01"}).json()
    assert not before["in_force"]
    assert agent.get("/api/v1/rulebooks/nothing").status_code == 404


def test_search_finds_what_the_person_may_see(client):
    found = client("officer").get("/api/v1/search", {"q": "slqy"}).json()
    assert {each["code"] for each in found["enterprises"]} == {OWN, OTHERS}
    assert [
        each["code"] for each in client("agent").get("/api/v1/search", {"q": "slqy"}).json()["enterprises"]
    ] == [OWN]
    assert "revenue" in {
        each["name"] for each in client("officer").get("/api/v1/search", {"q": "营业收入"}).json()["facts"]
    }


def write_note(client: Client, text: str, *, seen: str, key: str):
    headers = {"Idempotency-Key": key, "If-Match": seen}
    return client.put(f"{FIRMS}/{OWN}/note", {"note": text}, "application/json", headers=headers)


def test_of_two_who_write_a_note_the_second_is_told_what_the_first_wrote(client):
    first, second = client("officer"), client("officer")
    seen = first.get(f"{FIRMS}/{OWN}")["ETag"]
    written = write_note(first, "先写的", seen=seen, key="a")
    assert (written.status_code, written["ETag"]) == (200, '"2"')
    late = write_note(second, "后写的", seen=seen, key="b")
    assert late.status_code == 412
    (change,) = late.json()["changes"]
    assert (change["label"], change["now"], change["by"]) == ("Note", "先写的", "东区officer")
    assert write_note(second, "后写的", seen=written["ETag"], key="c").json()["note"] == "后写的"


def test_what_happened_to_a_file_is_told_to_its_agent(client):
    write_note(client("officer"), "x", seen='"1"', key="a")
    (line,) = client("agent").get(f"{FIRMS}/{OWN}/timeline").json()["items"]
    assert (line["en"], line["who"]) == ("Note of an enterprise changed", "东区officer")


def test_entitlements_come_with_five_answers_reasons_and_one_reading(cast, client):
    put_in(cast, **FIRST)
    asked = {"as_of": "2026-11-20"}
    told = client("agent").get(f"{FIRMS}/{OWN}/entitlements", asked).json()
    assert [group["answer"] for group in told["groups"]] == ["yes", "maybe", "near", "unknown", "no"]
    items = [each for group in told["groups"] for each in group["items"]]
    assert all(each["why"] or each["answer"] == "maybe" for each in items)
    assert {each["answer"] for each in items} <= {"yes", "maybe", "near", "unknown", "no"}
    before = Event.objects.filter(type="facts.read").count()
    reasons = client("agent").get(f"{FIRMS}/{OWN}/entitlements/little_giant", asked).json()
    lines = reasons["open"] + reasons["passed"]
    assert lines
    assert reasons["document"].startswith("《")
    assert Event.objects.filter(type="facts.read").count() == before + 1
    used = {each["fact"]: each for line in lines for each in line["used"]}
    assert used["revenue"]["source"].startswith("名单.xlsx")


def test_what_an_editor_may_not_see_is_kept_back_in_the_reasons_too(cast, client):
    put_in(cast, **FIRST)
    before = Event.objects.filter(type="facts.read").count()
    reasons = client("policy_editor").get(f"{FIRMS}/{OWN}/entitlements/little_giant", {"as_of": "2026-11-20"})
    used = [each for line in reasons.json()["open"] + reasons.json()["passed"] for each in line["used"]]
    kept_back = [each for each in used if each["fact"] == "revenue"]
    assert kept_back
    assert all(each["withheld"] and each["value"] == "not shown" for each in kept_back)
    assert Event.objects.filter(type="facts.read").count() == before


def test_a_question_that_no_rule_asks_is_not_there(client):
    assert client("officer").get(f"{FIRMS}/{OWN}/entitlements/nothing").status_code == 404
