"""Cases in their authors' words become canonical facts and expectations."""

from datetime import date
from fractions import Fraction

import pytest

from kaiyuan.rulebook.yaml import read_rulebook
from tests.rulebook.yaml_samples import BODY, FACTS, HEAD, book, refusal

CASE = "cases:\n  - {name: 甲, on: 2026-06-01, facts: {%s}, expect: {one: {verdict: yes}}}\n"


def facts(text, *, fixtures=""):
    return book(fixtures + CASE % text).cases[0].facts


def test_facts_become_canonical_values_by_column():
    assert facts(
        "营业收入: 900.5, 从业人员: 12, 用地面积: 3.5, 负债率: 0.03, 划型行业: 建筑, 严重失信: false, "
        "成立日期: 2020-02-29, 现有称号: 规上"
    ) == {
        "revenue": 900_500_000,
        "staff": 12,
        "land": 3.5,
        "ratio": 0.03,
        "industry": "建筑业",
        "dishonest": False,
        "founded": date(2020, 2, 29),
        "title": "规上",
    }


def test_money_is_exact_in_fen():
    assert facts("营业收入: 0.000001") == {"revenue": 1}
    assert facts("营业收入: 123456789.123456") == {"revenue": 123456789123456}


def test_a_list_is_the_base_year_and_the_years_before():
    assert facts("营业收入: [6000, unknown, 4500]") == {
        "revenue": 6_000_000_000,
        "revenue__1": None,
        "revenue__2": 4_500_000_000,
    }


FIXTURES = "fixtures:\n  typical: {营业收入: [6, 5, 4], 严重失信: false, 从业人员: 3}\n"


def test_a_case_builds_on_a_fixture():
    text = CASE.replace("facts:", "like: typical, facts:") % "营业收入: 9, 从业人员: unknown"
    read = book(FIXTURES + text).cases[0].facts
    assert read == {
        "revenue": 9_000_000,
        "revenue__1": 5_000_000,
        "revenue__2": 4_000_000,
        "dishonest": False,
        "staff": None,
    }


def test_expectations_are_kept_in_the_authors_units():
    body = BODY + "    award: {amount: 30, unit: 万元}\n"
    text = (
        "cases:\n  - {name: 甲, on: 2026-06-01, expect: {one: {verdict: no, distance: 1, amount: 0.5, "
        "conditions: {revenue: unknown}}}}\n"
    )
    case = book(text, body=body).cases[0]
    expected = case.expect["one"]
    assert (expected.verdict, expected.distance, expected.amount) == ("no", 1, Fraction(1, 2))
    assert expected.conditions == {"revenue": "unknown"} and expected.score is None and expected.tier is None
    assert case.place.line == 17 and case.on == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "营业额: 3",
            "a.yaml:16: no fact has this name: '营业额'. Did you mean 营业收入? "
            "Add it to the pack's facts.yaml, or correct the name",
        ),
        ("营业收入: 3, 营收额: 4", "a.yaml:16: this fact is given twice: '营收额'. Keep one of its names"),
        (
            "严重失信: no",
            "a.yaml:16: 严重失信: true or false is wanted here: 'no'. Write true, false or unknown",
        ),
        (
            "划型行业: 农业",
            "a.yaml:16: 划型行业: this is not one of its words: '农业'. Its values are 工业、建筑业",
        ),
        (
            "营业收入: 五百",
            "a.yaml:16: 营业收入: a number is wanted here: '五百'. Write digits only, in 万元, or unknown",
        ),
        (
            "营业收入: 0.0000001",
            "a.yaml:16: 营业收入: this is not a whole number of 分: '1E-7'. Write fewer decimals",
        ),
        (
            "从业人员: 1.5",
            "a.yaml:16: 从业人员: a whole number is wanted here: '1.5'. Write it without decimals",
        ),
        ("成立日期: 去年", "a.yaml:16: 成立日期: a day is wanted here: '去年'. Write it as 2026-04-01"),
        ("现有称号: 3", "a.yaml:16: 现有称号: a text is wanted here: '3'. Put it between quotation marks"),
        (
            "从业人员: [3, 4]",
            "a.yaml:16: 从业人员 is not a yearly fact: '[3, 4]'. Give it one value, not a list of years",
        ),
        ("营业收入: []", "a.yaml:16: 0 years are out of range: '[]'. Give 1 to 11 years"),
        (
            "营业收入: {2025: 3}",
            "a.yaml:16: a fact's value is a number, word, day, true, false, unknown, or a list of years: '{2025}'. "
            "Write the value alone",
        ),
        ("营业收入: ~", "a.yaml:16: the value is empty: '营业收入'. Write `unknown` for a missing fact"),
    ],
)
def test_a_fact_that_cannot_be_is_refused(text, sentence):
    assert refusal(CASE % text) == sentence


def expecting(text):
    return refusal(f"cases:\n  - {{name: 甲, on: 2026-06-01, expect: {{{text}}}}}\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "ones: {verdict: yes}",
            "a.yaml:16: no assessment has this id: 'ones'. Did you mean one? Assessments of this rulebook: one",
        ),
        (
            "one: {conditions: {revenues: yes}}",
            "a.yaml:16: no condition has this id: 'revenues'. Did you mean revenue? Conditions of one: revenue",
        ),
        ("one: {tier: large}", "a.yaml:16: no tier has this id: 'large'. Tiers of one: none"),
        ("one: {score: 3}", "a.yaml:16: this assessment has no score: 'one'. Take score out"),
        ("one: {amount: 3}", "a.yaml:16: this assessment has no award: 'one'. Take amount out"),
        ("one: {}", "a.yaml:16: nothing is expected here: 'one'. Write verdict: yes, no or unknown"),
        ("one: {verdict: true}", "a.yaml:16: this is not an answer: 'true'. Write yes, no or unknown"),
        (
            "one: yes",
            "a.yaml:16: keys and values are wanted here: 'yes'. Write it as key: value, with a space after the colon",
        ),
    ],
)
def test_an_expectation_of_what_is_not_there_is_refused(text, sentence):
    assert expecting(text) == sentence


def test_a_fixture_that_is_not_there_is_refused():
    text = CASE.replace("facts:", "like: typicl, facts:") % "营业收入: 9"
    assert refusal(FIXTURES + text) == (
        "a.yaml:18: no fixture has this name: 'typicl'. Did you mean typical? Known fixtures: typical"
    )


def test_two_cases_of_one_name_are_refused():
    text = CASE % "营业收入: 9"
    assert refusal(text + text.removeprefix("cases:\n")) == (
        "a.yaml:17: two cases of one file have this name; first in line 16: '甲'. Say what differs"
    )


def test_cases_may_stand_in_files_of_their_own(tmp_path):
    beside = tmp_path / "a.cases.yaml"
    beside.write_text("cases_for: test.one\n" + FIXTURES + CASE % "营业收入: 9", encoding="utf-8")
    read = read_rulebook(HEAD + BODY, facts=FACTS, file="a.yaml", cases_files=[beside])
    assert [case.name for case in read.cases] == ["甲"] and read.cases[0].place.file == str(beside)
    assert read.cases[0].place.line == 5


def test_a_file_of_cases_names_its_rulebook(tmp_path):
    beside = tmp_path / "a.cases.yaml"
    beside.write_text("cases_for: test.two\n" + CASE % "营业收入: 9", encoding="utf-8")
    with pytest.raises(Exception) as caught:
        read_rulebook(HEAD + BODY, facts=FACTS, file="a.yaml", cases_files=[beside])
    assert str(caught.value) == (
        f"{beside}:1: these cases are read beside the rulebook test.one: 'test.two'. "
        "Write cases_for: test.one, or rename the file after its rulebook's file"
    )


def test_fixtures_of_a_file_of_cases_serve_that_file_only(tmp_path):
    like = CASE.replace("facts:", "like: typical, facts:") % "营业收入: 9"
    first, second = tmp_path / "a.cases.yaml", tmp_path / "b.cases.yaml"
    first.write_text("cases_for: test.one\n" + FIXTURES + like, encoding="utf-8")
    second.write_text("cases_for: test.one\n" + like, encoding="utf-8")
    with pytest.raises(Exception, match="no fixture has this name"):
        read_rulebook(HEAD + BODY, facts=FACTS, cases_files=[first, second])
    read = read_rulebook(HEAD + BODY + FIXTURES, facts=FACTS, cases_files=[second])
    assert read.cases[0].facts["staff"] == 3
    with pytest.raises(Exception, match="the rulebook's own file has a fixture of this name"):
        read_rulebook(HEAD + BODY + FIXTURES, facts=FACTS, cases_files=[first])
