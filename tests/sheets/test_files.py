"""Files as they come: encodings, separators, wrong endings, damage — a right result or a clear sentence."""

from __future__ import annotations

import gzip
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kaiyuan.errors import InputError
from kaiyuan.sheets import read_sheet
from tests.sheets.cast import CODE, CODE_2, FACTS, ON, code_of, read_file, write_csv, write_xlsx

HEADER = ["企业名称", "信用代码", "2025年营业收入（万元）"]
ROWS = (["甲厂（集团）", CODE, "1,234.5"], ["乙厂", CODE_2, "6"])


def refusal(path, content: bytes | None = None, **options) -> str:
    """Give the sentence a file is refused with."""
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_file(path, **options)
    assert error.value.remedy
    return str(error.value).removeprefix(f"{path}: ")


# ---- what is read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_any_usual_encoding_and_separator_is_told_and_read(tmp_path, encoding, delimiter):
    path = write_csv(tmp_path / "a.csv", HEADER, *ROWS, encoding=encoding, delimiter=delimiter)
    read = read_file(path)
    assert read.column("subject_name") == ["甲厂（集团）", "乙厂"]
    assert read.column("revenue") == [1_234_500_000, 6_000_000]
    shown = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "utf-16": "UTF-16"}.get(encoding, "GB18030")
    word = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}[delimiter]
    assert read.reading.format == f"{word} · {shown}"


def test_a_rare_character_of_gb18030_is_read(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEADER, ["㐀䶮𠀀厂", CODE, "1"], encoding="gb18030")
    assert read_file(path).rows[0]["subject_name"] == "㐀䶮𠀀厂"


def test_chinese_far_down_the_file_still_decides_the_encoding(tmp_path):
    rows = [["plant", code_of(number), "1"] for number in range(40_000)]
    path = write_csv(
        tmp_path / "a.csv", ["name", "credit_code", "revenue"], *rows, ["甲厂", CODE, "2"], encoding="gbk"
    )
    assert path.stat().st_size > 1 << 20
    assert read_file(path).rows[-1]["subject_name"] == "甲厂"


def test_bytes_that_are_no_text_are_shown_and_mentioned(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(
        "企业名称,信用代码,营业收入\n".encode()
        + b"\xe7\x94\xff\xe5\x8e\x82,"
        + CODE.encode()
        + b",1\n"
        + "好厂,,2\n".encode() * 30
    )
    read = read_file(path)
    assert "\ufffd" in read.rows[0]["subject_name"]
    assert any("无法按UTF-8读取" in note.zh for note in read.report.notes)


def test_gzip_is_unpacked(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEADER, *ROWS)
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_file(packed).column("subject") == [CODE, CODE_2]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_is_a_line_end(tmp_path, end):
    path = tmp_path / "a.csv"
    path.write_text(
        end.join(["企业名称,信用代码,营业收入", f"甲厂,{CODE},5", f"乙厂,{CODE_2},6"]), newline=""
    )
    assert read_file(path).column("source_line") == [2, 3]


def test_a_file_larger_than_a_block_streams_with_right_lines_and_counts(tmp_path):
    rows = [["厂" * 60 + str(number), code_of(number % 900_000), "12.5"] for number in range(60_000)]
    rows[50_000] = ["坏", "91370800MA0000015J", "1"]
    path = write_csv(tmp_path / "a.csv", HEADER, *rows)
    told = []
    reading = read_sheet(path, facts=FACTS, on=ON, batch_rows=20_000)
    batches = list(reading.batches(progress=lambda rows, done, total: told.append((rows, done, total))))
    assert sum(map(len, batches)) == 59_999
    assert max(map(len, batches)) <= 20_000
    assert reading.report.rejects["wrong_check"].examples[0].line == 50_002
    assert batches[-1].column("source_line")[-1].as_py() == 60_001
    assert [rows for rows, _, _ in told] == sorted(rows for rows, _, _ in told)
    assert told[-1] == (60_000, path.stat().st_size, path.stat().st_size)


def test_a_name_that_lies_about_the_format_is_noticed(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", HEADER, *ROWS)
    lying = path.rename(tmp_path / "a.csv")
    read = read_file(lying)
    assert read.column("subject") == [CODE, CODE_2]
    assert "文件名以.csv结尾，内容其实是Excel workbook，已按内容读取" in [
        note.zh for note in read.report.notes
    ]


# ---- what is refused


def test_a_missing_file_is_a_sentence(tmp_path):
    assert refusal(tmp_path / "nix.csv") == "there is no such file. Check the path"


def test_a_folder_is_a_sentence(tmp_path):
    assert refusal(tmp_path) == "this is a folder, not a file. Name the files in it"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty. Export the table again"),
        (gzip.compress(b"", mtime=0), "the file is empty. Export the table again"),
        (b"\xef\xbb\xbf", "the file holds no table. Export the table again"),
        (b"\n \n,,\n", "the file holds no table. Export the table again"),
        ("企业名称,营业收入\n".encode(), "the file has a header but no rows. Fill in or export the rows"),
        ("企业名称,营业收入\n,\n\n".encode(), "the file has a header but no rows. Fill in or export the rows"),
        (gzip.compress(b"a,b\n" * 9000, mtime=0)[:40], "the gzip file is damaged or cut short. Copy or pack it once more"),
        (b"PK\x03\x04 and no more", "the workbook is damaged or cut short. Copy or export it once more"),
        (b"%PDF-1.7 ...", "this is a PDF, not a table that can be read. Ask for the table itself, as XLSX or CSV"),
        (
            b"<html><table><tr><td>1</td></tr></table>",
            "this is a web page or XML, not a table that can be read. Open it in a sheet program and save it as .xlsx",
        ),
        (
            b'{"a": 1}',
            "this is JSON, not a table that can be read. CSV, TSV (also .gz), XLSX, Parquet and Arrow files can be read",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "this is a workbook of the old .xls kind. Open it in a sheet program and save it as .xlsx",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "the workbook is protected by a password. "
            "Open it, remove the password (File · Info · Protect), save it and try again",
        ),
        (b"PAR1 nothing more PAR1", "the file (Parquet) is damaged or cut short. Copy or export it once more"),
        (b"ARROW1\0\0 nothing more", "the file (Arrow file) is damaged or cut short. Copy or export it once more"),
        (
            b"\x7fELF" + b"\0\1" * 900,
            "this is neither text nor a known table format, not a table that can be read. "
            "CSV, TSV (also .gz), XLSX, Parquet and Arrow files can be read",
        ),
        (gzip.compress(b"PAR1 x PAR1", mtime=0), "the gzip file holds Parquet. Unpack it first (gunzip)"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence_and_a_remedy(tmp_path, content, sentence):
    assert refusal(tmp_path / "名单.csv", content) == sentence


def test_a_zip_of_something_else_is_told_apart(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x")
    assert refusal(path).startswith("this is a zip archive")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "x")
    assert refusal(path).startswith("this is an OpenDocument sheet")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", "x")
    assert refusal(path).startswith("this is a binary workbook (.xlsb)")


def test_a_gzip_file_cut_in_the_middle_is_refused_while_it_is_read(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEADER, *[["厂", code_of(n), str(n * 7919)] for n in range(60_000)])
    packed = gzip.compress(path.read_bytes())
    sentence = refusal(tmp_path / "b.csv.gz", packed[: len(packed) // 2 + 9])
    assert sentence == "the gzip file is damaged or cut short. Copy or pack it once more"


def test_a_quotation_mark_that_is_never_closed_is_named_by_its_line(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEADER, *ROWS)
    content = path.read_bytes() + f'丙厂,{CODE},"5\r\n丁厂,{CODE_2},6\r\n'.encode()
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_file(path)
    assert str(error.value) == (
        f"{path}:4: a quotation mark opened on line 4 is never closed. "
        "Look for a stray quotation mark there, or save the table as XLSX"
    )


def test_a_quotation_mark_left_open_in_a_large_file_is_refused_too(tmp_path):
    rows = [["厂" * 300, code_of(number), "1"] for number in range(20_000)]
    path = write_csv(tmp_path / "a.csv", HEADER, *rows[:9000], ["KAIYUAN", CODE, "1"], *rows[9000:])
    path.write_bytes(path.read_bytes().replace(b"KAIYUAN", b'"'))
    with pytest.raises(InputError, match=r"never closed|cannot be read on") as error:
        read_file(path)
    assert error.value.line is not None


def test_an_inch_mark_in_a_cell_is_only_a_sign(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f'企业名称,信用代码,营业收入\n5" 管材厂,{CODE},1\n乙厂,{CODE_2},2\n')
    assert read_file(path).column("subject_name") == ['5" 管材厂', "乙厂"]


def test_a_truncated_parquet_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"信用代码": [CODE] * 50, "营业收入": [1.5] * 50}), path)
    sentence = refusal(path, path.read_bytes()[:-20])
    assert sentence == "the file (Parquet) is damaged or cut short. Copy or export it once more"


def test_a_sheet_of_a_text_file_makes_no_sense(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEADER, *ROWS)
    assert refusal(path, sheet="Sheet1") == "text table has no sheets: 'Sheet1'. Leave the sheet out"
