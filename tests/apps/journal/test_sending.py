"""The outbox is sent by a command, or by a serving site on its own."""

from __future__ import annotations

import json
import threading

import pytest
from django.core import mail
from django.db import OperationalError
from tests.apps.journal.tampering import fill
from tests.cast import AT
from typer.testing import CliRunner

from kaiyuan.apps.journal.actions import subscribe
from kaiyuan.apps.journal.outbox.delivering import Tally
from kaiyuan.cli.main import app
from kaiyuan.site import sending


@pytest.fixture
def subscription(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    by = cast.person("administrator")
    return subscribe(by=by, kind="mail", target="watch@receiver.example", types="enterprise.*", at=AT)


def test_the_command_sends_what_is_due_and_says_how_much(cast, subscription):
    fill(cast, 2)
    done = CliRunner().invoke(app, ["outbox", "send"])
    assert (done.exit_code, done.output) == (0, "2 delivered, 0 failed for now, 0 given up\n")
    assert len(mail.outbox) == 2
    again = CliRunner().invoke(app, ["outbox", "send", "--json"])
    assert json.loads(again.output) == {"delivered": 0, "failed": 0, "given_up": 0}


def test_the_command_fails_when_a_delivery_does(cast, subscription, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    fill(cast, 2)
    done = CliRunner().invoke(app, ["outbox", "send"])
    assert (done.exit_code, done.output) == (1, "0 delivered, 1 failed for now, 0 given up\n")


def test_the_thread_goes_on_after_a_database_was_away(monkeypatch):
    stop, rounds = threading.Event(), []

    def one_round() -> Tally:
        rounds.append(1)
        if len(rounds) == 1:
            raise OperationalError("away")
        stop.set()
        return Tally(delivered=1)

    monkeypatch.setattr(sending, "send_round", one_round)
    thread = sending.start_sending(every=0.01, stopped=stop)
    thread.join(10)
    assert len(rounds) == 2
    assert thread.daemon, "it never keeps a process alive"


def test_no_thread_is_started_when_the_setting_says_so():
    assert sending.start_sending(every=0) is None
