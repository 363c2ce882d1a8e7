"""The triggers that keep observations append-only, on both engines; migrations set them up.

A value is never changed or deleted, a source that counts only gets the moment of its withdrawal. They stop slips and
whoever writes past the program; that somebody dropped them shows in the journal alone, which has its own proof.
"""

from __future__ import annotations

from typing import Any

VALUE = "an observation is never changed or deleted"
SOURCE = "of a source that counts nothing is changed but its withdrawal"

_FIXED = ("zone_id", "kind", "label", "data_date", "digest", "begun_at", "recorded_at", "first", "last")
_CHANGED = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in ("id", *_FIXED))
_REOPENED = "OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at"
_COUNTS = "OLD.recorded_at IS NOT NULL"
# Table, what is done to it, when that is refused, and what is said then.
_GUARDS: tuple[tuple[str, str, str, str], ...] = (
    ("facts_observation", "UPDATE", "", VALUE),
    ("facts_observation", "DELETE", "", VALUE),
    ("facts_source", "UPDATE", f"{_COUNTS} AND ({_CHANGED} OR ({_REOPENED}))", SOURCE),
    ("facts_source", "DELETE", _COUNTS, SOURCE),
)
# SQLite's INSERT OR REPLACE takes rows away without a word to the triggers of deletion, so each new source is looked
# at. Observations are not: it would make the writing of millions a third slower.
_ON_SQLITE = (("facts_source", "INSERT", "EXISTS (SELECT 1 FROM facts_source WHERE id = NEW.id)", SOURCE),)


def triggers(vendor: str) -> dict[str, str]:
    """Give the triggers of an engine (`sqlite` or `postgresql`): name → the statement that makes it."""
    if vendor == "sqlite":
        return {
            f"{table}_{act.lower()}": f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table}"
            + (f" WHEN {condition}" if condition else "")
            + f" BEGIN SELECT RAISE(ABORT, '{word}'); END"
            for table, act, condition, word in (*_GUARDS, *_ON_SQLITE)
        }
    made = {}
    for table, act, condition, word in _GUARDS:
        name = f"{table}_{act.lower()}"
        row = "NEW" if act == "UPDATE" else "OLD"
        made[name] = (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition or 'TRUE'} THEN RAISE EXCEPTION '{word}' USING ERRCODE = 'restrict_violation'; END IF;"
            f" RETURN {row}; END $$;"
            f" CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    return made


def removals(vendor: str) -> list[str]:
    """Give the statements that take every trigger away."""
    names = {name: name.rpartition("_")[0] for name in triggers(vendor)}
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}()"
        for name, table in names.items()
    ]


def set_up(apps: Any, editor: Any) -> None:
    """Make the triggers; a migration calls it."""
    for statement in triggers(editor.connection.vendor).values():
        editor.execute(statement, params=None)


def take_down(apps: Any, editor: Any) -> None:
    """Drop the triggers; a migration that goes back calls it."""
    for statement in removals(editor.connection.vendor):
        editor.execute(statement, params=None)
