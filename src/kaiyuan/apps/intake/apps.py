"""The app as Django knows it."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Name the app, its folder and the kind of its keys."""

    name = "kaiyuan.apps.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
