"""All published rules over all enterprises of a zone, kept as a run that can be asked and replayed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from kaiyuan.apps.enterprises.answers import ANSWERS, MAYBE, NEAR, YES
from kaiyuan.apps.enterprises.deciding import Decided, decide
from kaiyuan.apps.enterprises.models import Decision, Enterprise, Run, RunCount
from kaiyuan.apps.enterprises.plans import plan_of
from kaiyuan.apps.facts.rules import packs_of
from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.zones.rights import Person, require

_SLICE = 5_000
_COLUMNS = ("run_id", "enterprise_id", "answers", "entitled", "near", "amount", "amounts")
_INSERT = (
    f"INSERT INTO {Decision._meta.db_table} ({', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)
_Row = tuple[int, str, int, int, int, str]


@dataclass(frozen=True)
class Evaluated:
    """What the rules say of a zone, ready to be kept: nothing of it is written yet."""

    zone_id: int
    as_of: date
    known_at: datetime
    started_at: datetime
    decided: Decided
    facts_digest: str


def evaluate_zone(*, by: Person, as_of: date, known_at: datetime, at: datetime) -> Evaluated:
    """Read the facts of the person's zone and let the rules decide; takes no lock, so nobody waits for it."""
    require(by, "run.start")
    plan = plan_of(by.zone_id, on=as_of)
    decided = decide(plan=plan, zone_id=by.zone_id, known_at=known_at)
    return Evaluated(by.zone_id, as_of, known_at, at, decided, _digest_of(decided.world.batch))


def run_rules(
    *,
    by: Person,
    as_of: date,
    known_at: datetime,
    at: datetime,
    key: str = "",
    evaluated: Evaluated | None = None,
) -> Run:
    """Keep what all published rules say of all enterprises on a day; a run is never changed.

    `evaluated` is what `evaluate_zone` gave beforehand, so that the transaction is short; without it the rules are
    evaluated here.
    """
    require(by, "run.start")
    if evaluated is None:
        evaluated = evaluate_zone(by=by, as_of=as_of, known_at=known_at, at=at)
    decided = evaluated.decided
    packs = ", ".join(f"{pack.name} {pack.version}" for pack in packs_of(by.zone_id).packs)
    versions = [a.source.version for a in decided.plan.assessments]
    with transaction.atomic():
        run = Run.objects.create(
            zone_id=by.zone_id,
            started_by_id=by.membership_id,
            as_of=evaluated.as_of,
            known_at=evaluated.known_at,
            packs=packs[:200],
            rules_digest=hashlib.sha256("\n".join(versions).encode()).hexdigest(),
            facts_digest=evaluated.facts_digest,
            started_at=evaluated.started_at,
        )
        kept, digest, sums = _keep(run, decided)
        RunCount.objects.bulk_create(_counts(run, decided, kept, sums))
        run.enterprises, run.answers_digest, run.finished_at = len(kept), digest, at
        run.save(update_fields=["enterprises", "answers_digest", "finished_at"])
        record(
            by=by,
            type="rules.run",
            subject=f"run:{run.pk}",
            at=at,
            key=key,
            payload={
                "as_of": run.as_of,
                "known_at": run.known_at,
                "packs": packs,
                "assessments": len(versions),
                "enterprises": run.enterprises,
                "rules_sha256": run.rules_digest,
                "facts_sha256": run.facts_digest,
                "answers_sha256": digest,
            },
        )
    return run


def _keep(run: Run, decided: Decided) -> tuple[list[int], str, list[int]]:
    """Write one row an enterprise; give the rows of the table that were kept, their digest, the sums in fen."""
    numbers = dict(Enterprise.objects.filter(zone_id=run.zone_id).values_list("code", "pk"))
    codes = decided.codes
    kept = [row for row, code in enumerate(codes) if code in numbers]
    sums = [0] * len(decided.plan.assessments)
    digest = hashlib.sha256()
    rows = _rows(decided, kept, sums)
    with connection.cursor() as cursor:
        while part := list(islice(rows, _SLICE)):
            for row, letters, _, _, _, amounts in part:
                digest.update(f"{codes[row]} {letters} {amounts}\n".encode())
            cursor.executemany(_INSERT, [(run.pk, numbers[codes[row[0]]], *row[1:]) for row in part])
    return kept, digest.hexdigest(), sums


def _rows(decided: Decided, kept: list[int], sums: list[int]) -> Iterator[_Row]:
    granted = decided.world.granted()
    letters, yes = decided.letters, decided.letters == ord(YES.letter)
    paid = np.where(yes & (granted > 0), granted, 0)
    entitled, near = yes.sum(axis=1), (letters == ord(NEAR.letter)).sum(axis=1)
    # What is perhaps due keeps its amount too, so that the list can say how much is at stake.
    known = (yes | (letters == ord(MAYBE.letter))) & (granted >= 0)
    total = paid.sum(axis=1)
    for place, fen in enumerate(paid[kept].sum(axis=0).tolist() if kept else ()):
        sums[place] = fen
    names = [a.id for a in decided.plan.assessments]
    for row in kept:
        amounts = {names[place]: int(granted[row, place]) for place in np.flatnonzero(known[row]).tolist()}
        text = json.dumps(amounts, separators=(",", ":"))
        yield (
            row,
            letters[row].tobytes().decode(),
            int(entitled[row]),
            int(near[row]),
            int(total[row]),
            text,
        )


def _counts(run: Run, decided: Decided, kept: list[int], sums: list[int]) -> list[RunCount]:
    letters = decided.letters[kept]
    return [
        RunCount(
            run=run,
            position=place,
            assessment=a.id,
            version=a.source.version,
            amount=sums[place] if a.award is not None else None,
            **{answer.name: int((letters[:, place] == ord(answer.letter)).sum()) for answer in ANSWERS},
        )
        for place, a in enumerate(decided.plan.assessments)
    ]


def _digest_of(batch: pa.RecordBatch) -> str:
    """Give the SHA-256 over a table of facts as an Arrow stream, without what its columns say of their sources."""
    digest = hashlib.sha256()
    bare = batch.replace_schema_metadata(None)
    schema = pa.schema([pa.field(field.name, field.type) for field in bare.schema])
    with pa.ipc.new_stream(_Hashed(digest), schema) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays(bare.columns, schema=schema))
    return digest.hexdigest()


class _Hashed:
    """A file that keeps nothing but the hash of what is written to it."""

    closed = False

    def __init__(self, digest: hashlib._Hash) -> None:
        self._digest = digest

    def write(self, data: pa.Buffer | bytes) -> int:
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing waits to be written."""
