"""The evaluator and the oracle give the same answers on generated rulebooks and facts."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from kaiyuan.rulebook import evaluate
from tests.rulebook.generate import Pair, make_pair, pairs, sample_pairs
from tests.rulebook.judging import Judgement, judged, plan_of

FEW = 60
MANY = 10_000
PARTS = 10
ROWS = 12
pytestmark = pytest.mark.filterwarnings("error")
ANY_SEED = st.integers(min_value=0, max_value=2**63)


def judge_evaluator(pair: Pair) -> Judgement:
    """Evaluate a pair and hold every column against the oracle; fail on the first difference."""
    decisions = evaluate(plan=plan_of(pair), batch=pair.batch, leaves=True)
    judgement = judged(pair, decisions.to_pydict())
    assert not judgement.differences, "\n".join([*judgement.differences[:5], *pair.texts])
    return judgement


def judge_all(some: Iterable[Pair]) -> None:
    """Judge many pairs; only few answers may be left out as doubtful."""
    judgements = [judge_evaluator(pair) for pair in some]
    compared, doubtful = (sum(getattr(one, what) for one in judgements) for what in ("compared", "doubtful"))
    assert compared > 5 * len(judgements)
    assert doubtful < 0.05 * compared


def test_the_evaluator_agrees_with_the_oracle_on_sampled_rulebooks():
    judge_all(sample_pairs(FEW, seed=1))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_the_evaluator_agrees_with_the_oracle_on_rulebooks_that_shrink(pair):
    judge_evaluator(pair)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_the_evaluator_agrees_with_the_oracle_on_ten_thousand_rulebooks(part):
    @seed(part)
    @settings(
        max_examples=MANY // PARTS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(ANY_SEED)
    def agree(number):
        judge_evaluator(make_pair(Random(number), ROWS))

    agree()


@pytest.mark.slow
@seed(0)
@settings(max_examples=1_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_the_evaluator_agrees_with_the_oracle_on_a_thousand_rulebooks_that_shrink(pair):
    judge_evaluator(pair)
