"""13,680 real registrations that nobody here wrote: no crash, every row accounted for, unknowns unknown.

The file stays outside the project (its licence does not allow a copy); without it these tests are skipped.
"""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pytest

from kaiyuan.packs import load_packs
from tests.sheets.cast import read_file

NAME = "enterprises_shaanxi_sichuan.csv.gz"
FOLDERS = [
    *([Path(os.environ["KAIYUAN_SHARED"])] if os.environ.get("KAIYUAN_SHARED") else []),
    Path(__file__).resolve().parents[3] / "shared",
]


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    places = [folder / part / NAME for folder in FOLDERS for part in ("data", "")]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        pytest.skip(f"{NAME} is not beside the repository (../shared/data) nor in $KAIYUAN_SHARED")
    here = tmp_path_factory.mktemp("real") / NAME
    here.symlink_to(found)
    with gzip.open(found, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return rows, read_file(here, facts=load_packs(["national"]).facts)


def test_every_row_is_accounted_for(real):
    rows, read = real
    assert read.report.rows_read == len(rows) == 13_680
    assert read.report.rows_accepted == 13_669
    assert {kind: tally.count for kind, tally in read.report.rejects.items()} == {"wrong_check": 11}


def test_every_column_is_understood_without_a_mapping(real):
    _, read = real
    assert read.reading.unmapped == ()
    assert [column.fact for column in read.reading.columns] == [
        "subject_name",
        "subject",
        "registration_date",
        "enterprise_kind",
        "registered_capital",
        "business_scope",
        "province",
        "city",
        "address",
    ]


def test_every_row_left_out_is_explained_with_its_line(real):
    rows, read = real
    for line in read.listed("wrong_check"):
        assert rows[int(line["line"]) - 2]["统一社会信用代码"] == line["value"]
        assert line["reason_zh"].startswith("统一社会信用代码校验不通过：第18位校验码应为")


def test_what_is_not_given_is_unknown_and_foreign_currency_is_not_converted(real):
    rows, read = real
    by_code = {row["统一社会信用代码"]: row for row in rows}
    foreign = {line["line"] for line in read.listed("foreign_currency")}
    for row in read.rows:
        written = by_code[row["subject"]]
        if written["注册资金"] in ("N/A", "-") or str(row["source_line"]) in foreign:
            assert row["registered_capital"] is None
        else:
            assert row["registered_capital"] >= 0
        assert (row["enterprise_kind"] is None) == (written["企业类型"] == "N/A")
    assert len(foreign) == 168
    assert {kind: tally.count for kind, tally in read.report.warnings.items()} == {"foreign_currency": 168}


def test_capital_in_any_of_its_forms_is_read_to_the_fen(real):
    rows, read = real
    lines = {row["source_line"]: row for row in read.rows}
    for number, row in enumerate(rows, start=2):
        figure = row["注册资金"].split("(")[0].replace(",", "").rstrip("万人民币元")
        stored = lines[number]["registered_capital"] if number in lines else None
        if stored is not None:
            assert abs(stored - float(figure) * 1_000_000) < 1e-6 * max(1, stored)
