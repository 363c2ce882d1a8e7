"""The app as Django knows it."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Name the app, its folder and the kind of its keys."""

    name = "kaiyuan.apps.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
