"""Bring the forms a Chinese keyboard produces to the plain ones.

Full-width brackets, digits and operators parse silently as aliases or column names in SQL, so they are made
plain before anything is parsed. Characters that cannot be seen are refused, never dropped.
"""

from __future__ import annotations

import unicodedata

# Signs that stand for an operator word or sign of the expression language.
_SIGNS = {
    "≥": ">=",
    "≧": ">=",
    "≤": "<=",
    "≦": "<=",
    "≠": "<>",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "，": ",",
    "、": ",",
    "‘": "'",
    "’": "'",
}


# Letters and signs that print as nothing, though Unicode does not call them control characters.
_BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")


def plain(text: str) -> str:
    """Give `text` with full-width Latin letters, digits, brackets and operators in their plain form.

    Chinese characters stay as they are. The length may change (≥ becomes >=).
    """
    if text.isascii():
        return text
    return "".join(_plain_character(character) for character in text)


def label_key(text: str) -> str:
    """Give the form under which labels are compared: plain width, no spaces, lower case, half-width brackets."""
    return "".join(plain(text).split()).lower()


def invisible_position(text: str) -> int | None:
    """Give the 1-based position of the first character that cannot be seen, or None.

    Control, format (zero-width, bidirectional), surrogate, private and unassigned characters count; plain
    space, tab and line feed do not. Letters that print as nothing count as well.
    """
    if text.isascii() and text.isprintable():
        return None
    for position, character in enumerate(text, start=1):
        if character in " \t\n\r\u3000":
            continue
        category = unicodedata.category(character)
        if category[0] == "C" or category in ("Zl", "Zp") or character in _BLANK:
            return position
    return None


def _plain_character(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    code = ord(character)
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    if character in ("\u3000", "\u00a0"):
        return " "
    return character
