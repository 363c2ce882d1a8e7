"""Links by which a member sets a new password: they work once, and for as long as PASSWORD_RESET_TIMEOUT says."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from kaiyuan.apps.zones.models import User


def password_link(user: User) -> str:
    """Make a link; it is void once a password is set or the user has logged in, and is kept nowhere."""
    there = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return f"{settings.ADDRESS}{there}"
