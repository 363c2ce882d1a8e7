"""The site as Django knows it: templates, tags and static files."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Name the app."""

    name = "kaiyuan.site"
    label = "site"
