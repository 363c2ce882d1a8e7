"""Django's administration pages, as a window only: nothing is written here, and the table of rights decides who looks.

A row of another zone is not there, a column that opens something or is a secret is not shown, and there is no login of
its own. What can be changed is changed on the site's pages, where each act has its event in the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.journal.models import Chain, Delivery, Event, Subscription
from kaiyuan.apps.zones.access import person
from kaiyuan.apps.zones.models import ApiKey, Department, Membership, User, Zone
from kaiyuan.apps.zones.rights import may, require
from kaiyuan.apps.zones.wording import words


@dataclass(frozen=True)
class Table:
    """A table as it is shown: who may look, how its rows belong to a zone, and its columns."""

    model: type[Model]
    act: str
    zone: str
    columns: tuple[str, ...]


TABLES = (
    Table(Zone, "member.read", "pk", ("code", "name_zh", "name_en", "packs", "demo")),
    Table(Department, "member.read", "zone", ("code", "name_zh", "name_en")),
    Table(User, "member.read", "memberships__zone", ("username", "full_name", "is_active", "last_login")),
    Table(
        Membership, "member.read", "zone", ("user", "role", "department", "subject", "starts_on", "ends_on")
    ),
    Table(
        ApiKey,
        "member.read",
        "membership__zone",
        ("name", "prefix", "membership", "scopes", "created_at", "expires_at", "revoked_at"),
    ),
    Table(Chain, "journal.read", "zone", ("algorithm", "length", "head")),
    Table(
        Event,
        "journal.read",
        "chain__zone",
        ("sequence", "type", "subject", "recorded_at", "actor_label", "payload", "hash"),
    ),
    Table(Subscription, "subscription.read", "zone", ("kind", "target", "types", "created_at", "ended_at")),
    Table(
        Delivery,
        "subscription.read",
        "subscription__zone",
        ("subscription", "event", "state", "attempts", "next_at", "delivered_at"),
    ),
    Table(
        Import,
        "import.read",
        "zone",
        ("file_name", "uploaded_at", "as_of", "state", "rows_read", "rows_accepted", "rows_rejected"),
    ),
)


class Window(ModelAdmin):  # type: ignore[type-arg]
    """One table, read by those who have its act, the rows of their zone alone."""

    table: Table
    list_max_show_all = 0
    list_per_page = 50
    show_full_result_count = False
    actions = None
    list_display_links = None

    def get_urls(self) -> list[URLPattern]:
        """Give the list: it shows whole rows, and no address here writes."""
        app, name = self.opts.app_label, self.opts.model_name
        guard = self.admin_site.admin_view
        return [
            path("", guard(self.changelist_view), name=f"{app}_{name}_changelist"),
        ]

    @method_decorator(require_safe)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the rows."""
        require(person(request), self.table.act)
        return super().changelist_view(request, extra_context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Give the rows of the person's zone."""
        return super().get_queryset(request).filter(**{self.table.zone: person(request).zone_id}).distinct()

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Tell whether the table is shown in the list of tables."""
        return may(person(request), self.table.act)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the person has the table's act."""
        return may(person(request), self.table.act)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tell that nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell that nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell that nothing is deleted here."""
        return False


class BackOffice(AdminSite):
    """The window as a whole."""

    site_header = site_title = words("后台（只读）", "Back office (read only)")
    index_title = words("数据表", "Tables")
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Give the first page and the tables; logging in, passwords and the rest are elsewhere."""
        found: list[URLPattern | URLResolver] = [
            path("", self.admin_view(require_safe(self.index)), name="index"),
            path("<slug:app_label>/", self.admin_view(require_safe(self.app_index)), name="app_list"),
        ]
        for model, window in self._registry.items():
            opts = model._meta
            found += [
                path(f"{opts.app_label}/{opts.model_name}/{each.pattern}", each.callback, name=each.name)
                for each in window.get_urls()
            ]
        return found

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Guard a view as every page of the site is guarded."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(request.person, "table.read")  # type: ignore[attr-defined]
            answer: HttpResponse = view(request, *args, **kwargs)
            return answer

        return guarded

    def has_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person may look at all."""
        return may(person(request), "table.read")


def back_office() -> BackOffice:
    """Make the site of the tables above."""
    site = BackOffice(name="admin")
    for table in TABLES:
        shown = {
            "table": table,
            "list_display": table.columns,
            "__module__": __name__,
        }
        site.register(table.model, type(f"Window{table.model.__name__}", (Window,), shown))
    return site
