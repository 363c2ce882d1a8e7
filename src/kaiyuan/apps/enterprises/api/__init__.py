"""Endpoints of enterprises: the list, one, search, the rules as data, and runs."""

from __future__ import annotations

from ninja import Router

from kaiyuan.apps.enterprises.api.entitlements import router as entitlements
from kaiyuan.apps.enterprises.api.files import router as files
from kaiyuan.apps.enterprises.api.firms import router as firms
from kaiyuan.apps.enterprises.api.rules import router as rules
from kaiyuan.apps.enterprises.api.runs import router as runs

router = Router()
for each in (firms, files, entitlements, rules, runs):
    router.add_router("", each)
