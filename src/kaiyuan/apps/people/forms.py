"""Forms of members and keys."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from kaiyuan.apps.people import queries
from kaiyuan.apps.zones.models import Department
from kaiyuan.apps.zones.rights import Person
from kaiyuan.apps.zones.wording import words
from kaiyuan.calculators.credit_code import check_credit_code

ROLES = (
    ("", words("请选择", "Choose")),
    ("agent", words("企业专员", "Enterprise agent")),
    ("officer", words("业务人员", "Officer")),
    ("supervisor", words("分管领导", "Supervisor")),
    ("policy_editor", words("政策编辑", "Policy editor")),
    ("auditor", words("审计人员", "Auditor")),
    ("administrator", words("管理员", "Administrator")),
)
_NEEDED = {"required": words("请填写。", "Fill this in.")}
_DATE = {
    "required": words("请填写日期。", "Fill in a date."),
    "invalid": words("日期写成 2026-11-20。", "Write it as 2026-11-20."),
}


class DayField(forms.DateField):
    """A day, written 2026-11-20, with the browser's own calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **more: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], error_messages=_DATE, **more)


class DepartmentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A department of the zone, by its name in the reader's language."""

    def label_from_instance(self, obj: Department) -> str:
        """Give the department's name."""
        return str(words(obj.name_zh, obj.name_en))


class PlaceForm(forms.Form):
    """A role, where, and since when."""

    role = forms.ChoiceField(label=words("角色", "Role"), choices=ROLES, error_messages=_NEEDED)
    department = DepartmentField(
        Department.objects.none(),
        label=words("部门", "Department"),
        required=False,
        empty_label="—",
        help_text=words("业务人员必填", "An officer needs one"),
    )
    subject = forms.CharField(
        label=words("企业的统一社会信用代码", "Credit code of the enterprise"),
        required=False,
        max_length=18,
        help_text=words("企业专员必填", "An agent needs one"),
    )
    starts_on = DayField(label=words("从哪天起", "Since"))
    ends_on = DayField(
        label=words("最后一天", "Last day"),
        required=False,
        help_text=words("不写就是没有期限", "Empty: no end"),
    )

    def __init__(self, *args: Any, by: Person, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": on})
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = queries.departments(by=by)

    def clean_subject(self) -> str:
        """Check the credit code with its check digit."""
        if not self.cleaned_data["subject"]:
            return ""
        code = check_credit_code(self.cleaned_data["subject"])
        if not code.valid:
            raise forms.ValidationError(
                words("信用代码不对，请核对。", "This is no credit code; check it."), code="credit_code"
            )
        return code.text

    def clean(self) -> dict[str, Any]:
        """Check that the last day does not come before the first."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", words("早于开始的那天。", "This is before the first day."))
        return cleaned


class InviteForm(PlaceForm):
    """A new member: who, and in which place."""

    name = forms.CharField(
        label=words("用户名", "User name"),
        max_length=40,
        error_messages=_NEEDED,
        validators=[
            RegexValidator(
                r"\A[a-z0-9][a-z0-9-]*\Z",
                words("只用小写字母、数字和短横线。", "Use small letters, digits and hyphens only."),
            )
        ],
    )
    full_name = forms.CharField(label=words("姓名", "Name"), max_length=80, error_messages=_NEEDED)
    sign_on = forms.CharField(
        label=words("统一认证编号", "Single sign-on id"),
        max_length=150,
        required=False,
        help_text=words("认证方给这个人的编号（sub）", "What the issuer calls this person (sub)"),
    )
    field_order = ("name", "full_name", "role", "department", "subject", "starts_on", "ends_on", "sign_on")

    def __init__(self, *args: Any, by: Person, on: date, sign_on: bool, **kwargs: Any) -> None:
        super().__init__(*args, by=by, on=on, **kwargs)
        self.fields["name"].help_text = words(
            f"登录时写成 {by.zone_code}.用户名", f"To log in they write {by.zone_code}.name"
        )
        if not sign_on:
            del self.fields["sign_on"]


class EndForm(forms.Form):
    """The last day of a place, and why."""

    last_day = DayField(label=words("最后一天", "Last day"))
    reason = forms.CharField(
        label=words("原因", "Reason"),
        max_length=200,
        error_messages=_NEEDED,
        help_text=words("记入日志，永远保留", "It goes into the journal and stays there"),
    )
    at_once = forms.BooleanField(
        label=words("立即停用，不等这一天结束", "At once, do not wait for the day to end"), required=False
    )


class KeyForm(forms.Form):
    """A new key: its name, what it may do, how long."""

    name = forms.CharField(
        label=words("名称", "Name"),
        max_length=80,
        error_messages=_NEEDED,
        help_text=words("写明给哪个系统用", "Say which system it is for"),
    )
    scopes = forms.MultipleChoiceField(
        label=words("可以做什么", "What it may do"),
        choices=(("read", words("读取", "Read")), ("write", words("写入", "Write"))),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": words("至少选一项。", "Choose at least one.")},
    )
    days = forms.TypedChoiceField(
        label=words("有效期", "Good for"),
        coerce=int,
        choices=(
            (30, words("30 天", "30 days")),
            (90, words("90 天", "90 days")),
            (365, words("365 天", "365 days")),
        ),
    )
