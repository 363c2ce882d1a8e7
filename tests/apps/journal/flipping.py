"""Turn bits of the database file itself; run as `python -m tests.apps.journal.flipping <count> <seed>` on a new folder.

Each flip is made in the file as a failing disk or a patient hand would make it, then the journal is verified. Told is
how many flips left what the table of events holds as it was, how many made the file unreadable, how many verification
found, and which it did not.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
import sys

from tests.apps.journal import writers  # sets Django up

# isort: split
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from kaiyuan.apps.journal.queries import verify
from kaiyuan.apps.zones.models import Zone


def content(path: str) -> list[tuple] | None:
    """Give what the table of events holds, read without any index; None if it cannot be read."""
    reader = sqlite3.connect(path)
    reader.text_factory = bytes
    try:
        # Adding nothing to each column keeps the engine from reading it out of an index.
        columns = [row[1].decode() for row in reader.execute("PRAGMA table_info(journal_event)")]
        wanted = ", ".join(f"+{name}" for name in columns if name != "id")
        return reader.execute(f"SELECT {wanted} FROM journal_event NOT INDEXED ORDER BY id").fetchall()
    except sqlite3.DatabaseError:
        return None
    finally:
        reader.close()


def main(count: int, seed: int) -> dict[str, object]:
    """Flip and verify."""
    writers.prepare()
    with transaction.atomic():
        for number in range(200):
            writers.put_down(writers.officer(), number)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    path = settings.DATA / "site.sqlite3"
    whole = path.read_bytes()
    size = int.from_bytes(whole[16:18], "big")
    # Pages that hold a hash or a type: of the table of events, of its indexes, of the chain.
    marks = re.finditer(rb"[0-9a-f]{64}|enterprise\.noted", whole)
    pages = sorted({mark.start() // size for mark in marks})
    before, zone = content(str(path)), Zone.objects.get(code="east").pk
    assert verify(zone_id=zone).ok
    chance, told = random.Random(seed), {"same": 0, "unreadable": 0, "found": 0, "missed": []}
    for _ in range(count):
        place, bit = chance.choice(pages) * size + chance.randrange(size), 1 << chance.randrange(8)
        changed = bytearray(whole)
        changed[place] ^= bit
        connection.close()
        path.write_bytes(changed)
        try:
            found = not verify(zone_id=zone).ok
        except (DatabaseError, Zone.DoesNotExist):
            told["unreadable"] += 1
            continue
        after = content(str(path))
        if found:
            told["found"] += 1
        elif after == before:
            told["same"] += 1
        else:
            told["missed"].append([place, bit])
    connection.close()
    path.write_bytes(whole)
    return told | {"whole_again": verify(zone_id=zone).ok}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
