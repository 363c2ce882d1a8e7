"""A site of its own process for one test: `python -m tests.apps.intake.served` prints its port and a session."""

from __future__ import annotations

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import tests.site_setup  # noqa: F401 - before anything of Django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.test import Client
from tests.cast import OWN, make_cast

from kaiyuan.apps.zones.access import CHOSEN


class Quiet(WSGIRequestHandler):
    """Say nothing of each request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    cast = make_cast(code="east", name="东区", firms=(OWN,))
    browser = Client()
    browser.force_login(cast.user("officer"), backend="django.contrib.auth.backends.ModelBackend")
    session = browser.session
    session[CHOSEN] = cast.people["officer"].pk
    session.save()
    page = browser.get("/imports/new/")
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        sys.stdout.write(f"{server.server_port} {session.session_key} {page.cookies['csrf'].value}\n")
        sys.stdout.flush()
        server.serve_forever()
