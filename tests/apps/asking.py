"""Asking an address as somebody: each question is rolled back, and tells how many readings it put into the journal."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from tests.apps.access import filled
from tests.apps.world import World, make_world
from tests.cast import Cast

from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.signing import make_key

ENDING = {"/accounts/logout/"}


@dataclass
class Asker:
    """People of one zone at their browsers."""

    world: World
    log_in: Callable[[Cast, str], Client]
    cast: Cast
    known: dict[str, Client] = field(default_factory=dict)
    readings: int = 0

    def __call__(self, role: str, method: str, address: str, path: str) -> HttpResponse:
        """Ask a path of an address in a role; `readings` then says how many readings were put down for it."""
        if role not in self.known:
            self.known[role] = Client() if role == "nobody" else confirmed(self.log_in(self.cast, role))
            self.known[role].raise_request_exception = False
        sent = filled(address, path, world=self.world, role=role) if method != "GET" else {}
        # Guesses are counted in the cache, and acts act: neither may reach the next question.
        cache.clear()
        with transaction.atomic():
            before = self._readings()
            answer = self.known[role].generic(method, path, **sent)
            answer.whole = b"".join(answer) if answer.streaming else answer.content
            self.readings = self._readings() - before
            transaction.set_rollback(True)
        if address in ENDING and method != "GET":
            del self.known[role]
        return answer

    def _readings(self) -> int:
        return Event.objects.filter(chain__zone=self.cast.zone, type="facts.read").count()


def confirmed(client: Client) -> Client:
    """Let a browser have just given its password again, so that grave pages answer rather than ask."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def text_of(answer: HttpResponse) -> str:
    """Give all that can be read in an answer: its headers, its text, and what is packed into it."""
    whole = answer.whole
    parts = [f"{name}: {value}" for name, value in answer.items()]
    if whole.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(whole)) as packed:
            parts += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    else:
        parts.append(whole.decode("utf-8", "replace"))
    return "\n".join(parts)


@pytest.fixture
def world(cast, other_zone, settings, tmp_path) -> World:
    """Give the two zones with one of everything."""
    settings.CHECKPOINT_KEY = str(tmp_path / "key.pem")
    make_key(tmp_path / "key.pem")
    return make_world(cast, other_zone)


@pytest.fixture
def ask(world, client_of) -> Asker:
    """Give a way to ask as the people of the first zone."""
    return Asker(world, client_of, world.here)
