"""Cases, fact dictionaries and packs as they are written. The JSON Schemas come from here."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from kaiyuan.rulebook.yaml.fields import (
    Answer,
    Count,
    Day,
    DottedIdentifier,
    ExpectedAmount,
    ExpectedScore,
    FactName,
    FactValue,
    FileModel,
    Flag,
    Identifier,
    Text,
    Version,
)

FactsModel: TypeAlias = Annotated[
    dict[str, FactValue],
    Field(description="事实（用字典单位；列表为基年、前一年……；unknown 为未知）· facts in dictionary units"),
]


class ExpectedModel(FileModel):
    """What the author expects of one assessment. 预期结果。"""

    verdict: Answer | None = Field(None, description="结论 · yes, no or unknown")
    distance: Count | None = Field(
        None, description="还差几个条件 · how many conditions short, 0 to 3, 4 is more"
    )
    score: ExpectedScore | None = Field(None, description="得分或 [低, 高] · points or [low, high]")
    tier: Text | None = Field(None, description="档次 · tier, or unknown")
    amount: ExpectedAmount | None = Field(
        None, description="金额（奖补单位）· amount in the award's unit, or unknown"
    )
    conditions: dict[str, Answer] = Field({}, description="各条件的结论 · answers of single conditions")


class CaseModel(FileModel):
    """A case in its author's words. 用例。"""

    name: Text = Field(
        examples=["营收不足但股权融资达标的企业仍可认定"], description="一句话说明 · one sentence"
    )
    on: Day = Field(examples=["2026-06-01"], description="判断之日 · the day of the decision")
    like: Text | None = Field(None, description="在哪组事实之上 · the fixture it builds on")
    facts: FactsModel = Field({}, description="事实 · facts; what is not named is unknown")
    expect: dict[str, ExpectedModel] = Field(
        examples=["{zjtx_sme: {verdict: yes}}"],
        min_length=1,
        description="预期 · expected answers by assessment",
    )


class CasesFileModel(FileModel):
    """A file of cases beside its rulebook. 用例文件。"""

    cases_for: DottedIdentifier = Field(
        examples=["national.cultivation"], description="所属规则册 · the rulebook they try"
    )
    fixtures: dict[str, FactsModel] = Field({}, description="用例共用的事实 · named fact sets for cases")
    cases: list[CaseModel] = Field(examples=["[…]"], description="用例 · the cases")


class LabelModel(FileModel):
    """A label in Chinese and English. 名称。"""

    zh: Text = Field(examples=["营业收入"], description="中文 · Chinese")
    en: Text | None = Field(None, description="英文 · English")


class NoteModel(FileModel):
    """A note in Chinese and English. 说明。"""

    zh: Text | None = Field(None, description="中文 · Chinese")
    en: Text | None = Field(None, description="英文 · English")


class CategoryModel(FileModel):
    """One word a category fact may take. 类别取值。"""

    zh: Text = Field(examples=["工业"], description="中文 · Chinese; what tables hold")
    en: Text | None = Field(None, description="英文 · English")
    aliases: list[Text] = Field([], description="别名 · other words for it")


class FactModel(FileModel):
    """One fact: its names, type, unit, period and class. 一项事实。"""

    label: LabelModel = Field(examples=["{zh: 营业收入, en: Operating revenue}"], description="名称 · label")
    type: Literal["money", "number", "ratio", "integer", "boolean", "category", "text", "date"] = Field(
        examples=["money"], description="类型 · type"
    )
    unit: Text | None = Field(None, description="单位 · unit in which rules and people write it")
    period: Literal["year", "moment"] = Field(
        "moment", description="年度值或时点值 · a year's value or a moment's"
    )
    class_: Literal["public", "internal", "confidential", "personal"] = Field(
        alias="class", examples=["internal"], description="公开、内部、商业秘密、个人信息 · who may see it"
    )
    aliases: list[Text] = Field([], description="别名 · other names, as tables write them")
    note: NoteModel | None = Field(None, description="口径说明 · what exactly is meant")
    values: list[CategoryModel] | None = Field(
        None, min_length=1, description="类别取值 · the words of a category"
    )
    decimals: Count | None = Field(None, description="小数位（number）· decimals of a number; without it 4")


class FactsFileModel(FileModel):
    """A fact dictionary. 事实字典。"""

    facts: dict[FactName, FactModel] = Field(examples=["…"], description="事实 · facts by ASCII name")


class PackModel(FileModel):
    """A pack: who answers for it and what it builds on. 规则包。"""

    pack: Identifier = Field(
        examples=["national"], description="规则包标识 · name of the pack, that of its folder"
    )
    title: LabelModel = Field(examples=["{zh: 全国规则包, en: National rules}"], description="名称 · title")
    version: Version = Field(examples=["2026.11"], description="版本 · version")
    licence: Text = Field(examples=["CC0-1.0"], description="许可 · licence of the data")
    authority: LabelModel = Field(examples=["{zh: …, en: …}"], description="由谁负责 · who answers for it")
    requires: list[Identifier] = Field([], description="所需的其他规则包 · packs it builds on")
    demo: Flag = Field(False, description="虚构演示 · true when it is fictional")
