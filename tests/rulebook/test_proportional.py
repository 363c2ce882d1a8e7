"""Proportional points: what is not known limits nothing."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from kaiyuan.rulebook import RuleSet, compile_plan, evaluate
from kaiyuan.rulebook.yaml import read_facts, read_rulebook
from tests.rulebook.generate_facts import DICTIONARY_TEXT

BOOK = """
rulebook: demo.weights
title: {zh: 权重, en: Weights}
subject: enterprise
document: {title: 权重, number: 试〔2026〕1号}
effective: {from: 2020-01-01}
confidence: A
source: [a test]
demo: true
parameters:
  weights: {by: 所属行业, values: [{from: 2020-01-01, value: {工业: 10}}]}
assessments:
  a:
    title: {zh: 甲, en: A}
    kind: grade
    clause: 一
    score:
      max: 100
      indicators:
        - id: sales
          zh: 销售
          en: Sales
          proportional: {value: 营业收入, benchmark: 5, weight: ":weights", cap: 2}
"""


def test_a_weight_that_is_unknown_leaves_the_score_open_up_to_its_maximum():
    facts = read_facts(DICTIONARY_TEXT)
    plan = compile_plan(
        RuleSet(facts, (read_rulebook(BOOK, facts=facts, file="a.yaml"),)), on=date(2026, 6, 1)
    )
    batch = pa.RecordBatch.from_pydict(
        {
            "revenue": pa.array([10_000_000, 10_000_000, 10_000_000], pa.int64()),
            "trade": pa.array(["工业", "软件业", None]),
        }
    )
    decisions = evaluate(plan=plan, batch=batch).to_pydict()
    assert decisions["a.score_low"] == [20.0, 0.0, 0.0]
    assert decisions["a.score_high"] == [20.0, 100.0, 100.0]
