"""The Merkle tree over a chain's events (RFC 6962), so that one event proves itself by twenty hashes. Pure.

The data of leaf *i* are the 32 bytes of the hash of event *i + 1*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sm3": lambda data: hashlib.new("sm3", data).digest(),
}


class Tree:
    """A tree that grows leaf by leaf and keeps only the roots of its full subtrees, at most one a power of two."""

    def __init__(self, algorithm: str) -> None:
        self._digest = DIGESTS[algorithm]
        self._peaks: list[bytes] = []
        self.size = 0

    def add(self, data: bytes) -> None:
        """Append a leaf."""
        node = self._digest(b"\x00" + data)
        count = self.size
        while count & 1:
            node = self._digest(b"\x01" + self._peaks.pop() + node)
            count >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Give the root over the leaves so far (32 bytes)."""
        if not self._peaks:
            return self._digest(b"")
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = self._digest(b"\x01" + peak + root)
        return root


def inclusion_proof(leaves: Iterable[bytes], *, index: int, size: int, algorithm: str) -> list[bytes]:
    """Give the hashes that lead from leaf `index` (from 0) to the root over the first `size` leaves, lowest first.

    The leaves are read once, in order, and not kept.
    """
    ranges = _siblings(index, size)
    trees = {start: Tree(algorithm) for start, _ in ranges}
    ends = sorted(ranges)
    turn = 0
    for position, data in enumerate(leaves):
        if position >= size:
            break
        if position == index:
            continue
        while position >= ends[turn][1]:
            turn += 1
        trees[ends[turn][0]].add(data)
    return [trees[start].root() for start, _ in ranges]


def _siblings(index: int, size: int) -> list[tuple[int, int]]:
    # From the root down: the half that the leaf is not in is its sibling there. The left half is a power of two.
    found, start, end = [], 0, size
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def is_included(
    data: bytes, path: Sequence[bytes], *, index: int, size: int, root: bytes, algorithm: str
) -> bool:
    """Tell whether the path leads from the leaf at `index` to the root over `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    digest = DIGESTS[algorithm]
    node, left, last = digest(b"\x00" + data), index, size - 1
    for sibling in path:
        if last == 0:
            return False
        if left & 1 or left == last:
            node = digest(b"\x01" + sibling + node)
            while left and not left & 1:
                left >>= 1
                last >>= 1
        else:
            node = digest(b"\x01" + node + sibling)
        left >>= 1
        last >>= 1
    return last == 0 and node == root
