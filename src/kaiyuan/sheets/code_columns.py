"""Check a whole column of credit codes at once; only those that fail are looked at one by one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.calculators.credit_code import ALPHABET, LENGTH, PROVINCES, SYNTHETIC_DIVISION, WEIGHTS
from kaiyuan.sheets.exact import Flags, Int64

Bytes = npt.NDArray[np.uint8]

_NO_SIGN = 255
_VALUES = np.full(256, _NO_SIGN, np.uint8)
_VALUES[np.frombuffer(ALPHABET.encode(), np.uint8)] = np.arange(len(ALPHABET), dtype=np.uint8)
_WEIGHTS = np.array(WEIGHTS, np.int32)
_DIGIT_VALUES = 10
_PROVINCE = np.zeros(100, np.bool_)
_PROVINCE[[int(code) for code in PROVINCES]] = True
_SYNTHETIC = np.frombuffer(SYNTHETIC_DIVISION.encode(), np.uint8)


class CodeFlags:
    """What a column of codes was found to be, row by row: `valid`, and remarks on the valid ones."""

    def __init__(self, texts: pa.Array) -> None:
        self.valid: Flags = np.zeros(len(texts), np.bool_)
        self.synthetic: Flags = np.zeros(len(texts), np.bool_)
        self.unknown_division: Flags = np.zeros(len(texts), np.bool_)
        rows, signs = eighteen_bytes(texts)
        if len(rows):
            self._check(rows, signs)

    def _check(self, rows: Int64, signs: Bytes) -> None:
        values = _VALUES[signs]
        known = (values != _NO_SIGN).all(axis=1)
        total = values[:, :17].astype(np.int32) @ _WEIGHTS
        valid = known & ((31 - total % 31) % 31 == values[:, 17])
        self.valid[rows] = valid
        division = values[:, 2:8]
        digits = (division < _DIGIT_VALUES).all(axis=1)
        province = np.where(digits, division[:, 0] * 10 + division[:, 1], 0)
        synthetic = (signs[:, 2:8] == _SYNTHETIC).all(axis=1)
        self.synthetic[rows] = valid & synthetic
        self.unknown_division[rows] = valid & ~synthetic & ~(digits & _PROVINCE[province])


def eighteen_bytes(texts: pa.Array) -> tuple[Int64, Bytes]:
    """Give the rows whose text is eighteen bytes long, and those bytes (rows × 18)."""
    lengths = pc.binary_length(texts).fill_null(0).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(lengths == LENGTH)
    if not len(rows):
        return rows, np.empty((0, LENGTH), np.uint8)
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int32)[texts.offset :][rows]
    return rows, np.frombuffer(data, np.uint8)[starts[:, None] + np.arange(LENGTH)]
