"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

from kaiyuan.site import pages
from kaiyuan.site.api import api
from kaiyuan.site.back_office import back_office

site_addresses = [
    path("", pages.home, name="home"),
    path("me/display", pages.display, name="display"),
    path("dev/components/", pages.components, name="components"),
    path("healthz", pages.health, name="health"),
    path("readyz", pages.ready, name="ready"),
    path("api/v1/docs/", pages.api_docs, name="api_docs"),
]
urlpatterns = [
    path("", include((site_addresses, "site"))),
    path("", include("kaiyuan.apps.zones.urls")),
    path("", include("kaiyuan.apps.journal.urls")),
    path("", include("kaiyuan.apps.people.urls")),
    path("", include("kaiyuan.apps.facts.urls")),
    path("", include("kaiyuan.apps.enterprises.urls")),
    path("", include("kaiyuan.apps.intake.urls")),
    path("api/v1/", api.urls),
    path("accounts/", include("kaiyuan.apps.zones.account_urls")),
    path("admin/", back_office().urls),
]
handler403 = "kaiyuan.site.pages.not_found"
handler404 = "kaiyuan.site.pages.not_found"
handler500 = "kaiyuan.site.pages.broken"
