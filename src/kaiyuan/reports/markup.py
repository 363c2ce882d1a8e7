"""HTML built from elements: every text is escaped unless it is markup that was built here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

# Control characters are allowed in neither HTML nor XML; what cannot be shown is shown as such.
UNPRINTABLE = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}

_EMPTY = frozenset({"meta", "br", "hr", "col", "rect", "line", "path", "circle", "use"})


class Markup(str):
    """Text that is HTML already and must not be escaped again."""

    __slots__ = ()


Content: TypeAlias = "str | Markup | Iterable[Content] | None"
Attribute: TypeAlias = "str | int | bool | None"

NOTHING = Markup("")


def text_of(content: Content) -> Markup:
    """Give content as markup: strings escaped, markup as it is, lists joined, None as nothing."""
    if content is None:
        return NOTHING
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return Markup(escape(_printable(content)))
    return Markup("".join(text_of(part) for part in content))


def el(tag: str, /, *content: Content, **attributes: Attribute) -> Markup:
    """Give an element. A trailing «_» of an attribute is dropped, others become «-»; None and False leave it out."""
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}"
        + ("" if value is True else f'="{escape(_printable(str(value)))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _EMPTY:
        return (
            Markup(f"<{tag}{written}>")
            if tag in {"meta", "br", "hr", "col"}
            else Markup(f"<{tag}{written}/>")
        )
    return Markup(f"<{tag}{written}>{text_of(content)}</{tag}>")


def raw(text: str) -> Markup:
    """Take trusted markup as it is: the style sheet and the drawings of this package, never anybody's data."""
    return Markup(text)


def _printable(text: str) -> str:
    return text.translate(UNPRINTABLE)
