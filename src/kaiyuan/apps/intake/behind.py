"""Reading a file in behind the answer: a thread of this process, which any other may take over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.db import connection

from kaiyuan.apps.intake import actions


def read_in_behind(number: int, *, clock: Callable[[], datetime]) -> None:
    """Let an import that was started be read in by a thread; its state tells how far it is."""

    def run() -> None:
        try:
            actions.read_in(number=number, token=uuid4().hex, clock=clock)
        finally:
            connection.close()

    threading.Thread(target=run, daemon=True).start()
