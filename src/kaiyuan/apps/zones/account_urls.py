"""Addresses of logging in and of one's own safety: only what this site uses of django-allauth.

Left out on purpose: signing up, mail addresses, and resetting a password by mail. An administrator makes accounts and
links for new passwords.
"""

from __future__ import annotations

from allauth.account import views
from django.urls import URLPattern, URLResolver, include, path, re_path

from kaiyuan.apps.zones.pages import Login, sign_on, signed_on

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", Login.as_view(), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", include("allauth.socialaccount.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("oidc/<slug:provider_id>/login/", sign_on, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", signed_on, name="openid_connect_callback"),
]
