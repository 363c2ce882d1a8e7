"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from kaiyuan.apps.journal import pages

app_name = "journal"
urlpatterns = [
    path("journal/", pages.events, name="events"),
    path("journal/<int:sequence>/", pages.event, name="event"),
    path("journal/<int:sequence>/proof.json", pages.proof, name="proof"),
    path("journal/verify/", pages.verify, name="verify"),
    path("journal/checkpoints/", pages.checkpoints, name="checkpoints"),
    path("journal/checkpoints/<int:size>.txt", pages.note, name="note"),
]
