"""How people come in: nobody signs up by themselves, and a login from outside must belong to somebody known."""

from __future__ import annotations

import json
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest

from kaiyuan.apps.zones.wording import words

_log = structlog.get_logger("kaiyuan.login")

_LABELS = {
    "login": words("用户名", "User name"),
    "password": words("口令", "Password"),
    "oldpassword": words("现在的口令", "Present password"),
    "password1": words("新口令", "New password"),
    "password2": words("再写一遍新口令", "New password once more"),
    "code": words("验证码", "Code"),
    "name": words("名称", "Name"),
    "passwordless": words("可单独用它登录（无需口令）", "May be used alone to log in, without a password"),
}
_SAID = {
    "account/messages/password_changed.txt": words("口令已更改。", "The password has been changed."),
    "account/messages/password_set.txt": words("口令已设置。", "The password has been set."),
    "mfa/messages/totp_activated.txt": words("验证器已启用。", "The authenticator app is in use."),
    "mfa/messages/totp_deactivated.txt": words(
        "验证器已停用。", "The authenticator app is no longer in use."
    ),
    "mfa/messages/recovery_codes_generated.txt": words(
        "新的恢复码已生成。", "New recovery codes have been made."
    ),
    "mfa/messages/webauthn_added.txt": words("通行密钥已添加。", "The passkey has been added."),
    "mfa/messages/webauthn_removed.txt": words("通行密钥已移除。", "The passkey has been removed."),
    "usersessions/messages/sessions_logged_out.txt": words(
        "其他设备上的登录都已退出。", "You are logged out on all other devices."
    ),
    "socialaccount/messages/account_connected.txt": words(
        "统一认证账号已关联。", "The single sign-on account has been linked."
    ),
    "socialaccount/messages/account_connected_updated.txt": words(
        "统一认证账号已关联。", "The single sign-on account has been linked."
    ),
    "socialaccount/messages/account_connected_other.txt": words(
        "这个统一认证账号不能关联到这里。", "This single sign-on account cannot be linked here."
    ),
    "socialaccount/messages/account_disconnected.txt": words(
        "统一认证账号已取消关联。", "The single sign-on account is no longer linked."
    ),
}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator; what is said is said in both languages."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": words("现在的口令不对。", "This is not the present password."),
        "incorrect_code": words("验证码不对，或已过期。", "The code is wrong or too old."),
        "incorrect_password": words("口令不对。", "The password is wrong."),
        "invalid_login": words("用户名或口令不对。", "The user name or the password is wrong."),
        "invalid_password_reset": words("链接不对，或已用过。", "The link is wrong or has been used."),
        "rate_limited": words("试得太频繁，请稍后再试。", "Too many tries. Wait a little."),
        "too_many_login_attempts": words(
            "登录失败次数太多，请几分钟后再试。", "Too many failed logins. Try again in a few minutes."
        ),
        "username_password_mismatch": words("用户名或口令不对。", "The user name or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that nobody signs up by themselves."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what was done in the reader's language; what is not in the table goes without saying."""
        said = message or _SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Put a failed login into the log, without the name that was tried: it may be a password typed too early."""
        _log.warning("login failed", address=self.get_client_ip(request))


class OutsideAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Logins by single sign-on."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Tell that a login from outside makes no account."""
        return False


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: codes by time, passkeys, recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": words("不能停用这个验证方式。", "This factor cannot be removed."),
        "cannot_generate_recovery_codes": words(
            "先启用验证器或通行密钥，再生成恢复码。", "First use an authenticator app or a passkey."
        ),
        "incorrect_code": words("验证码不对，或已过期。", "The code is wrong or too old."),
    }


class _Shallow(json.JSONDecoder):
    """JSON that a browser would write: what is nested without end is no JSON, not a fault of ours."""

    def decode(self, s: str, *args: Any) -> Any:
        try:
            return super().decode(s, *args)
        except RecursionError:
            raise json.JSONDecodeError("nested too deep", s[:80], 0) from None


class _OurWords:
    """Labels in the reader's language; no placeholder says again what the label says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            if name in _LABELS:
                field.label = _LABELS[name]
                field.widget.attrs.pop("placeholder", None)
            if name in {"password", "oldpassword", "passwordless"}:
                field.help_text = ""
        if "credential" in self.fields:  # type: ignore[attr-defined]
            self.fields["credential"].decoder = _Shallow  # type: ignore[attr-defined]
        if "password2" in self.fields:  # type: ignore[attr-defined]
            self.fields["password2"].help_text = ""  # type: ignore[attr-defined]


class Login(_OurWords, LoginForm):  # type: ignore[misc]
    """User name and password."""


class ChangePassword(_OurWords, ChangePasswordForm):  # type: ignore[misc]
    """The present password and a new one, twice."""


class SetPassword(_OurWords, SetPasswordForm):  # type: ignore[misc]
    """A first password, twice."""


class SetPasswordByLink(_OurWords, ResetPasswordKeyForm):  # type: ignore[misc]
    """A password set by the link that an administrator made, twice."""


class Reauthenticate(_OurWords, ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something grave."""


class AuthenticateByCode(_OurWords, AuthenticateForm):  # type: ignore[misc]
    """A code of the authenticator app, or a recovery code."""


class ReauthenticateByCode(_OurWords, ReauthenticateByCodeForm):  # type: ignore[misc]
    """A code once more, before something grave."""


class ActivateApp(_OurWords, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""


class AddPasskey(_OurWords, AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and what it is called."""


class LoginByPasskey(_OurWords, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of name and password."""


class AuthenticateByPasskey(_OurWords, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as second factor."""


class ReauthenticateByPasskey(_OurWords, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more, before something grave."""


class EditPasskey(_OurWords, EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""
