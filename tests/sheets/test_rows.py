"""Which rows are enterprises: every row is accounted for, and nothing is merged silently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaiyuan.sheets import read_sheet
from tests.sheets.cast import CODE, CODE_2, CODE_3, FACTS, ON, code_of, read_file, write_csv

HEADER = ["序号", "企业名称", "统一社会信用代码", "营业收入"]


def read_rows(tmp_path, *rows, header=HEADER):
    return read_file(write_csv(tmp_path / "名单.csv", header, *rows))


def test_a_row_carries_its_line_in_the_file(tmp_path):
    read = read_rows(tmp_path, ["1", "甲厂", CODE, "5"], ["2", "乙厂", CODE_2, "6"])
    assert [(row["subject"], row["subject_name"], row["source_line"]) for row in read.rows] == [
        (CODE, "甲厂", 2),
        (CODE_2, "乙厂", 3),
    ]


def test_a_line_break_inside_a_cell_does_not_shift_the_lines(tmp_path):
    read = read_rows(
        tmp_path,
        ["1", "甲\n厂", CODE, "5"],
        ["2", "乙厂", CODE_2, "6"],
        ["3", "丙厂", "91370800MA0000015J", "6"],
    )
    assert [row["source_line"] for row in read.rows] == [2, 4]
    assert read.rejects[0]["line"] == "5"


def test_a_wrong_check_sign_rejects_the_row_with_line_column_value_and_reason(tmp_path):
    read = read_rows(tmp_path, ["1", "甲厂", "91370800MA0000015J", "5"])
    assert read.rejects == [
        {
            "severity": "row",
            "file": "名单.csv",
            "sheet": "",
            "line": "2",
            "column": "C",
            "header": "统一社会信用代码",
            "value": "91370800MA0000015J",
            "kind": "wrong_check",
            "reason_zh": "统一社会信用代码校验不通过：第18位校验码应为“H”，这里是“J”",
            "reason_en": "the credit code fails its check: check sign 18 should be 'H', it is 'J'",
            "remedy": "请按营业执照核对后更正 / Compare with the business licence and correct it",
        }
    ]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("91370800MA00000", "wrong_length"),
        ("91370800MAOOOOO15H", "wrong_sign"),
        ("TE0000123", "wrong_length"),
        ("9.15101E+17", "wrong_length"),
        ("9137****MA0000015H", "wrong_sign"),
    ],
)
def test_other_wrong_codes_reject_the_row_too(tmp_path, code, kind):
    read = read_rows(tmp_path, ["1", "甲厂", code, "5"])
    assert read.rows == [] and read.rejects[0]["kind"] == kind


def test_a_code_in_lower_case_or_full_width_is_accepted_in_its_normal_form(tmp_path):
    read = read_rows(
        tmp_path,
        ["1", "甲厂", CODE.lower(), "5"],
        ["2", "乙厂", " " + CODE_2 + " ", "6"],
        ["3", "丙", "９" + CODE_3[1:], "7"],
    )
    assert read.column("subject") == [CODE, CODE_2, CODE_3]


def test_codes_kept_from_being_numbers_by_a_tab_or_a_formula_are_read(tmp_path):
    read = read_rows(tmp_path, ["1", "甲厂", "\t" + CODE, "5"], ["2", "乙厂", f'="{CODE_2}"', '="6"'])
    assert read.column("subject") == [CODE, CODE_2]
    assert read.column("revenue") == [5_000_000, 6_000_000]


def test_a_registration_number_of_fifteen_digits_is_accepted_and_told_apart(tmp_path):
    read = read_rows(tmp_path, ["1", "甲厂", "370800200001234", "5"])
    assert read.column("subject") == ["370800200001234"]
    assert read.rejects[0]["severity"] == "kept"
    assert read.report.warnings["registration_number"].count == 1


def test_an_unknown_division_only_warns(tmp_path):
    code = code_of(1, division="990800")
    read = read_rows(tmp_path, ["1", "甲厂", code, "5"])
    assert read.column("subject") == [code]
    assert read.listed("unknown_division")[0]["severity"] == "kept"


def test_synthetic_codes_are_counted_and_called_so(tmp_path):
    read = read_rows(tmp_path, *[["1", "甲厂", code_of(n, division="999999"), "5"] for n in range(3)])
    assert read.report.warnings["synthetic_code"].count == 3
    assert read.rejects == []


def test_without_a_code_the_name_identifies_and_says_so(tmp_path):
    read = read_rows(tmp_path, ["1", "示例（集团）公司", "", "5"], ["2", "乙厂", "暂无", "6"])
    assert read.column("subject") == ["示例(集团)公司", "乙厂"]
    assert [line["kind"] for line in read.rejects] == ["name_as_subject"] * 2


def test_without_a_column_of_codes_the_file_says_so_once(tmp_path):
    read = read_rows(tmp_path, ["甲厂", "5"], ["乙厂", "6"], header=["企业名称", "营业收入"])
    assert read.column("subject") == ["甲厂", "乙厂"]
    assert [note.zh for note in read.report.notes] == ["没有信用代码列，以企业名称识别"]
    assert read.rejects == []


def test_a_row_with_neither_name_nor_code_is_rejected(tmp_path):
    read = read_rows(tmp_path, ["1", "", "", "5"])
    assert read.rejects[0]["kind"] == "no_subject"
    assert read.rejects[0]["value"] == "1"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["合计", "", "", "500"], "total_row"),
        (["", "合  计", "", "500"], "total_row"),
        (["", "小计：", "", "500"], "total_row"),
        (["", "总计（万元）", "", "500"], "total_row"),
        (["注：数据为快报数", "", "", ""], "note_row"),
        (["填表人：某某", "", "审核人：某某", ""], "note_row"),
        (["一、工业企业", "", "", ""], "heading_row"),
        (HEADER, "repeated_header"),
        (["", "", "", ""], "blank_row"),
        ([" ", "\u3000", "", ""], "blank_row"),
    ],
)
def test_rows_that_are_no_enterprises_are_left_out_and_counted(tmp_path, row, kind):
    read = read_rows(tmp_path, ["1", "甲厂", CODE, "5"], row, ["2", "乙厂", CODE_2, "6"])
    assert len(read.rows) == 2
    assert (read.report.rows_read, read.report.rows_rejected) == (3, 1)
    assert [line["kind"] for line in read.rejects] == [kind]
    assert read.rejects[0]["line"] == "3"


def test_an_enterprise_called_after_a_total_is_kept_when_its_code_is_right(tmp_path):
    read = read_rows(tmp_path, ["1", "合计", CODE, "5"])
    assert read.column("subject") == [CODE]


def test_empty_rows_at_the_end_are_no_rows_but_are_mentioned(tmp_path):
    read = read_rows(tmp_path, ["1", "甲厂", CODE, "5"], *[["", "", "", ""]] * 3)
    assert read.report.rows_read == 1
    assert [note.zh for note in read.report.notes] == ["末尾第3至5行为空，不计入行数"]


def test_a_row_with_too_many_or_too_few_fields_is_rejected_with_its_line(tmp_path):
    read = read_rows(
        tmp_path,
        ["1", "甲厂", CODE, "5"],
        ["2", "乙,厂"],
        ["3", "丙", CODE_3, "7", "8"],
        ["4", "丁", CODE_2, "9"],
    )
    assert read.column("subject") == [CODE, CODE_2]
    assert [(line["line"], line["kind"]) for line in read.rejects] == [
        ("3", "field_count"),
        ("4", "field_count"),
    ]
    assert read.rejects[0]["reason_zh"] == "字段数与表头不符，无法对齐：本行2个，表头4个"
    assert [row["source_line"] for row in read.rows] == [2, 5]


def test_empty_fields_too_many_do_no_harm(tmp_path):
    read = read_rows(
        tmp_path, ["1", "甲厂", CODE, "5"], ["2", "乙厂", CODE_2, "6", "", ""], ["3", "丙", CODE_3, "7"]
    )
    assert read.column("revenue") == [5_000_000, 6_000_000, 7_000_000]
    assert read.column("source_line") == [2, 3, 4]
    assert read.rejects == []


def test_missing_fields_under_no_header_do_no_harm(tmp_path):
    read = read_rows(tmp_path, ["1", "甲厂", CODE, "5"], header=[*HEADER, "", ""])
    assert read.column("revenue") == [5_000_000]


def test_a_bad_cell_makes_one_fact_unknown_and_keeps_the_row(tmp_path):
    read = read_rows(tmp_path, ["1", "甲厂", CODE, "五百"])
    assert read.rows[0]["revenue"] is None
    assert read.report.rows_rejected == 0
    line = read.rejects[0]
    assert (line["severity"], line["column"], line["value"], line["kind"]) == (
        "cell",
        "D",
        "五百",
        "not_a_number",
    )
    assert (read.report.cells_read, read.report.cells_unknown) == (1, 1)


def test_a_bad_cell_in_a_rejected_row_is_not_listed_again(tmp_path):
    read = read_rows(tmp_path, ["合计", "", "", "五百"])
    assert len(read.rejects) == 1


def test_duplicates_are_shown_with_their_lines_and_all_kept(tmp_path):
    read = read_rows(
        tmp_path, ["1", "甲厂", CODE, "5"], ["2", "乙厂", CODE_2, "6"], ["3", "甲厂", CODE.lower(), "7"]
    )
    assert read.column("revenue") == [5_000_000, 6_000_000, 7_000_000]
    duplicates = read.report.duplicates
    assert (duplicates.groups, duplicates.rows) == (1, 2)
    assert (duplicates.first[0].subject, duplicates.first[0].lines) == (CODE, (2, 4))


def test_what_looks_like_a_formula_cannot_run_from_the_rejects(tmp_path):
    read = read_rows(
        tmp_path,
        ["1", "甲厂", '=HYPERLINK("x")', "5"],
        ["2", "乙", CODE, "@SUM(A1)"],
        ["3", "丙", CODE_2, "-2+3"],
    )
    assert [line["value"][0] for line in read.rejects] == ["'"] * 3


def test_ten_shown_examples_are_enough(tmp_path):
    read = read_rows(tmp_path, *[[str(n), "厂", code_of(n), "坏"] for n in range(12)])
    tally = read.report.warnings["not_a_number"]
    assert (tally.count, len(tally.examples)) == (12, 5)
    assert tally.examples[0].line == 2


def test_the_account_is_plain_data_for_the_summary(tmp_path):
    read = read_rows(tmp_path, ["1", "甲厂", CODE, "坏"], ["2", "甲厂", CODE, "6"], ["合计", "", "", "6"])
    account = read.report.as_dict()
    assert account["rows_read"] == 3 and account["rows_accepted"] == 2 and account["rows_rejected"] == 1
    assert account["warnings"]["not_a_number"]["examples"][0]["column"] == "D"
    assert account["rejects"]["total_row"]["zh"] == "合计行，不是企业"
    assert account["duplicates"] == {
        "enterprises": 1,
        "rows": 2,
        "first": [{"subject": CODE, "lines": [2, 3], "rows": 2}],
    }


def test_a_file_may_be_read_again_from_the_start(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEADER, ["1", "甲厂", CODE, "5"], ["合计", "", "", "5"])
    reading = read_sheet(path, facts=FACTS, on=ON)
    for _ in range(2):
        assert sum(len(batch) for batch in reading.batches()) == 1
        assert (reading.report.rows_read, reading.report.rows_rejected) == (2, 1)


def test_progress_is_told_in_rows_and_bytes(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEADER, *[["1", "甲厂", code_of(n), "5"] for n in range(100)])
    told = []
    list(
        read_sheet(path, facts=FACTS, on=ON, batch_rows=30).batches(progress=lambda *news: told.append(news))
    )
    assert [rows for rows, _, _ in told] == [30, 60, 90, 100]
    assert told[-1] == (100, path.stat().st_size, path.stat().st_size)


cells = st.one_of(
    st.sampled_from(
        [
            "",
            "合计",
            "甲厂",
            CODE,
            CODE_2,
            "N/A",
            "5",
            "5万元",
            '"',
            "注：x",
            "1,5",
            "\n",
            "序号",
            "一、甲",
            "统一社会信用代码",
        ]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
)


@given(st.lists(st.lists(cells, min_size=0, max_size=6), max_size=12))
def test_every_row_is_accounted_for_whatever_it_holds(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("rows")
    read = read_file(write_csv(folder / "a.csv", HEADER, ["0", "首厂", CODE_3, "1"], *rows))
    written = len(rows) + 1
    blank_end = sum("末尾第" in note.zh for note in read.report.notes)
    assert read.report.rows_read <= written
    assert read.report.rows_read == written or blank_end
    lines = [int(line["line"]) for line in read.rejects if line["severity"] == "row"] + read.column(
        "source_line"
    )
    assert len(lines) == len(set(lines)) == read.report.rows_read


@given(st.binary(max_size=400))
def test_any_bytes_below_a_header_are_read_or_refused_with_a_sentence(tmp_path_factory, content):
    from kaiyuan.errors import InputError

    path = tmp_path_factory.mktemp("bytes") / "a.csv"
    path.write_bytes("企业名称,统一社会信用代码,营业收入\r\n首厂,91370800MA0000015H,1\r\n".encode() + content)
    try:
        read_file(path)
    except InputError as error:
        assert error.file == str(path) and error.remedy
