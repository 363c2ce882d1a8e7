"""The demonstration is filled by real acts, is used again as it is, and touches nothing that it did not make."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import date, datetime, timedelta
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest
from tests.cast import AT, ON

from kaiyuan.apps.facts.models import Subject
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.zones.models import ROLES, Membership, User
from kaiyuan.cli.site_process import is_free
from kaiyuan.errors import InputError
from kaiyuan.site.demo import personas, ready_folder, seed
from kaiyuan.site.demo.folder import mark_finished

FEW = 200


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    """Give a data folder of the demonstration's own."""
    settings.DATA = tmp_path
    monkeypatch.setattr("kaiyuan.site.demo.folder._holds_the_database", lambda: True)
    return tmp_path


def fill(*, at: datetime = AT) -> list[str]:
    steps: list[str] = []
    seed(enterprises=FEW, at=at, tell=steps.append)
    return steps


@pytest.mark.slow
@pytest.mark.both_engines
@pytest.mark.django_db
def test_two_zones_with_people_of_every_role_and_a_month_of_acts_are_made_once(folder):
    assert len(fill()) == 2
    before = Event.objects.count()
    assert fill(at=AT + timedelta(hours=1)) == ["演示数据已就绪 · the data are there already"]
    assert Event.objects.count() == before
    codes = list(Subject.objects.order_by("zone__code").values_list("zone__code", "code"))
    of_demo, of_park = ({code for zone, code in codes if zone == name} for name in ("demo", "park"))
    assert (len(of_demo), len(of_park)) == (FEW, 60)
    assert not of_demo & of_park
    people = personas(on=ON)
    assert {place.role for place in Membership.objects.filter(zone__code="demo")} == {
        role for role, _ in ROLES
    }
    assert [each.role for each in people[:2]] == ["企业专员", "业务人员"]
    assert not [user for user in User.objects.all() if user.has_usable_password()]
    for zone, own in (("demo", of_demo), ("park", of_park)):
        assert Membership.objects.get(zone__code=zone, role="agent").subject in own
        recorded = list(
            Event.objects.filter(chain__zone__code=zone)
            .order_by("sequence")
            .values_list("recorded_at", flat=True)
        )
        assert recorded == sorted(recorded)
        assert AT - timedelta(days=31) < recorded[0] and recorded[-1] < AT
        types = set(Event.objects.filter(chain__zone__code=zone).values_list("type", flat=True))
        assert {"facts.loaded", "rules.run", "source.withdrawn", "fact.corrected", "checkpoint.made"} <= types
        imports = Import.objects.filter(zone__code=zone).order_by("pk")
        assert [(each.state, each.rows_rejected) for each in imports] == [("done", 2), ("undone", 0)]


def test_a_folder_with_a_database_that_is_no_demonstration_is_left_alone(folder):
    (folder / "site.sqlite3").write_bytes(b"somebody's")
    with pytest.raises(InputError, match=r"holds a database that is no demonstration.*--data"):
        ready_folder(enterprises=FEW, on=ON)
    assert (folder / "site.sqlite3").read_bytes() == b"somebody's"


def test_a_demonstration_of_this_version_is_kept_and_another_is_cleared_away(folder):
    def put_there(mark: dict[str, object] | None) -> None:
        (folder / "site.sqlite3").write_bytes(b"tables")
        (folder / "notes.txt").write_bytes(b"of the user")
        if mark is None:
            mark_finished(enterprises=FEW, on=ON)
        else:
            (folder / "demo.json").write_text(json.dumps(mark))

    for mark, on, kept in (
        (None, ON, True),
        (None, date(ON.year + 1, 1, 2), False),
        ({"finished": False}, ON, False),
        ({"finished": True, "version": "0"}, ON, False),
    ):
        put_there(mark)
        ready_folder(enterprises=FEW, on=on)
        assert (folder / "site.sqlite3").exists() is kept, (mark, on)
        assert (folder / "notes.txt").exists()


class Visitor:
    """A browser without pictures: it keeps cookies and follows."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._opener.open(self.address + path, timeout=20) as answer:
            return answer.read().decode()

    def post(self, path: str, **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/accounts/login/"))[1]
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        with self._opener.open(self.address + path, body, timeout=20) as answer:
            return answer.read().decode()


@pytest.mark.slow
def test_the_demonstration_starts_lets_a_person_in_by_one_click_and_ends_with_ctrl_c(tmp_path):
    told = tmp_path / "told"
    with told.open("wb") as out:
        demo = subprocess.Popen(
            [
                *(sys.executable, "-m", "kaiyuan.cli.main", "site", "demo", "-n", str(FEW), "--port", "8630"),
                *("--seconds", "300", "--data", str(tmp_path / "data")),
            ],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "PYTHONUNBUFFERED": "1",
                "DATABASE_URL": "",
            },
            stdout=out,
            stderr=out,
        )
    try:
        until = time.monotonic() + 90
        while (
            "ready" not in told.read_text(encoding="utf-8")
            and demo.poll() is None
            and time.monotonic() < until
        ):
            time.sleep(0.2)
        said = told.read_text(encoding="utf-8")
        address = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
        visitor = Visitor(address)
        assert "演示" in visitor.post("/demo/enter", persona="demo.officer")
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=30) == 0
    finally:
        demo.kill()
    assert "stopped" in told.read_text(encoding="utf-8")
    with pytest.raises((urllib.error.URLError, OSError)):
        visitor.get("/healthz")
    assert is_free("127.0.0.1", int(address.rsplit(":", 1)[1]))
