"""Words of forms and messages in both languages, chosen when they are shown."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import get_language


def _chosen(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh


words = lazy(_chosen, str)
"""`words("姓名", "Name")`: a text that is Chinese or English when it is shown, for labels made at import."""
