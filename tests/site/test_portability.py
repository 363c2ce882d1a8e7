"""The tables keep to what every database of the trade can hold, and their ties point down the rooms."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

import kaiyuan

LONGEST_NAME = 30
PACKAGE = Path(kaiyuan.__file__).parent
MODELS = [model for model in apps.get_models() if model.__module__.startswith("kaiyuan.")]


def apps_from_the_bottom() -> list[str]:
    """Give the apps as the settings install them: those below first."""
    return [config.label for config in apps.get_app_configs() if config.name.startswith("kaiyuan.apps.")]


def test_every_app_of_ours_is_looked_at():
    found = {model._meta.app_label for model in MODELS}
    assert {"zones", "journal", "facts", "enterprises"} <= found
    folders = {path.parent.name for path in (PACKAGE / "apps").glob("*/models.py")}
    assert found == folders


def test_names_of_tables_columns_indexes_and_constraints_fit_thirty_bytes():
    names = []
    for model in MODELS:
        meta = model._meta
        names.append(meta.db_table)
        names += [field.column for field in meta.local_concrete_fields]
        names += [field.m2m_db_table() for field in meta.local_many_to_many]
        names += [each.name for each in (*meta.indexes, *meta.constraints)]
    assert [name for name in names if len(name.encode()) > LONGEST_NAME] == []


def test_no_column_is_of_a_kind_that_engines_hold_differently():
    # JSON columns reorder and drop; arrays, ranges and hstore are PostgreSQL's own.
    found = [
        str(field)
        for model in MODELS
        for field in model._meta.local_fields
        if isinstance(field, models.JSONField) or "postgres" in type(field).__module__
    ]
    assert found == []


def test_money_and_counts_are_never_decimals_or_text_of_unlimited_key():
    found = [
        str(field)
        for model in MODELS
        for field in model._meta.local_fields
        if isinstance(field, models.DecimalField)
        or (isinstance(field, models.TextField) and (field.unique or field.db_index))
    ]
    assert found == []


def test_an_empty_text_and_no_text_are_not_two_things():
    # Some engines cannot tell '' from NULL. Observations are the exception: their three value columns are a choice.
    found = [
        str(field)
        for model in MODELS
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField) and field.null
    ]
    assert found == ["facts.Observation.words"]


def test_foreign_keys_point_to_the_own_app_or_one_below():
    order = {label: height for height, label in enumerate(apps_from_the_bottom())}
    found = []
    for model in MODELS:
        for field in model._meta.local_fields:
            target = field.related_model
            if target is None or target._meta.app_label not in order:
                continue
            if order[target._meta.app_label] > order[model._meta.app_label]:
                found.append(f"{field} points up to {target._meta.label}")
    assert found == []


def test_no_query_uses_what_one_engine_alone_can_do():
    # Raw SQL stands in migrations and in the few modules named here, each written for both engines and tested on both.
    wanted = re.compile(r"\.raw\(|RawSQL|\.extra\(|contrib\.postgres|distinct\(\"|distinct\('")
    found = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in (PACKAGE / "apps").rglob("*.py")
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wanted.search(line)
    ]
    assert found == []


def test_nothing_is_left_to_cascade():
    # What was recorded stays; a row that others point to cannot go.
    found = [
        str(field)
        for model in MODELS
        for field in model._meta.local_fields
        if field.remote_field is not None and field.remote_field.on_delete is models.CASCADE
    ]
    assert found == []


def test_no_app_acts_by_signals():
    # They act from afar and are not seen where the act is written.
    found = []
    for path in (PACKAGE / "apps").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("signals"):
                found.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert found == []


@pytest.mark.django_db
def test_the_migrations_are_the_models():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_every_table_is_there():
    assert {model._meta.db_table for model in MODELS} <= set(connection.introspection.table_names())
