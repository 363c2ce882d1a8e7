"""Texts in both languages, as the API writes them."""

from __future__ import annotations

from ninja import Schema

from kaiyuan.rulebook.model import Words


class Text(Schema):
    """A text in both languages."""

    zh: str
    en: str


def text_of(words: Words) -> Text:
    """Write a pair of words; one that is missing is the other."""
    return Text(zh=words.get("zh"), en=words.get("en"))
