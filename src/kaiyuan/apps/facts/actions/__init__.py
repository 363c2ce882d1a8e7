"""Writes of facts: each adds; nothing is overwritten."""

from kaiyuan.apps.facts.actions.correcting import correct
from kaiyuan.apps.facts.actions.disclosing import disclose, open_history, open_values
from kaiyuan.apps.facts.actions.loading import Loaded, Loading, NewSource, load
from kaiyuan.apps.facts.actions.withdrawing import withdraw

__all__ = [
    "Loaded",
    "Loading",
    "NewSource",
    "correct",
    "disclose",
    "load",
    "open_history",
    "open_values",
    "withdraw",
]
