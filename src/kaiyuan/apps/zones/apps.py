"""The app as Django knows it."""

from django.apps import AppConfig


class ZonesConfig(AppConfig):
    """Name the app, its folder and the kind of its keys."""

    name = "kaiyuan.apps.zones"
    label = "zones"
    default_auto_field = "django.db.models.BigAutoField"
