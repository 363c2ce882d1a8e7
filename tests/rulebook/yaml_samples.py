"""A small dictionary and a small rulebook, to be changed in one place at a time."""

from __future__ import annotations

import pytest

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import Rulebook
from kaiyuan.rulebook.yaml import read_facts, read_rulebook

FACTS_TEXT = """\
facts:
  revenue:
    label: {zh: 营业收入, en: Revenue}
    type: money
    unit: 万元
    period: year
    class: confidential
    aliases: [营收额]
  rd: {label: {zh: 研发费用, en: R&D}, type: money, unit: 万元, period: year, class: confidential}
  staff: {label: {zh: 从业人员, en: Staff}, type: integer, unit: 人, class: internal}
  land: {label: {zh: 用地面积, en: Land}, type: number, unit: 亩, class: internal}
  ratio: {label: {zh: 负债率, en: Debt ratio}, type: ratio, class: internal}
  industry:
    label: {zh: 划型行业, en: Industry}
    type: category
    class: public
    values: [{zh: 工业, en: Manufacturing}, {zh: 建筑业, en: Construction, aliases: [建筑]}]
  dishonest: {label: {zh: 严重失信, en: Dishonest}, type: boolean, class: public}
  founded: {label: {zh: 成立日期, en: Founded}, type: date, class: public}
  title: {label: {zh: 现有称号, en: Title}, type: text, class: public}
  paid: {label: {zh: 已获奖励, en: Paid}, type: money, unit: 万元, class: internal}
"""

FACTS: FactDictionary = read_facts(FACTS_TEXT, file="facts.yaml")

HEAD = """\
rulebook: test.one
title: {zh: 甲办法, en: Measure A}
subject: enterprise
document: {title: 甲办法, number: 甲〔2026〕1号}
effective: {from: 2026-01-01}
confidence: A
"""

BODY = """\
assessments:
  one:
    title: {zh: 甲, en: One}
    kind: title
    clause: 第一条
    requires:
      all:
        - {id: revenue, zh: 营收达标, when: 营业收入 >= 1500}
"""


def book(*parts: str, head: str = HEAD, body: str = BODY) -> Rulebook:
    """Read the small rulebook with `parts` behind it."""
    return read_rulebook(head + body + "".join(parts), facts=FACTS, file="a.yaml")


def refusal(*parts: str, head: str = HEAD, body: str = BODY) -> str:
    """Give the sentence with which the small rulebook is refused."""
    with pytest.raises(RuleError) as caught:
        book(*parts, head=head, body=body)
    return str(caught.value)


def parameters(text: str) -> str:
    """Give the head of the small rulebook with `parameters` in it."""
    return HEAD + "parameters:\n" + text
