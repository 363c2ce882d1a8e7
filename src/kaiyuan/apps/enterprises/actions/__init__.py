"""Writes of the app: each function is one act, in one transaction with its event."""

from kaiyuan.apps.enterprises.actions.exporting import export
from kaiyuan.apps.enterprises.actions.registering import Registered, refresh_profiles, register
from kaiyuan.apps.enterprises.actions.running import Evaluated, evaluate_zone, run_rules

__all__ = [
    "Evaluated",
    "Registered",
    "evaluate_zone",
    "export",
    "refresh_profiles",
    "register",
    "run_rules",
]
