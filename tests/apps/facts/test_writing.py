"""Writes of facts: rights, refusals, one event an act, and no value in the journal."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pyarrow as pa
import pytest
from tests.apps.facts_of_cast import batch, put_in
from tests.cast import AT, ON, OTHERS, OWN

from kaiyuan.apps.facts.actions import Loading, NewSource, correct, disclose, load, open_values, withdraw
from kaiyuan.apps.facts.models import Observation, Source
from kaiyuan.apps.facts.queries import table
from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.zones.rights import Absent
from kaiyuan.errors import InputError

LATER = AT + timedelta(days=1)


def events(type: str) -> list[dict]:
    return [json.loads(event.payload) for event in Event.objects.filter(type=type)]


def test_a_load_is_one_event_that_says_how_much_and_from_where(cast, loaded):
    assert loaded.observations == 3 + 6 + 1 + 1 == Observation.objects.count()
    assert loaded.subjects == {OWN: "甲（合成数据）", OTHERS: "乙（合成数据）"}
    assert events("facts.loaded") == [
        {
            "kind": "file",
            "label": "名单.xlsx",
            "data_date": "2026-11-20",
            "sha256": "",
            "subjects": 2,
            "observations": 11,
        }
    ]


def test_a_load_that_was_never_finished_counts_for_nothing(cast):
    loading = Loading.begin(
        by=cast.person("officer"), source=NewSource(kind="file", label="断.xlsx"), on=ON, at=AT
    )
    loading.add(batch(staff=pa.array([1, 2])))
    assert Observation.objects.count() == 2
    read = table(zone_id=cast.zone.pk, as_of=ON, known_at=AT + timedelta(days=99))
    assert "staff" not in read.schema.names
    assert not events("facts.loaded")


def test_a_load_knows_the_numbers_between_which_its_observations_lie(cast, loaded):
    second = put_in(cast, at=LATER, staff=pa.array([1, 2]))
    for source in (loaded.source, second.source):
        numbers = source.observations.values_list("pk", flat=True)
        assert (min(numbers), max(numbers)) == (source.first, source.last)


@pytest.mark.parametrize("role", ["agent", "supervisor", "policy_editor", "auditor", "administrator"])
def test_only_officers_load_correct_and_withdraw(cast, loaded, role):
    by = cast.person(role)
    with pytest.raises(Absent):
        load(by=by, batches=[], source=NewSource(kind="file", label="x"), on=ON, at=AT)
    with pytest.raises(Absent):
        correct(by=by, subject=OWN, fact="staff", year=2025, value=1, reason="x", at=AT)
    with pytest.raises(Absent):
        withdraw(by=by, source=loaded.source.pk, reason="x", at=AT)
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": 1.5}, "no value of type money"),
        ({"value": True}, "no value of type money"),
        ({"value": 2**63}, "no value of type money"),
        ({"year": None}, "needs its year"),
        ({"year": 2027}, "needs its year"),
        ({"year": 1900}, "needs its year"),
        ({"reason": "  "}, "needs a reason"),
        ({"reason": "长" * 151}, "needs a reason"),
        ({"qualifier": "大约"}, "no such qualifier"),
        ({"fact": "size_industry", "value": "渔业"}, "none but the words"),
        ({"fact": "market_share", "value": float("inf")}, "no value of type ratio"),
        ({"fact": "registration_date", "value": "2020-01-01"}, "no value of type date"),
        ({"fact": "address", "value": ""}, "no value of type text"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_leaves_nothing(cast, wrong, said):
    call = {"subject": OWN, "fact": "revenue", "year": 2025, "value": 1, "reason": "更正", **wrong}
    with pytest.raises(InputError, match=said):
        correct(by=cast.person("officer"), at=AT, **call)
    assert not Observation.objects.exists() and not Source.objects.exists() and not Event.objects.exists()


def test_a_correction_of_somebody_next_door_or_of_an_unknown_fact_is_absent(cast, other_zone):
    by = cast.person("officer")
    for subject, fact in ((other_zone.firms[0].code, "staff"), (OWN, "no_such_fact"), ("nobody", "staff")):
        with pytest.raises(Absent, match=r"^not found$"):
            correct(by=by, subject=subject, fact=fact, year=2025, value=1, reason="x", at=AT)


def test_the_journal_tells_that_and_why_a_fact_was_corrected_but_not_the_value(cast):
    made = correct(
        by=cast.person("officer"), subject=OWN, fact="revenue", year=2025, value=123_456_789, reason="年报", at=AT
    )  # fmt: skip
    event = Event.objects.get(type="fact.corrected")
    assert event.subject == f"enterprise:{OWN}"
    assert "123456789" not in event.payload
    assert json.loads(event.payload) == {
        "fact": "revenue",
        "year": 2025,
        "valid_from": None,
        "observation": made.pk,
        "source": made.source_id,
        "reason": "年报",
    }


def test_withdrawing_twice_is_once(cast, loaded):
    for at in (LATER, LATER + timedelta(days=1)):
        row = withdraw(by=cast.person("officer"), source=loaded.source.pk, reason="错", at=at)
        assert row.withdrawn_at == LATER
    assert len(events("source.withdrawn")) == 1


def test_showing_confidential_facts_is_put_down_once_and_public_ones_not_at_all(cast, loaded):
    by = cast.person("officer")
    assert disclose(by=by, subject=OWN, facts=["hnte_title", "staff"], purpose="x", at=AT) is None
    disclose(by=by, subject=OWN, facts=["revenue", "staff", "legal_representative"], purpose="测算", at=AT)
    assert events("facts.read") == [{"facts": ["legal_representative", "revenue"], "purpose": "测算"}]
    disclose(by=by, subject=None, facts=["revenue"], purpose="导出", at=AT)
    assert Event.objects.filter(type="facts.read").last().subject == "zone:east"


@pytest.mark.parametrize(
    ("role", "sees", "reads"),
    [("officer", True, 1), ("agent", True, 1), ("supervisor", True, 1), ("auditor", False, 0)],
)
def test_opened_values_are_those_of_the_persons_classes_and_their_reading_is_put_down(
    cast, loaded, role, sees, reads
):
    shown = open_values(by=cast.person(role), subject=OWN, as_of=ON, known_at=AT, purpose="企业档案", at=AT)
    assert ("revenue" in {known.fact for known in shown}) is sees
    assert "hnte_title" in {known.fact for known in shown}
    assert len(events("facts.read")) == reads


def test_an_agent_opens_nothing_of_another_firm(cast, loaded):
    with pytest.raises(Absent):
        open_values(by=cast.person("agent"), subject=OTHERS, as_of=ON, known_at=AT, purpose="x", at=AT)
    assert not events("facts.read")


def test_the_day_of_a_correction_is_the_day_here_not_in_greenwich(cast):
    late = AT.replace(hour=20)
    made = correct(
        by=cast.person("officer"), subject=OWN, fact="hnte_title", year=None, value=True, reason="x", at=late
    )
    assert made.valid_from == date(2026, 11, 21)
