"""Made-up content of the page of components."""

from __future__ import annotations

from django import forms
from django.core.paginator import Page, Paginator


class SampleForm(forms.Form):
    """A form that shows its fields in every state."""

    name = forms.CharField(label="收款户名 Account name", help_text="须与营业执照名称一致 As on the licence")
    account = forms.RegexField(
        r"^[0-9 ]{16,23}$",
        label="收款账号 Account number",
        error_messages={"invalid": "位数不对，应为 16 至 19 位 It has 16 to 19 digits"},
    )
    choice = forms.ChoiceField(
        label="意愿 Your wish",
        widget=forms.RadioSelect,
        choices=(("yes", "愿意享受 Yes, please"), ("no", "放弃这一项 No, thank you")),
    )
    industry = forms.ChoiceField(label="行业 Industry", choices=(("", "全部 All"), ("a", "工业 Industry")))
    kept = forms.BooleanField(label="记住我的选择 Remember my choice", required=False)


def tried_form() -> SampleForm:
    """Give the form as it comes back with one field wrong."""
    data = {"name": "示例精密科技有限公司", "account": "6222 0000", "choice": "yes", "industry": "a"}
    return SampleForm(data, auto_id="sample-%s")


def page_in_the_middle() -> Page[int]:
    """Give the sixth page of 230 rows."""
    return Paginator(range(230), 20).page(6)
