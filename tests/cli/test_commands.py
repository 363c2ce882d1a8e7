"""Every command does its job on a real file, speaks JSON on request, and answers a mistake with a sentence."""

import json
import os
import shutil
import sys
from functools import cache

import openpyxl
import pytest

from kaiyuan.cli import main, options
from kaiyuan.packs import find_packs, load_packs

CODE = "91370800MA0000015H"
HEAD = (
    "企业名称,统一社会信用代码,2025年营业收入(万元),2024年营业收入(万元),2023年营业收入(万元),"
    "2025年研发费用(万元),从业人员,划型行业"
)
ROWS = (
    f"示例甲（合成）,{CODE},6000,5000,4500,400,250,工业",
    "示例乙（合成）,91441283TE5T00016N,1200,1100,1000,60,25,工业",
    "示例丙（合成）,91610131MADEM0011G,,,,,,",
    "坏行（合成）,91370800MA00000150,1,1,1,1,1,工业",
)
ON = ("--on", "2026-11-20")


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "名单.csv"
    path.write_text("\n".join((HEAD, *ROWS)) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def packs_are_read_once(monkeypatch):
    """Let all commands of these tests share what they read: packs do not change meanwhile."""
    monkeypatch.setattr(options, "load_packs", load_once)


@cache
def load_once(packs):
    return load_packs(packs)


@pytest.fixture
def kaiyuan(monkeypatch, capsys):
    """Run the command line as a user would; give exit code, what was printed, and what was said of errors."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["kaiyuan", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "110")
        monkeypatch.setenv("NO_COLOR", "1")
        try:
            main.run()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_match_writes_decisions_rejects_and_summary_and_shows_the_table(kaiyuan, sheet, tmp_path):
    out = tmp_path / "out"
    code, shown, said = kaiyuan("match", sheet, *ON, "--out", out)
    assert code == 0
    assert {"decisions.arrow", "rejects.csv", "summary.json"} <= set(os.listdir(out))
    assert "读入 4 行 = 可用 3 + 不可用 1" in shown
    assert "工信部联企业〔2011〕300号" in shown and "企业规模" in shown
    assert "1 × 统一社会信用代码校验不通过" in said


def test_match_gives_json_for_machines(kaiyuan, sheet, tmp_path):
    code, shown, _ = kaiyuan("match", sheet, *ON, "--out", tmp_path / "out", "--json")
    found = json.loads(shown)
    assert code == 0
    assert (found["rows_read"], found["rows_rejected"], found["subjects"]) == (4, 1, 3)
    size = next(a for a in found["assessments"] if a["id"] == "sme_size")
    assert size["yes"] + size["near"] + size["no"] + size["unknown"] == 3


def test_the_same_answers_come_from_duckdb(kaiyuan, sheet, tmp_path):
    answers = []
    for engine in ("local", "duckdb"):
        _, shown, _ = kaiyuan("match", sheet, *ON, "--out", tmp_path / engine, "--engine", engine, "--json")
        found = json.loads(shown)["assessments"]
        answers.append([(a["id"], a["yes"], a["near"], a["no"], a["unknown"]) for a in found])
    assert answers[0] == answers[1]


def test_the_workbook_has_codes_as_text(kaiyuan, sheet, tmp_path):
    code, _, _ = kaiyuan("match", sheet, *ON, "--out", tmp_path / "out", "--excel")
    assert code == 0
    book = openpyxl.load_workbook(tmp_path / "out" / "matches.xlsx", read_only=True)
    cells = [cell for sheet_name in book.sheetnames for row in book[sheet_name].values for cell in row]
    assert CODE in cells


def test_explain_gives_reason_gap_and_citation(kaiyuan, sheet):
    code, shown, _ = kaiyuan("explain", sheet, *ON, "--subject", CODE, "--assessment", "little_giant")
    assert code == 0
    assert "工信部企业〔2026〕2号" in shown
    assert "2025年营业收入：6,000.00 万元，要求 ≥ 5,000.00 万元" in shown
    assert "未知" in shown


def test_explain_finds_an_enterprise_by_name_and_speaks_english(kaiyuan, sheet):
    code, shown, _ = kaiyuan("explain", sheet, *ON, "--subject", "示例乙（合成）", "--lang", "en")
    assert code == 0
    assert "Not enough information" in shown and "Specialised" in shown


def test_explain_gives_json_with_exact_numbers(kaiyuan, sheet):
    _, shown, _ = kaiyuan("explain", sheet, *ON, "-s", CODE, "-a", "sme_size", "--json")
    [found] = json.loads(shown)
    assert found["assessment"] == "sme_size" and found["verdict"] == "yes"


def test_whatif_tells_gains_and_losses(kaiyuan, sheet):
    code, shown, _ = kaiyuan("whatif", sheet, *ON, "--set", "staff_small[工业]=30", "--json")
    found = json.loads(shown)
    assert code == 0 and found["subjects"] == 3
    assert "sme_size" in [each["id"] for each in found["assessments"]]


def test_report_is_one_page_that_needs_no_network(kaiyuan, sheet, tmp_path):
    page = tmp_path / "report.html"
    code, _, _ = kaiyuan("report", sheet, *ON, "--out", page)
    text = page.read_text(encoding="utf-8")
    assert code == 0 and text.startswith("<!doctype html>")
    assert 'src="http' not in text and 'href="http' not in text and "<script" not in text


def test_rules_are_listed_shown_and_printed_as_sql(kaiyuan):
    assert "little_giant" in kaiyuan("rules", "list", *ON)[1]
    assert "营业收入 >= :giant_revenue" in kaiyuan("rules", "show", "little_giant", *ON)[1]
    code, query, _ = kaiyuan("rules", "sql", "--dialect", "postgres", "-a", "little_giant", *ON)
    assert code == 0 and "SELECT" in query and "little_giant" in query


def test_the_law_in_force_depends_on_the_day(kaiyuan):
    before = kaiyuan("rules", "show", "little_giant", "--on", "2026-03-31")[1]
    after = kaiyuan("rules", "show", "little_giant", "--on", "2026-04-01")[1]
    assert "〔2022〕63号" in before and "〔2026〕2号" in after


def test_authors_run_the_cases_of_a_pack(kaiyuan, tmp_path):
    code, shown, _ = kaiyuan("packs", "check", "demo")
    assert code == 0 and "0 fail" in shown
    broken = tmp_path / "mine"
    shutil.copytree(find_packs()["demo"], broken)
    cases = next((broken / "rulebooks").glob("*.cases.yaml"))
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace("verdict: yes", "verdict: no", 1), encoding="utf-8")
    (broken / "pack.yaml").write_text(
        (broken / "pack.yaml").read_text(encoding="utf-8").replace("pack: demo", "pack: mine"),
        encoding="utf-8",
    )
    code, shown, _ = kaiyuan("packs", "check", broken)
    assert code == 1 and "expected no, got yes" in shown


def test_a_schema_for_editors_is_json(kaiyuan):
    assert json.loads(kaiyuan("rules", "schema")[1])["$schema"].startswith("https://json-schema.org")


def test_a_template_filled_in_is_read_back(kaiyuan, tmp_path):
    path = tmp_path / "空表.xlsx"
    assert kaiyuan("facts", "template", *ON, "--out", path)[0] == 0
    code, _, said = kaiyuan("match", path, *ON, "--out", tmp_path / "out")
    assert code in (0, 2) and "Traceback" not in said


def test_demo_data_is_the_same_for_the_same_seed(kaiyuan, tmp_path):
    for name in ("a.csv", "b.csv"):
        assert kaiyuan("demo", "data", "-n", 50, "--seed", 3, *ON, "--out", tmp_path / name)[0] == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


MISTAKES = {
    "a file that is not there": (("match", "nirgends.csv"), "nirgends.csv"),
    "a day that is none": (("match", "{sheet}", "--on", "31.12.2026"), "Write it as 2026-04-01"),
    "a pack that is not there": (("match", "{sheet}", "--pack", "provinz"), "provinz"),
    "an unknown enterprise": (("explain", "{sheet}", *ON, "-s", "无此企业"), "Take a code from the file"),
    "an unknown assessment": (("explain", "{sheet}", *ON, "-s", CODE, "-a", "giant"), "no such assessment"),
    "an unknown parameter": (("whatif", "{sheet}", *ON, "--set", "floor=1"), "Known parameters"),
    "a change without a value": (("whatif", "{sheet}", *ON, "--set", "giant_revenue"), "Write NAME=VALUE"),
    "a change that is not a number": (
        ("whatif", "{sheet}", *ON, "--set", "giant_revenue=viel"),
        "Write NAME=VALUE",
    ),
    "no change at all": (("whatif", "{sheet}", *ON), "Add --set"),
    "an unknown dialect": (("rules", "sql", "--dialect", "oracle"), "Known are duckdb"),
    "an unknown language": (("match", "{sheet}", "--lang", "fr"), "Write zh or en"),
    "an empty file": (("match", "{empty}"), "empty"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gets_a_sentence_with_its_remedy_and_exit_code_2(kaiyuan, sheet, tmp_path, mistake):
    arguments, wanted = MISTAKES[mistake]
    empty = tmp_path / "leer.csv"
    empty.write_bytes(b"")
    code, _, said = kaiyuan(*(str(a).format(sheet=sheet, empty=empty) for a in arguments), *(
        ("--out", tmp_path / "out") if arguments[0] == "match" else ()
    ))  # fmt: skip
    assert code == 2
    assert said.startswith("error ") and wanted in said.replace("\n", " ")
    assert "Traceback" not in said


def test_a_fault_of_the_program_is_no_traceback_for_the_user(kaiyuan, monkeypatch, sheet):
    def broken(*_, **__):
        raise ZeroDivisionError("oh")

    monkeypatch.delenv("KAIYUAN_DEBUG", raising=False)
    monkeypatch.setattr("kaiyuan.cli.match.compile_plan", broken)
    code, _, said = kaiyuan("match", sheet)
    assert code == 3
    assert "a fault of the program, not of your file" in said and "Traceback" not in said
