"""Reads of the journal."""

from __future__ import annotations

from kaiyuan.apps.journal.verification import CheckedNote, Finding, Verification, verify

__all__ = ["CheckedNote", "Finding", "Verification", "verify"]
