"""What-if on kept planes says what judging everyone anew says: who gains, who loses, who opens, what it costs."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from kaiyuan.rulebook import Scenario, evaluate, with_parameters
from tests.rulebook.generate import Pair, sample_pairs
from tests.rulebook.judging import judged, plan_of
from tests.rulebook.oracle import Answer

pytestmark = pytest.mark.filterwarnings("error")

NEW_VALUES = {
    "floor": ("0", "1", "3", "20"),
    "rate": ("0", "0.05", "1"),
    "plain": ("1", "2", "7"),
    "heads": ("1", "5"),
    "twice": ("4", "0.1"),
    "by_trade[工业]": ("1", "100"),
    "rates[建筑业]": ("0.03", "0.5"),
}


def asked(seed: int, count: int) -> list[tuple[Pair, Pair]]:
    """Give pairs before and after a change of one or two parameters."""
    found = []
    for number, pair in enumerate(sample_pairs(count, seed=seed, rows=15)):
        if "parameters" in pair.rulebooks[0]:
            random = Random(f"{seed}/{number}")
            names = random.sample(list(NEW_VALUES), random.choice((1, 1, 2)))
            changes = {name: Fraction(random.choice(NEW_VALUES[name])) for name in names}
            found.append((replace(pair, changes={}), replace(pair, changes=changes)))
    return found


def counted(answers: list[Answer]) -> tuple[int, int, int]:
    verdicts = [answer.verdict for answer in answers]
    return verdicts.count(True), verdicts.count(False), verdicts.count(None)


def spent(answers: list[Answer]) -> tuple[int, int]:
    entitled = [answer.amount for answer in answers if answer.verdict is True]
    return sum(fen for fen in entitled if fen is not None), entitled.count(None)


def check(before: Pair, after: Pair) -> int:
    """Hold a what-if against the oracle's answers before and after; give how many assessments were looked at."""
    told = Scenario(plan=plan_of(before), batches=[before.batch]).change(parameters=after.changes)
    touched = {one.id: one for one in told.assessments}
    was, now = before.answers(), after.answers()
    looked_at = 0
    for name in was[0]:
        old, new = ([answers[name] for answers in everyone] for everyone in (was, now))
        if any(answer.doubtful for answer in (*old, *new)):
            continue
        looked_at += 1
        if name not in touched:
            assert [one.verdict for one in old] == [one.verdict for one in new]
            assert [one.amount for one in old] == [one.amount for one in new]
            continue
        one = touched[name]
        pairs = [(a.verdict, b.verdict) for a, b in zip(old, new, strict=True)]
        assert one.before == counted(old) and one.after == counted(new)
        assert one.gains == sum(b is True and a is not True for a, b in pairs)
        assert one.losses == sum(a is True and b is not True for a, b in pairs)
        assert one.new_unknowns == sum(b is None and a is not None for a, b in pairs)
        for cost, answers in ((one.cost_before, old), (one.cost_after, new)):
            if cost is not None:
                assert (cost.fen, cost.unknown) == spent(answers)
    return looked_at


def test_a_what_if_tells_what_judging_everyone_anew_tells():
    assert sum(check(before, after) for before, after in asked(seed=60, count=18)) > 18


def test_a_changed_plan_gives_the_answers_of_a_plan_made_anew():
    for before, after in asked(seed=61, count=12):
        plan = with_parameters(plan_of(before), after.changes)
        decisions = evaluate(plan=plan, batch=after.batch, leaves=True).to_pydict()
        assert decisions == evaluate(plan=plan_of(after), batch=after.batch, leaves=True).to_pydict()
        assert not judged(after, decisions).differences


def test_changing_back_is_as_if_nothing_had_been_changed():
    for before, after in asked(seed=62, count=8):
        scenario = Scenario(plan=plan_of(before), batches=[before.batch])
        scenario.change(parameters=after.changes)
        again = scenario.change(parameters=after.changes)
        first = Scenario(plan=plan_of(before), batches=[before.batch]).change(parameters=after.changes)
        assert again == first


@pytest.mark.slow
def test_many_what_ifs_tell_what_judging_everyone_anew_tells():
    assert sum(check(before, after) for before, after in asked(seed=63, count=1_500)) > 1_500
