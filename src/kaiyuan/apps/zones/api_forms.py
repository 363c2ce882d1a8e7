"""What a page asks of its form an endpoint asks of its body: the same fields, the same words."""

from __future__ import annotations

from typing import Any

from django.forms import Form

from kaiyuan.errors import KaiyuanError


class Unfit(KaiyuanError):
    """A body that the form does not take; `findings` are pairs of a field and what is wrong, in the caller's language."""

    def __init__(self, findings: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {words}" for name, words in findings))
        self.findings = findings


def cleaned(form: Form) -> dict[str, Any]:
    """Give what a form makes of its data; raises Unfit with every field that is wrong."""
    if not form.is_valid():
        raise Unfit([(name, str(words)) for name, found in form.errors.items() for words in found])
    return form.cleaned_data
