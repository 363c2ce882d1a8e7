"""The journal's pages as an auditor, a supervisor and those without the right see them."""

from __future__ import annotations

import json
import re

import pytest
from tests.apps.journal.tampering import fill, own_the_database, sql
from tests.cast import AT

from kaiyuan.apps.journal.actions import make_checkpoint
from kaiyuan.apps.journal.merkle import is_included
from kaiyuan.apps.journal.models import Checkpoint, Event
from kaiyuan.apps.journal.notes import read_note
from kaiyuan.apps.journal.queries import proof, verify
from kaiyuan.apps.journal.signing import make_key, trusted_keys


@pytest.fixture
def auditor(cast, client_of, settings, tmp_path):
    settings.CHECKPOINT_KEY = str(tmp_path / "key.pem")
    settings.ADDRESS = "https://kaiyuan.example"
    fill(cast, 5)
    return client_of(cast, "auditor")


def text(response) -> str:
    return response.content.decode()


def numbers(response) -> list[int]:
    return [int(each) for each in re.findall(r'href="/journal/(\d+)/"', text(response))]


def test_events_are_listed_newest_first_and_lead_to_each_one(auditor):
    shown = auditor.get("/journal/")
    assert numbers(shown) == [5, 4, 3, 2, 1]
    assert "修改企业备注" in text(shown)
    one = auditor.get("/journal/3/")
    assert "内容与摘要相符" in text(one)
    assert Event.objects.get(sequence=3).hash in text(one)


def test_events_are_read_page_by_page_both_ways(auditor, cast):
    fill(cast, 120)
    first = auditor.get("/journal/?size=50")
    assert numbers(first)[::49] == [125, 76]
    second = auditor.get("/journal/?size=50&before=76")
    assert numbers(second)[::49] == [75, 26]
    last = auditor.get("/journal/?size=50&before=26")
    assert (numbers(last)[0], numbers(last)[-1], "更早的" in text(last)) == (25, 1, False)
    back = auditor.get("/journal/?size=50&after=25")
    assert numbers(back) == numbers(second)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=enterprise.noted", 5),
        ("type=facts.read", 0),
        ("subject=91370800MA0000015H", 5),
        ("subject=enterprise:91370800MA0000015H", 5),
        ("subject=91610131MADEM0011G", 0),
        ("actor=东区officer", 5),
        ("actor=membership:0", 0),
        ("since=2026-11-20&until=2026-11-20", 5),
        ("since=2026-11-21", 0),
        ("until=2026-11-19", 0),
    ],
)
def test_the_address_filters(auditor, query, found):
    shown = auditor.get(f"/journal/?{query}")
    assert len(numbers(shown)) == found
    assert ("没有符合的事件" in text(shown)) == (found == 0)


def test_a_day_that_is_none_is_said_beside_its_field(auditor):
    assert "日期写成 2026-11-20。" in text(auditor.get("/journal/?since=soon"))
    english = auditor.get("/journal/?since=soon", headers={"Accept-Language": "en"})
    assert "Write it as 2026-11-20." in text(english)


@pytest.mark.parametrize(
    "address", ["/journal/", "/journal/1/", "/journal/checkpoints/", "/journal/1/proof.json"]
)
def test_without_the_right_the_journal_is_not_there(auditor, cast, client_of, address):
    for role in ("agent", "officer", "policy_editor", "administrator"):
        assert client_of(cast, role).get(address).status_code == 404
    supervisor = client_of(cast, "supervisor")
    assert supervisor.get("/journal/").status_code == 200
    assert supervisor.get("/journal/verify/").status_code == 404


@pytest.mark.parametrize("number", ["6", "0", "9" * 18, "9" * 30])
def test_an_event_that_is_not_there_is_not_there(auditor, number):
    assert auditor.get(f"/journal/{number}/").status_code == 404
    assert auditor.get(f"/journal/checkpoints/{number}.txt").status_code == 404
    assert auditor.get(f"/journal/?before={number}").status_code == 200


def test_another_zone_s_events_are_not_there(auditor, other_zone):
    fill(other_zone, 9)
    assert auditor.get("/journal/9/").status_code == 404
    assert numbers(auditor.get("/journal/?subject=91441283TE5T00016N")) == []


def test_a_verification_is_recorded_and_shown(auditor):
    answer = auditor.post("/journal/verify/", {"key": "k1", "note": ""})
    assert (answer.status_code, answer["Location"]) == (303, "/journal/verify/?done=6")
    assert "逐条核对了 5 条" in text(auditor.get(answer["Location"]))
    again = auditor.post("/journal/verify/", {"key": "k1", "note": ""})
    assert again["Location"] == answer["Location"]
    assert Event.objects.filter(type="journal.verified").count() == 1


def test_what_was_found_is_shown_with_its_number(auditor):
    own_the_database()
    sql("UPDATE journal_event SET actor_label = 'x' WHERE sequence = 4")
    shown = text(auditor.get(auditor.post("/journal/verify/", {"key": "k1"})["Location"]))
    assert "日志不是当初记下的样子" in shown
    assert "内容或摘要被改动" in shown


def test_a_note_that_is_none_is_said_beside_the_field_and_nothing_is_recorded(auditor):
    answer = auditor.post("/journal/verify/", {"key": "k1", "note": "hello"})
    assert answer.status_code == 422
    assert "这不是检查点，请粘贴全文" in text(answer)
    assert Event.objects.count() == 5


def test_a_checkpoint_is_signed_shown_handed_out_and_checked_from_the_page(auditor, settings, tmp_path):
    assert "还没有签名密钥" in text(auditor.get("/journal/checkpoints/"))
    refused = auditor.post("/journal/checkpoints/", {"key": "k1"})
    assert (refused.status_code, Checkpoint.objects.count()) == (409, 0)
    assert "还没有检查点密钥" in text(refused)
    make_key(tmp_path / "key.pem")
    answer = auditor.post("/journal/checkpoints/", {"key": "k2"})
    assert answer["Location"] == "/journal/checkpoints/?made=5"
    assert "已签发，覆盖前 5 条" in text(auditor.get(answer["Location"]))
    note = auditor.get("/journal/checkpoints/5.txt")
    assert note["Content-Disposition"] == 'attachment; filename="east-5.txt"'
    done = auditor.post("/journal/verify/", {"key": "k3", "note": text(note)})
    assert "与外存的检查点一致" in text(auditor.get(done["Location"]))


def test_a_supervisor_reads_checkpoints_but_signs_none(auditor, cast, client_of, tmp_path):
    make_key(tmp_path / "key.pem")
    supervisor = client_of(cast, "supervisor")
    assert "签发一个检查点" not in text(supervisor.get("/journal/checkpoints/"))
    assert supervisor.post("/journal/checkpoints/", {"key": "k"}).status_code == 404
    assert Checkpoint.objects.count() == 0


def test_an_event_proves_itself_without_the_site(auditor, cast, tmp_path):
    assert auditor.get("/journal/3/proof.json").status_code == 404
    make_key(tmp_path / "key.pem")
    make_checkpoint(by=cast.person("auditor"), verified=verify(zone_id=cast.zone.pk), at=AT)
    given = json.loads(text(auditor.get("/journal/3/proof.json")))
    note = read_note(given["checkpoint"], keys=trusted_keys())
    assert given["event"][1] == "enterprise.noted"
    assert is_included(
        bytes.fromhex(given["hash"]),
        [bytes.fromhex(step) for step in given["path"]],
        index=given["event"][0] - 1,
        size=note.size,
        root=bytes.fromhex(note.root),
        algorithm=given["algorithm"],
    )
    assert given == proof(by=cast.person("supervisor"), sequence=3)
    assert "检查点已覆盖" in text(auditor.get("/journal/3/"))
    assert "还没有检查点覆盖" in text(auditor.get("/journal/6/"))


def test_every_page_is_complete_in_english(auditor, tmp_path):
    make_key(tmp_path / "key.pem")
    auditor.post("/journal/checkpoints/", {"key": "k"})
    auditor.post("/journal/verify/", {"key": "v"})
    for address in ("/journal/?type=facts.read", "/journal/1/", "/journal/verify/", "/journal/checkpoints/"):
        main = text(auditor.get(address, headers={"Accept-Language": "en"})).split('<div class="e-page')[1]
        ours = main.split("<footer")[0].replace("东区officer", "").replace("东区auditor", "")
        ours = ours.replace("营业收入已核对", "").replace("条例第三条", "")
        assert not re.findall(r"[\u4e00-\u9fff]+", ours), address


def test_lists_cost_a_fixed_number_of_queries(auditor, cast, django_assert_max_num_queries):
    fill(cast, 100)
    with django_assert_max_num_queries(10):
        auditor.get("/journal/")
