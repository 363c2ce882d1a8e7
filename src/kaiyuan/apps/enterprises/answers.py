"""The five answers: yes, perhaps (to be verified), one condition short, unknown, no. Never a bare no."""

from __future__ import annotations

from dataclasses import dataclass

from kaiyuan.sheets.wording import Wording


@dataclass(frozen=True)
class Answer:
    """One of the five answers: its letter in a decision, icon, tone and words."""

    name: str
    letter: str
    icon: str
    tone: str
    words: Wording
    long: Wording

    @property
    def zh(self) -> str:
        """Give the word in Chinese."""
        return self.words.zh

    @property
    def en(self) -> str:
        """Give the word in English."""
        return self.words.en


YES = Answer("yes", "y", "ok", "ok", Wording("符合", "Yes"), Wording("符合", "Entitled"))
MAYBE = Answer(
    "maybe",
    "m",
    "maybe",
    "info",
    Wording("可能符合", "Maybe"),
    Wording("可能符合（待核实）", "Maybe, to be checked"),
)
NEAR = Answer(
    "near", "n", "near", "warn", Wording("差一条", "One short"), Wording("差一条", "One condition short")
)
UNKNOWN = Answer(
    "unknown",
    "u",
    "unknown",
    "ask",
    Wording("信息不足", "Unknown"),
    Wording("信息不足", "Facts are missing"),
)
NO = Answer("no", "x", "no", "", Wording("暂不符合", "Not now"), Wording("暂不符合", "Not now"))

ANSWERS = (YES, MAYBE, NEAR, UNKNOWN, NO)
"""In the order in which people want to read them."""

BY_NAME = {answer.name: answer for answer in ANSWERS}
BY_LETTER = {answer.letter: answer for answer in ANSWERS}
