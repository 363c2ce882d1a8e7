"""The whole job: whatever stands in the file, every row is accounted for and every answer counted once."""

import json
import random
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from kaiyuan.errors import InputError
from kaiyuan.matching import match_files, open_population, run, summarise
from kaiyuan.matching.engines import Engine, tally_of_decisions
from kaiyuan.packs import load_packs, replaced_policy
from kaiyuan.rulebook import compile_plan

ON = date(2026, 11, 20)
CODES = ("91370800MA0000015H", "91441283TE5T00016N", "91610131MADEM0011G")
HEAD = (
    "企业名称,统一社会信用代码,2025年营业收入(万元),2024年营业收入(万元),2025年研发费用(万元),"
    "从业人员,划型行业,严重失信\n"
)


@pytest.fixture(scope="module")
def rules():
    return load_packs(["national", "demo"])


@pytest.fixture(scope="module")
def plan(rules):
    return compile_plan(rules, on=ON)


@pytest.fixture
def sheet(tmp_path):
    rng = random.Random(7)
    rows = []
    for number in range(300):
        cells = [rng.choice(["", str(rng.randint(0, 9000))]) for _ in range(4)]
        industry = rng.choice(["工业", "建筑业", "软件和信息技术服务业", "", "不知道"])
        rows.append(f"示例{number}（合成）,,{','.join(cells)},{industry},{rng.choice(['是', '否', ''])}")
    rows.append("校验不过,91370800MA00000150,1,1,1,1,工业,否")
    path = tmp_path / "名单.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def job(plan, sheet, out, **options):
    population = open_population([sheet], facts=plan.facts, on=plan.on)
    return match_files(plan=plan, population=population, packs=("national", "demo"), out=out, **options)


def test_rows_read_are_rows_decided_and_rows_rejected(plan, sheet, tmp_path):
    found = job(plan, sheet, tmp_path / "out")
    summary = found.summary
    assert (summary.rows_read, summary.rows_rejected, summary.subjects) == (301, 1, 300)
    assert pa.ipc.open_file(found.outcome.decisions).read_all().num_rows == 300
    assert "91370800MA00000150" in (tmp_path / "out" / "rejects.csv").read_text(encoding="utf-8-sig")


def test_the_four_answers_of_every_assessment_add_up_to_the_population(plan, sheet, tmp_path):
    for each in job(plan, sheet, tmp_path / "out").summary.assessments:
        assert each.yes + each.near + each.no + each.unknown == 300, each.id
        if each.tiers:
            assert sum(number for *_, number in each.tiers) <= 300


def test_the_summary_on_disk_is_the_summary(plan, sheet, tmp_path):
    found = job(plan, sheet, tmp_path / "out")
    written = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert written["subjects"] == 300 and written["on"] == "2026-11-20"
    assert written["assessments"][0]["yes"] == found.summary.assessments[0].yes
    assert written["files"][0]["rows_read"] == 301


def test_the_counts_are_those_of_the_decisions_themselves(plan, sheet, tmp_path):
    found = job(plan, sheet, tmp_path / "out")
    table = pa.ipc.open_file(found.outcome.decisions).read_all()
    [batch] = table.combine_chunks().to_batches()
    assert tally_of_decisions(plan, batch).answers == found.outcome.tally.answers
    assert tally_of_decisions(plan, batch).tiers == found.outcome.tally.tiers


def test_duckdb_gives_the_same_summary(plan, sheet, tmp_path):
    local = job(plan, sheet, tmp_path / "a").summary
    other = job(plan, sheet, tmp_path / "b", engine=Engine.duckdb).summary
    for mine, theirs in zip(local.assessments, other.assessments, strict=True):
        assert (mine.yes, mine.near, mine.no, mine.unknown, mine.tiers, mine.proposed_fen) == (
            theirs.yes, theirs.near, theirs.no, theirs.unknown, theirs.tiers, theirs.proposed_fen
        )  # fmt: skip


def test_a_fact_that_is_missing_is_counted_where_it_keeps_an_answer_open(plan):
    batch = pa.record_batch({"subject": ["a", "b"], "revenue": pa.array([None, 10**9], pa.int64())})
    summary = summarise(run(plan=plan, batches=[batch]), plan=plan, packs=("national",))
    blocked = {(fact.fact, fact.year): (fact.answers, fact.subjects) for fact in summary.missing}
    answers, subjects = blocked["revenue", 2025]
    assert subjects == 1 and answers >= 1
    assert blocked["revenue", 2024][1] == 2


def test_batches_may_be_any_size(plan, sheet):
    population = open_population([sheet], facts=plan.facts, on=plan.on)
    whole = pa.Table.from_batches(list(population.batches()))
    one = run(plan=plan, batches=whole.combine_chunks().to_batches()).tally
    many = run(plan=plan, batches=whole.to_batches(max_chunksize=37)).tally
    assert one == many


def test_a_policy_file_takes_the_place_of_its_namesake(rules, tmp_path):
    book = next(
        b
        for b in rules.rulebooks
        if any(a.id == "little_giant" for a in b.assessments) and b.window.holds(ON)
    )
    text = Path(book.place.file).read_text(encoding="utf-8")
    policy = tmp_path / "changed.yaml"
    policy.write_text(text.replace("细分市场年限 >=", "细分市场年限 >"), encoding="utf-8")
    changed = replaced_policy(rules, policy)
    assert len(changed.rulebooks) == len(rules.rulebooks)
    before, after = compile_plan(rules, on=ON), compile_plan(changed, on=ON)
    assert before.assessment("little_giant").tree != after.assessment("little_giant").tree


def test_an_enterprise_that_is_not_there_is_refused_with_one_that_is(plan, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"企业名称,统一社会信用代码\n甲,{CODES[0]}\n", encoding="utf-8")
    population = open_population([path], facts=plan.facts, on=ON)
    with pytest.raises(InputError) as refusal:
        population.find("乙")
    assert str(refusal.value) == (
        f"a.csv: no enterprise in these files has this code or name: '乙'. Take a code from the file, such as {CODES[0]}"
    )
