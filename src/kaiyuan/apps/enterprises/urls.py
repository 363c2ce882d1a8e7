"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from kaiyuan.apps.enterprises.pages import entitlement, files, lists, rules, runs

app_name = "enterprises"
urlpatterns = [
    path("enterprises/", lists.enterprises, name="list"),
    path("enterprises/export.xlsx", lists.export, name="export"),
    path("enterprises/<str:code>/", files.file, name="file"),
    path("enterprises/<str:code>/note/", files.note, name="note"),
    path("enterprises/<str:code>/timeline/", files.timeline, name="timeline"),
    path("enterprises/<str:code>/facts/<str:name>/", files.fact, name="fact"),
    path("enterprises/<str:code>/entitlements/", entitlement.entitlements, name="entitlements"),
    path("enterprises/<str:code>/entitlements/<str:assessment>/", entitlement.reasons, name="reasons"),
    path("my/", entitlement.mine, name="mine"),
    path("my/file/", files.my_file, name="my_file"),
    path("search/", lists.search, name="search"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:name>/", rules.rule, name="rule"),
    path("runs/", runs.runs, name="runs"),
]
