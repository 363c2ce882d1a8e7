"""Processes that write to one journal at a time; run as `python -m tests.apps.journal.writers <what> …`."""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import UTC, datetime

import tests.site_setup  # noqa: F401 - before anything of Django

# isort: split
from django.db import DatabaseError, close_old_connections, transaction
from tests.cast import AT, OWN, make_cast

from kaiyuan.apps.journal.actions import Answer, KeyReused, once, record
from kaiyuan.apps.journal.models import Chain, Event, KeptAnswer
from kaiyuan.apps.journal.queries import verify
from kaiyuan.apps.zones.models import Membership, Zone
from kaiyuan.apps.zones.queries import person_in
from kaiyuan.apps.zones.rights import Person


def officer() -> Person:
    return person_in(Membership.objects.select_related("zone", "user").get(zone__code="east", role="officer"))


def put_down(person: Person, number: int) -> None:
    record(
        by=person,
        type="enterprise.noted",
        subject="enterprise:91370800MA0000015H",
        at=datetime.now(UTC),
        payload={"number": number},
    )


def prepare() -> dict[str, object]:
    """Make the tables and the cast, with no chain yet: the first event is contended for too."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    make_cast(code="east", name="东区", firms=(OWN,))
    return {}


def write(seconds: str) -> dict[str, object]:
    """Record events for some seconds, each in a transaction that first reads as an act does; give how many."""
    person, until = officer(), time.monotonic() + float(seconds)
    done, worst, locked = 0, 0.0, 0
    while time.monotonic() < until:
        started = time.monotonic()
        try:
            with transaction.atomic():
                Membership.objects.filter(zone_id=person.zone_id).count()
                put_down(person, done)
            done += 1
        except DatabaseError as error:
            locked += 1
            print(error, file=sys.stderr)
        worst = max(worst, time.monotonic() - started)
    return {"done": done, "refused": locked, "worst": worst}


def contend(threads: str) -> dict[str, object]:
    """Send one key from many threads at a time, then the same key with another request."""
    person, gate = officer(), threading.Barrier(int(threads))
    answers: list[Answer] = []
    faults: list[str] = []
    call = {"by": person, "key": "one-and-the-same", "request": {"path": "/x", "body": "1"}, "at": AT}

    def act() -> Answer:
        put_down(person, 0)
        return Answer(201, json.dumps({"events": Event.objects.count()}))

    def send() -> None:
        try:
            gate.wait(60)
            answers.append(once(act=act, **call))
        except Exception as error:  # noqa: BLE001 - whatever went wrong in a thread is told to the test
            faults.append(repr(error))
        finally:
            close_old_connections()

    before = Event.objects.count()
    senders = [threading.Thread(target=send) for _ in range(int(threads))]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    try:
        once(act=act, **{**call, "request": {"path": "/x", "body": "2"}})
    except KeyReused:
        reused = True
    else:
        reused = False
    return {
        "answers": sorted({(each.status, each.body) for each in answers}),
        "count": len(answers),
        "fresh": sum(not each.kept for each in answers),
        "faults": faults,
        "events": Event.objects.count() - before,
        "keys": KeptAnswer.objects.count(),
        "changed_body_refused": reused,
    }


def check() -> dict[str, object]:
    """Verify what was written."""
    done = verify(zone_id=Zone.objects.get(code="east").pk)
    chain = Chain.objects.get()
    return {
        "whole": done.ok,
        "counted": done.counted,
        "length": chain.length,
        "rows": Event.objects.count(),
        "heads": Event.objects.values("prev_hash").distinct().count(),
    }


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    print(json.dumps({"prepare": prepare, "write": write, "contend": contend, "check": check}[what](*given)))
