"""On a new installation two commands make the first zone and let its first person in; the journal begins with them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.zones.models import Membership, Zone
from kaiyuan.cli import site_people
from kaiyuan.errors import InputError

PASSWORD = "a long and quiet passphrase"


@pytest.fixture
def east(db):
    site_people.zone("east", zh="东区", en="East", department=["science:科技创新局:Science"])
    return Zone.objects.get(code="east")


def test_a_zone_is_made_with_its_departments_as_the_first_event_of_its_journal(east):
    assert [str(each) for each in east.departments.all()] == ["科技创新局"]
    first = Event.objects.get(chain__zone=east)
    assert (first.sequence, first.type, first.actor) == (1, "zone.founded", "command:site")


def test_the_first_administrator_sets_a_password_by_the_printed_link_and_can_log_in(east, capsys):
    site_people.user(
        "li", zone="east", full_name="李管理员", role="administrator", department="", enterprise=""
    )
    told = capsys.readouterr().out.strip().splitlines()[-1]
    name, link = re.fullmatch(r"(east\.li): (http://\S+)", told).groups()
    visitor = Client()
    form = visitor.get(re.sub(r"^http://[^/]+", "", link), follow=True)
    visitor.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert Client().login(username=name, password=PASSWORD)
    place = Membership.objects.get(user__username=name)
    assert (place.role, place.zone) == ("administrator", east)
    assert Event.objects.filter(type="member.invited", subject=f"membership:{place.pk}").count() == 1


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"zone": "west"}, "there is no such zone: 'west'. Make it with `kaiyuan site zone`"),
        ({"role": "boss"}, "there is no such role: 'boss'. Write one of: agent, officer, "),
        ({"role": "officer"}, "An officer belongs to a department: 'li'"),
        ({"role": "officer", "department": "cooks"}, "the zone has no such department: 'cooks'"),
        ({"role": "agent"}, "An agent acts for an enterprise: 'li'"),
    ],
)
def test_a_user_who_fits_nowhere_is_refused_with_one_sentence(east, asked, sentence):
    whole = {"zone": "east", "full_name": "", "role": "administrator", "department": "", "enterprise": ""}
    with pytest.raises(InputError) as refused:
        site_people.user("li", **(whole | asked))
    assert str(refused.value).startswith(sentence)
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("code", "departments", "sentence"),
    [
        ("east", [], "there is a zone of this code already: 'east'. Choose another code"),
        ("West Side", [], "a code is short and plain: 'West Side'. Begin with a letter"),
        ("west", ["science"], "this is no department: 'science'. Write it as science:"),
        ("west", ["S!:科技:Science"], "a code is short and plain: 'S!'"),
    ],
)
def test_a_zone_that_cannot_be_is_refused_with_one_sentence(east, code, departments, sentence):
    with pytest.raises(InputError) as refused:
        site_people.zone(code, zh="西区", en="West", department=departments)
    assert str(refused.value).startswith(sentence)
    assert list(Zone.objects.values_list("code", flat=True)) == ["east"]
