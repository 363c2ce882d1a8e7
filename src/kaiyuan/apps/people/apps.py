"""The app as Django knows it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Name the app; it has no tables of its own, its acts change those of zones."""

    name = "kaiyuan.apps.people"
    label = "people"
