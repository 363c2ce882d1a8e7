"""Words of facts in the reader's language, as the zone's dictionary has them."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from kaiyuan.apps.facts.rules import dictionary_of

register = template.Library()


@register.simple_tag(takes_context=True)
def category(context: template.Context, fact: str, word: str) -> str:
    """Write a word of a category fact in the reader's language; one the dictionary does not have stays as it is."""
    if not (get_language() or "").startswith("en"):
        return word
    definition = dictionary_of(context["person"].zone_id).get(fact)
    for value in definition.values if definition is not None else ():
        if value.zh == word:
            return value.en
    return word
