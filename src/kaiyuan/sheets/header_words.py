"""The words headers may use: for the enterprise itself, and for every fact of the dictionary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.width import label_key, plain
from kaiyuan.sheets.header_text import HeaderText, readings

How = Literal["name", "label", "alias", "english", "mapping", "ignored", "unmapped"]

SUBJECT = "subject"
SUBJECT_NAME = "subject_name"
SOURCE_LINE = "source_line"

# Facts a dictionary may define for what is the key of the table here.
KEY_FACTS: dict[str, str] = {
    "credit_code": SUBJECT,
    "uscc": SUBJECT,
    "name": SUBJECT_NAME,
    "enterprise_name": SUBJECT_NAME,
}

# Words for code and name in order of preference: a file may hold a tax number beside the credit code.
_KEY_WORDS: tuple[tuple[str, int, str], ...] = (
    (SUBJECT, 0, "subject"),
    (
        SUBJECT,
        1,
        "统一社会信用代码 社会信用代码 统一信用代码 信用代码 统一代码 统一社会信用代码证号 credit_code uscc",
    ),
    (SUBJECT, 1, "统一社会信用代码/注册号 统一社会信用代码/组织机构代码 unifiedsocialcreditcode creditcode"),
    (SUBJECT, 2, "纳税人识别号 纳税识别号 税号 工商注册号 注册号 企业注册号 营业执照注册号 营业执照号"),
    (SUBJECT_NAME, 0, "subject_name"),
    (
        SUBJECT_NAME,
        1,
        "企业名称 单位名称 公司名称 企业全称 公司全称 单位全称 单位详细名称 法人单位名称 市场主体名称",
    ),
    (
        SUBJECT_NAME,
        1,
        "申报单位 申报企业 申请单位 申请企业 申报单位名称 申请单位名称 申报企业名称 纳税人名称 企业名",
    ),
    (SUBJECT_NAME, 2, "名称 企业 单位 公司 name company enterprise companyname enterprisename"),
)
# 单位：万元 in the corner of a sheet is no name of an enterprise.
_UNIT_LINE = re.compile(r"^\(?(?:金额|货币|计量)?单位\s*:")
_LONGEST_HEADER = 200
_LAGGED = re.compile(r"^([a-z][a-z0-9]*(?:_[a-z0-9]+)*)__(\d{1,2})$")


@dataclass(frozen=True)
class Understood:
    """What one header was found to say."""

    target: str
    how: How
    text: HeaderText
    rank: int = 0
    lag: int | None = None

    @property
    def is_key(self) -> bool:
        """Tell whether the column identifies the enterprise rather than giving a fact."""
        return self.target in (SUBJECT, SUBJECT_NAME, SOURCE_LINE)


class HeaderIndex:
    """Every word a header may use, for one dictionary and one year of decision."""

    def __init__(self, *, facts: FactDictionary, newest_year: int) -> None:
        self._facts = facts
        self._newest_year = newest_year
        self._understood: dict[tuple[str, ...], Understood | None] = {}
        self._words: dict[str, tuple[str, How, int]] = {SOURCE_LINE: (SOURCE_LINE, "name", 0)}
        for target, rank, words in _KEY_WORDS:
            for word in words.split():
                self._words.setdefault(word, (target, "name" if rank == 0 else "label", rank))
        for definition in facts.values():
            key = KEY_FACTS.get(definition.name)
            target, rank = (key, 1) if key else (definition.name, 0)
            self._add(definition.name, target, "name", rank)
            self._add(definition.zh, target, "label", rank)
            for alias in definition.aliases:
                self._add(alias, target, "alias", rank)
        for definition in facts.values():
            # English labels are no part of the dictionary's names; they count where nothing else does.
            self._add(definition.en, KEY_FACTS.get(definition.name, definition.name), "english", 1)

    def _add(self, word: str, target: str, how: How, rank: int) -> None:
        self._words.setdefault(label_key(word), (target, how, rank))

    def understand(self, parts: tuple[str, ...]) -> Understood | None:
        """Give what a header (its parts from top to bottom) says, or None when no word of it is known."""
        if parts not in self._understood:
            self._understood[parts] = self._read(parts)
        return self._understood[parts]

    def _read(self, parts: tuple[str, ...]) -> Understood | None:
        whole = "".join(parts)
        # Figures and long texts stand among the first rows too; they are no headers.
        if len(whole) > _LONGEST_HEADER or not any(sign.isalpha() for sign in whole):
            return None
        if any(_UNIT_LINE.match(plain(part).strip()) for part in parts):
            return None
        for text in readings(parts, newest_year=self._newest_year):
            key = label_key(text.label)
            if found := self._words.get(key):
                return Understood(found[0], found[1], text, rank=found[2])
            lagged = _LAGGED.match(key)
            if lagged and lagged[1] in self._facts:
                return Understood(lagged[1], "name", text, lag=int(lagged[2]))
        return None

    def target(self, word: str) -> str | None:
        """Give the key or fact called `word`, or None."""
        found = self._words.get(label_key(word))
        return found[0] if found else None

    @property
    def words(self) -> tuple[str, ...]:
        """Give every known word, in its normal form."""
        return tuple(self._words)
