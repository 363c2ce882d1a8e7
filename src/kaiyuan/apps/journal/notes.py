"""Checkpoints as signed notes, after C2SP (signed-note, tlog-checkpoint): a few lines of text that anybody can keep.

kaiyuan.example/journal/east                     the journal it speaks of
4812                                             events that it covers
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=     Merkle root over their hashes
head 7be2…                                       hash of the last of them
time 2026-11-20T01:12:00.000000Z                 when it was made

— kaiyuan.example/journal/east c74f20a3…         key and Ed25519 signature over the lines above
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kaiyuan.apps.journal.chain import moment
from kaiyuan.errors import InputError
from kaiyuan.sheets.wording import Wording

ED25519 = b"\x01"
LONGEST = 4_000
_BODY = re.compile(
    r"(?P<origin>[^\s+]+)\n(?P<size>0|[1-9]\d{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"head (?P<head>[0-9a-f]{64})\ntime (?P<time>[0-9T:.\-]{26}Z)\n"
)
_SIGNATURE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+=*)")


class NoteError(InputError):
    """A note that is no checkpoint, or is not signed by a key that is trusted here; says why in both languages."""

    def __init__(self, said: Wording, *, text: str, remedy: str) -> None:
        super().__init__(said.en, text=text, remedy=remedy)
        self.said = said


@dataclass(frozen=True)
class Note:
    """What a checkpoint says; `root` and `head` are hexadecimal."""

    origin: str
    size: int
    root: str
    head: str
    time: str

    @property
    def zone_code(self) -> str:
        """Give the code of the zone whose journal it speaks of."""
        return self.origin.rpartition("/")[2]

    def body(self) -> str:
        """Give the lines that are signed."""
        root = base64.b64encode(bytes.fromhex(self.root)).decode()
        return f"{self.origin}\n{self.size}\n{root}\nhead {self.head}\ntime {self.time}\n"


@dataclass(frozen=True)
class VerifierKey:
    """A public key that is trusted; with a name, for notes under that name only."""

    public: bytes
    name: str | None = None

    def signed(self, body: bytes, *, name: str, signature: bytes) -> bool:
        """Tell whether the key, under the name, signed the body; the signature begins with four bytes of key id."""
        if self.name not in (None, name) or signature[:4] != key_id(name, self.public):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature[4:], body)
        except InvalidSignature:
            return False
        return True

    def written(self, name: str) -> str:
        """Give the key as `name+id+key`, the form that other programs for signed notes read."""
        key = base64.b64encode(ED25519 + self.public).decode()
        return f"{name}+{key_id(name, self.public).hex()}+{key}"


def key_id(name: str, public: bytes) -> bytes:
    """Give the four bytes that a signature line names its key by."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(text: str) -> VerifierKey:
    """Read `name+id+key`; raises InputError."""
    # The key itself may hold a plus sign; the name and the id never do.
    name, _, rest = text.strip().partition("+")
    identity, _, key = rest.partition("+")
    raw = _decoded(key)
    if len(raw) != 33 or raw[:1] != ED25519 or key_id(name, raw[1:]).hex() != identity:
        raise InputError(
            "this is not a key for checkpoints",
            text=text[:80],
            remedy="Write it as `kaiyuan journal key` shows it",
        )
    return VerifierKey(raw[1:], name)


def public_of(key: Ed25519PrivateKey) -> VerifierKey:
    """Give the public half of a signing key, trusted under any name."""
    return VerifierKey(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def write_note(*, origin: str, size: int, root: str, head: str, at: datetime, key: Ed25519PrivateKey) -> str:
    """Write a checkpoint and sign it."""
    body = Note(origin, size, root, head, moment(at)).body()
    signature = key_id(origin, public_of(key).public) + key.sign(body.encode())
    return f"{body}\n— {origin} {base64.b64encode(signature).decode()}\n"


def read_note(text: str, *, keys: Sequence[VerifierKey]) -> Note:
    """Read a checkpoint signed by one of the keys; raises NoteError.

    Further signatures, such as those of witnesses, may stand beside it.
    """
    note, signatures = _parsed(text)
    for name, signature in _SIGNATURE.findall(signatures):
        raw = _decoded(signature)
        if any(key.signed(note.body().encode(), name=name, signature=raw) for key in keys):
            return note
    raise NoteError(
        Wording(
            "这份检查点不是由受信任的密钥签发的",
            "the checkpoint is not signed by a key that is trusted here",
        ),
        text=note.origin,
        remedy="Check that it was not changed, and that it is of this journal",
    )


def zone_code_of(text: str) -> str:
    """Give the code of the zone that a checkpoint speaks of, before anybody has looked at its signature."""
    return _parsed(text)[0].zone_code


def _parsed(text: str) -> tuple[Note, str]:
    body, _, signatures = (text.replace("\r\n", "\n").strip("\n") + "\n").partition("\n\n")
    found = _BODY.fullmatch(body + "\n")
    if found is not None and len(text) <= LONGEST:
        root = _decoded(found["root"]).hex()
        note = Note(found["origin"], int(found["size"]), root, found["head"], found["time"])
        if root:
            return note, signatures
    raise NoteError(
        Wording("这不是检查点，请粘贴全文", "this is not a checkpoint"),
        text=text.strip()[:80],
        remedy="Give the whole note, as it was handed out",
    )


def _decoded(text: str) -> bytes:
    # The last letter of base64 has bits that mean nothing; only the one spelling counts.
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
    return raw if base64.b64encode(raw).decode() == text else b""
