"""A file on its way in: uploaded, understood, corrected by a person, read in, undone."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.apps.intake.conftest import said
from tests.apps.intake_files import csv_file, workbook
from tests.cast import AT, ON, OTHERS, OWN

from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts.queries import table
from kaiyuan.apps.intake.actions import claim, read_in
from kaiyuan.apps.intake.actions import reading as reading_module
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.journal.models import Event


def post(browser, row, what, **data):
    row.refresh_from_db()
    return browser.post(f"/imports/{row.pk}/{what}/", {"version": row.version, "key": uuid4().hex, **data})


def read(browser, row) -> Import:
    """Let a file be read in, here and now."""
    assert post(browser, row, "start").status_code == 303
    done = read_in(number=row.pk, token="here", clock=timezone.now)
    assert done is not None
    return done


def facts_now(cast, *, known_at=None):
    batch = table(zone_id=cast.zone.pk, as_of=ON, known_at=known_at or timezone.now())
    return {
        row["subject"]: {name: row[name] for name in batch.schema.names[3:] if row[name] is not None}
        for row in batch.to_pylist()
    }


def said_of(row, **columns):
    """Give the form of columns as the page has it, with changes."""
    fields = {}
    for column in json.loads(row.preview)["columns"]:
        letter = column["letter"]
        fields[f"fact-{letter}"] = column["fact"] or ""
        fields[f"year-{letter}"] = column["year"] or ""
        fields[f"unit-{letter}"] = column["unit"] or ""
    return fields | columns


def test_a_file_is_understood_and_shown_before_anything_is_read_in(cast, officer, uploaded):
    answer = officer.get(f"/imports/{uploaded.pk}/")
    words = said(answer)
    assert answer.status_code == 200
    assert 'value="营业收入"' in answer.content.decode()
    assert "5,000.00 万元" in words or "5,000 万元" in words, words
    assert "统一社会信用代码校验不通过" in words
    assert "可用 2，不可用 1" in words
    assert "没有识别" in words  # 备注
    assert facts_now(cast) == {OWN: {}, OTHERS: {}}


def test_a_file_is_read_in_with_its_account_and_its_events(cast, officer, uploaded):
    row = read(officer, uploaded)
    assert (row.state, row.rows_read, row.rows_accepted, row.rows_rejected) == ("done", 3, 2, 1)
    assert facts_now(cast) == {
        OWN: {"revenue": 50_000_000 * 100, "revenue__1": 42_000_000 * 100, "staff": 186},
        OTHERS: {"revenue__1": 9_800_000 * 100, "staff": 42},
    }
    assert row.source.label == "名单.csv"
    words = said(officer.get(f"/imports/{row.pk}/"))
    assert f"已读入 {row.observations} 个观测值" in words
    assert Enterprise.objects.get(code=OWN).name == "示例精密（合成）"
    case = Event.objects.filter(case_key=f"import:{row.pk}").values_list("type", flat=True)
    assert list(case) == ["import.uploaded", "import.started", "facts.loaded"]


def test_what_was_left_out_is_a_file_with_line_and_reason(officer, uploaded):
    row = read(officer, uploaded)
    answer = officer.get(f"/imports/{row.pk}/rejects.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "91610131MADEM0011X" in text and ",5," in text.replace("\r", "")


def test_a_person_says_what_a_column_means_and_the_preview_follows(cast, officer, uploaded):
    answer = post(officer, uploaded, "columns", **said_of(
        uploaded, **{"fact-D": "主营业务收入", "year-D": "2025", "unit-D": "元", "fact-E": ""}
    ))  # fmt: skip
    assert answer.status_code == 303, said(answer)
    read(officer, uploaded)
    assert facts_now(cast)[OWN] == {"revenue": 50_000_000 * 100, "main_revenue": 4200 * 100}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"fact-F": "营业收人"}, "没有“营业收人”这个指标，是否指 营业收入"),
        ({"year-D": "二五"}, "年份写四位数字"),
        ({"unit-D": "平方米"}, "单位“平方米”与营业收入不符"),
    ],
)
def test_what_cannot_be_meant_is_told_beside_the_column_and_nothing_changes(officer, uploaded, wrong, words):
    answer = post(officer, uploaded, "columns", **said_of(uploaded, **wrong))
    assert answer.status_code == 422
    assert words in said(answer)
    uploaded.refresh_from_db()
    assert uploaded.version == 1


def test_two_columns_of_one_fact_can_be_told_apart_by_a_person(cast, officer, upload):
    answer = upload(csv_file(f"企业名称,统一社会信用代码,从业人员,从业人员\n甲,{OWN},1,2\n"))
    row = Import.objects.get()
    page = said(officer.get(answer["Location"]))
    assert "C 列与 D 列是同一指标" in page
    assert post(officer, row, "start").status_code == 409
    form = {"fact-A": "企业名称", "fact-B": "统一社会信用代码", "fact-C": "", "fact-D": "从业人员"}
    assert post(officer, row, "columns", **form).status_code == 303
    read(officer, row)
    assert facts_now(cast)[OWN] == {"staff": 2}


def test_a_workbook_comes_in_like_a_text_table(cast, officer, upload):
    file = workbook([["企业名称", "统一社会信用代码", "2025年营业收入（万元）"], ["甲", OWN, 12.5]])
    upload(file, data_date="2026-10-31")
    row = read(officer, Import.objects.get())
    assert row.source.label == "名单.xlsx · Sheet"
    assert row.source.data_date.isoformat() == "2026-10-31"
    assert facts_now(cast)[OWN] == {"revenue": 12_500_000}


def test_an_undone_import_counts_no_longer_but_what_was_known_is_still_told(
    cast, officer, uploaded, django_capture_on_commit_callbacks
):
    row = read(officer, uploaded)
    before = timezone.now()
    assert post(officer, row, "undo", reason="").status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        import time_machine

        with time_machine.travel(AT + timedelta(hours=1), tick=False):
            assert post(officer, row, "undo", reason="错了一版").status_code == 303
    later = AT + timedelta(hours=2)
    assert facts_now(cast, known_at=later) == {OWN: {}, OTHERS: {}}
    assert facts_now(cast, known_at=before)[OWN]["staff"] == 186
    assert "已撤销" in said(officer.get(f"/imports/{row.pk}/"))
    event = Event.objects.get(type="source.withdrawn")
    assert (event.case_key, json.loads(event.payload)["reason"]) == (f"import:{row.pk}", "错了一版")
    assert post(officer, row, "undo", reason="noch einmal").status_code == 409


def test_the_same_file_again_is_noticed(officer, uploaded, upload):
    row = read(officer, uploaded)
    again = upload()
    page = said(officer.get(again["Location"]))
    assert "这个文件已经读入过" in page
    assert Import.objects.exclude(pk=row.pk).get().path == row.path


def test_a_second_click_uploads_starts_and_undoes_once(officer, upload):
    key = uuid4().hex
    first, second = upload(csv_file(), key=key), upload(csv_file(), key=key)
    assert first["Location"] == second["Location"]
    row = Import.objects.get()
    answers = [officer.post(f"/imports/{row.pk}/start/", {"version": 1, "key": "k" * 8}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Event.objects.filter(type="import.started").count() == 1


def test_of_two_people_who_change_it_the_second_is_told(officer, uploaded):
    data = said_of(uploaded, **{"fact-E": ""})
    assert (
        officer.post(f"/imports/{uploaded.pk}/columns/", {"version": 1, "key": "a" * 8, **data}).status_code
        == 303
    )
    answer = officer.post(f"/imports/{uploaded.pk}/start/", {"version": 1, "key": "b" * 8})
    assert answer.status_code == 409
    assert "第 1 版" in said(answer)


class Stopped(Exception):
    """The process ends here."""


def test_a_reading_that_stopped_goes_on_where_it_was(cast, officer, upload, monkeypatch):
    rows = "\n".join(f"企业{n}（合成）,,{n}" for n in range(230))
    upload(
        csv_file(
            f"企业名称,统一社会信用代码,从业人员\n{rows}\n".replace(",统一社会信用代码", "").replace(
                ",,", ","
            )
        )
    )
    row = Import.objects.get()
    monkeypatch.setattr(reading_module, "_MOST", 50)
    assert post(officer, row, "start").status_code == 303
    whole = reading_module._Reading._write
    written = []

    def stop_at_third(self, loading, batch, number, reading):
        if number == 2 and not written:
            written.append(number)
            raise Stopped
        whole(self, loading, batch, number, reading)

    monkeypatch.setattr(reading_module._Reading, "_write", stop_at_third)
    with pytest.raises(Stopped):
        read_in(number=row.pk, token="first", clock=lambda: AT)
    row.refresh_from_db()
    assert (row.state, row.slices, row.rows_accepted) == ("reading", 2, 100)
    assert not any(facts_now(cast).values()), "half a file counts for nothing"
    assert read_in(number=row.pk, token="second", clock=lambda: AT + timedelta(seconds=5)) is None
    later = AT + timedelta(minutes=1)
    done = read_in(number=row.pk, token="second", clock=lambda: later)
    assert (done.state, done.rows_accepted, done.observations) == ("done", 230, 230)
    staff = {facts["staff"] for facts in facts_now(cast, known_at=later).values() if facts}
    assert staff == set(range(230))
    assert done.source.observations.count() == 230


def test_one_reads_at_a_time(officer, uploaded):
    post(officer, uploaded, "start")
    assert claim(number=uploaded.pk, token="one", at=AT)
    assert not claim(number=uploaded.pk, token="two", at=AT + timedelta(seconds=29))
    assert claim(number=uploaded.pk, token="two", at=AT + timedelta(seconds=31))


def test_a_file_that_breaks_while_it_is_read_fails_whole_and_says_so(cast, officer, uploaded, monkeypatch):
    post(officer, uploaded, "start")

    def broken(*_, **__):
        raise ValueError("a fault of the parser")

    monkeypatch.setattr(reading_module, "opened", broken)
    row = read_in(number=uploaded.pk, token="here", clock=timezone.now)
    assert row.state == "failed"
    assert facts_now(cast) == {OWN: {}, OTHERS: {}}
    assert "文件无法读取" in said(officer.get(f"/imports/{row.pk}/"))
    monkeypatch.undo()
    from django.conf import settings

    assert settings.MEDIA_ROOT


def test_progress_is_told_while_a_file_is_read(officer, uploaded):
    post(officer, uploaded, "start")
    Import.objects.filter(pk=uploaded.pk).update(heard_at=AT, claimed_by="x", part_done=0.42, rows_read=1234)
    answer = officer.get(f"/imports/{uploaded.pk}/progress/")
    assert "已读 1,234 行" in said(answer)
    assert 'width="42%"' in answer.content.decode()
    assert "HX-Refresh" not in answer
    Import.objects.filter(pk=uploaded.pk).update(state="failed")
    assert officer.get(f"/imports/{uploaded.pk}/progress/")["HX-Refresh"] == "true"


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_who_may_only_look_sees_the_account_but_no_value(cast, client_of, officer, uploaded, role):
    browser = client_of(cast, role)
    before = Event.objects.count()
    for _ in range(2):
        page = browser.get(f"/imports/{uploaded.pk}/")
        text = page.content.decode()
        assert page.status_code == 200
        assert "0.5" not in said(page) and "示例精密" not in text and "MADEM0011X" not in text
        read(officer, uploaded) if uploaded.state == "uploaded" else None
        uploaded.refresh_from_db()
    assert browser.get(f"/imports/{uploaded.pk}/rejects.csv").status_code == 404
    assert browser.get("/imports/new/").status_code == 404
    assert "facts.read" not in list(Event.objects.values_list("type", flat=True)[before:])


def test_each_page_with_values_is_put_down_once(officer, uploaded):
    def reads() -> int:
        return Event.objects.filter(type="facts.read").count()

    officer.get(f"/imports/{uploaded.pk}/")
    assert reads() == 1
    read(officer, uploaded)
    officer.get(f"/imports/{uploaded.pk}/")
    assert reads() == 2
    officer.get(f"/imports/{uploaded.pk}/rejects.csv")
    assert reads() == 3
    officer.get("/imports/")
    assert reads() == 3


def test_an_import_of_the_zone_next_door_is_not_there(other_zone, client_of, uploaded):
    browser = client_of(other_zone, "officer")
    for address in ("", "progress/", "rejects.csv"):
        theirs = browser.get(f"/imports/{uploaded.pk}/{address}")
        nobodys = browser.get(f"/imports/999999/{address}")
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert theirs.content == nobodys.content
    for what in ("columns", "start", "undo"):
        answer = browser.post(
            f"/imports/{uploaded.pk}/{what}/", {"version": 1, "key": "k" * 8, "reason": "x"}
        )
        assert answer.status_code == 404
    assert "名单.csv" not in said(browser.get("/imports/"))


def test_the_pages_speak_english_too(officer, uploaded):
    from django.conf import settings

    officer.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = said(officer.get(f"/imports/{uploaded.pk}/"))
    assert "Next: check, then read it in" in page
    assert "Operating revenue" in officer.get(f"/imports/{uploaded.pk}/").content.decode()
    wrong = officer.post("/imports/new/", {"as_of": "2026-11-20", "key": "k" * 8})
    assert "This field is required" in said(wrong)


def test_the_template_is_a_workbook_that_comes_back_understood(officer, upload):
    import io

    import openpyxl

    answer = officer.get("/imports/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book["企业数据"]
    sheet.append(["甲（合成）", OWN] + [None] * 3)
    out = io.BytesIO()
    book.save(out)
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = upload(SimpleUploadedFile("模板.xlsx", out.getvalue()))
    assert answer.status_code == 303, said(answer)
    columns = json.loads(Import.objects.get().preview)["columns"]
    assert len(columns) > 200
    assert {column["how"] for column in columns} <= {"label", "name"}
