"""Packs of rules: found, read with all they build on, and tried by their own cases."""

from kaiyuan.packs.checking import CaseFailure, CheckReport, CoverageGap, Difference, check_pack, check_packs
from kaiyuan.packs.finding import Pack, find_packs, read_pack
from kaiyuan.packs.loading import load_packs
from kaiyuan.packs.replacing import replaced_policy

__all__ = [
    "CaseFailure",
    "CheckReport",
    "CoverageGap",
    "Difference",
    "Pack",
    "check_pack",
    "check_packs",
    "find_packs",
    "load_packs",
    "read_pack",
    "replaced_policy",
]
