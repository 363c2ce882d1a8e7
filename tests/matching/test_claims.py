"""Claims meet stacking rules and budgets: the sums close, nothing open is settled, nobody passes a cap."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kaiyuan.matching.claims import NO, OPEN, YES, Claims
from kaiyuan.rulebook.expression.terms import Flag, Number
from kaiyuan.rulebook.model import Budget, Stacking, Words
from kaiyuan.rulebook.units import unit

YUAN = 100


def claims(rows, funded=None, rank=None):
    """Give claims from (firm, assessment, yuan or None)."""
    names = tuple(sorted({name for _, name, _ in rows}))
    return Claims(
        names=names,
        row=np.array([firm for firm, _, _ in rows], np.int64),
        assessment=np.array([names.index(name) for _, name, _ in rows], np.int64),
        proposed=np.array([0 if yuan is None else yuan * YUAN for *_, yuan in rows], np.int64),
        known=np.array([yuan is not None for *_, yuan in rows], np.bool_),
        funded={} if funded is None else {"funded": np.array(funded, np.int64)},
        rank={} if rank is None else {"money": np.array(rank, np.float64)},
    )


def stacking(rule, of, cap=None):
    amount = None if cap is None else Number(Fraction(cap))
    when = Flag("funded", 0) if rule == "exclude_if_funded" else None
    return Stacking(
        "funded" if when else "rule", Words("规则"), "第一条", rule, tuple(of), amount, unit("元"), when
    )


def budget(amount, of, when_short, descending=True):
    return Budget(
        "money", Words("预算"), "第二条", Number(Fraction(amount)), unit("元"), 2026, tuple(of), when_short,
        descending=descending,
    )  # fmt: skip


def granted(found):
    return [
        None if still else fen // YUAN for fen, still in zip(found.granted.tolist(), found.open, strict=True)
    ]


def test_of_several_titles_a_firm_is_paid_the_highest_only():
    found = claims([(0, "a", 30), (0, "b", 50), (1, "a", 30)])
    [report], _ = found.settle([stacking("highest_only", ["a", "b"])], [])
    assert granted(found) == [0, 50, 30]
    assert (report.firms, report.taken_fen) == (1, 30 * YUAN)


def test_equal_amounts_are_paid_once_to_the_first_named():
    found = claims([(0, "b", 30), (0, "a", 30)])
    found.settle([stacking("highest_only", ["a", "b"])], [])
    assert granted(found) == [0, 30]


def test_while_one_amount_is_unknown_nobody_says_which_is_the_highest():
    found = claims([(0, "a", 30), (0, "b", None), (1, "a", 30)])
    found.settle([stacking("highest_only", ["a", "b"])], [])
    assert granted(found) == [None, None, 30]
    assert found.reasons() == ["rule", "rule", ""]


def test_a_cap_per_firm_is_used_up_in_the_order_of_the_rule():
    found = claims([(0, "a", 80), (0, "b", 80), (0, "c", 80), (1, "c", 80)])
    [report], _ = found.settle([stacking("cap_per_firm", ["a", "b", "c"], cap=100)], [])
    assert granted(found) == [80, 20, 0, 80]
    assert report.taken_fen == 140 * YUAN


def test_behind_an_open_claim_a_cap_settles_nothing():
    found = claims([(0, "a", 200), (0, "b", None), (0, "c", 60), (1, "c", 60)])
    found.settle([stacking("cap_per_firm", ["a", "b", "c"], cap=250)], [])
    assert granted(found) == [200, None, None, 60]


def test_funded_elsewhere_takes_the_claim_away_and_unknown_leaves_it_open():
    found = claims([(0, "a", 10), (1, "a", 10), (2, "a", 10)], funded=[YES, NO, OPEN])
    found.settle([stacking("exclude_if_funded", ["a"])], [])
    assert granted(found) == [0, 10, None]


def test_a_short_budget_is_cut_in_proportion_and_never_passed():
    found = claims([(0, "a", 100), (1, "a", 200), (2, "a", 100)])
    _, [report] = found.settle([], [budget(300, ["a"], "pro_rata")])
    assert granted(found) == [75, 150, 75]
    assert report.claimed_fen == report.granted_fen + report.cut_fen + report.waiting_fen


def test_a_ranked_budget_pays_the_best_first_and_the_last_one_what_is_left():
    found = claims([(0, "a", 100), (1, "a", 100), (2, "a", 100)], rank=[1, 3, np.nan])
    found.settle([], [budget(150, ["a"], "ranked")])
    assert granted(found) == [50, 100, 0]


def test_first_come_pays_the_earliest_and_an_unknown_day_comes_last():
    found = claims([(0, "a", 100), (1, "a", 100), (2, "a", 100)], rank=[20, np.nan, 10])
    found.settle([], [budget(200, ["a"], "first_come", descending=False)])
    assert granted(found) == [100, 0, 100]


def test_a_queue_pays_whole_claims_and_lets_the_rest_wait():
    found = claims([(0, "a", 100), (1, "a", 100), (2, "a", 40)])
    _, [report] = found.settle([], [budget(150, ["a"], "queue")])
    assert granted(found) == [100, 0, 0]
    assert report.waiting_fen == 140 * YUAN and report.cut_fen == 0


def test_claims_with_open_amounts_are_counted_beside_the_budget_not_in_it():
    found = claims([(0, "a", 100), (1, "a", None)])
    _, [report] = found.settle([], [budget(150, ["a"], "pro_rata")])
    assert (report.claims, report.open_claims, report.claimed_fen) == (1, 1, 100 * YUAN)


ROWS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 500))),
    max_size=25,
    unique_by=lambda row: row[:2],
)


@settings(max_examples=200, deadline=None)
@given(
    ROWS,
    st.integers(0, 800),
    st.integers(0, 3000),
    st.sampled_from(["pro_rata", "ranked", "first_come", "queue"]),
)
def test_whatever_the_claims_no_cap_and_no_budget_is_passed_and_every_sum_closes(
    rows, cap, amount, when_short
):
    found = claims(rows, rank=[float(i % 4) for i in range(len(rows))])
    rules = [stacking("highest_only", ["a", "b"]), stacking("cap_per_firm", ["a", "b", "c"], cap=cap)]
    _, [report] = found.settle(rules, [budget(amount, ["a", "b", "c"], when_short)])
    settled = ~found.open
    for firm in set(found.row.tolist()):
        assert found.granted[settled & (found.row == firm)].sum() <= cap * YUAN
    assert found.granted[settled].sum() == report.granted_fen <= amount * YUAN
    assert report.claimed_fen == report.granted_fen + report.cut_fen + report.waiting_fen
    assert (found.granted <= found.proposed).all() and (found.granted >= 0).all()
