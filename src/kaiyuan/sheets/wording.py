"""Words for people, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One sentence in both languages."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.zh)

    def text(self, *, lang: str = "zh") -> str:
        """Give the sentence in Chinese (`zh`) or English (`en`)."""
        return self.zh if lang == "zh" else self.en

    def both(self) -> str:
        """Give both sentences on one line."""
        return f"{self.zh} / {self.en}" if self.zh else ""


def letter(position: int) -> str:
    """Give the letter a sheet program shows over the column at `position` (from 0): A, B, … Z, AA …"""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
