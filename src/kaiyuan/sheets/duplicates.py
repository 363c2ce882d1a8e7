"""Find enterprises that stand in more than one row, in twelve bytes a row.

Each subject is kept as a 64-bit multilinear hash of its bytes with random odd factors: two different subjects
share one with a chance below 2^-56. Rows are only shown as duplicates, never merged, so that a chance hit among
ten million rows (about one in a thousand) does no harm.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kaiyuan.sheets.report import DuplicateGroup, Duplicates

Hashes = npt.NDArray[np.uint64]

MOST_SHOWN = 1_000
_LINES_SHOWN = 10
# So many subjects are kept as text, so that a duplicate can be named and not only placed.
_NAMED_ROWS = 1_000_000
_LONGEST = 512
_FACTORS = np.random.Generator(np.random.PCG64(20260401)).integers(
    0, 2**64, _LONGEST + 1, np.uint64
) | np.uint64(1)


class DuplicateFinder:
    """Collects the subjects of a file and tells which came more than once."""

    def __init__(self) -> None:
        self._hashes: list[Hashes] = []
        self._lines: list[npt.NDArray[np.uint32]] = []
        self._subjects: list[pa.Array] = []
        self._rows = 0

    def add(self, subjects: pa.Array, lines: npt.NDArray[np.int64]) -> None:
        """Take note of the subjects of some rows."""
        self._hashes.append(hashes(subjects))
        self._lines.append(lines.astype(np.uint32))
        self._rows += len(subjects)
        if self._rows <= _NAMED_ROWS:
            self._subjects.append(subjects)
        else:
            self._subjects.clear()

    def duplicates(self) -> Duplicates:
        """Give the groups of rows with one subject, in the order of the file."""
        if not self._rows:
            return Duplicates()
        every = np.concatenate(self._hashes)
        self._hashes = [every]
        ordered = np.sort(every)
        repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        del ordered
        if not len(repeated):
            return Duplicates()
        places = np.searchsorted(repeated, every).clip(max=len(repeated) - 1)
        rows = np.flatnonzero(repeated[places] == every)
        groups = places[rows]
        lines = np.concatenate(self._lines)
        order = np.argsort(groups, kind="stable")
        starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
        ends = np.append(starts[1:], len(order))
        by_file = np.argsort(rows[order[starts]])[:MOST_SHOWN]
        shown = []
        for number in by_file.tolist():
            members = rows[order[starts[number] : ends[number]]]
            shown.append(
                DuplicateGroup(
                    self._subject(int(members[0])),
                    tuple(lines[members[:_LINES_SHOWN]].tolist()),
                    len(members),
                )
            )
        return Duplicates(len(repeated), len(rows), tuple(shown))

    def _subject(self, row: int) -> str | None:
        for array in self._subjects:
            if row < len(array):
                subject: str = array[row].as_py()
                return subject
            row -= len(array)
        return None


def hashes(texts: pa.Array) -> Hashes:
    """Give one 64-bit hash per text: the sum of its bytes times a factor for each place, and of its length."""
    if not len(texts):
        return np.empty(0, np.uint64)
    _, offset_buffer, data = texts.buffers()
    offsets = np.frombuffer(offset_buffer, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(
        np.int64
    )
    lengths = np.diff(offsets)
    result: Hashes = (lengths.astype(np.uint64) + np.uint64(1)) * _FACTORS[_LONGEST]
    first, last = int(offsets[0]), int(offsets[-1])
    if data is None or first == last:
        return result
    content = np.frombuffer(data, np.uint8)[first:last]
    if (lengths == lengths[0]).all() and lengths[0] <= _LONGEST:
        factors = _FACTORS[: int(lengths[0])]
        result += (content.reshape(len(texts), -1).astype(np.uint64) + np.uint64(1)) @ factors
        return result
    places = np.arange(last - first) - np.repeat(offsets[:-1] - first, lengths)
    # Each byte is counted from one, so that a zero byte differs from none.
    products = (content.astype(np.uint64) + np.uint64(1)) * _FACTORS[places % _LONGEST]
    filled = lengths > 0
    result[filled] += np.add.reduceat(products, (offsets[:-1] - first)[filled])
    return result
