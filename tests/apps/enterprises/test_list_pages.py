"""The list of enterprises: narrowed, sorted, paged and exported as its address says; and the search."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps.enterprises.facts import load_facts
from tests.cast import AT, ELSEWHERE, OTHERS, OWN

from kaiyuan.apps.enterprises import actions, queries
from kaiyuan.apps.enterprises.filters import Filters
from kaiyuan.apps.enterprises.models import Decision, Enterprise, RunCount
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.zones.rights import Absent

HOSTILE = ("=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "=HYPERLINK(\"x\")")  # fmt: skip


def shown(cast, role="officer", **asked):
    filters = Filters.of(asked, columns=asked.pop("col", []))
    return [line.code for line in queries.listing(by=cast.person(role), filters=filters).page.object_list]


def test_the_list_is_narrowed_by_words_industry_status_and_answer(run, zone):
    assert shown(zone) == [OTHERS, OWN] or set(shown(zone)) == {OWN, OTHERS}
    assert shown(zone, q="sljm") == [OWN]
    assert shown(zone, industry="工业") == [OWN]
    assert shown(zone, industry="工业", status="注销") == []
    assert shown(zone, assessment="little_giant", answer="near") == [OWN]
    assert OWN not in shown(zone, assessment="little_giant", answer="yes")
    assert shown(zone, assessment="demo_ladder_zjtx", answer="yes") == [OWN]


def test_a_run_keeps_one_letter_a_question_and_its_counts_close(run, zone):
    counts = list(RunCount.objects.filter(run=run))
    assert len(counts) > 40
    for count in counts:
        assert count.yes + count.maybe + count.near + count.unknown + count.no == run.enterprises == 2
    decision = Decision.objects.get(run=run, enterprise__code=OWN)
    assert len(decision.answers) == len(counts) and set(decision.answers) <= set("ymnux")
    assert decision.entitled == decision.answers.count("y")


def test_the_list_and_the_page_of_entitlements_say_the_same(run, zone):
    from kaiyuan.apps.enterprises.entitlements.view import entitlements

    for code in (OWN, OTHERS):
        view = entitlements(by=zone.person("officer"), code=code, on=AT.date(), known_at=AT, lang="zh")
        decision = Decision.objects.get(run=run, enterprise__code=code)
        here = {item.id: group.answer.letter for group in view.groups for item in group.items}
        assert "".join(here[count.assessment] for count in queries.counts_of(run)) == decision.answers
        assert decision.amount == view.yes.low


def test_a_run_with_disagreeing_sources_says_perhaps_in_the_list_too(zone):
    load_facts(zone, {OWN: {"zjtx_title": False}}, label="另一张.xlsx", at=AT - timedelta(days=30, hours=1))
    actions.run_rules(by=zone.person("officer"), as_of=AT.date(), known_at=AT, at=AT)
    assert shown(zone, assessment="demo_ladder_zjtx", answer="maybe") == [OWN]


def test_the_same_facts_and_rules_give_the_same_digests(run, zone):
    again = actions.run_rules(by=zone.person("officer"), as_of=run.as_of, known_at=run.known_at, at=AT)
    for digest in ("rules_digest", "facts_digest", "answers_digest"):
        assert getattr(again, digest) == getattr(run, digest)
    load_facts(zone, {OWN: {"staff": 187}}, label="更新", at=AT)
    later = actions.run_rules(by=zone.person("officer"), as_of=run.as_of, known_at=AT, at=AT)
    assert later.facts_digest != run.facts_digest


def test_only_officers_and_policy_editors_start_a_run(zone):
    for role in ("agent", "supervisor", "auditor", "administrator"):
        with pytest.raises(Absent):
            actions.run_rules(by=zone.person(role), as_of=AT.date(), known_at=AT, at=AT)


@pytest.mark.parametrize(
    "sort", ["name", "-name", "industry", "-amount", "near", "entitled", "-registered_on"]
)
def test_pages_of_every_order_hold_every_enterprise_once(run, zone, sort):
    firms = [
        Enterprise(zone=zone.zone, subject=subject, code=subject.code, name=f"企业{n % 7}", name_initials="qy",
                   name_pinyin="qiye", updated_at=AT)
        for n, subject in enumerate(_subjects(zone, 45))
    ]  # fmt: skip
    Enterprise.objects.bulk_create(firms)
    codes = [code for page in ("1", "2", "3") for code in shown(zone, sort=sort, page=page)]
    assert len(codes) == len(set(codes)) == 47


def _subjects(cast, count):
    from kaiyuan.apps.facts.models import Subject

    return Subject.objects.bulk_create(Subject(zone=cast.zone, code=f"9199{n:014}") for n in range(count))


def test_the_largest_amount_comes_first_and_what_has_none_last(run, zone):
    assert shown(zone, sort="-amount")[0] == OWN


def test_a_view_survives_its_own_address():
    view = Filters.of(
        {"q": "软 件", "assessment": "sme", "answer": "near", "sort": "-amount", "size": "50", "page": "3"},
        columns=["name", "amount"],
    )
    query = dict(pair for pair in view.pairs() if pair[0] != "col")
    assert Filters.of(query, columns=[value for name, value in view.pairs() if name == "col"]) == view
    assert "page=" not in view.address(sort="name"), "another order begins with its first page"


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=99999999999", "size=7", "sort=;drop", "answer=yes", "col=x", "q=%00%ff", "page=२",
     "assessment=nothing&answer=yes", "sort=-", "q=" + "a" * 500, "page=&size=&sort=", "q=%ED%A0%80"],
)  # fmt: skip
def test_addresses_that_cannot_be_show_a_list(run, zone, client_of, query):
    assert client_of(zone, "officer").get(f"/enterprises/?{query}").status_code == 200


def test_the_page_asks_the_database_a_dozen_times_at_most(run, zone, client_of):
    client = client_of(zone, "officer")
    client.get("/enterprises/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get("/enterprises/?assessment=sme&answer=yes&sort=-amount")
    assert page.status_code == 200
    assert len(asked) <= 12


def test_an_auditor_sees_answers_but_no_amounts(run, zone, client_of):
    page = client_of(zone, "auditor").get(
        "/enterprises/?col=name&col=amount&sort=-amount&assessment=demo_ladder_zjtx"
    )
    assert page.status_code == 200
    assert "30.00" not in page.content.decode()
    assert (
        "30.00"
        in client_of(zone, "officer").get("/enterprises/?assessment=demo_ladder_zjtx").content.decode()
    )


def test_an_agent_has_no_list_and_nobody_sees_another_zone(run, zone, other_zone, client_of):
    assert client_of(zone, "agent").get("/enterprises/").status_code == 404
    for role in ("officer", "supervisor", "auditor", "policy_editor"):
        assert ELSEWHERE not in client_of(zone, role).get("/enterprises/").content.decode()
        assert client_of(zone, role).get(f"/enterprises/{ELSEWHERE}/").status_code == 404


def test_the_export_holds_the_whole_filter_as_text_and_is_put_down(run, zone, client_of):
    Enterprise.objects.filter(code=OTHERS).update(name=HOSTILE[0], industry=HOSTILE[3], status=HOSTILE[5])
    answer = client_of(zone, "officer").get(
        "/enterprises/export.xlsx?size=20&col=name&col=industry&col=status&col=amount"
    )
    assert answer["Content-Disposition"].startswith("attachment;")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(min_row=4, values_only=False))
    assert [cell.value for cell in rows[0]] == [
        "企业",
        "统一社会信用代码",
        "划型行业",
        "登记状态",
        "测算金额（万元）",
    ]
    assert {row[1].value for row in rows[1:]} == {OWN, OTHERS}
    assert all(cell.data_type != "f" for row in rows for cell in row), (
        "a formula would run on somebody's desk"
    )
    assert HOSTILE[0] in {row[0].value for row in rows[1:]}
    assert 30 in {row[4].value for row in rows[1:]}
    event = Event.objects.get(type="enterprise.exported")
    assert '"rows":2' in event.payload


@pytest.mark.parametrize("role", ["agent", "auditor", "policy_editor", "administrator"])
def test_only_officers_and_supervisors_take_the_list_out(zone, client_of, role):
    assert client_of(zone, role).get("/enterprises/export.xlsx").status_code == 404
    assert not Event.objects.filter(type="enterprise.exported").exists()


def test_the_search_finds_firms_rules_and_facts(zone, client_of):
    client = client_of(zone, "officer")
    assert OWN in client.get("/search/?q=sljm").content.decode()
    assert (
        "/rules/national.cultivation_2026/#little_giant" in client.get("/search/?q=小巨人").content.decode()
    )
    assert "rd_expense" in client.get("/search/?q=研发费用").content.decode()
    assert "没有找到" in client.get("/search/?q=zzzzz").content.decode()


def test_what_is_suggested_is_a_fragment_without_the_frame(zone, client_of):
    answer = client_of(zone, "officer").get("/search/?q=sl", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert OWN in text and "<html" not in text and len(re.findall("<li>", text)) <= 24


def test_what_was_searched_is_escaped(zone, client_of):
    text = client_of(zone, "officer").get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in text and "&lt;script&gt;" in text
