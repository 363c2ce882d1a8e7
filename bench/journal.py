"""How long the verification of a zone's whole journal takes, and in how much memory.

    python bench/journal.py [--events 1000000] [--hash sm3] [--url postgres://…]

A journal of that length is written to a database of its own by the program's own hash, then verified by a process of
its own, whose peak memory is told beside that of a verification of a tenth of it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
START = datetime(2026, 1, 1, tzinfo=UTC)
SLICE = 10_000


def set_up() -> None:
    """Set Django up on the database of the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kaiyuan.site.settings"
    import django

    django.setup()


def write(zones: dict[str, int]) -> None:
    """Write a zone's journal of each length."""
    set_up()
    from django.core.management import call_command

    from kaiyuan.apps.journal.chain import event_hash, first_hash
    from kaiyuan.apps.journal.models import Chain, Event
    from kaiyuan.apps.zones.models import Zone

    call_command("migrate", verbosity=0, interactive=False)
    from django.conf import settings

    algorithm = settings.JOURNAL_HASH
    for code, length in zones.items():
        zone = Zone.objects.create(code=code, name_zh=code, name_en=code)
        chain = Chain.objects.create(
            zone=zone, algorithm=algorithm, head=first_hash(zone_code=code, algorithm=algorithm)
        )

        def events(chain=chain, length=length):
            head = chain.head
            for number in range(1, length + 1):
                moment = START + timedelta(seconds=number, microseconds=number)
                event = Event(
                    chain=chain,
                    sequence=number,
                    type="observation.corrected",
                    subject=f"enterprise:9137080{number % 100_000:011d}",
                    case_key="",
                    effective_at=moment,
                    recorded_at=moment,
                    actor=f"membership:{number % 40}",
                    actor_label="示例业务人员",
                    legal_basis="",
                    idempotency_key=f"{number:032x}",
                    payload=f'{{"fact":"revenue","line":{number},"reason":"年度报表更正","year":2025}}',
                    prev_hash=head,
                )
                event.hash = head = event_hash(event, algorithm=algorithm)
                yield event
            chain.length, chain.head = length, head

        stream = events()
        while part := list(islice(stream, SLICE)):
            Event.objects.bulk_create(part, batch_size=1_000)
        chain.save()


def check(code: str) -> None:
    """Verify a zone's journal and tell time and peak memory."""
    set_up()
    from kaiyuan.apps.journal.queries import verify
    from kaiyuan.apps.zones.models import Zone

    zone = Zone.objects.get(code=code)
    started, worked = perf_counter(), process_time()
    done = verify(zone_id=zone.pk)
    seconds, work = perf_counter() - started, process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert done.ok, done.findings[:3]
    print(
        f"{done.counted:>9,} events  {done.algorithm:<6}  {seconds:6.2f} s  "
        f"of it {work:6.2f} s on the processor, {work / done.counted * 1e6:4.1f} µs each  peak {peak:.0f} MB"
    )


def main() -> None:
    """Run the whole."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--events", type=int, default=1_000_000)
    words.add_argument("--hash", default="sha256", choices=("sha256", "sm3"))
    words.add_argument(
        "--url", default="", help="a PostgreSQL database of its own; default: SQLite in a new folder"
    )
    words.add_argument("--step", default="")
    given = words.parse_args()
    zones = {"tenth": given.events // 10, "whole": given.events}
    if given.step == "write":
        return write(zones)
    if given.step:
        return check(given.step)
    with tempfile.TemporaryDirectory(prefix="kaiyuan-bench-") as folder:
        around = os.environ | {
            "KAIYUAN_MODE": "test",
            "KAIYUAN_LOG_LEVEL": "ERROR",
            "KAIYUAN_DATA": folder,
            "KAIYUAN_JOURNAL_HASH": given.hash,
            "DATABASE_URL": given.url,
        }
        for step in ("write", *zones):
            words_of_step = [sys.executable, __file__, "--events", str(given.events), "--step", step]
            subprocess.run(words_of_step, env=around, check=True)
    return None


if __name__ == "__main__":
    main()
