"""Uploads that mean harm are refused beside the field, leave nothing, and cost little."""

from __future__ import annotations

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.apps.intake.conftest import said
from tests.apps.intake.hostile import HOSTILE, Hostile, book
from tests.apps.intake_files import csv_file

from kaiyuan.apps.intake.examining import examine
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.intake.refusals import Refused
from kaiyuan.apps.journal.models import Event

LONGEST = 10.0  # seconds for one file on a busy machine; two on a free one


def test_there_are_sixty_and_more():
    assert len(HOSTILE) >= 60
    assert len({each.about for each in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize(
    "hostile",
    [pytest.param(each, marks=[pytest.mark.slow] * each.large, id=each.about) for each in HOSTILE],
)
def test_a_hostile_file_is_refused_beside_the_field(hostile: Hostile, upload, settings):
    content = hostile.make()
    started = time.perf_counter()
    answer = upload(SimpleUploadedFile(hostile.name, content))
    took = time.perf_counter() - started
    assert answer.status_code == 422, hostile.about
    page = said(answer)
    error = page.partition("XLSX 或 CSV，最大 64 MB；第一行为表头，可带单位与年份")[2][:200]
    assert hostile.said in error, error
    assert 'id="id_file-error"' in answer.content.decode()
    assert "Traceback" not in page
    assert not Import.objects.exists() and not Event.objects.exists()
    assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))
    assert took < LONGEST


def test_what_these_files_are_made_of_is_taken_where_nothing_is_wrong_with_it(upload):
    answer = upload(SimpleUploadedFile("a.xlsx", book()))
    assert answer.status_code == 303, said(answer)
    assert Import.objects.get().file_name == "a.xlsx"


@pytest.mark.parametrize(
    "name", ["a\u202evsc.csv", "a\u200b.csv", "a\0.csv", "../a.csv", "a\\b.csv", "名" * 160 + ".csv"]
)
def test_a_name_that_hides_something_is_refused(name, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(csv_file().read())
    with pytest.raises(Refused, match="name"):
        examine(path, name=name)
    examine(path, name="a.csv")


def test_no_file_at_all_is_told_too(officer):
    answer = officer.post("/imports/new/", {"as_of": "2026-11-20", "key": "k" * 8})
    assert answer.status_code == 422
