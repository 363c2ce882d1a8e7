"""Distance, and the shortest ways to yes, are what trying every change gives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kaiyuan.rulebook import evaluate, explain
from kaiyuan.rulebook.explanation import conditions_of
from tests.rulebook.generate import Pair, sample_pairs
from tests.rulebook.judging import plan_of
from tests.rulebook.oracle import FAR, Answer, leaves, minimal_sets

WORDS = {True: "yes", False: "no", None: "unknown"}
pytestmark = pytest.mark.filterwarnings("error")
MOST = 12  # leaves of a tree whose every change is tried


def explained(pair: Pair) -> Iterator[tuple[Answer, object]]:
    """Give the oracle's answer with the explanation, for the first subjects of a pair and all its trees."""
    plan, batch = plan_of(pair), pair.batch
    for row, by_id in enumerate(pair.answers()[:2]):
        for name, answer in by_id.items():
            if answer.tree is not None and not answer.doubtful:
                yield answer, explain(plan=plan, batch=batch, row=row, assessment=name)


def check_explanations(pair: Pair) -> int:
    """Hold ways, distance, verdicts and the marks of conditions against brute force; give how many."""
    count = 0
    for answer, explanation in explained(pair):
        count += 1
        assert explanation.verdict == WORDS[answer.verdict]
        assert explanation.distance == answer.distance
        marks = [(one.condition.id, one.verdict) for one in conditions_of(explanation.tree)]
        assert marks == [(leaf.id, WORDS[leaf.truth]) for leaf in leaves(answer.tree)]
        ids = {leaf.place: leaf.id for leaf in leaves(answer.tree)}
        if len(ids) > MOST:
            continue
        wanted = {frozenset(ids[place] for place in places) for places in minimal_sets(answer.tree)}
        assert {frozenset(way) for way in explanation.ways} == wanted
        assert [len(way) for way in explanation.ways] == sorted(len(way) for way in explanation.ways)
        shortest = min((len(way) for way in wanted), default=FAR)
        assert explanation.distance == min(shortest, FAR)
        if explanation.score is not None:
            assert float(explanation.score.low) == pytest.approx(float(answer.low))
        if answer.verdict is True and explanation.amount is not None:
            assert explanation.amount.fen == answer.amount
    return count


def test_ways_to_yes_are_the_minimal_sets_of_conditions():
    assert sum(check_explanations(pair) for pair in sample_pairs(35, seed=20)) > 80


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(21, 25))
def test_ways_to_yes_are_the_minimal_sets_of_conditions_for_many_rulebooks(seed):
    assert sum(check_explanations(pair) for pair in sample_pairs(1_000, seed=seed)) > 2_000


def test_conditions_that_share_an_expression_count_one_by_one():
    """Two conditions of one text are two conditions of the rule: both must come true, and both are named."""
    pair = next(one for one in sample_pairs(1, seed=3))
    book = {
        **pair.rulebooks[0],
        "effective": {"from": pair.on},
        "assessments": {
            "twice": {
                "title": {"zh": "两次", "en": "Twice"},
                "kind": "title",
                "clause": "第一条",
                "requires": {
                    "all": [
                        {"id": "a", "zh": "甲", "when": "营业收入 > 5"},
                        {"id": "b", "zh": "乙", "when": "营收 > 5.0"},
                        {"none": [{"id": "c", "zh": "丙", "when": "5 < revenue"}]},
                    ]
                },
            }
        },
    }
    pair = Pair((book,), pair.on, ({"revenue": []},), {})
    [explanation] = [explanation for _, explanation in explained(pair)]
    assert explanation.distance == 3
    assert explanation.ways == (("a", "b", "c"),)
    required = {one.condition.id: one.required for one in conditions_of(explanation.tree)}
    assert required == {"a": True, "b": True, "c": False}
    assert len(plan_of(pair).registry.atoms) == 1


def test_a_population_of_one_gets_the_answers_of_the_many():
    for pair in sample_pairs(15, seed=30):
        plan, batch = plan_of(pair), pair.batch
        together = evaluate(plan=plan, batch=batch, leaves=True).to_pylist()
        alone = [
            evaluate(plan=plan, batch=batch.slice(row, 1), leaves=True).to_pylist()[0]
            for row in range(batch.num_rows)
        ]
        assert alone == together
