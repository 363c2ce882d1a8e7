"""What a list is narrowed to, in which order, which page and columns: all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from kaiyuan.apps.enterprises.answers import BY_NAME
from kaiyuan.sheets.wording import Wording

SIZES = (20, 50, 100)
LONGEST_WORDS = 80
_LAST_PAGE = 100_000
MONEY_UNIT = Wording("（万元）", " (10,000 yuan)")


@dataclass(frozen=True)
class Column:
    """A column of the list; `field` is what it is sorted by, `numeric` stands right."""

    name: str
    words: Wording
    field: str
    numeric: bool = False
    money: bool = False

    @property
    def zh(self) -> str:
        """Give the head in Chinese."""
        return self.words.zh

    @property
    def en(self) -> str:
        """Give the head in English."""
        return self.words.en

    @property
    def head(self) -> Wording:
        """Give the head with its unit, so that the cells need none."""
        return Wording(self.zh + MONEY_UNIT.zh, self.en + MONEY_UNIT.en) if self.money else self.words


COLUMNS = (
    Column("name", Wording("企业", "Enterprise"), "name"),
    Column("industry", Wording("划型行业", "Industry"), "industry"),
    Column("status", Wording("登记状态", "Status"), "status"),
    Column("registered_on", Wording("成立日期", "Founded"), "registered_on"),
    Column("entitled", Wording("符合", "Yes"), "decided__entitled", numeric=True),
    Column("near", Wording("差一条", "One short"), "decided__near", numeric=True),
    Column("amount", Wording("测算金额", "Estimated"), "decided__amount", numeric=True, money=True),
    Column("updated_at", Wording("更新于", "Changed"), "updated_at"),
)
BY_NAME_OF_COLUMN = {column.name: column for column in COLUMNS}
USUAL = ("name", "industry", "status", "entitled", "near", "amount")
"""The columns shown until somebody chooses others; the name always is."""


@dataclass(frozen=True)
class Filters:
    """One view of the list. What an address says and cannot be is left out, so every address shows something."""

    words: str = ""
    industry: str = ""
    status: str = ""
    assessment: str = ""
    answer: str = ""
    sort: str = "name"
    down: bool = False
    page: int = 1
    size: int = SIZES[0]
    columns: tuple[str, ...] = USUAL

    @classmethod
    def of(cls, query: Mapping[str, Any], *, columns: list[str]) -> Filters:
        """Read the filters from an address; `columns` are all values of `col` in it."""
        sort = _clean(query.get("sort"))
        page, size = _whole(query.get("page")), _whole(query.get("size"))
        chosen = tuple(name for name in BY_NAME_OF_COLUMN if name in columns or name == "name")
        answer = _clean(query.get("answer"))
        return cls(
            words=_clean(query.get("q")),
            industry=_clean(query.get("industry")),
            status=_clean(query.get("status")),
            assessment=_clean(query.get("assessment")),
            answer=answer if answer in BY_NAME else "",
            sort=sort.lstrip("-") if sort.lstrip("-") in BY_NAME_OF_COLUMN else "name",
            down=sort.startswith("-"),
            page=min(max(page, 1), _LAST_PAGE),
            size=size if size in SIZES else SIZES[0],
            columns=chosen if columns else USUAL,
        )

    @property
    def narrowed(self) -> bool:
        """Tell whether anything narrows the list."""
        return bool(self.words or self.industry or self.status or self.assessment)

    def pairs(self) -> list[tuple[str, str]]:
        """Give what an address says of this view, without what it need not say."""
        named = {
            "q": self.words,
            "industry": self.industry,
            "status": self.status,
            "assessment": self.assessment,
            "answer": self.answer if self.assessment else "",
            "sort": ("-" if self.down else "") + self.sort
            if (self.sort, self.down) != ("name", False)
            else "",
            "page": str(self.page) if self.page > 1 else "",
            "size": str(self.size) if self.size != SIZES[0] else "",
        }
        pairs = [(name, value) for name, value in named.items() if value]
        if self.columns != USUAL:
            pairs += [("col", name) for name in self.columns]
        return pairs

    def address(self, **changes: Any) -> str:
        """Give the query of this view with changes, beginning with `?`; a change goes back to the first page."""
        view = replace(self, **{"page": 1, **changes})
        return "?" + urlencode(view.pairs())


def clean_words(text: object) -> str:
    """Give what somebody typed on one line without signs that cannot be seen, cut to a sensible length."""
    return _clean(text)


def _clean(text: object) -> str:
    if not isinstance(text, str):
        return ""
    # Lone surrogates and control characters are no text; a database refuses some of them.
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(seen.split())[:LONGEST_WORDS]


def _whole(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 9 else 0
