"""Set Django up for tests: mode `test`, a data folder of this process's own; import it before anything of Django."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "KAIYUAN_DATA" not in os.environ:
    folder = tempfile.mkdtemp(prefix="kaiyuan-test-")
    os.environ["KAIYUAN_DATA"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ.setdefault("KAIYUAN_MODE", "test")
os.environ.setdefault("KAIYUAN_LOG_LEVEL", "ERROR")
os.environ["DJANGO_SETTINGS_MODULE"] = "kaiyuan.site.settings"

import django

django.setup()
(Path(os.environ["KAIYUAN_DATA"]) / "static").mkdir(parents=True, exist_ok=True)


def let_tests_empty_the_tables() -> None:
    """Take triggers away while a test's tables are emptied, and set them up again: journal and facts forget nothing."""
    from django.db import connection

    from kaiyuan.apps.facts import guards as facts
    from kaiyuan.apps.journal import guards as journal

    operations = type(connection.ops)
    plain = operations.sql_flush

    def flush(self, style, tables, **how):
        vendor = self.connection.vendor
        known = {"journal_event": journal, "facts_observation": facts}
        there = [guards for table, guards in known.items() if table in tables]
        before = [statement for guards in there for statement in guards.removals(vendor)]
        after = [statement for guards in there for statement in guards.triggers(vendor).values()]
        return [*before, *plain(self, style, tables, **how), *after]

    operations.sql_flush = flush


let_tests_empty_the_tables()
