"""Planes compute for every subject at once what counting computes for one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kaiyuan.rulebook import planes as pl

ROWS = st.integers(1, 200)
SEEDS = st.integers(0, 2**32 - 1)


def some_pairs(rng, number, rows):
    """Give `number` random pairs, with the certain and the possible bits as booleans."""
    certain = rng.random((number, rows)) < 0.4
    possible = certain | (rng.random((number, rows)) < 0.3)
    return (
        [np.stack([pl.pack(c), pl.pack(p)]) for c, p in zip(certain, possible, strict=True)],
        certain,
        possible,
    )


@given(ROWS, SEEDS)
def test_packing_and_unpacking_give_the_bits_back(rows, seed):
    bits = np.random.default_rng(seed).random(rows) < 0.5
    assert (pl.unpack(pl.pack(bits), rows) == bits).all()
    assert pl.count(pl.pack(bits), rows) == bits.sum()


@given(ROWS, SEEDS)
def test_the_tail_beyond_the_last_subject_is_never_counted(rows, seed):
    ones = np.full(pl.word_count(rows), pl.ALL_ONES)
    assert pl.count(ones, rows) == rows


@settings(max_examples=60, deadline=None)
@given(ROWS, SEEDS, st.integers(0, 6), st.integers(-1, 7))
def test_at_least_n_counts_certain_and_possible_members(rows, seed, members, n):
    pairs, certain, possible = some_pairs(np.random.default_rng(seed), members, rows)
    result = pl.at_least(n, pairs, pl.word_count(rows))
    assert (pl.unpack(result[0], rows) == (certain.sum(0) >= n)).all()
    assert (pl.unpack(result[1], rows) == (possible.sum(0) >= n)).all()


@settings(max_examples=60, deadline=None)
@given(ROWS, SEEDS, st.integers(1, 6), st.integers(1, 6))
def test_a_ladder_of_at_least_n_is_the_number_of_members_short(rows, seed, members, n):
    pairs, certain, _ = some_pairs(np.random.default_rng(seed), members, rows)
    ladders = [pl.leaf_ladder(pair[0]) for pair in pairs]
    result = pl.ladder_at_least(n, ladders, pl.word_count(rows))
    short = np.maximum(n - certain.sum(0), 0) if n <= members else np.full(rows, pl.LADDER)
    for d in range(pl.LADDER):
        assert (pl.unpack(result[d], rows) == (short <= d)).all()


def as_number(values, rows):
    width = max(int(values.max(initial=0)).bit_length(), 1)
    bits = [pl.pack((values >> k) & 1 == 1) for k in range(width)]
    return [np.stack([bit, bit]) for bit in bits]


@settings(max_examples=60, deadline=None)
@given(ROWS, SEEDS, st.integers(0, 300))
def test_bit_numbers_add_compare_and_cap_like_numbers(rows, seed, bound):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 200, rows), rng.integers(0, 90, rows)
    words = pl.word_count(rows)
    total = pl.add_numbers(as_number(a, rows), as_number(b, rows))
    assert (pl.number_values(total, 0, rows) == a + b).all()
    assert (pl.unpack(pl.number_at_least(total, bound, words)[1], rows) == (a + b >= bound)).all()
    greater = pl.greater_number(as_number(a, rows), as_number(b, rows), words)
    assert (pl.number_values(greater, 0, rows) == np.maximum(a, b)).all()
    capped = pl.capped_number(total, max(bound, 1), words)
    assert (pl.number_values(capped, 1, rows) == np.minimum(a + b, max(bound, 1))).all()


@given(ROWS, SEEDS, st.integers(0, 40), st.sampled_from([0.02, 0.5]))
def test_the_first_ones_of_a_plane_are_the_first_subjects_in_it(rows, seed, most, share):
    bits = np.random.default_rng(seed).random(rows) < share
    plane = pl.pack(bits)
    plane[-1] |= ~pl.pack(np.ones(rows, np.bool_))[-1]  # bits beyond the last subject may hold anything
    assert (pl.first_ones(plane, rows, most) == np.flatnonzero(bits)[:most]).all()
