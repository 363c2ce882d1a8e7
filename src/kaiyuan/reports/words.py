"""One vocabulary in two languages for everything that reports say: answers, signs, headings, sentences.

Every phrase stands here once, Chinese beside English, so that a page in one language never shows the other.
"""

from __future__ import annotations

from typing import Final, Literal

from kaiyuan.reports.phrases import PHRASES
from kaiyuan.rulebook.model import Document

Lang = Literal["zh", "en"]

SIGNS: Final[dict[str, str]] = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "<>": "≠"}
OPPOSITES: Final[dict[str, str]] = {">=": "<", "<=": ">", ">": "<=", "<": ">=", "=": "<>", "<>": "="}
ANSWERS: Final[tuple[str, ...]] = ("yes", "near", "unknown", "no")


def say(lang: str, phrase: str, /, **parts: object) -> str:
    """Give a phrase in a language (`zh` or `en`) with its parts filled in."""
    text = PHRASES[phrase][0 if lang == "zh" else 1]
    return text.format(**parts) if parts else text


def answer_word(answer: str, *, lang: str) -> str:
    """Give the word for an answer (yes, near, no, unknown): 符合, 差一条, 暂不符合, 信息不足."""
    return say(lang, f"answer.{answer}")


def truth_word(value: bool, *, lang: str) -> str:
    """Give 是 or 否, yes or no."""
    return say(lang, "true" if value else "false")


def counted(lang: str, phrase: str, number: int) -> str:
    """Give a phrase with a number in it; `phrase.one` is used for 1 where the language has it."""
    key = f"{phrase}.one" if number == 1 and f"{phrase}.one" in PHRASES else phrase
    return say(lang, key, n=f"{number:,}")


def listed(lang: str, texts: list[str] | tuple[str, ...]) -> str:
    """Join texts as a list: «、» in Chinese, commas in English."""
    return ("、" if lang == "zh" else ", ").join(texts)


def cited(document: Document, clause: str, *, lang: str) -> str:
    """Give a citation: 《title》 number clause; a document keeps its own title in every language."""
    title = document.title if "《" in document.title else f"《{document.title}》"
    gap = "" if lang == "zh" else " "
    return " ".join(part for part in (f"{title}{gap}{document.number}".strip(), clause) if part)
