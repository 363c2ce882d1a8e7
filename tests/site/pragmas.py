"""What a live connection says of itself: asked in a test, in a thread, in a command, and in a web server's worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from kaiyuan.site.sqlite import PRAGMAS

ASKED = (*PRAGMAS, "busy_timeout")


def said() -> dict[str, Any]:
    """Read every PRAGMA back from the connection of this thread, with the version of the engine."""
    from django.db import connection

    answers: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for name in ASKED:
            cursor.execute(f"PRAGMA {name}")
            answers[name] = cursor.fetchone()[0]
        cursor.execute("SELECT sqlite_version()")
        answers["version"] = cursor.fetchone()[0]
    return answers


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer any request with what the worker's connection says."""
    import kaiyuan.site.wsgi  # noqa: F401 - sets the site up as the server does

    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(said()).encode()]


if __name__ == "__main__":
    from kaiyuan.cli.site_setup import set_up

    set_up()
    print(json.dumps(said()))
