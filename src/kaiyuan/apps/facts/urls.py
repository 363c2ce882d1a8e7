"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from kaiyuan.apps.facts import pages

app_name = "facts"
urlpatterns = [
    path("facts/", pages.definitions, name="definitions"),
    path("facts/<str:name>/", pages.definition, name="definition"),
]
