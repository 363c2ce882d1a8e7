"""A small zone for the tests of reports: two documents, nine rules, and firms that bring out every kind of answer."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from kaiyuan.matching import summarise
from kaiyuan.matching.run import RunOptions, run
from kaiyuan.rulebook import RuleSet, compile_plan, explain
from kaiyuan.rulebook.yaml import facts_from_data, rulebook_from_data

ON = date(2026, 11, 20)


def words(zh, en):
    return {"zh": zh, "en": en}


def fact(zh, en, type_, **more):
    return {"label": words(zh, en), "type": type_, "period": "moment", "class": "internal", **more}


FACTS = facts_from_data(
    {
        "facts": {
            "revenue": fact("营业收入", "Revenue", "money", unit="万元", period="year", **{"class": "confidential"}),
            "rd": fact("研发费用", "R&D expense", "money", unit="万元", period="year"),
            "staff": fact("从业人员", "Employees", "integer", unit="人"),
            "share": fact("市场占有率", "Market share", "ratio"),
            "rank": fact("行业排名", "Rank", "integer", unit="名"),
            "founded": fact("成立日期", "Founded", "date"),
            "industry": fact(
                "行业", "Industry", "category",
                values=[words("工业", "Industry"), words("建筑业", "Construction"), words("批发业", "Wholesale")],
            ),
            "title": fact("称号有效", "Holds the title", "boolean"),
            "dishonest": fact("严重失信", "Dishonest", "boolean"),
            "funded": fact("已获上级资金", "Funded elsewhere", "boolean"),
        }
    }
)  # fmt: skip


def condition(id_, zh, en, when, **more):
    return {"id": id_, "zh": zh, "en": en, "when": when, "clause": "第三条", **more}


RD_RATIO = condition(
    "rd_ratio", "研发占比不低于5%", "R&D at least 5 % of revenue", "研发费用 / 营业收入 >= 0.05"
)
TITLE = condition("title", "持有称号", "Holds the title", "称号有效")
DISHONEST = condition("dishonest", "列入失信名单", "On the dishonesty list", "严重失信")

REAL = {
    "rulebook": "real.titles",
    "title": words("称号", "Titles"),
    "subject": "enterprise",
    "document": {"title": "称号管理办法", "number": "示〔2026〕1号", "issuer": "示范部门", "url": "https://example.org/a?b=1&c=2"},
    "effective": {"from": date(2026, 1, 1)},
    "confidence": "A",
    "source": ["tests"],
    "parameters": {
        "staff_least": {
            "title": words("人员下限", "Least staff"),
            "by": "行业",
            "values": [{"from": date(2026, 1, 1), "value": {"工业": 300, "建筑业": 100}, "unit": "人"}],
        }
    },
    "assessments": {
        "champion": {
            "title": words("示范称号", "Model title"),
            "kind": "title",
            "clause": "附件1",
            "reading": words("按上年数计", "Figures of last year"),
            "requires": {
                "all": [
                    TITLE,
                    RD_RATIO,
                    condition("rd_two", "两年研发合计不低于1200万元", "R&D of 12 million yuan in 2 years",
                              "研发费用 + prior(研发费用, 1) >= 1200"),
                    {"any": [
                        condition("share", "占有率不低于10%", "Share of 10 %", "市场占有率 >= 0.1"),
                        condition("rank", "排名前三", "Top three", "行业排名 BETWEEN 1 AND 3"),
                    ]},
                    {"none": [DISHONEST]},
                ]
            },
        },
        "size": {
            "title": words("规模", "Size"),
            "kind": "size",
            "clause": "第四条",
            "tiers": [
                {"id": "large", **words("大型", "Large"),
                 "requires": condition("staff", "人员达到下限", "Enough staff", "从业人员 >= :staff_least")},
                {"id": "small", **words("小型", "Small"), "otherwise": True},
            ],
        },
        "scored": {
            "title": words("评分称号", "Scored title"),
            "kind": "title",
            "clause": "附件2",
            "requires": {"all": [condition("points", "得分不低于60分", "Score of 60", "score >= 60")]},
            "score": {
                "max": 100,
                "indicators": [
                    {"id": "rd_points", **words("研发投入", "R&D"), "max": 60, "value": "研发费用 / 营业收入",
                     "bands": [{"min": 0.05, "points": 60}, {"otherwise": True, "points": 0}]},
                    {"id": "people", **words("人员", "Staff"), "max": 40, "value": "从业人员",
                     "bands": [{"min": 100, "points": 40}, {"otherwise": True, "points": 10}]},
                ],
            },
        },
        "negated": {
            "title": words("新办企业", "New firms"),
            "kind": "threshold",
            "clause": "第五条",
            "requires": {
                "all": [
                    condition("young", "成立不满5年", "Under 5 years old", "NOT years_since(成立日期) >= 5"),
                    condition("since", "2020年后成立", "Founded after 2020", "成立日期 >= '2020-01-01'"),
                    condition("trade", "属于鼓励行业", "In an encouraged industry", "行业 IN ('工业', '建筑业')"),
                    {"none": [condition("small", "从业人员不足10人", "Under 10 staff", "从业人员 < 10")]},
                ]
            },
        },
    },
}  # fmt: skip

DEMO = {
    "rulebook": "demo.awards",
    "title": words("奖励（演示）", "Awards (demo)"),
    "subject": "enterprise",
    "document": {"title": "奖励办法（演示）", "number": "示演〔2026〕2号"},
    "effective": {"from": date(2026, 1, 1)},
    "confidence": "C",
    "source": ["tests"],
    "demo": True,
    "assessments": {
        "subsidy": {
            "title": words("研发补助（演示）", "R&D subsidy (demo)"),
            "kind": "entitlement",
            "clause": "第二条",
            "requires": {"all": [TITLE, RD_RATIO]},
            "award": {"rate": 0.1, "base": "研发费用", "cap": 50, "unit": "万元"},
        },
        "prize": {
            "title": words("称号奖（演示）", "Title prize (demo)"),
            "kind": "entitlement",
            "clause": "第三条",
            "requires": {"all": [TITLE]},
            "award": {"amount": 30, "unit": "万元"},
        },
        "later": {
            "title": words("以后再说（演示）", "Later (demo)"),
            "kind": "entitlement",
            "clause": "第九条",
            "enabled": False,
            "requires": {"all": [TITLE]},
        },
    },
    "stacking": [
        {"id": "once", **words("就高不重复", "Only the highest"), "clause": "第四条", "rule": "highest_only",
         "of": ["subsidy", "prize"]},
        {"id": "elsewhere", **words("上级已补的不补", "Not if funded elsewhere"), "clause": "第五条",
         "rule": "exclude_if_funded", "when": "已获上级资金", "of": ["subsidy"]},
    ],
    "budgets": [
        {"id": "pot", **words("年度预算60万元", "600,000 yuan a year"), "clause": "第六条", "amount": 60,
         "unit": "万元", "year": 2026, "of": ["subsidy", "prize"], "when_short": "pro_rata"},
    ],
}  # fmt: skip

RULES = RuleSet(FACTS, tuple(rulebook_from_data(book, facts=FACTS) for book in (REAL, DEMO)))

TYPICAL = {
    "revenue": 8000,
    "rd": 600,
    "rd__1": 700,
    "staff": 182,
    "share": 0.12,
    "rank": None,
    "founded": date(2023, 5, 6),
    "industry": "工业",
    "title": True,
    "dishonest": False,
    "funded": False,
}
ARROW = {
    "money": pa.int64(), "integer": pa.int64(), "ratio": pa.float64(), "date": pa.date32(),
    "boolean": pa.bool_(), "category": pa.string(),
}  # fmt: skip
FIRMS = [
    ("91370800MA0000015H", "示例精密（合成）", {}),
    ("91610131MADEM0011G", "示例激光（合成）", {"rd": 368, "rd__1": 900}),  # 4.6 %, one condition short
    ("91441283TE5T00016N", "示例试剂（合成）", {"rd__1": None}),
    ("0004", "示例轴承（合成）", {"title": False, "rd": 100}),
    ("0005", "示例传感（合成）", {"revenue": None, "funded": True}),
    ("0006", "示例仪表（合成）", {"dishonest": True, "industry": "批发业"}),
    ("0007", "示例云算（合成）", {"funded": True, "rd": 500, "staff": 400}),
]


def plan(**changes):
    return compile_plan(RULES, on=ON, parameters=changes or None)


def batch(firms=FIRMS):
    """Give firms as a batch of canonical facts; amounts in 万元, None is unknown."""
    rows = [{**TYPICAL, **own} for _, _, own in firms]
    columns = {
        "subject": pa.array([code for code, _, _ in firms]),
        "subject_name": pa.array([name for _, name, _ in firms]),
        "source_line": pa.array(range(2, len(firms) + 2), pa.int64()),
    }
    fields = [pa.field(name, array.type) for name, array in columns.items()]
    for name in TYPICAL:
        kind = FACTS[name.partition("__")[0]].type
        values = [row[name] for row in rows]
        if kind == "money":
            values = [None if value is None else round(value * 1_000_000) for value in values]
        columns[name] = pa.array(values, ARROW[kind])
        source = {b"source": f"名单.xlsx · {name}".encode(), b"recorded": b"2026-10-31"}
        fields.append(pa.field(name, ARROW[kind], metadata=source))
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=pa.schema(fields))


def explained(assessment, name="某企业", code="91370800MA0000015H", changes=None, **facts):
    """Give the explanation of one firm, typical but for `facts`."""
    return explain(
        plan=plan(**(changes or {})), batch=batch([(code, name, facts)]), row=0, assessment=assessment
    )


def outcome(firms=FIRMS, out=None):
    """Give the plan, the outcome and the summary of a run over firms."""
    rules = plan()
    found = run(plan=rules, batches=[batch(firms)], out=out, options=RunOptions(threads=1))
    summary = summarise(
        found, plan=rules, packs=["real", "demo"], sources=["名单.xlsx"],
        rows_read=len(firms) + 2, rows_rejected=2, notes=["两行没有信用代码"],
    )  # fmt: skip
    return rules, found, summary
