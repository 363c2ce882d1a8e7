"""Addresses of the app."""

from __future__ import annotations

from django.urls import URLPattern, path

from kaiyuan.apps.people import pages

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("people/", pages.members, name="members"),
    path("people/new/", pages.invite, name="invite"),
    path("people/<int:membership_id>/", pages.member, name="member"),
    path("people/<int:membership_id>/place/", pages.give_place, name="give_place"),
    path("people/<int:membership_id>/end", pages.end, name="end"),
    path("people/<int:membership_id>/link", pages.link, name="link"),
    path("me/keys/", pages.api_keys, name="api_keys"),
    path("me/keys/<int:key_id>/revoke", pages.revoke_key, name="revoke_key"),
]
