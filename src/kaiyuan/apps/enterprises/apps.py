"""The app as Django knows it."""

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """Name the app, its folder and the kind of its keys."""

    name = "kaiyuan.apps.enterprises"
    label = "enterprises"
    default_auto_field = "django.db.models.BigAutoField"
