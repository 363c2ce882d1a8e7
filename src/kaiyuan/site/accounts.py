"""What the settings say of logging in: our forms in place of django-allauth's, and single sign-on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

_OURS = "kaiyuan.apps.zones.login."
ACCOUNT_FORMS = {
    "login": _OURS + "Login",
    "change_password": _OURS + "ChangePassword",
    "set_password": _OURS + "SetPassword",
    "reset_password_from_key": _OURS + "SetPasswordByLink",
    "reauthenticate": _OURS + "Reauthenticate",
}
MFA_FORMS = {
    "authenticate": _OURS + "AuthenticateByCode",
    "reauthenticate": _OURS + "ReauthenticateByCode",
    "activate_totp": _OURS + "ActivateApp",
    "add_webauthn": _OURS + "AddPasskey",
    "login_webauthn": _OURS + "LoginByPasskey",
    "authenticate_webauthn": _OURS + "AuthenticateByPasskey",
    "reauthenticate_webauthn": _OURS + "ReauthenticateByPasskey",
    "edit_webauthn": _OURS + "EditPasskey",
}
SINGLE_SIGN_ON = "zone"
"""The name of the issuer in addresses and in `SocialAccount.provider`."""


def single_sign_on(*, issuer: str, client: str, secret: str, name: str) -> dict[str, Any]:
    """Give django-allauth's providers: one issuer of OpenID Connect, with PKCE; none for an empty address."""
    if not issuer:
        return {}
    app = {
        "provider_id": SINGLE_SIGN_ON,
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def origin(address: str) -> list[str]:
    """Give the scheme and host of an address in a list, for the content policy; an empty list for none."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


POLICIES = ("asvs", "mlps3")


def password_rules(policy: str) -> list[dict[str, Any]]:
    """Give Django's password validators for a policy.

    `asvs` asks for length and for nothing known to guessers, as OWASP ASVS 5.0 does, which forbids demanding kinds of
    characters; `mlps3` demands them besides, as GB/T 22239-2019 8.1.4.1 does. The two cannot both be kept.
    """
    django = "django.contrib.auth.password_validation."
    rules: list[dict[str, Any]] = [
        {"NAME": django + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
        {"NAME": django + "CommonPasswordValidator"},
        {"NAME": django + "UserAttributeSimilarityValidator"},
    ]
    return rules if policy == "asvs" else [*rules, {"NAME": "kaiyuan.apps.zones.passwords.FourKinds"}]
