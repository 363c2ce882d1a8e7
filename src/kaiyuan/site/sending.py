"""A serving site sends its outbox by itself: a thread that wakes every few seconds."""

from __future__ import annotations

import threading

import structlog
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from kaiyuan.apps.journal.outbox.delivering import Tally, send_due

_log = structlog.get_logger("kaiyuan.outbox")


def send_round() -> Tally:
    """Send all that is due now."""
    return send_due(clock=timezone.now)


def start_sending(*, every: int, stopped: threading.Event | None = None) -> threading.Thread | None:
    """Start the thread, with so many seconds between rounds; none for 0. It ends with the process, or by `stopped`.

    Several processes may each have one: a delivery is claimed before it is sent.
    """
    if not every:
        return None
    stop = stopped or threading.Event()

    def go_on() -> None:
        while not stop.wait(every):
            try:
                tally = send_round()
            except DatabaseError as error:
                # A database that is away comes back, or the site as a whole is down; the next round tries again.
                _log.warning("outbox waits", error=type(error).__name__)
                continue
            finally:
                # A connection that broke, or is past its age, is not used again.
                close_old_connections()
            if tally.delivered or tally.failed or tally.given_up:
                _log.info("outbox", delivered=tally.delivered, failed=tally.failed, given_up=tally.given_up)

    thread = threading.Thread(target=go_on, name="outbox", daemon=True)
    thread.start()
    return thread
