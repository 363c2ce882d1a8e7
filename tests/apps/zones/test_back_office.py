"""The administration pages are a window: rows of the own zone, no secrets, nothing to write."""

from __future__ import annotations

import pytest
from tests.cast import AT

from kaiyuan.apps.journal.models import Subscription
from kaiyuan.site.back_office import TABLES

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/{0._meta.app_label}/{0._meta.model_name}/"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.model.__name__)
def test_each_table_opens_for_those_with_its_act_and_shows_the_own_zone_alone(
    cast, other_zone, client_of, table
):
    auditor = client_of(cast, "auditor").get(ADDRESS.format(table.model))
    assert auditor.status_code == 200
    page = auditor.content.decode()
    assert "west-" not in page and "西区" not in page
    assert client_of(cast, "officer").get(ADDRESS.format(table.model)).status_code == 404


def test_nothing_can_be_written(cast, client_of):
    auditor = client_of(cast, "auditor")
    assert auditor.post("/admin/zones/zone/", {"code": "x"}).status_code == 405
    for rest in ("add", f"{cast.zone.pk}/change", f"{cast.zone.pk}/delete", f"{cast.zone.pk}"):
        assert auditor.get(f"/admin/zones/zone/{rest}/").status_code == 404
    assert auditor.get("/admin/login/").status_code == 404


def test_what_opens_something_is_never_shown(cast, client_of):
    Subscription.objects.create(
        zone=cast.zone, kind="webhook", target="https://t.example", secret="sesame", types="*", created_at=AT
    )
    auditor = client_of(cast, "auditor")
    pages = [auditor.get("/admin/journal/subscription/"), auditor.get("/admin/zones/user/")]
    assert b"t.example" in pages[0].content and b"east-officer" in pages[1].content
    assert not any(b"sesame" in page.content or b"md5$" in page.content for page in pages)
