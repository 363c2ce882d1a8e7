"""The file of an enterprise: figures with their sources, a note, corrections, and what happened to it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.cast import AT, OTHERS, OWN

from kaiyuan.apps.enterprises import actions
from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts.models import Observation
from kaiyuan.apps.facts.queries import values
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.writes import Stale
from kaiyuan.apps.zones.rights import Absent
from kaiyuan.errors import InputError

FACT = f"/enterprises/{OWN}/facts/rd_expense/"


@pytest.fixture(autouse=True)
def today(time_machine_at):
    """Let it be the day of the cast."""


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def reads() -> int:
    return Event.objects.filter(type="facts.read").count()


def form_of(client, address: str) -> dict[str, str]:
    page = client.get(address).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(key|version)" value="([^"]*)"', page))


def test_the_file_shows_profile_years_and_titles_and_is_one_reading(zone, client_of):
    client = client_of(zone, "officer")
    shown = text_of(client.get(f"/enterprises/{OWN}/"))
    for words in ("2016-03-08", "8,246.00", "586.40", "专精特新中小企业称号", "2025", "2023"):
        assert words in shown
    assert reads() == 1


def test_an_agent_has_the_own_file_and_no_other(zone, client_of):
    client = client_of(zone, "agent")
    assert client.get("/my/file/").status_code == 200
    assert client.get(f"/enterprises/{OTHERS}/").status_code == 404
    assert client.get(f"/enterprises/{OTHERS}/timeline/").status_code == 404
    assert client.get(f"/enterprises/{OTHERS}/facts/revenue/").status_code == 404


def test_an_auditor_sees_the_file_without_confidential_figures(zone, client_of):
    shown = text_of(client_of(zone, "auditor").get(f"/enterprises/{OWN}/"))
    assert "2016-03-08" in shown and "8,246" not in shown and "586.40" not in shown
    assert reads() == 0
    assert client_of(zone, "auditor").get(FACT).status_code == 404


def test_the_history_of_a_fact_tells_who_said_what_from_which_line(zone, client_of):
    shown = text_of(client_of(zone, "officer").get(FACT))
    assert (
        "586.40 万元" in shown and "年度名单.xlsx" in shown and "第 2 行" in shown and "东区officer" in shown
    )
    assert reads() == 1


def test_a_correction_by_the_form_counts_and_keeps_what_was_said(zone, client_of):
    client = client_of(zone, "officer")
    sent = {
        **form_of(client, FACT),
        "year": "2025",
        "value": "1234.56",
        "qualifier": "",
        "reason": "2025 年审计报告",
    }
    answer = client.post(FACT, sent)
    assert (answer.status_code, answer["Location"]) == (303, FACT)
    known = values(zone_id=zone.zone.pk, subject=OWN, as_of=AT.date(), known_at=AT + timedelta(minutes=2))
    assert {k.year: k.value for k in known if k.fact == "rd_expense"}[2025] == 1_234_560_000
    shown = text_of(client.get(FACT))
    assert "1,234.56 万元" in shown and "586.40 万元" in shown and "被后来的取代" in shown
    before = Observation.objects.count()
    assert client.post(FACT, sent).status_code == 303, "a second click goes where the first one went"
    assert Observation.objects.count() == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": ""}, "或勾选“未知”"),
        ({"value": "很多"}, "写成数字"),
        ({"value": "1" * 30}, "数字太"),
        ({"reason": ""}, "更正要写明依据"),
        ({"year": "1800"}, "1800"),
        ({"unknown": "on"}, "不能同时勾选未知"),
        ({"qualifier": "大概"}, "大概"),
    ],
)
def test_a_correction_that_cannot_be_says_so_beside_its_field(zone, client_of, changed, said):
    client = client_of(zone, "officer")
    good = {**form_of(client, FACT), "year": "2025", "value": "1", "qualifier": "", "reason": "依据"}
    answer = client.post(FACT, {**good, **changed})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Event.objects.filter(type="fact.corrected").exists()


def test_two_who_correct_at_once_are_told_of_each_other(zone, client_of):
    client = client_of(zone, "officer")
    seen = form_of(client, FACT)
    first = {**seen, "year": "2025", "value": "600", "reason": "先到"}
    assert client.post(FACT, first).status_code == 303
    second = client.post(FACT, {**first, "key": "another-key", "value": "700"})
    assert second.status_code == 409
    assert "先到" in text_of(second), "the source of what came first"
    assert Event.objects.filter(type="fact.corrected").count() == 1


def test_those_who_may_not_correct_have_no_form_and_no_door(zone, client_of):
    for role in ("agent", "supervisor"):
        client = client_of(zone, role)
        assert "更正为" not in text_of(client.get(FACT))
        assert client.post(FACT, {"key": "k", "value": "1", "reason": "x", "year": "2025"}).status_code == 404
    assert not Event.objects.filter(type="fact.corrected").exists()


def test_a_note_is_written_once_and_told_to_who_comes_later(zone, client_of):
    client = client_of(zone, "officer")
    address = f"/enterprises/{OWN}/note/"
    seen = form_of(client, address)
    assert client.post(address, {**seen, "note": "已走访"}).status_code == 303
    assert Enterprise.objects.get(code=OWN).note == "已走访"
    late = client.post(address, {**seen, "key": "other", "note": "另一句"})
    assert late.status_code == 409
    assert "已走访" in text_of(late) and "另一句" in text_of(late) and "东区officer" in text_of(late)
    event = Event.objects.get(type="enterprise.noted")
    assert "已走访" not in event.payload


def test_a_note_of_the_wrong_kind_is_refused(zone):
    officer = zone.person("officer")
    for note in ("长" * 501, "\x00", "\u202e反过来"):
        with pytest.raises(InputError, match="a note has 500 signs at most"):
            actions.write_note(by=officer, code=OWN, note=note, version=1, at=AT)
    with pytest.raises(Stale):
        actions.write_note(by=officer, code=OWN, note="x", version=99, at=AT)
    with pytest.raises(Absent):
        actions.write_note(by=zone.person("supervisor"), code=OWN, note="x", version=1, at=AT)


def test_the_timeline_tells_readings_corrections_and_notes(zone, client_of):
    client = client_of(zone, "officer")
    for _ in range(3):
        client.get(FACT)
    client.post(FACT, {**form_of(client, FACT), "year": "2025", "value": "1", "reason": "依据"})
    shown = text_of(client_of(zone, "agent").get(f"/enterprises/{OWN}/timeline/"))
    assert "更正指标" in shown and "查看保密指标 4 次" in shown


def test_a_run_is_started_from_its_page_once(zone, client_of):
    client = client_of(zone, "officer")
    sent = form_of(client, "/runs/")
    assert client.post("/runs/", sent).status_code == 303
    assert client.post("/runs/", sent).status_code == 303
    assert Event.objects.filter(type="rules.run").count() == 1
    shown = text_of(client.get("/runs/"))
    assert "2 家" in shown
    assert client_of(zone, "supervisor").post("/runs/", {"key": "k"}).status_code == 404
    assert client_of(zone, "agent").get("/runs/").status_code == 404
