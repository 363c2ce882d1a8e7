"""Addresses of the app."""

from __future__ import annotations

from django.urls import path

from kaiyuan.apps.journal import pages, subscription_pages

app_name = "journal"
_ONE = "journal/subscriptions/<int:subscription_id>"
urlpatterns = [
    path("journal/", pages.events, name="events"),
    path("journal/<int:sequence>/", pages.event, name="event"),
    path("journal/<int:sequence>/proof.json", pages.proof, name="proof"),
    path("journal/verify/", pages.verify, name="verify"),
    path("journal/checkpoints/", pages.checkpoints, name="checkpoints"),
    path("journal/checkpoints/<int:size>.txt", pages.note, name="note"),
    path("journal/subscriptions/", subscription_pages.subscriptions, name="subscriptions"),
    path("journal/subscriptions/new/", subscription_pages.new, name="new_subscription"),
    path(f"{_ONE}/", subscription_pages.subscription, name="subscription"),
    path(f"{_ONE}/end", subscription_pages.end, name="end_subscription"),
    path(f"{_ONE}/retry", subscription_pages.retry, name="retry_deliveries"),
]
