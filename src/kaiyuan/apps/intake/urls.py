"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from kaiyuan.apps.intake import pages

app_name = "intake"
urlpatterns = [
    path("imports/", pages.imports, name="imports"),
    path("imports/new/", pages.new, name="new"),
    path("imports/template.xlsx", pages.template, name="template"),
    path("imports/<int:number>/", pages.one, name="import"),
    path("imports/<int:number>/columns/", pages.columns, name="columns"),
    path("imports/<int:number>/start/", pages.start, name="start"),
    path("imports/<int:number>/progress/", pages.progress, name="progress"),
    path("imports/<int:number>/undo/", pages.undo, name="undo"),
    path("imports/<int:number>/rejects.csv", pages.rejects, name="rejects"),
]
