"""The rulebook file as it is written: every key, its kind and its meaning. The JSON Schema comes from here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from kaiyuan.rulebook.yaml.fields import (
    Amount,
    Bound,
    Count,
    Day,
    DottedIdentifier,
    Expression,
    FileModel,
    Flag,
    Identifier,
    Number,
    ParameterContent,
    Points,
    Text,
)
from kaiyuan.rulebook.yaml.schema_cases import CaseModel, FactsModel


def _one_of(*choices: tuple[str, ...]) -> dict[str, Any]:
    """Give the part of a JSON Schema that wants exactly one of several sets of keys."""
    return {"oneOf": [{"required": list(keys)} for keys in choices]}


class WordsModel(FileModel):
    """A text in Chinese and English. 中文与英文。"""

    zh: Text = Field(examples=["专精特新中小企业"], description="中文 · Chinese")
    en: Text | None = Field(None, description="英文 · English")


class WindowModel(FileModel):
    """Days in force, both inclusive. 施行与失效日期，首尾均含。"""

    from_: Day | None = Field(
        None, alias="from", examples=["2026-04-01"], description="施行之日 · first day in force"
    )
    to: Day | None = Field(None, description="最后一日 · last day in force; without it: still in force")


class DocumentModel(FileModel):
    """The official document. 政策文件。"""

    title: Text = Field(
        examples=["优质中小企业梯度培育管理办法"], description="文件名称 · title of the document"
    )
    number: Text = Field(examples=["工信部企业〔2026〕2号"], description="文号 · document number")
    issuer: Text | None = Field(None, description="发文机关 · who issued it")
    url: Text | None = Field(None, description="网址 · where it is published")


class ParameterValueModel(FileModel):
    """A value from a day on. 自某日起的取值。"""

    from_: Day = Field(
        alias="from", examples=["2026-04-01"], description="自何日起 · first day of this value"
    )
    value: ParameterContent = Field(
        examples=["1500"],
        description="数值、以其他参数计算的式子，或按类别的表 · "
        "a number, an expression of other parameters, or a table by category",
    )
    unit: Text | None = Field(None, description="单位 · unit, such as 万元, 人, 件, %")


class ParameterModel(FileModel):
    """A named constant with dated values. 带日期的参数。"""

    title: WordsModel | None = Field(None, description="名称 · what it is")
    by: Text | None = Field(None, description="按哪个类别事实取值 · the category fact of a table")
    values: list[ParameterValueModel] = Field(
        examples=["[{from: 2026-04-01, value: 1500, unit: 万元}]"],
        min_length=1,
        description="各期取值 · the dated values, earliest first",
    )


class AtLeastModel(FileModel):
    """At least n of some conditions. 至少满足 n 项。"""

    n: Count = Field(examples=["2"], description="至少几项 · how many at least")
    of: list[NodeModel] = Field(examples=["[…]"], description="各项条件 · the conditions")


class NodeModel(FileModel):
    """One condition (`when`), or a group: `all`, `any`, `at_least`, `none`. 一个条件或一组条件。"""

    model_config = ConfigDict(
        json_schema_extra=_one_of(("when", "id", "zh"), ("all",), ("any",), ("at_least",), ("none",))
    )

    id: Identifier | None = Field(None, description="条件标识 · short ASCII name, unique in its assessment")
    zh: Text | None = Field(None, description="条件的中文表述 · the condition in Chinese")
    en: Text | None = Field(None, description="条件的英文表述 · the condition in English")
    when: Expression | None = Field(
        None, description="判断式 · the expression that decides it: 营业收入 >= :revenue_floor"
    )
    clause: Text | None = Field(None, description="条款 · where it stands in the document")
    reading: WordsModel | None = Field(
        None, description="有争议处采用的理解 · which reading of an open place is taken"
    )
    confidence: Literal["A", "B", "C"] | None = Field(None, description="可信度 · how sure the text is")
    enabled: Flag = Field(True, description="是否启用 · false switches the condition off")
    all_of: list[NodeModel] | None = Field(None, alias="all", description="须全部满足 · all of these")
    any_of: list[NodeModel] | None = Field(None, alias="any", description="满足其一即可 · any of these")
    at_least: AtLeastModel | None = Field(None, description="至少满足 n 项 · at least n of these")
    none_of: list[NodeModel] | None = Field(None, alias="none", description="均不得有 · none of these")


class BandModel(FileModel):
    """One row of a scoring table; the first row that holds counts. 评分表的一档，自上而下取第一个符合的。"""

    min: Bound | None = Field(None, description="不低于（≥）· at least")
    above: Bound | None = Field(None, description="高于（>）· more than")
    max: Bound | None = Field(None, description="不高于（≤）· at most")
    below: Bound | None = Field(None, description="低于（<）· less than")
    is_: Bound | None = Field(None, alias="is", description="等于 · equal to this number or word")
    in_: list[Bound] | None = Field(None, alias="in", min_length=1, description="为其中之一 · one of these")
    when: Expression | None = Field(None, description="判断式 · a condition of its own")
    otherwise: Flag | None = Field(None, description="其余情形，放在最后 · everything else; the last row")
    points: Points = Field(
        examples=["10"],
        description="得分；[低, 高] 为专家评分区间 · points; [low, high] is an expert's range",
    )


class EachModel(FileModel):
    """Points for one thing; all that hold add up. 逐项加分。"""

    when: Expression = Field(examples=["省级质量奖"], description="判断式 · the condition")
    points: Points = Field(examples=["3"], description="得分 · points")


class BandTableModel(FileModel):
    """A scoring table on one value. 单一指标的评分表。"""

    value: Expression | None = Field(None, description="被比较的数值或类别 · the value the rows look at")
    bands: list[BandModel] = Field(
        examples=["[{min: 0.05, points: 20}, {otherwise: true, points: 0}]"],
        min_length=1,
        description="分档 · rows; the first that holds counts",
    )


class ProportionalModel(FileModel):
    """value ÷ benchmark × weight, at least 0, at most cap × weight. 按比例计分。"""

    value: Expression = Field(examples=["实缴税金 / 用地面积"], description="指标值 · the value")
    benchmark: Amount = Field(examples=[":bench_tax"], description="基准值 · the benchmark")
    weight: Amount = Field(examples=["30"], description="权重分 · points at the benchmark")
    cap: Amount | None = Field(None, description="封顶倍数 · at most this many times the weight")


class IndicatorModel(FileModel):
    """One line of a scoring table. 一项评分指标。"""

    model_config = ConfigDict(
        json_schema_extra=_one_of(("bands",), ("each",), ("best_of",), ("proportional",))
    )

    id: Identifier = Field(examples=["rd_ratio"], description="指标标识 · short ASCII name")
    group: Identifier | None = Field(None, description="所属指标组 · group of indicators")
    zh: Text = Field(examples=["研发费用占比"], description="中文名称 · name in Chinese")
    en: Text | None = Field(None, description="英文名称 · name in English")
    max: Number | None = Field(None, description="满分 · most points")
    clause: Text | None = Field(None, description="条款 · where it stands in the document")
    value: Expression | None = Field(None, description="被比较的数值或类别 · the value the rows look at")
    bands: list[BandModel] | None = Field(
        None, min_length=1, description="分档 · rows; the first that holds counts"
    )
    each: list[EachModel] | None = Field(None, min_length=1, description="逐项加分 · points that add up")
    best_of: list[BandTableModel] | None = Field(
        None, min_length=1, description="取最高 · the best of several tables"
    )
    proportional: ProportionalModel | None = Field(
        None, description="按比例计分 · in proportion to a benchmark"
    )


class ScoreGroupModel(FileModel):
    """A group of indicators. 指标组。"""

    zh: Text = Field(examples=["创新能力"], description="中文名称 · name in Chinese")
    en: Text | None = Field(None, description="英文名称 · name in English")
    max: Number | None = Field(None, description="满分 · most points")


class ScoreModel(FileModel):
    """A scoring table. 评分表。"""

    max: Number | None = Field(None, description="总分上限 · most points in all")
    groups: dict[Identifier, ScoreGroupModel] = Field({}, description="指标组 · groups of indicators")
    indicators: list[IndicatorModel] = Field(
        examples=["[…]"], min_length=1, description="指标 · the indicators"
    )


class TierModel(FileModel):
    """One of ordered classes; the first that holds counts. 分类分级的一档，自上而下取第一个符合的。"""

    model_config = ConfigDict(json_schema_extra=_one_of(("requires",), ("otherwise",)))

    id: Identifier = Field(examples=["large"], description="档次标识 · short ASCII name")
    zh: Text = Field(examples=["大型"], description="中文名称 · name in Chinese")
    en: Text | None = Field(None, description="英文名称 · name in English")
    requires: NodeModel | None = Field(None, description="条件 · the conditions")
    otherwise: Flag | None = Field(None, description="其余情形，放在最后 · everything else; the last tier")


class RoundModel(FileModel):
    """Rounding of an amount. 金额取整。"""

    to: Literal["分", "元", "百元", "千元", "万元"] = Field("分", description="精确到 · the step")
    mode: Literal["half_up", "down", "up"] = Field(
        "half_up", description="四舍五入、舍去、进位 · half up, down, up"
    )


class AwardModel(FileModel):
    """min(cap, max(floor, rate × base)) − already paid. 奖补金额。"""

    model_config = ConfigDict(json_schema_extra=_one_of(("amount",), ("rate", "base")))

    amount: Amount | None = Field(
        None, description="定额或金额式 · a fixed sum or an expression of money, in `unit`"
    )
    rate: Amount | None = Field(None, description="比例 · rate, such as 0.1")
    base: Amount | None = Field(None, description="基数 · the money the rate applies to")
    cap: Amount | None = Field(None, description="最高 · at most, in `unit`")
    floor: Amount | None = Field(None, description="最低 · at least, in `unit`")
    unit: Text = Field(examples=["万元"], description="金额单位 · unit of the amounts: 元, 万元, 亿元")
    already_paid: Amount | None = Field(
        None, description="已获金额，只补差额 · already paid; only the difference is due"
    )
    round: RoundModel | None = Field(None, description="取整 · rounding; without it to 分, half up")


class AssessmentModel(FileModel):
    """One question asked of every subject. 一项认定、分级或奖补。"""

    title: WordsModel = Field(
        examples=["{zh: 专精特新中小企业, en: Specialised SME}"], description="名称 · title"
    )
    kind: Literal["title", "size", "threshold", "grade", "entitlement"] = Field(
        examples=["title"], description="称号、规模、门槛、分级、奖补 · what kind of question"
    )
    clause: Text = Field(examples=["第八条"], description="依据条款（必填）· the citation, required")
    effective: WindowModel | None = Field(None, description="本项的施行期 · when it is in force, if narrower")
    confidence: Literal["A", "B", "C"] | None = Field(None, description="可信度 · how sure the text is")
    reading: WordsModel | None = Field(
        None, description="有争议处采用的理解 · which reading of an open place is taken"
    )
    note: WordsModel | None = Field(None, description="随结果显示的说明 · shown with the answer")
    enabled: Flag = Field(True, description="是否启用 · false switches it off")
    requires: NodeModel | None = Field(None, description="条件 · the conditions")
    score: ScoreModel | None = Field(None, description="评分表 · scoring table")
    tiers: list[TierModel] | None = Field(None, min_length=1, description="分级 · ordered classes")
    award: AwardModel | None = Field(None, description="奖补金额 · the amount")


class StackingModel(FileModel):
    """How several awards to one firm meet. 多项奖补的关系。"""

    id: Identifier = Field(examples=["title_once"], description="标识 · short ASCII name")
    zh: Text = Field(examples=["同一企业就高不重复"], description="中文表述 · in Chinese")
    en: Text | None = Field(None, description="英文表述 · in English")
    clause: Text = Field(examples=["第九条"], description="依据条款 · the citation")
    rule: Literal["highest_only", "cap_per_firm", "exclude_if_funded"] = Field(
        examples=["highest_only"], description="就高不重复、单家封顶、已获资金不再给 · the rule"
    )
    of: list[Identifier] = Field(
        examples=["[a, b]"], min_length=1, description="涉及的事项 · the assessments"
    )
    cap: Amount | None = Field(None, description="单家封顶 · most for one firm (cap_per_firm)")
    unit: Text | None = Field(None, description="金额单位 · unit of cap")
    when: Expression | None = Field(None, description="判断式 · the condition (exclude_if_funded)")


class BudgetModel(FileModel):
    """The money of a year for some assessments. 年度预算。"""

    id: Identifier = Field(examples=["rd_pool"], description="标识 · short ASCII name")
    zh: Text = Field(examples=["年度预算2000万元"], description="中文表述 · in Chinese")
    en: Text | None = Field(None, description="英文表述 · in English")
    clause: Text = Field(examples=["第十一条"], description="依据条款 · the citation")
    amount: Amount = Field(examples=["2000"], description="预算金额 · the money of the year, in `unit`")
    unit: Text = Field(examples=["万元"], description="金额单位 · unit of the amount")
    year: Count = Field(examples=["2026"], description="年度 · the year")
    of: list[Identifier] = Field(
        examples=["[a, b]"], min_length=1, description="涉及的事项 · the assessments"
    )
    when_short: Literal["pro_rata", "ranked", "first_come", "queue"] = Field(
        examples=["pro_rata"],
        description="不足时：按比例、按排名、先到先得、排队 · what happens when it is short",
    )
    rank_by: Expression | None = Field(None, description="排序依据 · a numeric expression or a date fact")
    order: Literal["desc", "asc"] | None = Field(
        None,
        description="降序、升序 · largest or smallest first; without it dates ascend and numbers descend",
    )


def _parameter_form(value: Any) -> str:
    return "dated values" if isinstance(value, list) else "long form"


class RulebookModel(FileModel):
    """A rulebook: one document put into data. 一份政策文件的规则。"""

    rulebook: DottedIdentifier = Field(
        examples=["national.cultivation"], description="规则册标识 · name of the rulebook"
    )
    title: WordsModel | None = Field(None, description="名称 · title; without it the document's")
    subject: Identifier = Field(examples=["enterprise"], description="对象 · what is judged")
    document: DocumentModel = Field(
        examples=["{title: 优质中小企业梯度培育管理办法, number: 工信部企业〔2026〕2号}"],
        description="政策文件（必填）· the document, required",
    )
    effective: WindowModel = Field(
        examples=["{from: 2026-04-01}"], description="施行期 · when it is in force"
    )
    confidence: Literal["A", "B", "C"] = Field(
        examples=["A"],
        description="A 官方原文、B 可靠转述、C 待核（默认不启用）· "
        "A official text, B reliable copy, C unproven (ships switched off)",
    )
    source: list[Text] = Field([], description="文本出处 · where the text was seen")
    demo: Flag = Field(False, description="虚构演示 · true in fictional packs")
    parameters: dict[
        Identifier,
        Annotated[
            Annotated[list[ParameterValueModel], Field(min_length=1), Tag("dated values")]
            | Annotated[ParameterModel, Tag("long form")],
            Discriminator(_parameter_form),
        ],
    ] = Field({}, description="参数 · named constants with dated values")
    assessments: dict[Identifier, AssessmentModel] = Field(
        examples=["…"], description="事项 · the assessments"
    )
    stacking: list[StackingModel] = Field([], description="多项奖补的关系 · how awards to one firm meet")
    budgets: list[BudgetModel] = Field([], description="年度预算 · budgets")
    fixtures: dict[str, FactsModel] = Field({}, description="用例共用的事实 · named fact sets for cases")
    cases: list[CaseModel] = Field([], description="用例 · cases in their author's words")
