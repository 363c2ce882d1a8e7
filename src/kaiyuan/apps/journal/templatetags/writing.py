"""The hidden field that lets a form act once, however often it is sent."""

from __future__ import annotations

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """Give the hidden field with a fresh idempotency key; stands in every form that posts, beside the token."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4())
