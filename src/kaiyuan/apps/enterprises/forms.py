"""Forms of the enterprise file: the note, and the correction of a fact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from kaiyuan.apps.enterprises.actions.noting import LONGEST_NOTE
from kaiyuan.apps.facts.storing import Value
from kaiyuan.apps.zones.wording import words
from kaiyuan.reports.units import unit_words
from kaiyuan.rulebook import FactDefinition
from kaiyuan.rulebook.units import unit

LONGEST_REASON = 150
_NEEDED = {"required": words("请填写。", "Fill this in.")}
_NUMBER = {
    "required": words("请填写数值，或勾选“未知”。", "Fill in a figure, or tick “unknown”."),
    "invalid": words("写成数字，例如 586.4。", "Write a number, such as 586.4."),
    "max_digits": words("数字太长。", "The number is too long."),
    "max_whole_digits": words("数字太大。", "The number is too large."),
    "max_decimal_places": words("小数位太多。", "There are too many decimals."),
}
_QUALIFIERS = (
    ("", words("准确", "exact")),
    ("约", words("约", "about")),
    ("超", words("超", "over")),
    ("近", words("近", "nearly")),
    ("预计", words("预计", "expected")),
    ("力争", words("力争", "aimed at")),
)


class NoteForm(forms.Form):
    """What officers write on an enterprise."""

    note = forms.CharField(
        label=words("备注", "Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=words(
            "最多 500 字；不写保密数据和个人信息", "At most 500 signs; no confidential or personal data"
        ),
        error_messages={"max_length": words("最多 500 字。", "At most 500 signs.")},
    )


class CorrectionForm(forms.Form):
    """What a fact really is, for which year, and how one knows."""

    year = forms.TypedChoiceField(label=words("年度", "Year"), coerce=int, error_messages=_NEEDED)
    unknown = forms.BooleanField(
        label=words("未知：撤下原来的数，不填新数", "Unknown: take the old value back, give no new one"),
        required=False,
    )
    qualifier = forms.ChoiceField(label=words("准确程度", "How exact"), choices=_QUALIFIERS, required=False)
    reason = forms.CharField(
        label=words("依据", "How one knows"),
        max_length=LONGEST_REASON,
        help_text=words(
            "写明依据的材料，例如“2025 年审计报告”", "Name the document, such as “audit report 2025”"
        ),
        error_messages={
            "required": words("更正要写明依据。", "A correction needs its grounds."),
            "max_length": words("最多 150 字。", "At most 150 signs."),
        },
    )

    # The browser must not ask for a value that is ticked to be unknown.
    use_required_attribute = False

    def __init__(self, *args: Any, definition: FactDefinition, years: range, **more: Any) -> None:
        super().__init__(*args, **more)
        self.definition = definition
        self.fields["value"] = _value_field(definition)
        if definition.period == "year":
            self.fields["year"].choices = [(year, str(year)) for year in reversed(years)]  # type: ignore[attr-defined]
        else:
            del self.fields["year"]
        self.order_fields(["year", "value", "unknown", "qualifier", "reason"])

    def clean(self) -> dict[str, Any]:
        """Ask for a value or for the word that it is unknown, not for both."""
        cleaned = super().clean() or {}
        given = cleaned.get("value")
        if cleaned.get("unknown"):
            self.errors.pop("value", None)
            if given not in (None, ""):
                self.add_error(
                    "unknown",
                    words("已填数值，不能同时勾选未知。", "There is a value; it cannot be unknown too."),
                )
        elif given in (None, "") and "value" not in self.errors:
            self.add_error("value", words("请填写，或勾选“未知”。", "Fill this in, or tick “unknown”."))
        return cleaned

    def stored(self) -> Value:
        """Give the value as facts are stored: money in fen, shares as fractions of one, None for unknown."""
        value = self.cleaned_data.get("value")
        if self.cleaned_data.get("unknown") or value in (None, ""):
            return None
        match self.definition.type:
            case "money":
                factor = unit(self.definition.unit or "元").factor
                return int(Decimal(value) * 100 * int(factor))
            case "ratio":
                return float(Decimal(value) / 100)
            case "number":
                return float(value)
            case "integer":
                return int(value)
            case "boolean":
                return bool(value == "yes")
        return value if isinstance(value, date) else str(value)


def _value_field(definition: FactDefinition) -> forms.Field:
    label = words("更正为", "Correct to")
    hint: Any = ""
    match definition.type:
        case "money":
            places = {"元": 2, "万元": 6, "亿元": 10}.get(definition.unit or "元", 2)
            hint = words(
                f"单位 {definition.unit or '元'}", f"In {unit_words(definition.unit or '元', lang='en')}"
            )
            return _decimal(label, hint, digits=15 + places, places=places)
        case "ratio":
            return _decimal(label, words("百分数，例如 12.5", "Per cent, such as 12.5"), digits=12, places=6)
        case "number":
            hint = (
                words(f"单位 {definition.unit}", f"In {unit_words(definition.unit, lang='en')}")
                if definition.unit
                else ""
            )
            return _decimal(label, hint, digits=18, places=6)
        case "integer":
            hint = (
                words(f"整数，单位 {definition.unit}", f"Whole, in {unit_words(definition.unit, lang='en')}")
                if definition.unit
                else ""
            )
            return forms.IntegerField(label=label, help_text=hint, error_messages=_NUMBER, max_value=10**12)
        case "boolean":
            yes_or_no = [("", "—"), ("yes", words("是", "yes")), ("no", words("否", "no"))]
            return forms.ChoiceField(label=label, choices=yes_or_no)
        case "category":
            listed = [("", "—"), *((value.zh, words(value.zh, value.en)) for value in definition.values)]
            return forms.ChoiceField(label=label, choices=listed)
        case "date":
            return forms.DateField(
                label=label,
                input_formats=["%Y-%m-%d"],
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                error_messages={"invalid": words("日期写成 2026-11-20。", "Write it as 2026-11-20.")},
            )
    return forms.CharField(label=label, max_length=500)


def _decimal(label: Any, hint: Any, *, digits: int, places: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        max_digits=digits,
        decimal_places=places,
        error_messages=_NUMBER,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
