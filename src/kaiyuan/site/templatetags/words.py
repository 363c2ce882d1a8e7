"""Words in both languages, side by side where they are used, so that none can be missing."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.functional import lazy
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


def language() -> str:
    """Give the reader's language: `zh` or `en`."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def _spoken(zh: str, en: str) -> str:
    return en if language() == "en" else zh


_lazy = lazy(_spoken, str)


def both(zh: str, en: str) -> Any:
    """Give words that become the reader's language when they are shown: labels and messages of forms of the site."""
    return _lazy(zh, en)


@register.simple_tag
def t(zh: str, en: str, **values: Any) -> SafeString:
    """Give the words in the reader's language; `{name}` in them is filled from the keywords, escaped."""
    words = en if language() == "en" else zh
    return format_html(words, **values) if values else conditional_escape(words)


@register.simple_tag
def named(thing: Any, field: str = "name") -> str:
    """Give `thing.<field>_zh` or `thing.<field>_en`, or `thing.zh` / `thing.en` of a pair of words, kept or not."""
    lang = language()
    for name in (f"{field}_{lang}", lang):
        if isinstance(thing, dict) and name in thing:
            return str(thing[name])
        if hasattr(thing, name):
            return str(getattr(thing, name))
    return str(thing)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; it is decoration, words stand beside it."""
    return format_html('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>', name)
