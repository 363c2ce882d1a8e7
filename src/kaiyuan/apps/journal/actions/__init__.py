"""Writes of the journal, the door for other apps."""

from __future__ import annotations

from kaiyuan.apps.journal.actions.answering import Answer, KeyReused, is_kept, once
from kaiyuan.apps.journal.actions.checking import NotWhole, make_checkpoint, put_verification_down
from kaiyuan.apps.journal.actions.recording import record
from kaiyuan.apps.journal.actions.subscribing import (
    Unusable,
    end_subscription,
    retry_deliveries,
    subscribe,
)

__all__ = [
    "Answer",
    "KeyReused",
    "NotWhole",
    "Unusable",
    "end_subscription",
    "is_kept",
    "make_checkpoint",
    "once",
    "put_verification_down",
    "record",
    "retry_deliveries",
    "subscribe",
]
