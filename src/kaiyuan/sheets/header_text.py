"""Take one header apart: label, year, unit, and remarks in brackets.

`2025年营业收入`, `营业收入（2024年度）(万元)`, `营业收入_2023`, `2025年 | 营业收入` (two header rows) all come to a
label and a year. Words that change the meaning (预计, 同比, 1-6月 …) are kept as a reason to leave the column out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kaiyuan.rulebook.width import plain
from kaiyuan.sheets.measures import Measure, read_measure

# Said in a bracket or in a heading above, these make the figures something else than the fact of a full year.
CHANGES_MEANING = re.compile(
    r"预计|预测|预算|目标|计划|规划|拟|力争|同比|环比|增长|增速|增幅|占比|比重|比例|人均|亩均|户均|月|季|半年|"
    r"排名|位次|同期|累计|平均|上限|下限|母公司|子公司|分公司|达产|剔除|budget|forecast|target|plan|growth"
)
_YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)"
_YEAR_END = re.compile(
    rf"(?:截至|截止到?)?{_YEAR}(?:年|\.|-|/)(?:12月31日|12月底|12月末|12-31|12\.31|12/31)止?"
)
_YEAR_WORD = re.compile(rf"(?:截至|截止到?)?(?:fy)?{_YEAR}(?:会计年度|年度|年末|年底|年|度)?的?", re.I)
_SHORT_YEAR = re.compile(r"(?<![\d近前满第])(\d\d)(?:年度|年末|年底|年)(?!以)")
_LAST_YEAR = re.compile(r"上一?年度?末?|去年末?|上一?会计年度|前一年度?")
_YEAR_BEFORE = re.compile(r"前年|上上年度?")
_THIS_YEAR = re.compile(r"本年度?|今年|当年|本会计年度|本期")
_BRACKET = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|\{([^{}]*)\}|<([^<>]*)>")
_NUMBERING = re.compile(
    r"^(?:\(?\d{1,2}[.,)](?:(?!\d)|(?=(?:19|20)\d\d年))|[一二三四五六七八九十]{1,3}[,.]|\([一二三四五六七八九十]{1,3}\))\s*"
)
_OF_WHICH = re.compile(r"^其中[::]?")
_MARKS = " \t\r\n*※★☆▲●■#:：;；,，.。、_-—·|/\\~"
_UNIT_TAILS = (
    "万元人民币", "百万元", "千万元", "万元", "亿元", "千元", "元", "%", "‰", "万平方米", "平方米", "平米", "亩",
    "万千瓦时", "千瓦时", "万度", "吨标准煤", "吨标煤", "万吨标准煤", "吨", "万人", "人", "项", "件", "个", "家",
)  # fmt: skip


@dataclass(frozen=True)
class HeaderText:
    """One way to read a header: a label to look up, and what was taken off it.

    `years` are those written; `relative` counts from the year of the decision (−1: 上年). `remarks` are brackets
    and headings that are no part of the label.
    """

    label: str
    years: tuple[int, ...] = ()
    relative: int | None = None
    measure: Measure | None = None
    remarks: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def meaning_changed_by(self) -> str | None:
        """Give the remark or heading that makes this another quantity, or None."""
        for remark in (*self.remarks, *self.headings):
            if CHANGES_MEANING.search(remark):
                return remark
        return None


@dataclass
class _Draft:
    """What has been taken off a text so far."""

    text: str
    years: list[int] = field(default_factory=list)
    relative: int | None = None
    measure: Measure | None = None
    remarks: list[str] = field(default_factory=list)

    def copy(self, text: str) -> _Draft:
        return _Draft(text, list(self.years), self.relative, self.measure, list(self.remarks))


def cleaned(text: str) -> str:
    """Give a header in plain width on one line, without marks (*, ※) and numbers before and after it."""
    line = " ".join(plain(text).replace("\u200b", "").split())
    line = _NUMBERING.sub("", line.strip(_MARKS))
    return line.strip(_MARKS)


def readings(parts: tuple[str, ...], *, newest_year: int) -> Iterator[HeaderText]:
    """Give the ways to read a header of one or several rows, from the most literal to the most stripped.

    `newest_year` is the year of the decision; two-digit years up to it are read as 20xx.
    """
    texts = [text for text in map(cleaned, parts) if text]
    kept = [text for position, text in enumerate(texts) if position == 0 or text != texts[position - 1]]
    for start in range(len(kept)):
        headings = _Draft("")
        left = []
        for heading in kept[:start]:
            draft = _without_year(_without_brackets(_Draft(heading), notes=True), newest_year)
            headings.years += draft.years
            headings.relative = draft.relative if headings.relative is None else headings.relative
            headings.measure = headings.measure or draft.measure or read_measure(draft.text)
            left += [draft.text, *draft.remarks]
        label = " ".join(kept[start:])
        for draft in _strippings(label, newest_year):
            yield HeaderText(
                label=draft.text,
                years=tuple(dict.fromkeys([*draft.years, *headings.years])),
                relative=draft.relative if draft.relative is not None else headings.relative,
                measure=draft.measure or headings.measure,
                remarks=tuple(draft.remarks),
                headings=tuple(text for text in left if text),
            )


def _strippings(label: str, newest_year: int) -> Iterator[_Draft]:
    whole = _Draft(label)
    yield whole
    for notes in (False, True):
        bare = _without_brackets(whole, notes=notes)
        for draft in (bare, _without_year(bare, newest_year)):
            yield draft
            tailless = _without_unit(draft)
            if tailless is not None:
                yield tailless
                yield _without_year(tailless, newest_year)
            if _OF_WHICH.match(draft.text):
                yield draft.copy(_OF_WHICH.sub("", draft.text).strip(_MARKS))


def _without_brackets(draft: _Draft, *, notes: bool) -> _Draft:
    """Take out brackets that hold a unit or a year; with `notes` the others too."""
    result = draft.copy(draft.text)
    remaining = draft.text
    while match := _BRACKET.search(remaining):
        content = next(group for group in match.groups() if group is not None)
        taken = _take(result, content)
        if not taken and notes:
            result.remarks.append(content.strip())
            taken = True
        # A bracket that stays is hidden from the next search and shown again at the end.
        filling = "" if taken else match[0].translate(_HIDE)
        remaining = remaining[: match.start()] + filling + remaining[match.end() :]
    result.text = remaining.translate(_SHOW).strip(_MARKS)
    return result


_OPEN = "()[]【】{}<>"
_HIDE = {ord(sign): 0xE000 + number for number, sign in enumerate(_OPEN)}
_SHOW = {0xE000 + number: sign for number, sign in enumerate(_OPEN)}


def _take(draft: _Draft, content: str) -> bool:
    """Take units and years out of a bracket; tell whether it was nothing else."""
    if re.search(rf"{_YEAR}\s*年?(?:度)?\s*[-~至—到,、及和]\s*{_YEAR}", content):
        return False
    words = [word for word in re.split(r"[,;:\s、/]+", content.removeprefix("单位").strip(" :")) if word]
    if "/" in content and len(words) > 1 and all(map(read_measure, words)):
        return False  # 元/平方米 is one unit, not two
    measure = read_measure(content) or (read_measure(words[0]) if len(words) == 1 else None)
    if measure is not None:
        draft.measure = draft.measure or measure
        return True
    rest = []
    for word in words:
        if word in ("单位", "人民币"):
            continue
        if (measure := read_measure(word)) is not None:
            draft.measure = draft.measure or measure
        elif year := (_YEAR_END.fullmatch(word) or _YEAR_WORD.fullmatch(word)):
            draft.years.append(int(year[1]))
        else:
            rest.append(word)
    if rest:
        draft.remarks.append(" ".join(rest))
    return True if words and len(rest) < len(words) else not words


def _without_year(draft: _Draft, newest_year: int) -> _Draft:
    result = draft.copy(draft.text)
    text = result.text
    for pattern in (_YEAR_END, _YEAR_WORD):
        result.years += [int(year) for year in pattern.findall(text)]
        text = pattern.sub(" ", text)
    if not result.years:
        short = [2000 + int(year) for year in _SHORT_YEAR.findall(text)]
        if short and all(newest_year - 10 <= year <= newest_year for year in short):
            result.years += short
            text = _SHORT_YEAR.sub(" ", text)
    if not result.years:
        for pattern, relative in ((_YEAR_BEFORE, -2), (_LAST_YEAR, -1), (_THIS_YEAR, 0)):
            if pattern.search(text):
                result.relative = relative
                text = pattern.sub(" ", text, count=1)
                break
    result.text = " ".join(text.split()).strip(_MARKS)
    return result


def _without_unit(draft: _Draft) -> _Draft | None:
    if draft.measure is None:
        for tail in _UNIT_TAILS:
            if draft.text.endswith(tail) and len(draft.text) > len(tail):
                result = draft.copy(draft.text.removesuffix(tail).strip(_MARKS))
                result.measure = read_measure(tail)
                return result
    return None
