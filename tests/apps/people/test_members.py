"""Members of a zone: who may make them, what is put down, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone
from tests.cast import AT, ON, OTHERS

from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.writes import Conflict
from kaiyuan.apps.people import actions, queries
from kaiyuan.apps.zones.models import Department, Membership, User
from kaiyuan.apps.zones.rights import Absent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_guesses_of_other_tests():
    cache.clear()


@pytest.fixture
def form(cast) -> dict[str, str]:
    """Give a form for a new officer, filled in rightly."""
    return {
        "name": "wang",
        "full_name": "合成人员",
        "role": "officer",
        "department": str(Department.objects.get(zone=cast.zone).pk),
        "starts_on": timezone.localdate().isoformat(),
        "key": "k-1",
    }


def invited(cast, **more) -> Membership:
    given = {"name": "li", "full_name": "合成人员", "role": "auditor", "starts_on": ON, "at": AT}
    return actions.invite(by=cast.person("administrator"), **{**given, **more})


def test_an_administrator_makes_a_member_who_sets_a_password_by_link_and_comes_in(cast, client_of, form):
    administrator = client_of(cast, "administrator")
    answer = administrator.post("/people/new/", form)
    place = Membership.objects.get(user__username="east.wang")
    assert (answer.status_code, answer.url) == (303, f"/people/{place.pk}/")
    assert not place.user.has_usable_password()

    page = administrator.post(f"/people/{place.pk}/link", {"key": "k-2"}).content.decode()
    link = re.search(r"<code>(http[^<]+)</code>", page)[1].split("8000", 1)[1]
    guest = Client()
    there = guest.get(link).url
    word = "another quiet passphrase"
    assert guest.post(there, {"password1": word, "password2": word}).url.endswith("/done/")
    assert guest.post("/accounts/login/", {"login": "east.wang", "password": word}).url == "/"
    assert guest.get("/me/").context["place"] == place
    assert "链接不能再用" in Client().get(link).content.decode(), "a link works once"

    events = Event.objects.filter(chain__zone=cast.zone)
    assert [event.type for event in events] == ["member.invited", "member.link_made"]
    told = " ".join(event.payload for event in events)
    assert "合成人员" not in told and link.rsplit("-", 1)[1].strip("/") not in told


def test_a_link_that_was_made_is_shown_once_and_kept_nowhere(cast, client_of):
    administrator = client_of(cast, "administrator")
    place = invited(cast)
    first = administrator.post(f"/people/{place.pk}/link", {"key": "k"}).content.decode()
    assert "<code>http" in first
    again = administrator.post(f"/people/{place.pk}/link", {"key": "k"})
    assert (again.status_code, again.url) == (303, f"/people/{place.pk}/")
    assert Event.objects.filter(type="member.link_made").count() == 1


def test_a_second_click_makes_no_second_member(cast, client_of, form):
    administrator = client_of(cast, "administrator")
    answers = [administrator.post("/people/new/", form).url for _ in range(2)]
    assert answers[0] == answers[1]
    assert Event.objects.filter(type="member.invited").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": ""}, "name", "请填写"),
        ({"name": "王"}, "name", "只用小写字母"),
        ({"full_name": ""}, "full_name", "请填写"),
        ({"role": ""}, "role", "请填写"),
        ({"department": ""}, "department", "业务人员要有所属部门"),
        ({"role": "agent"}, "subject", "企业专员要写企业的信用代码"),
        ({"role": "agent", "subject": "91370800MA0000015X"}, "subject", "信用代码不对"),
        ({"starts_on": "20.11.2026"}, "starts_on", "日期写成"),
        ({"ends_on": "2020-01-01"}, "ends_on", "早于开始的那天"),
    ],
)
def test_what_is_wrong_with_a_new_member_stands_beside_its_field(cast, client_of, form, wrong, field, said):
    page = client_of(cast, "administrator").post("/people/new/", form | wrong)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert said in page.content.decode()
    assert not User.objects.filter(username="east.wang").exists()


def test_a_taken_name_is_refused_beside_its_field_in_english_too(cast, client_of, form):
    invited(cast, name="wang")
    administrator = client_of(cast, "administrator")
    page = administrator.post("/people/new/", form, headers={"accept-language": "en"})
    assert "This user name is taken." in page.content.decode()


def test_two_zones_may_use_the_same_name_and_learn_nothing_of_each_other(cast, other_zone):
    assert invited(cast, name="li").user.username == "east.li"
    assert invited(other_zone, name="li").user.username == "west.li"


def test_only_administrators_make_members_and_auditors_may_look(cast, client_of, form):
    for role in ("agent", "officer", "supervisor", "policy_editor"):
        assert client_of(cast, role).get("/people/").status_code == 404
        assert client_of(cast, role).post("/people/new/", form).status_code == 404
    auditor = client_of(cast, "auditor")
    assert auditor.get("/people/").status_code == 200
    assert "新增人员" not in auditor.get("/people/").content.decode()
    assert auditor.post("/people/new/", form).status_code == 404
    assert not User.objects.filter(username="east.wang").exists()


def test_the_list_shows_the_zone_alone_and_what_the_filter_asks_for(cast, other_zone, client_of):
    page = client_of(cast, "administrator").get("/people/").content.decode()
    assert "east-officer" in page and "west-" not in page
    by = cast.person("administrator")
    assert [each.role for each in queries.members(by=by, on=ON, role="auditor")] == ["auditor"]
    assert [each.role for each in queries.members(by=by, on=ON, words="east-agent")] == ["agent"]
    assert not queries.members(by=by, on=ON, state="ended").exists()
    assert not queries.members(by=by, on=ON, words="west").exists()


def test_ending_a_place_is_put_down_and_the_person_is_out_at_the_next_request(cast, client_of):
    officer, administrator = client_of(cast, "officer"), client_of(cast, "administrator")
    assert officer.get("/").status_code == 200
    place = cast.people["officer"]
    form = {
        "last_day": timezone.localdate().isoformat(),
        "reason": "调离",
        "at_once": "on",
        "key": "k",
    }
    assert administrator.post(f"/people/{place.pk}/end", form).status_code == 303
    assert officer.get("/").url.startswith("/accounts/login/")
    event = Event.objects.get(type="member.ended")
    yesterday = timezone.localdate() - timedelta(days=1)
    assert json.loads(event.payload) == {"last_day": yesterday.isoformat(), "reason": "调离"}


def test_a_place_that_somebody_else_has_ended_answers_409_with_what_changed(cast, client_of):
    place = cast.people["officer"]
    actions.end(by=cast.person("administrator"), membership_id=place.pk, last_day=ON, reason="a", at=AT)
    form = {"last_day": ON.isoformat(), "reason": "b", "key": "k"}
    answer = client_of(cast, "administrator").post(f"/people/{place.pk}/end", form)
    assert answer.status_code == 409
    assert ON.isoformat() in answer.content.decode()
    assert Event.objects.filter(type="member.ended").count() == 1


def test_the_last_administrator_of_a_zone_stays(cast):
    by = cast.person("administrator")
    with pytest.raises(Conflict, match="last administrator"):
        actions.end(by=by, membership_id=by.membership_id, last_day=ON, reason="x", at=AT)
    invited(cast, name="second", role="administrator")
    actions.end(by=by, membership_id=by.membership_id, last_day=ON, reason="x", at=AT)
    assert Membership.objects.get(pk=by.membership_id).ends_on == ON


def test_a_login_that_another_zone_shares_gets_no_link_here(cast, other_zone):
    place = invited(cast)
    Membership.objects.create(user=place.user, zone=other_zone.zone, role="auditor", starts_on=ON)
    with pytest.raises(Conflict, match="those who run the site"):
        actions.make_link(by=cast.person("administrator"), membership_id=place.pk, at=AT)
    assert not Event.objects.filter(type="member.link_made").exists()


def test_members_of_another_zone_are_not_there(cast, other_zone, client_of):
    by = cast.person("administrator")
    strange = other_zone.people["officer"].pk
    for act, more in (
        (actions.end, {"last_day": ON, "reason": "x"}),
        (actions.make_link, {}),
        (actions.give_place, {"role": "auditor", "starts_on": ON}),
    ):
        with pytest.raises(Absent):
            act(by=by, membership_id=strange, at=AT, **more)
    department = Department.objects.get(zone=other_zone.zone)
    with pytest.raises(Absent):
        invited(cast, role="officer", department_id=department.pk)
    assert not Event.objects.exists()


def test_a_member_gets_another_place_and_one_that_ended_begins_again(cast, client_of):
    place = invited(cast)
    by = cast.person("administrator")
    second = actions.give_place(
        by=by, membership_id=place.pk, role="agent", subject=OTHERS, starts_on=ON, at=AT
    )
    assert (second.user, second.subject) == (place.user, OTHERS)
    again = {"by": by, "membership_id": place.pk, "role": "auditor", "at": AT}
    with pytest.raises(actions.Unusable, match="already"):
        actions.give_place(**again, starts_on=ON)
    actions.end(by=by, membership_id=place.pk, last_day=ON, reason="x", at=AT)
    begun = actions.give_place(**again, starts_on=ON + timedelta(days=1))
    assert (begun.pk, begun.ends_on) == (place.pk, None)
    assert client_of(cast, "administrator").get(f"/people/{place.pk}/").status_code == 200


def test_single_sign_on_ids_are_given_by_the_administrator(cast, client_of, form):
    with override_settings(ISSUER="https://issuer.example"):
        client_of(cast, "administrator").post("/people/new/", form | {"sign_on": "sub-1"})
        page = client_of(cast, "administrator").post(
            "/people/new/", form | {"name": "zhao", "sign_on": "sub-1", "key": "k-2"}
        )
    account = User.objects.get(username="east.wang").socialaccount_set.get()
    assert (account.provider, account.uid) == ("zone", "sub-1")
    assert "这个编号不能使用" in page.content.decode()
    assert not User.objects.filter(username="east.zhao").exists(), "a refusal leaves nothing behind"
