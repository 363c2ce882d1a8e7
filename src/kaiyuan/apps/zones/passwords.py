"""The rule on passwords that GB/T 22239-2019 level 3 asks for, behind the setting KAIYUAN_PASSWORDS=mlps3."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from kaiyuan.apps.zones.wording import words

_ASKED = words(
    "口令须含大写字母、小写字母、数字和符号中的至少三种。",
    "The password needs three of: capital letters, small letters, digits, signs.",
)


class FourKinds:
    """At least three of the four kinds of characters."""

    def validate(self, password: str, user: object = None) -> None:
        """Refuse a password with fewer than three kinds; raises ValidationError."""
        kinds = {
            "upper"
            if sign.isupper()
            else "lower"
            if sign.islower()
            else "digit"
            if sign.isdigit()
            else "sign"
            for sign in password
        }
        if len(kinds) < 3:
            raise ValidationError(_ASKED, code="password_too_plain")

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return str(_ASKED)
