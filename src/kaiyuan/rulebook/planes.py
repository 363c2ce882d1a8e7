"""Bit planes: one bit per subject, 64 subjects an operation.

A *pair* is an array of shape (2, words) of uint64: row 0 is «certainly true», row 1 «possibly true». AND and OR
of pairs are Kleene's; the opposite of a pair swaps its rows and inverts them. Bits beyond the last subject may
hold anything; whoever counts cuts them off.

A *ladder* is an array of shape (4, words): row d is «at most d conditions must change».

A *bit number* is a list of pairs, least significant first: the low and the high track of a small whole number
per subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Words: TypeAlias = npt.NDArray[np.uint64]
Bools: TypeAlias = npt.NDArray[np.bool_]
BitNumber: TypeAlias = list[Words]

LADDER = 4
ALL_ONES = np.uint64(0xFFFFFFFFFFFFFFFF)


def word_count(rows: int) -> int:
    """Give the number of 64-bit words that hold `rows` bits."""
    return (rows + 63) // 64


def pack(values: Bools) -> Words:
    """Pack booleans of shape (…, rows) into words of shape (…, words), least significant bit first."""
    rows = values.shape[-1]
    packed = np.packbits(values, axis=-1, bitorder="little")
    if rows % 64 == 0:
        return packed.view(np.uint64)
    padded = np.zeros((*values.shape[:-1], word_count(rows) * 8), np.uint8)
    padded[..., : packed.shape[-1]] = packed
    return padded.view(np.uint64)


def unpack(words: Words, rows: int) -> Bools:
    """Give the first `rows` bits of a plane as booleans."""
    return np.unpackbits(words.view(np.uint8), count=rows, bitorder="little").view(np.bool_)


def zeros(words: int) -> Words:
    """Give a pair that is false everywhere."""
    return np.zeros((2, words), np.uint64)


def ones(words: int) -> Words:
    """Give a pair that is true everywhere."""
    return np.full((2, words), ALL_ONES)


def opposite(pair: Words) -> Words:
    """Give the pair of the opposite statement."""
    return np.invert(pair[::-1])


def all_of(pairs: Sequence[Words], words: int) -> Words:
    """Give the conjunction of pairs; of none, true. Of one, it is that pair itself, so nobody may write into it."""
    if not pairs:
        return ones(words)
    if len(pairs) == 1:
        return pairs[0]
    result = pairs[0] & pairs[1]
    for pair in pairs[2:]:
        result &= pair
    return result


def any_of(pairs: Sequence[Words], words: int) -> Words:
    """Give the disjunction of pairs; of none, false. Of one, it is that pair itself, so nobody may write into it."""
    if not pairs:
        return zeros(words)
    if len(pairs) == 1:
        return pairs[0]
    result = pairs[0] | pairs[1]
    for pair in pairs[2:]:
        result |= pair
    return result


def odd_of(pairs: Sequence[Words], words: int) -> Words:
    """Give where an odd number of pairs hold; of one, it is that pair itself, so nobody may write into it."""
    if not pairs:
        return zeros(words)
    if len(pairs) == 1:
        return pairs[0]
    result = pairs[0] ^ pairs[1]
    for pair in pairs[2:]:
        result ^= pair
    return result


def at_least(n: int, pairs: Sequence[Words], words: int) -> Words:
    """Give the pair «at least n of these», by running through them with n planes of «at least k so far»."""
    if n <= 0:
        return ones(words)
    if n > len(pairs):
        return zeros(words)
    if n == 1:
        return any_of(pairs, words)
    if n == len(pairs):
        return all_of(pairs, words)
    # reached[k] is «at least k + 1 so far»; only heights that can be had yet and still lead to n are worked out.
    reached = [pairs[0]]
    scratch = np.empty((2, words), np.uint64)
    for place, pair in enumerate(pairs[1:], start=1):
        for k in range(min(place, n - 1), max(0, n - len(pairs) + place) - 1, -1):
            if k == place:
                reached.append(reached[k - 1] & pair)
            elif k == 0:
                reached[0] = reached[0] | pair
            else:
                reached[k] = reached[k] | np.bitwise_and(reached[k - 1], pair, out=scratch)
    return reached[-1]


def leaf_ladder(certain: Words) -> Words:
    """Give the ladder of one condition: 0 changes where it is certainly true, 1 elsewhere."""
    ladder = np.full((LADDER, certain.shape[-1]), ALL_ONES)
    ladder[0] = certain
    return ladder


def ladder_sum(first: Words, second: Words) -> Words:
    """Give the ladder of «both»: changes add up."""
    result = np.empty_like(first)
    for d in range(LADDER):
        np.bitwise_and(first[0], second[d], out=result[d])
        for i in range(1, d + 1):
            result[d] |= first[i] & second[d - i]
    return result


def ladder_all(ladders: Sequence[Words], words: int) -> Words:
    """Give the ladder of a conjunction; of none, 0 changes."""
    if not ladders:
        return np.full((LADDER, words), ALL_ONES)
    result = ladders[0]
    for ladder in ladders[1:]:
        result = ladder_sum(result, ladder)
    return result


def ladder_any(ladders: Sequence[Words], words: int) -> Words:
    """Give the ladder of a disjunction: the cheapest way; of none, never."""
    if not ladders:
        return np.zeros((LADDER, words), np.uint64)
    result = ladders[0].copy()
    for ladder in ladders[1:]:
        np.bitwise_or(result, ladder, out=result)
    return result


def ladder_at_least(n: int, ladders: Sequence[Words], words: int) -> Words:
    """Give the ladder of «at least n of these»: the cheapest n of them."""
    never = np.zeros((LADDER, words), np.uint64)
    if n <= 0:
        return np.full((LADDER, words), ALL_ONES)
    if n > len(ladders):
        return never
    reached = [never.copy() for _ in range(n)]
    for ladder in ladders:
        for k in range(n - 1, 0, -1):
            reached[k] |= ladder_sum(reached[k - 1], ladder)
        reached[0] |= ladder
    return reached[-1]


def add_numbers(first: BitNumber, second: BitNumber) -> BitNumber:
    """Give the sum of two bit numbers, by carrying."""
    if len(first) < len(second):
        first, second = second, first
    result: BitNumber = []
    carry: Words | None = None
    for position, bit in enumerate(first):
        other = second[position] if position < len(second) else None
        if other is None and carry is None:
            result.append(bit)
        elif other is None or carry is None:
            single = other if other is not None else carry
            assert single is not None
            result.append(bit ^ single)
            carry = bit & single
        else:
            half = bit ^ other
            result.append(half ^ carry)
            carry = (bit & other) | (half & carry)
    if carry is not None:
        result.append(carry)
    return result


def number_at_least(number: BitNumber, bound: int, words: int) -> Words:
    """Give the pair «number >= bound»: certainly by the low track, possibly by the high one."""
    if bound <= 0:
        return ones(words)
    if bound.bit_length() > len(number):
        return zeros(words)
    result = ones(words)
    for position, bit in enumerate(number):
        if bound >> position & 1:
            np.bitwise_and(result, bit, out=result)
        else:
            np.bitwise_or(result, bit, out=result)
    return result


def greater_number(first: BitNumber, second: BitNumber, words: int) -> BitNumber:
    """Give the greater of two bit numbers, on each track."""
    width = max(len(first), len(second))
    none = zeros(words)
    a = [*first, *[none] * (width - len(first))]
    b = [*second, *[none] * (width - len(second))]
    wins = ones(words)
    for x, y in zip(a, b, strict=True):
        wins = (x & ~y) | (~(x ^ y) & wins)
    return [(x & wins) | (y & ~wins) for x, y in zip(a, b, strict=True)]


def capped_number(number: BitNumber, cap: int, words: int) -> BitNumber:
    """Give the lesser of a bit number and a constant."""
    full = number_at_least(number, cap, words)
    return [bit | full if cap >> position & 1 else bit & ~full for position, bit in enumerate(number)]


def number_values(number: BitNumber, track: int, rows: int) -> npt.NDArray[np.int64]:
    """Give one track (0 low, 1 high) of a bit number as whole numbers of shape (rows,)."""
    result = np.zeros(rows, np.int64)
    for position, bit in enumerate(number):
        result += unpack(bit[track], rows).astype(np.int64) << position
    return result


def count(words: Words, rows: int) -> int:
    """Give the number of ones among the first `rows` bits of a plane."""
    whole, rest = divmod(rows, 64)
    total = int(np.bitwise_count(words[:whole]).sum())
    if rest:
        total += int(words[whole] & np.uint64((1 << rest) - 1)).bit_count()
    return total


def first_ones(plane: Words, rows: int, most: int) -> npt.NDArray[np.int64]:
    """Give the places of the first ones of a plane, at most `most` of them."""
    # So many words that are not zero hold them all; a plane is mostly longer than that.
    words = np.flatnonzero(plane)[:most]
    places: npt.NDArray[np.int64] = np.flatnonzero(unpack(plane[words], words.size * 64))
    places = words[places >> 6] * 64 + (places & 63)
    return places[places < rows][:most]
