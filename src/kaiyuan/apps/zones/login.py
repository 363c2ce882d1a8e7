"""How people come in: nobody signs up by themselves, and a login from outside must belong to somebody known."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that nobody signs up by themselves."""
        return False


class OutsideAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Logins by single sign-on."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Tell that a login from outside makes no account."""
        return False
