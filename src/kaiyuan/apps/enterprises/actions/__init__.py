"""Writes of the app: each function is one act, in one transaction with its event."""

from kaiyuan.apps.enterprises.actions.correcting import correct_fact
from kaiyuan.apps.enterprises.actions.exporting import export
from kaiyuan.apps.enterprises.actions.noting import write_note
from kaiyuan.apps.enterprises.actions.opening import (
    Opened,
    OpenedFile,
    open_entitlements,
    open_file,
    open_reasons,
)
from kaiyuan.apps.enterprises.actions.registering import Registered, refresh_profiles, register
from kaiyuan.apps.enterprises.actions.running import Evaluated, evaluate_zone, run_rules

__all__ = [
    "Evaluated",
    "Opened",
    "OpenedFile",
    "Registered",
    "correct_fact",
    "evaluate_zone",
    "export",
    "open_entitlements",
    "open_file",
    "open_reasons",
    "refresh_profiles",
    "register",
    "run_rules",
    "write_note",
]
