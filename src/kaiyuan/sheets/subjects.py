"""Which rows are enterprises, and by what each is identified.

A valid credit code identifies; a 15-digit registration number too, with a remark; a name where there is no code.
A wrong code rejects the row. Totals, headings, notes, empty rows and repeated headers are no enterprises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kaiyuan.calculators.credit_code import check_credit_code
from kaiyuan.rulebook.width import label_key
from kaiyuan.sheets import exact
from kaiyuan.sheets.code_columns import CodeFlags
from kaiyuan.sheets.columns import ColumnMatch
from kaiyuan.sheets.convert import UNKNOWN_TEXTS
from kaiyuan.sheets.exact import Flags, Int64
from kaiyuan.sheets.reasons import NO_DETAIL, Finding
from kaiyuan.sheets.typed import as_text
from kaiyuan.sheets.wording import Wording

_TOTAL = r"^\s*(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|汇\s*总|平\s*均)(数|值)?\s*([:：(（].*)?$"
_NOTE = (
    r"^\s*(注|备注|说明|填表说明|填报说明|填表人|制表人?|制表单位|审核人?|复核人?|联系人|联系电话|填报日期|填表日期|"
    r"填报单位|负责人|数据来源)\s*[:：].*$"
)
_HEADING = r"^\s*[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．].*$"
_SPECIAL = f"{_TOTAL}|{_NOTE}|{_HEADING}"


@dataclass
class Accepted:
    """The rows of a chunk that are enterprises."""

    keep: Flags
    subject: pa.Array
    name: pa.Array
    findings: list[Finding] = field(default_factory=list)
    synthetic: int = 0
    blank_lines: list[int] = field(default_factory=list)
    """Lines of empty rows at the end of the chunk; rows only if something follows them."""


class SubjectReader:
    """Tells enterprises from other rows, chunk by chunk."""

    def __init__(self, *, code: ColumnMatch | None, name: ColumnMatch | None) -> None:
        self._code, self._name = code, name
        self._free_ids = code is not None and code.any_id

    def read(self, columns: Mapping[int, pa.Array], lines: Int64) -> Accepted:
        """Give which rows are enterprises and by what they are identified."""
        length = len(lines)
        codes = _texts(columns, self._code, length)
        names = _texts(columns, self._name, length)
        found = CodeFlags(codes)
        has_name = exact.known(names)
        special = (
            exact.flags(pc.match_substring_regex(names, _SPECIAL)) if self._name else np.zeros(length, bool)
        )
        clear = found.valid & ~special
        if self._code is None:
            clear = has_name & ~special & ~self._repeats_header(names, self._name)
        elif self._free_ids:
            clear |= _free(codes) & ~special
        subject = codes if self._code is not None else _name_key(names)
        accepted = Accepted(clear.copy(), subject, names, synthetic=int(found.synthetic.sum()))
        others = np.flatnonzero(~clear)
        if len(others):
            self._look_closely(others, columns, lines, accepted)
        for row in np.flatnonzero(found.unknown_division & accepted.keep).tolist():
            accepted.findings.append(
                self._finding("unknown_division", lines, row, self._code, codes[row].as_py())
            )
        return accepted

    def _look_closely(
        self, rows: Int64, columns: Mapping[int, pa.Array], lines: Int64, accepted: Accepted
    ) -> None:
        codes, names = _texts(columns, self._code, len(lines)), accepted.name
        replaced: dict[int, str] = {}
        blank: list[int] = []
        for row in rows.tolist():
            code, name = codes[row].as_py() or "", names[row].as_py() or ""
            kind = self._no_enterprise(code, name, row, columns)
            if kind == "blank_row":
                blank.append(row)
                continue
            if kind is not None:
                value = name or code or _first_text(columns, row)
                accepted.findings.append(self._finding(kind, lines, row, None, value))
                continue
            finding, subject = self._identified(code, name, lines, row)
            if finding is not None:
                accepted.findings.append(finding)
            if subject is not None:
                accepted.keep[row] = True
                replaced[row] = subject
        if replaced:
            mask = np.zeros(len(lines), np.bool_)
            mask[list(replaced)] = True
            values = pa.array([replaced[row] for row in sorted(replaced)], pa.string())
            accepted.subject = pc.replace_with_mask(accepted.subject, pa.array(mask), values)
        last = len(lines)
        while blank and blank[-1] == last - 1:
            last = blank.pop()
            accepted.blank_lines.insert(0, int(lines[last]))
        accepted.findings += [self._finding("blank_row", lines, row, None, "") for row in blank]

    def _no_enterprise(self, code: str, name: str, row: int, columns: Mapping[int, pa.Array]) -> str | None:
        """Give why a row is no enterprise: total_row, heading_row …; None when it may be one."""
        if self._is_header(code, self._code) or (not code and self._is_header(name, self._name)):
            return "repeated_header"
        text = name or code or _first_text(columns, row)
        if not text:
            return "blank_row"
        if not check_credit_code(code).usable:
            if re.match(_TOTAL, text):
                return "total_row"
            if re.match(_NOTE, text):
                return "note_row"
            if re.match(_HEADING, text) and _texts_in_row(columns, row) <= 1:
                return "heading_row"
        return None if name or code else "no_subject"

    def _identified(self, code: str, name: str, lines: Int64, row: int) -> tuple[Finding | None, str | None]:
        """Give the remark a row deserves, and what identifies it; None where a wrong code rejects it."""
        if not code:
            remark = self._finding("name_as_subject", lines, row, self._name, name) if self._code else None
            return remark, _key(name)
        checked = check_credit_code(code)
        if checked.valid:
            return None, checked.text
        if checked.kind == "registration_number":
            return self._finding("registration_number", lines, row, self._code, code), checked.text
        if self._free_ids and not _looks_like_code(checked.text):
            return None, code
        detail = Wording(checked.reason_zh, checked.reason_en)
        remedy = Wording(checked.remedy_zh, checked.remedy_en)
        kind = checked.kind if checked.kind != "empty" else "wrong_sign"
        return self._finding(kind, lines, row, self._code, code, detail, remedy), None

    def _finding(
        self,
        kind: str,
        lines: Int64,
        row: int,
        column: ColumnMatch | None,
        value: str,
        detail: Wording = NO_DETAIL,
        remedy: Wording | None = None,
    ) -> Finding:
        place = (column.position, column.header) if column else (None, "")
        return Finding(kind, int(lines[row]), place[0], place[1], value, detail, remedy)

    def _is_header(self, text: str, column: ColumnMatch | None) -> bool:
        return column is not None and bool(text) and label_key(text) == label_key(column.header)

    def _repeats_header(self, names: pa.Array, column: ColumnMatch | None) -> Flags:
        if column is None:
            return np.zeros(len(names), np.bool_)
        return exact.flags(pc.equal(names, column.header))


def _texts(columns: Mapping[int, pa.Array], column: ColumnMatch | None, length: int) -> pa.Array:
    """Give a key column as trimmed text, null where the cell says that nothing is known."""
    if column is None:
        return pa.nulls(length, pa.string())
    texts = as_text(columns[column.position])
    if exact.flags(pc.match_substring_regex(texts, r"^[\s\p{Z}]|[\s\p{Z}]$")).any():
        texts = pc.utf8_trim_whitespace(texts)
    unknown = pc.is_in(texts, value_set=UNKNOWN_TEXTS)
    return pc.if_else(unknown, pa.scalar(None, pa.string()), texts) if pc.any(unknown).as_py() else texts


def _free(codes: pa.Array) -> Flags:
    """Give which identifiers are neither empty nor of the length of a credit code or registration number."""
    lengths = pc.utf8_length(codes).fill_null(0).to_numpy(zero_copy_only=False)
    return np.asarray((lengths > 0) & (lengths != 18) & (lengths != 15))


def _looks_like_code(text: str) -> bool:
    return len(text) == 18 and text[0] in "159Y" and text[2:8].isdigit()


def _name_key(names: pa.Array) -> pa.Array:
    for wide, narrow in (("（", "("), ("）", ")"), ("\u3000", " ")):
        names = pc.replace_substring(names, wide, narrow)
    return names


def _key(name: str) -> str:
    return name.replace("（", "(").replace("）", ")").replace("\u3000", " ")


def _first_text(columns: Mapping[int, pa.Array], row: int) -> str:
    for array in columns.values():
        text = _cell(array, row)
        if text:
            return text
    return ""


def _texts_in_row(columns: Mapping[int, pa.Array], row: int) -> int:
    return len({text for array in columns.values() if (text := _cell(array, row))})


def _cell(array: pa.Array, row: int) -> str:
    value = array[row].as_py()
    return "" if value is None or value != value else str(value).strip()
