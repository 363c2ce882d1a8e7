"""What an enterprise is entitled to, and why: as its agent, officers and policy editors see it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps.enterprises.facts import WAN, load_facts
from tests.cast import AT, OTHERS, OWN

from kaiyuan.apps.enterprises import actions
from kaiyuan.apps.enterprises.entitlements.view import entitlements
from kaiyuan.apps.facts import actions as facts
from kaiyuan.apps.facts.queries import table, values
from kaiyuan.apps.journal.models import Event

GIANT = "little_giant"


@pytest.fixture(autouse=True)
def today(time_machine_at):
    """Let it be the day of the cast."""


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def view_of(cast, role="officer", code=OWN, at=AT, lang="zh"):
    return entitlements(by=cast.person(role), code=code, on=at.date(), known_at=at, lang=lang)


def item_of(view, name):
    return next(item for group in view.groups for item in group.items if item.id == name)


def correct(cast, fact, value, *, year=None, qualifier="", at=AT):
    facts.correct(
        by=cast.person("officer"), subject=OWN, fact=fact, year=year, value=value,
        qualifier=qualifier, reason="审计报告", at=at,
    )  # fmt: skip


def test_every_question_in_force_has_one_of_five_answers(zone):
    view = view_of(zone)
    items = [item.id for group in view.groups for item in group.items]
    assert len(items) == len(set(items)) > 40
    assert item_of(view, GIANT).answer.name == "near"
    assert item_of(view, "sme").answer.name == "yes"
    assert item_of(view, "hnte").answer.name in ("unknown", "no")


def test_what_is_paid_now_is_the_sum_of_the_certain_awards(zone):
    view = view_of(zone)
    assert item_of(view, "demo_ladder_zjtx").amount.high == 30 * WAN
    assert view.yes.low == sum(item.amount.high for item in view.yes.items if item.amount)


def test_a_near_miss_is_coached_with_its_gap_in_its_own_unit(zone, client_of):
    shown = text_of(client_of(zone, "agent").get("/my/"))
    assert "12 条里符合 11 条" in shown or "条里符合" in shown
    assert "1,098.40 万元 → 1,200.00 万元" in shown
    assert "差 101.60 万元" in shown


def test_the_agent_sees_the_same_page_by_both_addresses_and_no_other_firm(zone, client_of):
    client = client_of(zone, "agent")
    assert (
        client.get("/my/").status_code == client.get(f"/enterprises/{OWN}/entitlements/").status_code == 200
    )
    assert client.get(f"/enterprises/{OTHERS}/entitlements/").status_code == 404
    assert client_of(zone, "officer").get("/my/").status_code == 404


def test_two_sources_of_one_day_that_disagree_make_a_yes_perhaps_until_somebody_corrects(zone, client_of):
    assert item_of(view_of(zone), "demo_ladder_zjtx").answer.name == "yes"
    # An hour before the first list, of the same day: it does not count, but nobody has settled which is right.
    load_facts(
        zone, {OWN: {"zjtx_title": False}}, label="另一张名单.xlsx", at=AT - timedelta(days=30, hours=1)
    )
    doubted = item_of(view_of(zone), "demo_ladder_zjtx")
    assert doubted.answer.name == "maybe"
    assert doubted.why == "“专精特新中小企业称号”有两个来源不一致（是 与 否）。"
    assert (doubted.amount.low, doubted.amount.high) == (None, 30 * WAN), "at most, and nothing for certain"
    assert "核实“专精特新中小企业称号”" in text_of(client_of(zone, "agent").get("/my/"))
    correct(zone, "zjtx_title", True)
    settled = item_of(view_of(zone), "demo_ladder_zjtx")
    assert (settled.answer.name, settled.amount.low) == ("yes", 30 * WAN)


def test_what_two_sources_say_of_different_days_is_no_disagreement(zone):
    load_facts(zone, {OWN: {"zjtx_title": False}}, label="旧名单.xlsx", at=AT - timedelta(days=90))
    assert item_of(view_of(zone), "demo_ladder_zjtx").answer.name == "yes"


def test_amounts_that_depend_on_which_source_is_right_are_a_range(zone):
    paid = {"ladder_award_paid": 5 * WAN}
    load_facts(zone, {OWN: paid}, label="兑付台账.xlsx", at=AT - timedelta(days=30, hours=1))
    item = item_of(view_of(zone), "demo_ladder_zjtx")
    assert (item.answer.name, item.amount.low, item.amount.high) == ("maybe", 25 * WAN, 30 * WAN)


def test_an_inexact_value_makes_a_yes_perhaps(zone):
    assert item_of(view_of(zone), "sme").answer.name == "yes"
    correct(zone, "staff", 186, year=2025, qualifier="约")
    doubted = item_of(view_of(zone), "sme")
    assert doubted.answer.name == "maybe"
    assert doubted.doubts[0].facts == ("staff",)
    assert "约" in doubted.why
    correct(zone, "staff", 186, year=2025, at=AT + timedelta(minutes=1))
    assert item_of(view_of(zone, at=AT + timedelta(minutes=2)), "sme").answer.name == "yes"


def test_a_fact_that_is_missing_is_named_and_never_taken_for_a_no(zone):
    correct(zone, "development_score", None, year=2025)
    item = item_of(view_of(zone), "zjtx_sme")
    assert item.answer.name in ("unknown", "near", "no")
    giant = item_of(view_of(zone), GIANT)
    assert "development_score" in {fact.name for fact in giant.missing} or giant.answer.name == "no"


def test_a_confidential_reading_is_one_event_and_names_what_was_shown(zone, client_of):
    client = client_of(zone, "officer")
    for address in (f"/enterprises/{OWN}/entitlements/", f"/enterprises/{OWN}/entitlements/{GIANT}/"):
        before = Event.objects.filter(type="facts.read").count()
        assert client.get(address).status_code == 200
        events = Event.objects.filter(type="facts.read").order_by("-sequence")
        assert events.count() == before + 1
        assert "rd_expense" in events[0].payload and events[0].subject == f"enterprise:{OWN}"


def test_a_policy_editor_sees_results_and_reasons_but_no_confidential_value(zone, client_of):
    client = client_of(zone, "policy_editor")
    for address in (f"/enterprises/{OWN}/entitlements/", f"/enterprises/{OWN}/entitlements/{GIANT}/"):
        before = Event.objects.filter(type="facts.read").count()
        shown = text_of(client.get(address))
        assert "差一条" in shown and "不公开" in shown
        for secret in ("1,098.40", "101.60", "586.40", "8,246", "30.00 万元"):
            assert secret not in shown
        assert Event.objects.filter(type="facts.read").count() == before


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_those_without_the_right_find_nothing(zone, client_of, role):
    client = client_of(zone, role)
    absent = client.get("/enterprises/NOBODY/entitlements/")
    forbidden = client.get(f"/enterprises/{OWN}/entitlements/")
    assert (absent.status_code, forbidden.status_code) == (404, 404)
    assert absent.content == forbidden.content


def test_every_value_opens_its_history_and_every_reason_its_rule(zone, client_of):
    client = client_of(zone, "officer")
    page = client.get(f"/enterprises/{OWN}/entitlements/{GIANT}/").content.decode()
    links = set(re.findall(r'href="(/[^"#?]*)', page))
    assert f"/enterprises/{OWN}/facts/rd_expense/" in links
    assert "/rules/national.cultivation_2026/" in links
    for link in links:
        if link.startswith(("/enterprises", "/rules")):
            assert client.get(link).status_code == 200, link
    assert "年度名单.xlsx" in page


def test_looking_back_uses_the_rules_and_the_facts_of_then(zone, client_of):
    client = client_of(zone, "officer")
    correct(zone, "rd_expense", 700 * WAN, year=2025)
    address = f"/enterprises/{OWN}/entitlements/{GIANT}/"
    assert "101.60" not in text_of(client.get(address))
    known = (AT - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    back = text_of(client.get(address, {"known": known}))
    assert "101.60" in back and "回看" in back
    assert client.get(address, {"on": "1999-01-01"}).status_code == 404, "no such question was asked then"


@pytest.mark.parametrize("query", ["on=x&known=y", "known=9999-12-31T23:59", "on=2026-02-30", "known=%00"])
def test_addresses_that_cannot_be_show_now(zone, client_of, query):
    assert client_of(zone, "officer").get(f"/enterprises/{OWN}/entitlements/?{query}").status_code == 200


def test_the_page_is_complete_in_english(zone, client_of):
    client = client_of(zone, "agent")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    shown = text_of(client.get("/my/"))
    for words in (
        "Entitled to now",
        "One condition short",
        "Facts are missing",
        "An estimate, not a decision",
    ):
        assert words in shown
    assert "million yuan" in shown
    assert "现在可以享受" not in shown


def test_a_firm_of_which_nothing_is_known_is_unknown_not_ineligible(zone, client_of):
    load_facts(zone, {"91370000MA00000000": {"staff": 1}}, label="空", at=AT)
    actions.register(by=zone.person("officer"), subjects={"91370000MA00000000": "新企业（合成）"}, at=AT)
    view = view_of(zone, code="91370000MA00000000")
    assert len(view.unknown.items) > len(view.yes.items)
    assert client_of(zone, "officer").get("/enterprises/91370000MA00000000/").status_code == 200


def test_one_firm_is_read_as_the_table_of_all_reads_it(zone):
    from kaiyuan.apps.enterprises.entitlements.reading import batch_of
    from kaiyuan.apps.enterprises.models import Enterprise

    whole = table(zone_id=zone.zone.pk, as_of=AT.date(), known_at=AT, subjects=[OWN])
    told = values(zone_id=zone.zone.pk, subject=OWN, as_of=AT.date(), known_at=AT)
    one = batch_of(Enterprise.objects.get(code=OWN), told, base_year=AT.year - 1, lang="zh")
    assert sorted(one.schema.names) == sorted(whole.schema.names)
    for name in whole.schema.names:
        assert one.schema.field(name).type == whole.schema.field(name).type
        if name not in ("subject_name", "source_line"):
            assert one.column(name).to_pylist() == whole.column(name).to_pylist(), name


def test_pages_of_one_firm_ask_the_database_twenty_times_at_most(run, zone, client_of):
    correct(zone, "staff", 190, year=2025, qualifier="约")
    load_facts(zone, {OWN: {"rd_expense": 572 * WAN}}, label="税务申报.xlsx", at=AT - timedelta(days=20))
    client = client_of(zone, "officer")
    for address in ("", "entitlements/", "entitlements/hnte/", "timeline/", "facts/revenue/"):
        client.get(f"/enterprises/{OWN}/{address}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/enterprises/{OWN}/{address}")
        assert len(asked) <= 20, (address, len(asked))
