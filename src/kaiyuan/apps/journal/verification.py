"""Is the journal what it was? The whole chain is walked, and checkpoints are held against it.

Events are read in slices along the table, as the text that the engine holds, so that memory stays flat, no reader
keeps the write-ahead log from being emptied, and a change that parses to the same value is seen too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError
from django.db.models import Count, F, Func, OuterRef, Subquery, TextField
from django.db.models.functions import Coalesce

from kaiyuan.apps.journal.chain import ALGORITHMS, first_hash, leaf
from kaiyuan.apps.journal.merkle import Tree
from kaiyuan.apps.journal.models import Chain, Checkpoint, Event
from kaiyuan.apps.journal.notes import Note, NoteError, VerifierKey, read_note
from kaiyuan.apps.journal.signing import trusted_keys
from kaiyuan.apps.zones.models import Zone
from kaiyuan.sheets.wording import Wording

SLICE = 2_000
MOST_FINDINGS = 100
Row = tuple[Any, ...]
_COLUMNS = (
    "sequence",
    "type",
    "subject",
    "case_key",
    "effective",
    "recorded",
    "actor",
    "actor_label",
    "legal_basis",
    "idempotency_key",
    "payload",
    "prev_hash",
    "hash",
)


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was; `sequence` is where, if that can be said."""

    kind: str
    sequence: int | None
    words: Wording


@dataclass(frozen=True)
class CheckedNote:
    """A checkpoint that was held against the chain; `outside` if it was brought along, not read from the database."""

    note: Note
    outside: bool
    fits: bool


@dataclass
class Verification:
    """What a walk over a zone's chain found: `counted` events were read, `head` is the hash of the last one.

    `root` is the Merkle root over the hashes of all of them, hexadecimal.
    """

    zone_code: str
    algorithm: str
    counted: int = 0
    head: str = ""
    root: str = ""
    findings: list[Finding] = field(default_factory=list)
    more: int = 0
    notes: list[CheckedNote] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings

    def found(self, kind: str, sequence: int | None, zh: str, en: str) -> None:
        """Put a finding down; beyond a hundred they are only counted."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(kind, sequence, Wording(zh, en)))
        else:
            self.more += 1


def verify(
    *, zone_id: int, notes: Sequence[str] = (), keys: Sequence[VerifierKey] | None = None
) -> Verification:
    """Walk a zone's whole chain and hold checkpoints against it: those in the database, and `notes` from outside.

    `keys` are trusted to have signed the notes; without them the site's own key is. Raises NoteError for a note from
    outside that is not signed by one of them or is of another zone: it proves nothing, for or against.
    """
    zone = Zone.objects.get(pk=zone_id)
    chain = Chain.objects.filter(zone=zone).first()
    algorithm = chain.algorithm if chain is not None else "sha256"
    result = Verification(zone.code, algorithm)
    brought = [_own(read_note(text, keys=trusted_keys() if keys is None else keys), zone) for text in notes]
    if chain is None:
        for note in brought:
            _judge(result, note, outside=True, head="", root="")
        return result
    if algorithm not in ALGORITHMS:
        result.found(
            "algorithm", None, f"日志链的算法不明：{algorithm}", f"the chain names no known hash: {algorithm}"
        )
        return result
    at_hand = [(note, True) for note in brought] + [(note, False) for note in _kept(chain, result)]
    _walk(result, chain, zone, at_hand)
    _count(result, chain)
    return result


def _own(note: Note, zone: Zone) -> Note:
    if note.zone_code != zone.code:
        raise NoteError(
            Wording("这是另一本日志的检查点", "the checkpoint is of another journal"),
            text=note.origin,
            remedy=f"Give one of zone {zone.code}",
        )
    return note


def _kept(chain: Chain, result: Verification) -> Iterator[Note]:
    keys = trusted_keys()
    for checkpoint in Checkpoint.objects.filter(chain=chain, size__lte=chain.length).iterator():
        size = checkpoint.size
        try:
            note = read_note(checkpoint.note, keys=keys)
        except NoteError as error:
            # Without a key nothing can be said about signatures; that is no sign of tampering.
            if keys:
                result.found(
                    "note",
                    size,
                    f"检查点 {size} 的签名不成立：{error}",
                    f"checkpoint {size} is not signed by us: {error}",
                )
            continue
        if (note.size, note.head, note.root) != (size, checkpoint.head, checkpoint.root):
            result.found(
                "note",
                size,
                f"检查点 {size} 与它的签名文本不一致",
                f"checkpoint {size} differs from its signed note",
            )
        yield note


def _walk(result: Verification, chain: Chain, zone: Zone, notes: Sequence[tuple[Note, bool]]) -> None:
    hashed, tree = ALGORITHMS[chain.algorithm], Tree(chain.algorithm)
    due: dict[int, list[tuple[Note, bool]]] = {}
    for note, outside in notes:
        due.setdefault(note.size, []).append((note, outside))
    expected, before = 1, (first_hash(zone_code=zone.code, algorithm=chain.algorithm),) * 2
    for row in _rows(chain, result):
        (
            sequence,
            kind,
            subject,
            case,
            effective,
            recorded,
            actor,
            label,
            basis,
            key,
            payload,
            prev,
            stored,
        ) = row
        if sequence != expected:
            _missing(result, expected, sequence - 1)
        elif prev != before[0] and prev != before[1]:
            result.found(
                "tie",
                sequence,
                f"第 {sequence} 条没有接在前一条之后",
                f"event {sequence} does not follow the one before",
            )
        try:
            texts = (
                kind,
                subject,
                case,
                _written(effective),
                _written(recorded),
                actor,
                label,
                basis,
                key,
                payload,
                prev,
            )
            computed = hashed(leaf(sequence, texts))
        except TypeError:
            computed = ""
        if computed != stored:
            result.found(
                "changed",
                sequence,
                f"第 {sequence} 条的内容或摘要被改动",
                f"event {sequence} is not what was recorded",
            )
        before, expected = (stored, computed), sequence + 1
        result.counted += 1
        tree.add(bytes.fromhex(computed))
        for note, outside in due.pop(sequence, ()):
            _judge(result, note, outside=outside, head=computed, root=tree.root().hex())
    if expected <= chain.length:
        _missing(result, expected, chain.length)
    elif chain.length and before[0] != chain.head:
        result.found(
            "head", chain.length, "链头与最后一条不符", "the head of the chain is not the last event"
        )
    result.head, result.root = before[1], tree.root().hex()
    for rest in due.values():
        for note, outside in rest:
            _judge(result, note, outside=outside, head="", root="")


def _judge(result: Verification, note: Note, *, outside: bool, head: str, root: str) -> None:
    fits = (head, root) == (note.head, note.root)
    result.notes.append(CheckedNote(note, outside, fits))
    if fits:
        return
    if not head:
        zh = f"检查点记着 {note.size} 条，日志里已没有第 {note.size} 条：尾部被截去"
        en = f"a checkpoint covers {note.size} events; event {note.size} is not there: the end was cut off"
    else:
        zh = f"前 {note.size} 条与 {note.time} 的检查点不符：日志被改写"
        en = f"the first {note.size} events are not those of the checkpoint of {note.time}: the journal was rewritten"
    result.found("checkpoint", note.size, zh, en)


def _missing(result: Verification, first: int, last: int) -> None:
    if first > last:
        result.found("order", first, f"第 {last + 1} 条不该在这里", f"event {last + 1} should not be there")
    elif first == last:
        result.found("missing", first, f"缺第 {first} 条", f"event {first} is missing")
    else:
        result.found("missing", first, f"缺第 {first} 至 {last} 条", f"events {first} to {last} are missing")


def _count(result: Verification, chain: Chain) -> None:
    # One statement sees one moment: whoever is writing now has both the event and the head in it, or neither.
    events = Event.objects.filter(chain=OuterRef("pk")).order_by()
    counted = events.values("chain").annotate(rows=Count("pk")).values("rows")
    now = Chain.objects.annotate(rows=Coalesce(Subquery(counted), 0)).get(pk=chain.pk)
    if now.rows != now.length:
        result.found(
            "count",
            None,
            f"链上应有 {now.length} 条，表中有 {now.rows} 条",
            f"the chain says {now.length} events, the table holds {now.rows}",
        )


class _Moment(Func):
    """A moment as the text that the engine holds, in UTC."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="CAST(%(expressions)s AS TEXT)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        form = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        return super().as_sql(compiler, connection, template=form, **extra)


def _written(stored: str) -> str:
    """Write a stored moment as it went into the hash; any other form than the two stored ones will not fit."""
    if len(stored) == 26 and stored[10] == " ":
        return f"{stored[:10]}T{stored[11:]}Z"
    if len(stored) == 19 and stored[10] == " ":
        return f"{stored[:10]}T{stored[11:]}.000000Z"
    return stored


def _rows(chain: Chain, result: Verification) -> Iterator[Row]:
    # Along the table's own key, never an index beside it: an index may still hold what the table no longer says.
    # Adding nothing to the chain's number keeps the engine from choosing one.
    rows = (
        Event.objects.annotate(
            of=F("chain_id") + 0, effective=_Moment("effective_at"), recorded=_Moment("recorded_at")
        )
        .filter(of=chain.pk, sequence__lte=chain.length)
        .order_by("pk")
        .values_list("pk", *_COLUMNS)
    )
    last = 0
    while True:
        try:
            part = list(rows.filter(pk__gt=last)[:SLICE])
        except DatabaseError:
            part = list(_one_by_one(rows, last + 1, result))
            last += SLICE
            done = len(result.findings) >= MOST_FINDINGS
        else:
            done = len(part) < SLICE
            last = part[-1][0] if part else last
        for row in part:
            yield row[1:]
        if done:
            return


def _one_by_one(rows: Any, first: int, result: Verification) -> Iterator[Row]:
    # A damaged row makes its whole slice unreadable; the others of the slice can still be looked at.
    for key in range(first, first + SLICE):
        try:
            yield from rows.filter(pk=key)
        except DatabaseError:
            result.found("unreadable", None, f"第 {key} 行读不出来", f"row {key} cannot be read")
            if len(result.findings) >= MOST_FINDINGS:
                return
