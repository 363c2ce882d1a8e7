"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from kaiyuan.apps.enterprises.pages import rules

app_name = "enterprises"
urlpatterns = [
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:name>/", rules.rule, name="rule"),
]
