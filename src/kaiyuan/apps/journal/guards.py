"""The triggers that keep the journal append-only, on both engines; migrations set them up.

They stop slips and bugs, and anybody who writes past the program. Who owns the database can drop them: that is what
the chain and its checkpoints are for.
"""

from __future__ import annotations

from typing import Any

APPEND_ONLY = {
    "journal_event": "a journal event is never changed or deleted",
    "journal_checkpoint": "a checkpoint is never changed or deleted",
}
GROWING = "a chain only grows"
FORKED = "an event follows the one before it"

_SHRINKS = (
    "NEW.zone_id <> OLD.zone_id OR NEW.algorithm <> OLD.algorithm OR NEW.length < OLD.length"
    " OR (NEW.length = OLD.length AND NEW.head <> OLD.head)"
)
_UNTIED = (
    "NEW.sequence <> 1 AND NOT EXISTS (SELECT 1 FROM journal_event WHERE chain_id = NEW.chain_id"
    " AND sequence = NEW.sequence - 1 AND hash = NEW.prev_hash)"
)
# SQLite's INSERT OR REPLACE takes rows away without a word to the triggers of deletion, so each insert is looked at.
_REPLACES_EVENT = (
    "EXISTS (SELECT 1 FROM journal_event WHERE id = NEW.id)"
    " OR EXISTS (SELECT 1 FROM journal_event WHERE chain_id = NEW.chain_id AND sequence = NEW.sequence)"
    " OR EXISTS (SELECT 1 FROM journal_event WHERE chain_id = NEW.chain_id AND prev_hash = NEW.prev_hash)"
)
_REPLACES_CHECKPOINT = (
    "EXISTS (SELECT 1 FROM journal_checkpoint WHERE id = NEW.id)"
    " OR EXISTS (SELECT 1 FROM journal_checkpoint WHERE chain_id = NEW.chain_id AND size = NEW.size)"
)
_REPLACES_CHAIN = "EXISTS (SELECT 1 FROM journal_chain WHERE id = NEW.id OR zone_id = NEW.zone_id)"


def _sqlite() -> dict[str, str]:
    guards = {}

    def guard(table: str, when: str, *, word: str, condition: str = "") -> None:
        name = f"{table}_{when.lower()}"
        guards[name] = (
            f"CREATE TRIGGER {name} BEFORE {when} ON {table}"
            + (f" WHEN {condition}" if condition else "")
            + f" BEGIN SELECT RAISE(ABORT, '{word}'); END"
        )

    for table, word in APPEND_ONLY.items():
        guard(table, "UPDATE", word=word)
        guard(table, "DELETE", word=word)
    guard("journal_chain", "UPDATE", word=GROWING, condition=_SHRINKS)
    guard("journal_chain", "DELETE", word=GROWING)
    guard("journal_chain", "INSERT", word=GROWING, condition=_REPLACES_CHAIN)
    guard("journal_event", "INSERT", word=FORKED, condition=f"{_REPLACES_EVENT} OR ({_UNTIED})")
    guard(
        "journal_checkpoint", "INSERT", word=APPEND_ONLY["journal_checkpoint"], condition=_REPLACES_CHECKPOINT
    )
    return guards


def _postgresql() -> dict[str, str]:
    guards = {}

    def guard(table: str, when: str, *, word: str, condition: str = "TRUE") -> None:
        name = f"{table}_{when.lower()}"
        each = "STATEMENT" if when == "TRUNCATE" else "ROW"
        guards[name] = (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition} THEN RAISE EXCEPTION '{word}' USING ERRCODE = 'restrict_violation'; END IF;"
            " RETURN NEW; END $$;"
            f" CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
        )

    for table, word in {**APPEND_ONLY, "journal_chain": GROWING}.items():
        guard(table, "DELETE", word=word)
        guard(table, "TRUNCATE", word=word)
    for table, word in APPEND_ONLY.items():
        guard(table, "UPDATE", word=word)
    guard("journal_chain", "UPDATE", word=GROWING, condition=_SHRINKS)
    guard("journal_event", "INSERT", word=FORKED, condition=_UNTIED)
    return guards


def triggers(vendor: str) -> dict[str, str]:
    """Give the triggers of an engine (`sqlite` or `postgresql`): name → the statement that makes it."""
    return _sqlite() if vendor == "sqlite" else _postgresql()


def removals(vendor: str) -> list[str]:
    """Give the statements that take every trigger away."""
    tables = {
        name: next(table for table in (*APPEND_ONLY, "journal_chain") if name.startswith(table))
        for name in triggers(vendor)
    }
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in tables]
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}()"
        for name, table in tables.items()
    ]


def set_up(apps: Any, editor: Any) -> None:
    """Make the triggers; a migration calls it."""
    for statement in triggers(editor.connection.vendor).values():
        editor.execute(statement, params=None)


def take_down(apps: Any, editor: Any) -> None:
    """Drop the triggers; a migration that goes back calls it."""
    for statement in removals(editor.connection.vendor):
        editor.execute(statement, params=None)
