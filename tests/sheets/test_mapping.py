"""The mapping file: what a person says of headers counts, and slips in it are named with file and line."""

from __future__ import annotations

import pytest

from kaiyuan.errors import InputError
from kaiyuan.sheets import read_mapping, read_sheet, write_mapping_draft
from tests.sheets.cast import CODE, FACTS, ON, read_file, write_csv


def mapping(tmp_path, text: str):
    path = tmp_path / "对应.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def refusal(tmp_path, text: str) -> str:
    with pytest.raises(InputError) as error:
        mapping(tmp_path, text)
    return str(error.value).removeprefix(f"{tmp_path}/")


def sheet(tmp_path, *headers, cells=("5",)):
    return write_csv(tmp_path / "a.csv", ["信用代码", *headers], [CODE, *cells])


def test_a_header_is_what_the_mapping_says(tmp_path):
    said = mapping(tmp_path, "columns:\n  营收总额: {fact: revenue, year: 2024, unit: 元}\n")
    read = read_file(sheet(tmp_path, "营收总额"), mapping=said)
    assert read.rows[0]["revenue__1"] == 500
    assert read.match("营收总额").how == "mapping"


def test_a_mapping_may_name_the_fact_by_its_label_and_any_width(tmp_path):
    said = mapping(tmp_path, "columns:\n  '营收（总）': {fact: 营业收入}\n")
    read = read_file(sheet(tmp_path, "营收 (总)"), mapping=said)
    assert read.rows[0]["revenue"] == 5_000_000
    assert "没有写年份，按2025年读取" in read.notes("营收 (总)")


def test_a_mapping_is_stronger_than_the_dictionary(tmp_path):
    said = mapping(tmp_path, "columns:\n  营业收入: ignore\n  营收: {fact: revenue}\n")
    read = read_file(sheet(tmp_path, "营业收入", "营收", cells=("1", "2")), mapping=said)
    assert read.rows[0]["revenue"] == 2_000_000
    assert read.match("营业收入").how == "ignored"
    assert read.reading.unmapped == ()


def test_a_mapping_may_take_a_column_the_reader_left_out(tmp_path):
    said = mapping(tmp_path, "columns:\n  本年营业收入: {fact: revenue, year: 2025}\n")
    assert read_file(sheet(tmp_path, "本年营业收入"), mapping=said).rows[0]["revenue"] == 5_000_000


def test_a_mapping_may_name_the_columns_of_code_and_name(tmp_path):
    said = mapping(tmp_path, "columns:\n  代号: {fact: subject}\n  谁: {fact: 企业名称}\n")
    read = read_file(write_csv(tmp_path / "a.csv", ["代号", "谁"], [CODE, "甲"]), mapping=said)
    assert (read.rows[0]["subject"], read.rows[0]["subject_name"]) == (CODE, "甲")


def test_identifiers_other_than_codes_are_taken_where_the_mapping_says_subject(tmp_path):
    path = write_csv(tmp_path / "a.csv", ["企业编号", "营收"], ["E001", "5"], ["91370800MA0000015J", "6"])
    said = mapping(tmp_path, "columns:\n  企业编号: {fact: subject}\n")
    assert read_file(path, mapping=said).column("subject") == ["E001"]
    said = mapping(tmp_path, "columns:\n  企业编号: {fact: 统一社会信用代码}\n")
    assert read_file(path, mapping=said).rows == []


def test_a_column_may_be_named_by_its_letter(tmp_path):
    said = mapping(tmp_path, "columns:\n  B列: {fact: staff}\n")
    assert read_file(sheet(tmp_path, "", cells=("7",)), mapping=said).rows[0]["staff"] == 7


def test_a_percent_unit_settles_a_column_of_ratios(tmp_path):
    said = mapping(tmp_path, "columns:\n  占有率: {fact: 市场占有率, unit: '%'}\n")
    assert (
        read_file(sheet(tmp_path, "占有率", cells=("12.5",)), mapping=said).rows[0]["market_share"] == 0.125
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "对应.yaml:1: the file is empty. Write the file's keys, or delete the file"),
        (
            "- a\n",
            "对应.yaml:1: a mapping begins with `columns:` and one line per header. "
            "Write `columns:` and below it `  HEADER: {fact: NAME}` or `  HEADER: ignore`",
        ),
        (
            "colums:\n  a: ignore\n",
            "对应.yaml:1: unknown key: 'colums'. Only `columns` stands at the top of a mapping",
        ),
        (
            "columns:\n  a: {fact: revenue, yaer: 2025}\n",
            "对应.yaml:2: unknown key: 'yaer'. Allowed are fact, year and unit",
        ),
        (
            "columns:\n  a: {year: 2025}\n",
            "对应.yaml:2: no fact is named for this header: 'a'. Write {fact: NAME}, or ignore",
        ),
        ("columns:\n  a: revenue\n", "对应.yaml:2: a header maps to {fact: …} or to ignore: 'revenue'. Correct this line"),
        (
            "columns:\n  a: {fact: revenue, year: 25}\n",
            "对应.yaml:2: a year has four digits: '25'. Write it as 2025",
        ),
        ("columns:\n  a: {fact: revenue, unit: 5}\n", "对应.yaml:2: a unit is a word: '5'. Write 万元, 元, '%' …"),
        ("columns:\n  a: ignore\n  a: ignore\n", "对应.yaml:3: this key stands twice; first in line 2: 'a'"),
        ("columns:\n  a b: ignore\n  ａb: ignore\n", "对应.yaml:3: this header stands on line 2 already: 'ａb'. Keep one"),
        ("columns:\n  a: {fact: revenue\n", "对应.yaml:3"),
    ],
)  # fmt: skip
def test_a_slip_in_the_mapping_is_named_with_its_line(tmp_path, text, sentence):
    assert refusal(tmp_path, text).startswith(sentence)


def test_a_mapping_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(InputError, match="there is no such mapping file"):
        read_mapping(tmp_path / "nix.yaml")


def test_a_fact_that_no_dictionary_has_is_refused_with_what_it_may_be(tmp_path):
    said = mapping(tmp_path, "columns:\n  甲: ignore\n  营收总额: {fact: 营业收人}\n")
    with pytest.raises(InputError) as error:
        read_file(sheet(tmp_path, "营收总额"), mapping=said)
    assert str(error.value) == (
        f"{tmp_path}/对应.yaml:3: the mapping names a fact that no dictionary has: '营业收人'. Perhaps 营业收入、从业人员"
    )


def test_a_unit_that_does_not_fit_is_refused(tmp_path):
    said = mapping(tmp_path, "columns:\n  营收总额: {fact: revenue, unit: 人}\n")
    with pytest.raises(InputError, match=r"the unit does not fit the fact 营业收入 \(万元\): '人'"):
        read_file(sheet(tmp_path, "营收总额"), mapping=said)


# ---- the draft


def draft(tmp_path, *headers):
    reading = read_sheet(sheet(tmp_path, *headers, cells=("5",) * len(headers)), facts=FACTS, on=ON)
    path = tmp_path / "草稿.yaml"
    return write_mapping_draft(path, reading), path


def test_a_draft_lists_what_was_not_understood_with_what_it_may_be(tmp_path):
    count, path = draft(tmp_path, "营业收入", "2024年营业总收入（元）", "天气")
    assert count == 2
    text = path.read_text(encoding="utf-8")
    assert '# 也许是 / perhaps 营业收入 Operating revenue: {fact: revenue, year: 2024, unit: "元"}' in text
    assert '  "2024年营业总收入（元）": ignore\n' in text
    assert '  "天气": ignore\n' in text


def test_a_draft_taken_as_it_is_ignores_the_rest_and_guesses_nothing(tmp_path):
    _, path = draft(tmp_path, "营业总收入", "天气", "")
    read = read_file(tmp_path / "a.csv", mapping=read_mapping(path))
    assert read.reading.unmapped == ()
    assert [column.fact for column in read.reading.columns] == ["subject", None, None, None]


def test_a_draft_edited_as_it_suggests_is_accepted(tmp_path):
    _, path = draft(tmp_path, "2024年营业总收入（元）")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(": ignore", ': {fact: revenue, year: 2024, unit: "元"}'), encoding="utf-8")
    assert read_file(tmp_path / "a.csv", mapping=read_mapping(path)).rows[0]["revenue__1"] == 500


def test_a_draft_says_why_a_column_was_left_out(tmp_path):
    _, path = draft(tmp_path, "2026年营业收入")
    assert "# 未采用：2026年在2026-06-01尚不是完整年度" in path.read_text(encoding="utf-8")


def test_columns_without_a_name_of_their_own_are_named_by_letter(tmp_path):
    _, path = draft(tmp_path, "备注", "", "备注")
    text = path.read_text(encoding="utf-8")
    assert [f'  "{letter}列": ignore' in text for letter in "BCD"] == [True, True, True]


def test_a_draft_of_a_file_that_was_understood_is_empty(tmp_path):
    count, path = draft(tmp_path, "营业收入")
    assert count == 0
    assert read_mapping(path).columns == {}
