"""Addresses of the app."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from kaiyuan.apps.zones import pages

app_name = "zones"
urlpatterns: list[URLPattern] = [
    path("me/", pages.me, name="me"),
    path("me/place", pages.choose_place, name="place"),
]
if not settings.PRODUCTION:
    urlpatterns.append(path("demo/enter", pages.demo_enter, name="demo_enter"))
