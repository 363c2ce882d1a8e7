"""Made-up content of the page of components: every part in its states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.template.loader import render_to_string

from kaiyuan.site.templatetags.words import both


@dataclass(frozen=True)
class Step:
    """A step of a procedure, with what is said below it."""

    zh: str
    en: str
    sub_zh: str = ""
    sub_en: str = ""


@dataclass(frozen=True)
class Year:
    """A fact in one year."""

    year: int
    value: float | None
    text: str


@dataclass(frozen=True)
class Part:
    """A part of a whole."""

    value: int
    shade: str
    zh: str
    en: str


@dataclass(frozen=True)
class Count:
    """How many answers of one kind, and a line below."""

    count: int
    sub: Any


class SampleForm(forms.Form):
    """A form that shows its fields in every state."""

    name = forms.CharField(
        label=both("收款户名", "Account name"), help_text=both("须与营业执照名称一致", "As on the licence")
    )
    account = forms.RegexField(
        r"^[0-9 ]{16,23}$",
        label=both("收款账号", "Account number"),
        help_text=both("16 至 19 位数字，可带空格", "16 to 19 digits, spaces allowed"),
        error_messages={
            "invalid": both(
                "位数不对，应为 16 至 19 位", "The number of digits is wrong: 16 to 19 are needed"
            )
        },
    )
    day = forms.DateField(
        label=both("起始日", "First day"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    choice = forms.ChoiceField(
        label=both("意愿", "Your wish"),
        widget=forms.RadioSelect,
        choices=(
            ("yes", both("愿意享受，按上面的账户收款", "Yes, pay to the account above")),
            ("no", both("放弃这一项，今年不再提醒", "No, and do not remind me this year")),
        ),
    )
    industry = forms.ChoiceField(
        label=both("行业", "Industry"),
        choices=(("a", both("工业", "Industry")), ("b", both("信息传输业", "Telecommunications"))),
    )
    kept = forms.BooleanField(label=both("记住我的选择", "Remember my choice"), required=False)


def samples() -> dict[str, Any]:
    """Give what the page of components shows."""
    data = {
        "name": both("示例精密科技有限公司", "Example Precision Ltd"),
        "account": "6222 0000 0000 01",
        "choice": "yes",
        "industry": "a",
        "day": "2026-11-20",
    }
    pages: Paginator[int] = Paginator(range(230), 20)
    page: Page[int] = pages.page(6)
    return {
        "form": SampleForm(data, auto_id="sample-%s"),
        "page": page,
        "steps": (
            Step("上传", "Upload"),
            Step("核对列", "Columns", "12 列已认出", "12 columns understood"),
            Step("预览", "Preview", "20 行", "20 rows"),
            Step("读入", "Read in"),
        ),
        "years": (
            Year(2023, 5_120.0, "5,120.00"),
            Year(2024, None, ""),
            Year(2025, 8_246.3, "8,246.30"),
        ),
        "losses": (
            Year(2023, 120.0, "120.00"),
            Year(2024, -80.0, "−80.00"),
            Year(2025, 40.0, "40.00"),
        ),
        "parts": (
            Part(86, "fo", "符合", "Entitled"),
            Part(142, "fw", "差一条", "One short"),
            Part(317, "fa", "信息不足", "Unknown"),
            Part(455, "f0", "暂不符合", "Not now"),
        ),
        "five": {
            "yes": Count(3, both("40.00 万元 + 1 项资格", "400,000 yuan and a title")),
            "maybe": Count(1, both("6.00–7.44 万元", "60,000–74,400 yuan")),
            "near": Count(2, both("最多 62.00 万元", "up to 620,000 yuan")),
            "no": Count(2, both("本年不再变化", "settled for this year")),
            "unknown": Count(1, both("补 1 项资料", "1 fact to supply")),
        },
        "codes": ("91610131MADEM0011G", "91441283TE5T00016N"),
        "icons": icon_names(),
        "fen": 109_840_000,
        "much": 12_345_678_900,
        "day": date(2026, 11, 20),
        "spark": (3.0, 5.0, None, 8.0),
    }


def icon_names() -> list[str]:
    """Give the names of the sprite's icons."""
    return re.findall(r'id="i-(\w+)"', render_to_string("parts/sprite.html"))
