"""How a command reaches the site: Django is set up when a command needs it, and never before."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from kaiyuan.errors import InputError

_NEEDED = ("django", "ninja", "allauth", "granian", "structlog")


def set_up(*, mode: str | None = None, data: Path | None = None) -> None:
    """Set Django up for this process; `mode` and `data` go before what the environment says.

    Raises InputError if the packages of the site are not installed, or a setting cannot be used.
    """
    absent = [name for name in _NEEDED if find_spec(name) is None]
    if absent:
        raise InputError(
            f"the site needs packages that are not installed: {', '.join(absent)}",
            remedy="Run: pip install 'kaiyuan[site]'",
        )
    if mode is not None:
        os.environ["KAIYUAN_MODE"] = mode
    if data is not None:
        os.environ["KAIYUAN_DATA"] = str(data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "kaiyuan.site.settings"
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, ValueError) as error:
        # dj_database_url says with a ValueError which kinds of DATABASE_URL there are.
        raise InputError(f"the site cannot start with these settings: {error}") from error
    # Static files come from the packages themselves; the folder for collected ones is only to be there.
    settings.STATIC_ROOT.mkdir(exist_ok=True)


def waiting_migrations() -> int:
    """Give how many migrations the database still lacks; raises InputError if it does not answer."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except OperationalError as error:
        raise InputError(
            "the database does not answer",
            text=str(error).splitlines()[0],
            remedy="Check DATABASE_URL, or the folder in KAIYUAN_DATA",
        ) from error


def migrate() -> None:
    """Bring the database to the program's version, and make the table of the shared cache where one is used."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
