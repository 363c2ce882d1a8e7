"""The evaluator and the oracle give the same answers on generated rulebooks and facts."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, seed, settings

from kaiyuan.rulebook import evaluate, evaluate_stream, explain
from tests.rulebook.generate import Pair, pairs, sample_pairs
from tests.rulebook.judging import Judgement, judged, plan_of
from tests.rulebook.oracle import leaves, minimal_sets

FEW = 250
MANY = 10_000
PARTS = 10


def judge_evaluator(pair: Pair) -> Judgement:
    """Evaluate a pair and hold every column against the oracle; fail on the first difference."""
    decisions = evaluate(plan=plan_of(pair), batch=pair.batch, leaves=True)
    judgement = judged(pair, decisions.to_pydict())
    assert not judgement.differences, "\n".join([*judgement.differences[:5], *pair.texts])
    return judgement


def judge_all(some: Iterable[Pair]) -> None:
    """Judge many pairs; few answers may be left out as doubtful."""
    compared = doubtful = 0
    for pair in some:
        judgement = judge_evaluator(pair)
        compared, doubtful = compared + judgement.compared, doubtful + judgement.doubtful
    assert doubtful < 0.05 * (compared + doubtful), (doubtful, compared)


def test_the_evaluator_agrees_with_the_oracle_on_sampled_rulebooks():
    judge_all(sample_pairs(FEW, seed=1))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_the_evaluator_agrees_with_the_oracle_on_rulebooks_that_hypothesis_makes(pair):
    judge_evaluator(pair)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_the_evaluator_agrees_with_the_oracle_on_ten_thousand_rulebooks(part):
    @seed(part)
    @settings(
        max_examples=MANY // PARTS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(pairs())
    def agree(pair):
        judge_evaluator(pair)

    agree()
