"""A browser of an officer who imports."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
import time_machine
from tests.apps.intake_files import csv_file
from tests.cast import AT

from kaiyuan.apps.intake.models import Import


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Give each test a folder of uploads of its own, and the cast's day."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer(cast, client_of):
    """Give the officer's browser."""
    return client_of(cast, "officer")


@pytest.fixture
def upload(officer):
    """Give a way to upload a file as the officer; gives the answer."""

    def send(file=None, **more):
        data = {"file": file or csv_file(), "as_of": "2026-11-20", "key": uuid4().hex, **more}
        return officer.post("/imports/new/", data)

    return send


@pytest.fixture
def uploaded(upload) -> Import:
    """Give an import that was uploaded and understood."""
    answer = upload()
    assert answer.status_code == 303, said(answer)
    return Import.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))


def said(answer) -> str:
    """Give the words of a page without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())
