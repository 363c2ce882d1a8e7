"""Imports by the API: a file is uploaded, understood, read in and undone; hostile ones are refused beside the field."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from tests.apps.api.calls import machine
from tests.apps.intake_files import LIST, csv_file
from tests.cast import AT, OWN

from kaiyuan.apps.intake import actions
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.journal.models import Event

IMPORTS = "/api/v1/imports"


@pytest.fixture
def client(cast):
    return lambda role: Client(headers=machine(cast, role) | {"Accept-Language": "en"})


def upload(client: Client, file: SimpleUploadedFile, *, key: str = "u", as_of: str = "2026-11-20"):
    data = encode_multipart(BOUNDARY, {"as_of": as_of, "file": file})
    headers = {"Idempotency-Key": key}
    return client.generic("POST", IMPORTS, data, content_type=MULTIPART_CONTENT, headers=headers)


def act(client: Client, path: str, body: dict, *, seen: str, key: str, method: str = "POST"):
    return client.generic(
        method,
        f"{IMPORTS}/{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key, "If-Match": seen},
    )


def test_a_file_goes_its_whole_way(client, read_in, django_capture_on_commit_callbacks):
    officer = client("officer")
    made = upload(officer, csv_file())
    assert (made.status_code, made.json()["state"], made["ETag"]) == (201, "uploaded", '"1"')
    number = made.json()["id"]
    whole = officer.get(f"{IMPORTS}/{number}").json()
    assert {each["fact"] for each in whole["columns"]} >= {"subject", "subject_name", "revenue", "staff"}
    assert whole["rows"][0]["subject"] == OWN
    with django_capture_on_commit_callbacks(execute=True):
        started = act(officer, f"{number}/start", {}, seen='"1"', key="s")
    assert (started.status_code, started.json()["state"], read_in) == (202, "reading", [number])
    actions.read_in(number=number, token="test", clock=lambda: AT)
    done = officer.get(f"{IMPORTS}/{number}")
    assert (done.json()["state"], done.json()["rows_rejected"]) == ("done", 1)
    rejects = officer.get(f"{IMPORTS}/{number}/rejects")
    assert rejects["Content-Type"].startswith("text/csv")
    undone = act(officer, f"{number}/undo", {"reason": "文件有误"}, seen=done["ETag"], key="x")
    assert (undone.status_code, undone.json()["state"]) == (200, "undone")


def test_samples_and_rows_are_for_those_who_may_read_a_file_in(client):
    number = upload(client("officer"), csv_file()).json()["id"]
    before = Event.objects.filter(type="facts.read").count()
    seen = client("auditor").get(f"{IMPORTS}/{number}").json()
    assert (seen["rows"], {sample for each in seen["columns"] for sample in each["samples"]}) == ([], set())
    assert Event.objects.filter(type="facts.read").count() == before
    assert client("auditor").get(f"{IMPORTS}/{number}/rejects").status_code == 404


def test_what_a_column_means_can_be_said_and_nonsense_is_told_at_its_letter(client):
    officer = client("officer")
    number = upload(officer, csv_file()).json()["id"]
    meant = {"A": {"fact": "subject_name"}, "B": {"fact": "subject"}, "E": {"fact": "staff", "year": 2025}}
    answer = act(officer, f"{number}/columns", {"columns": meant}, seen='"1"', key="c", method="PUT")
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    shown = officer.get(f"{IMPORTS}/{number}").json()["shown"]
    assert shown == [{"fact": "staff", "year": 2025}]
    wrong = {"columns": meant | {"C": {"fact": "no such fact"}}}
    refused = act(officer, f"{number}/columns", wrong, seen='"2"', key="d", method="PUT")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/body/columns/C"
    late = act(officer, f"{number}/columns", {"columns": meant}, seen='"1"', key="e", method="PUT")
    assert late.status_code == 412


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.exe", b"MZ", "iles of this kind are not taken"),
        ("list.csv", b"", "empty"),
        ("list.xlsx", b"a,b\n1,2\n", "differ"),
        ("list.csv", "企业名称\n=cmd|' /C calc'!A0\n".encode(), "formula"),
    ],
)
def test_a_file_that_is_not_taken_says_why_at_its_field(client, name, content, words):
    answer = upload(client("officer"), SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/body/file"
    assert words in error["detail"]
    assert not Import.objects.exists()


def test_an_upload_without_a_file_is_told_so(client):
    data = encode_multipart(BOUNDARY, {"as_of": "2026-11-20"})
    headers = {"Idempotency-Key": "u"}
    answer = client("officer").generic("POST", IMPORTS, data, content_type=MULTIPART_CONTENT, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/file")


def test_the_same_upload_again_is_one_import_and_another_file_with_its_key_is_refused(client):
    officer = client("officer")
    first, again = upload(officer, csv_file()), upload(officer, csv_file())
    assert first.json() == again.json()
    assert upload(officer, csv_file(LIST.replace("186", "187"))).status_code == 422
    assert Import.objects.count() == 1
