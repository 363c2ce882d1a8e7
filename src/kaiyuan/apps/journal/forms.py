"""Forms of the journal's pages."""

from __future__ import annotations

from typing import Any

from django import forms

from kaiyuan.apps.journal.queries import Asked
from kaiyuan.apps.journal.wording import TYPES
from kaiyuan.apps.zones.wording import words

SIZES = (50, 100, 200)
_NEEDED = {
    "required": words("请填写。", "Fill this in."),
    "max_length": words("太长。", "Too long."),
    "invalid_choice": words("请选择一项。", "Choose one."),
}
_DAY = {"invalid": words("日期写成 2026-11-20。", "Write it as 2026-11-20.")}


def _day(zh: str, en: str) -> forms.DateField:
    return forms.DateField(
        label=words(zh, en),
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages=_DAY,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def _types() -> list[tuple[str, Any]]:
    return [
        ("", words("全部", "All")),
        *((name, words(said.zh, said.en)) for name, said in sorted(TYPES.items(), key=lambda each: each[0])),
    ]


class AskedForm(forms.Form):
    """The filter of the list of events, as it stands in the address."""

    type = forms.CharField(
        label=words("事件", "Event"), required=False, max_length=60, widget=forms.Select(choices=_types())
    )
    subject = forms.CharField(
        label=words("对象（信用代码等）", "Of (credit code or kind:id)"),
        required=False,
        max_length=80,
    )
    actor = forms.CharField(label=words("谁", "Who"), required=False, max_length=120)
    since = _day("从", "From")
    until = _day("至", "To")

    def asked(self) -> Asked:
        """Give what is asked for; a field that cannot be read filters nothing and has its error beside it."""
        self.is_valid()
        given = self.cleaned_data
        return Asked(
            type=given.get("type", ""),
            subject=given.get("subject", ""),
            actor=given.get("actor", ""),
            since=given.get("since"),
            until=given.get("until"),
        )


class VerifyForm(forms.Form):
    """A checkpoint that was kept outside, if there is one."""

    note = forms.CharField(
        label=words("外存的检查点", "A checkpoint kept outside"),
        help_text=words(
            "粘贴全文，一份即可；没有也能校验，但看不出尾部被截去或整链被改写。",
            "The whole note, one is enough. Without it a cut end and a rewritten chain cannot be seen.",
        ),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )


class SubscriptionForm(forms.Form):
    """Who is to be told of what."""

    kind = forms.ChoiceField(
        label=words("怎样告知", "How"),
        choices=(
            ("webhook", words("网络地址（Webhook）", "Web address (webhook)")),
            ("mail", words("邮件", "Mail")),
        ),
        widget=forms.RadioSelect,
        initial="webhook",
        error_messages=_NEEDED,
    )
    target = forms.CharField(
        label=words("发往", "To"),
        help_text=words(
            "https:// 开头的外部地址，或一个邮箱；内部地址不发",
            "An outside address that begins with https://, or a mail address; inner addresses are refused",
        ),
        max_length=500,
        error_messages=_NEEDED,
    )
    types = forms.CharField(
        label=words("哪些事件", "Which events"),
        help_text=words(
            "事件类型，逗号分隔；enterprise.* 表示一类，* 表示全部。只发事由与摘要，不发内容与人名；检查点全文发出。",
            "Types by commas; enterprise.* for a family, * for all. What happened and its hash are told, never contents "
            "or names; a checkpoint travels whole.",
        ),
        max_length=300,
        initial="checkpoint.made",
        error_messages=_NEEDED,
    )
