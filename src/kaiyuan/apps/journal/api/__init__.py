"""Endpoints of the journal: what happened, whether it is still what was recorded, and who outside is told."""

from __future__ import annotations

from ninja import Router

from kaiyuan.apps.journal.api.checks import router as checks
from kaiyuan.apps.journal.api.events import router as events
from kaiyuan.apps.journal.api.subscriptions import router as subscriptions

router = Router()
for each in (events, checks, subscriptions):
    router.add_router("", each)
