"""How the demonstration zone's awards meet in one firm and share a budget: as the text of each policy says."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from kaiyuan.matching import run
from kaiyuan.packs import load_packs
from kaiyuan.rulebook.plan import compile_plan
from kaiyuan.rulebook.units import unit

ON = date(2026, 9, 1)
TYPES = {
    "money": pa.int64(), "number": pa.float64(), "ratio": pa.float64(), "integer": pa.int64(),
    "boolean": pa.bool_(), "category": pa.string(), "text": pa.string(), "date": pa.date32(),
}  # fmt: skip

IN_ORDER = {"区内实际经营": True, "严重失信": False, "经营异常": False}
INVENTOR = IN_ORDER | {
    "高新技术企业": True, "科技型中小企业": True, "营业收入": 10_000, "研发费用": [1500, 1000],
    "本年已拨研发补助": 0, "研发活动已获上级资金": False,
}  # fmt: skip
CHAMPION = IN_ORDER | {
    "创新型中小企业": True, "专精特新中小企业": True, "专精特新小巨人": True, "最近称号认定日期": date(2026, 6, 1),
    "已获梯度称号奖励": 0,
}  # fmt: skip
TRUSTED = IN_ORDER | {
    "产业方向": "信创", "当年新增股权融资": 5000, "适配测试产品数": 3, "适配研发费用": 800, "已拨适配研发补贴": 0,
    "新引进核心人才数": 30, "参保核心人才数": 30,
}  # fmt: skip
LABORATORY = IN_ORDER | {
    "科技奖级别": "国家级", "科技奖完成单位排名": 1, "科技奖获奖日期": date(2026, 3, 1), "同一科技奖已获奖励": 0,
    "研发机构级别": "国家级", "研发平台认定日期": date(2026, 3, 1), "同一平台已获奖励": 0,
}  # fmt: skip
PROJECT = IN_ORDER | {
    "文化业务收入占比": 0.95, "文化项目投资额": 6000, "接待人次": 90_000, "营业收入": [1300, 1000], "原创作品数": 1,
    "原创作品获奖级别": "无", "非遗生产性保护项目": False, "有效投诉件数": 0, "评审利害关系未回避": False,
}  # fmt: skip
CONTRACT = IN_ORDER | {
    "算力合同已备案": True, "算力合同起始日": date(2026, 2, 1), "算力合同期": 12, "算力合同金额": 900,
    "算力类别": "国产算力", "与算力供方关联": False, "本年已兑付算力券": 0, "算力合同已获其他补贴": False,
}  # fmt: skip
BORROWER = IN_ORDER | {
    "高新技术企业": True, "科技贷款本金": 2000, "科技贷款用途": "研发", "贷款逾期": False, "上年计息月数": 12,
    "贷款已获其他贴息": False,
}  # fmt: skip
DRAFTER = IN_ORDER | {"主导制定标准层级": "国际标准", "标准发布日期": date(2026, 1, 5), "同一标准已获奖励": 0}
PLANT = IN_ORDER | {"划型行业": "工业", "近一年重大事故": False, "已获上台阶奖励": 0}


@pytest.fixture(scope="module")
def rules():
    return load_packs(["demo"])


@pytest.fixture(scope="module")
def settle(rules):
    """Give a function from firms (facts by label, in the dictionary's unit) to what each is granted, in 万元."""

    def settled(*firms, of):
        plan = compile_plan(rules, on=ON)
        outcome = run(plan=plan, batches=[batch(rules.facts, firms)])
        claims = outcome.claims
        found = {}
        for index, reason in enumerate(claims.reasons()):
            name = claims.names[claims.assessment[index]]
            if name in of:
                state = None if claims.open[index] else claims.granted[index] / 1_000_000
                found[int(claims.row[index]), name] = (state, claims.waiting[index] / 1_000_000, reason)
        budgets = {budget.id: budget for budget in outcome.budgets}
        return found, budgets

    return settled


def batch(facts, firms):
    """Give one record batch of canonical facts."""
    columns = {}
    for row, firm in enumerate(firms):
        for label, content in firm.items():
            fact = facts.find(label)
            for lag, value in enumerate(content if isinstance(content, list) else [content]):
                if fact.type == "money" and value is not None:
                    value = round(value * int(unit(fact.unit).factor) * 100)
                columns.setdefault(fact.column(lag=lag), [None] * len(firms))[row] = value
    arrays = [pa.array([str(row) for row in range(len(firms))])]
    arrays += [
        pa.array(values, TYPES[facts[name.partition("__")[0]].type]) for name, values in columns.items()
    ]
    return pa.RecordBatch.from_arrays(arrays, ["subject", *columns])


def granted(found, name):
    """Give what each firm is granted under one assessment, in the order of the population."""
    return [amount for (_, one), (amount, _, _) in sorted(found.items()) if one == name]


# ---- awards that meet in one firm


def test_only_the_highest_rung_of_the_ladder_is_awarded(settle):
    of = ("demo_ladder_innovative", "demo_ladder_zjtx", "demo_ladder_giant")
    found, _ = settle(CHAMPION, CHAMPION | {"专精特新小巨人": False}, of=of)
    assert granted(found, "demo_ladder_giant") == [50]
    assert granted(found, "demo_ladder_zjtx") == [0, 30]
    assert granted(found, "demo_ladder_innovative") == [0, 0]
    assert found[0, "demo_ladder_zjtx"][2] == "ladder_once"


def test_a_firm_that_climbs_is_paid_the_difference(settle):
    of = ("demo_ladder_innovative", "demo_ladder_zjtx", "demo_ladder_giant")
    found, _ = settle(CHAMPION | {"已获梯度称号奖励": 30}, of=of)
    assert [found[0, name][0] for name in of] == [0, 0, 20]


def test_the_larger_of_increment_and_total_is_paid(settle):
    young = INVENTOR | {"成立日期": date(2024, 1, 1)}
    found, _ = settle(young, young | {"研发费用": [1100, 1000]}, of=("demo_rd_increment", "demo_rd_total"))
    # 500 × 10 % = 50 against 1500 × 2 % = 30; 100 × 10 % = 10 against 1100 × 2 % = 22.
    assert granted(found, "demo_rd_increment") == [50, 0]
    assert granted(found, "demo_rd_total") == [0, 22]


def test_research_funded_from_above_is_not_paid_again_and_an_open_answer_stays_open(settle):
    firms = [INVENTOR | {"研发活动已获上级资金": state} for state in (False, True, None)]
    found, _ = settle(*firms, of=("demo_rd_increment",))
    assert granted(found, "demo_rd_increment") == [50, 0, None]


def test_three_kinds_of_support_together_stop_at_the_cap_per_firm(settle):
    of = ("demo_xc_equity", "demo_xc_rd", "demo_xc_talent")
    found, _ = settle(TRUSTED, TRUSTED | {"当年新增股权融资": 500, "适配研发费用": 100}, of=of)
    # 200 + 100 + 60 stops at 250, taken from the later articles; 25 + 20 + 60 stays below.
    assert [found[0, name][0] for name in of] == [200, 50, 0]
    assert [found[1, name][0] for name in of] == [25, 20, 60]
    assert found[0, "demo_xc_talent"][2] == "xc_firm_cap"


def test_innovation_awards_stop_at_120_a_firm(settle):
    found, _ = settle(LABORATORY, of=("demo_inno_prize", "demo_inno_platform"))
    assert [found[0, name][0] for name in ("demo_inno_prize", "demo_inno_platform")] == [100, 20]


def test_two_policies_do_not_both_pay_a_borrower_interest(settle):
    in_need = BORROWER | {"营业收入": [700, 1000], "本年续贷本金": 500}
    found, _ = settle(
        in_need, in_need | {"科技贷款本金": 100}, of=("demo_loan_interest", "demo_relief_02_loan")
    )
    # 30 against 5, then 1.5 against 5.
    assert granted(found, "demo_loan_interest") == [30, 0]
    assert granted(found, "demo_relief_02_loan") == [0, 5]


# ---- budgets that are short


def test_the_research_budget_is_cut_pro_rata(settle):
    found, budgets = settle(*[INVENTOR] * 30, of=("demo_rd_increment",))
    # 30 × 50 = 1500 on a budget of 1200: everyone gets four fifths.
    assert granted(found, "demo_rd_increment") == [40] * 30
    assert budgets["rd_pool"].granted_fen == 1200 * 1_000_000
    assert budgets["rd_pool"].cut_fen == 300 * 1_000_000


def test_a_budget_that_suffices_cuts_nobody(settle):
    found, budgets = settle(*[INVENTOR] * 24, of=("demo_rd_increment",))
    assert granted(found, "demo_rd_increment") == [50] * 24
    assert budgets["rd_pool"].cut_fen == 0


def test_the_industrial_fund_goes_to_the_fastest_growing_first(settle):
    firms = [PLANT | {"营业收入": [110_000 + 1_000 * step, 100_000]} for step in range(34)]
    found, _ = settle(*firms, of=("demo_fund_growth",))
    # 33 × 60 = 1980 on a budget of 2000: 20 are left for the slowest.
    assert granted(found, "demo_fund_growth") == [20] + [60] * 33


def test_the_culture_budget_goes_by_stars_and_what_was_not_reviewed_comes_last(settle):
    stars = [3, 5, 4, 5, 4, 5, 4, 3]
    firms = [PROJECT | {"专家评审星级": star} for star in stars]
    heritage = IN_ORDER | {"非遗生产性保护项目": True, "非遗带徒人数": 2}
    found, budgets = settle(heritage, *firms, of=("demo_culture_project", "demo_culture_heritage"))
    # Six of four or five stars take 1800; of the two with three stars the first in the list gets what is left.
    assert granted(found, "demo_culture_project") == [200, 300, 300, 300, 300, 300, 300, 0]
    assert granted(found, "demo_culture_heritage") == [0]
    assert budgets["culture_pool"].granted_fen == 2000 * 1_000_000


def test_compute_vouchers_go_in_the_order_of_filing_until_used_up(settle):
    days = [date(2026, 3, day) for day in (9, 2, 5, 1, 7, 3)]
    firms = [CONTRACT | {"算力合同备案日期": day} for day in days]
    found, _ = settle(*firms, of=("demo_compute_voucher",))
    # Five vouchers of 200 use up 1000; the latest filing, the first in the list, goes without.
    assert granted(found, "demo_compute_voucher") == [0, 200, 200, 200, 200, 200]


def test_a_contract_subsidised_elsewhere_leaves_its_place_to_the_next(settle):
    days = [date(2026, 3, day) for day in (9, 2, 5, 1, 7, 3)]
    firms = [CONTRACT | {"算力合同备案日期": day} for day in days]
    firms[3] = firms[3] | {"算力合同已获其他补贴": True}
    found, _ = settle(*firms, of=("demo_compute_voucher",))
    assert granted(found, "demo_compute_voucher") == [200, 200, 200, 0, 200, 200]


def test_interest_that_no_longer_fits_waits_whole_for_the_next_year(settle):
    found, budgets = settle(*[BORROWER] * 28, of=("demo_loan_interest",))
    # 26 × 30 = 780; the next 30 do not fit into 800 and are not paid in part.
    assert granted(found, "demo_loan_interest") == [30] * 26 + [0, 0]
    assert [waiting for _, waiting, _ in (found[row, "demo_loan_interest"] for row in (26, 27))] == [30, 30]
    assert budgets["li_pool"].waiting_fen == 60 * 1_000_000


def test_benefits_without_application_go_to_the_oldest_firms_first(settle):
    firms = [DRAFTER | {"成立日期": date(2012 + year, 5, 1)} for year in range(13)]
    found, _ = settle(*reversed(firms), of=("demo_auto_standard",))
    # 12 × 50 = 600; the youngest, first in the list, waits.
    assert granted(found, "demo_auto_standard") == [0] + [50] * 12
    assert found[0, "demo_auto_standard"][1] == 50


def test_innovation_awards_are_all_paid_the_same_share(settle):
    firms = [LABORATORY | {"研发机构级别": "无"}] * 12 + [LABORATORY | {"科技奖级别": "省级二等"}] * 4
    found, budgets = settle(*firms, of=("demo_inno_prize", "demo_inno_platform"))
    # 12 × 100 + 4 × (20 + 100) = 1680 on a budget of 1000.
    assert budgets["inno_pool"].claimed_fen == 1680 * 1_000_000
    assert granted(found, "demo_inno_prize")[0] == pytest.approx(100 * 1000 / 1680, abs=0.000_001)
    assert granted(found, "demo_inno_prize")[-1] == pytest.approx(20 * 1000 / 1680, abs=0.000_001)
    assert 0 <= 1000 * 1_000_000 - budgets["inno_pool"].granted_fen < 20
