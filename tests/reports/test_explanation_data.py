"""An explanation as JSON: complete, exact, and nothing that JSON cannot carry."""

import json

import pytest

from kaiyuan.reports import explanation_data
from tests.reports.cast import explained


@pytest.mark.parametrize("assessment", ["champion", "size", "scored", "negated", "subsidy"])
@pytest.mark.parametrize("facts", [{}, {"rd": 368}, {"rd": None, "staff": None, "founded": None}])
def test_it_survives_json_unchanged(assessment, facts):
    data = explanation_data(explained(assessment, **facts))
    assert json.loads(json.dumps(data)) == data


def test_the_answer_stands_with_its_citation_and_day():
    data = explanation_data(explained("champion", rd=368, rd__1=900))
    assert (data["answer"], data["verdict"], data["distance"]) == ("near", "no", 1)
    assert (data["on"], data["base_year"], data["nature"]) == ("2026-11-20", 2025, "estimate")
    assert data["document"]["number"] == "示〔2026〕1号"
    assert data["ways_to_yes"] == [["rd_ratio"]]


def test_numbers_are_exact_and_have_their_unit():
    data = explanation_data(explained("champion", rd=368, rd__1=900))
    condition = next(c for c in data["tree"]["children"] if c.get("id") == "rd_ratio")
    (measure,) = condition["measures"]
    assert (measure["actual"], measure["threshold"], measure["unit"]) == ("0.046", "0.05", "1")
    assert (measure["gap"], measure["gap_amount"], measure["gap_amount_unit"]) == ("0.004", 32, "万元")
    assert [(f["name"], f["value"], f["unit"], f["year"]) for f in condition["facts"]] == [
        ("rd", 368, "万元", 2025), ("revenue", 8000, "万元", 2025),
    ]  # fmt: skip
    assert condition["facts"][0]["source"] == "名单.xlsx · rd"
    assert condition["facts"][0]["recorded"] == "2026-10-31"


def test_a_third_is_not_rounded():
    data = explanation_data(explained("champion", rd=100, revenue=300))
    condition = next(c for c in data["tree"]["children"] if c.get("id") == "rd_ratio")
    assert condition["measures"][0]["actual"] == "1/3"


def test_the_missing_facts_of_a_score_are_listed():
    data = explanation_data(explained("scored", rd=None, staff=None))
    assert [fact["name"] for fact in data["missing"]] == ["rd", "staff"]
    assert (data["score"]["low"], data["score"]["high"], data["score"]["max"]) == (10, 100, 100)


def test_money_is_in_whole_fen():
    data = explanation_data(explained("subsidy"))
    assert data["amount"]["fen"] == 50_000_000
    assert data["amount"]["proposed"] is True
    assert data["demo"] is True


def test_changed_parameters_are_named():
    data = explanation_data(explained("size", changes={"staff_least[工业]": "150"}))
    assert data["changes"] == {"staff_least[工业]": 150}
    assert data["tier"]["id"] == "large"
