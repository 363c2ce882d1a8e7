"""Reads of the journal."""

from __future__ import annotations

from kaiyuan.apps.journal.notes import verifier_key, zone_code_of
from kaiyuan.apps.journal.verification import CheckedNote, Finding, Verification, verify

__all__ = ["CheckedNote", "Finding", "Verification", "verifier_key", "verify", "zone_code_of"]
