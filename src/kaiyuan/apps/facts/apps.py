"""The app as Django knows it."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """Name the app, its folder and the kind of its keys."""

    name = "kaiyuan.apps.facts"
    label = "facts"
    default_auto_field = "django.db.models.BigAutoField"
