"""The key that signs this site's checkpoints: where it lies, how it is made."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from kaiyuan.apps.journal.conflicts import Conflict
from kaiyuan.apps.journal.notes import VerifierKey, public_of
from kaiyuan.errors import InputError
from kaiyuan.sheets.wording import Wording


class NoKey(Conflict):
    """There is no key that checkpoints can be signed with."""


def key_path() -> Path:
    """Give the path of the key: the one of the setting, else `checkpoint.pem` in the data folder."""
    return Path(settings.CHECKPOINT_KEY or settings.DATA / "checkpoint.pem")


def make_key(path: Path) -> None:
    """Write a new key that only this user may read; raises InputError if there is a file already."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError(
            "there is a key already", file=str(path), remedy="Move it away first; old checkpoints need it"
        ) from None
    with os.fdopen(handle, "wb") as file:
        file.write(pem)


def signing_key() -> Ed25519PrivateKey:
    """Read the key; raises NoKey if there is none, or none that can be used."""
    path = key_path()
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise NoKey(
            Wording(
                "还没有检查点密钥，请运维人员运行 kaiyuan journal key", "there is no key for checkpoints"
            ),
            remedy="Make one with `kaiyuan journal key`",
        ) from None
    except (ValueError, TypeError, OSError) as error:
        raise _unusable() from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable()
    return key


def _unusable() -> NoKey:
    return NoKey(
        Wording("检查点密钥不能用", "the key for checkpoints cannot be used"),
        remedy="It must be Ed25519, PEM, without password, and readable",
    )


def has_key() -> bool:
    """Tell whether there is a key to sign with."""
    return key_path().is_file()


def trusted_keys() -> list[VerifierKey]:
    """Give the public half of the site's own key; nothing if it has none."""
    return [public_of(signing_key())] if has_key() else []


def origin_of(zone_code: str) -> str:
    """Give the name under which a zone's journal signs: the site's address without its scheme, and the zone."""
    parts = urlsplit(settings.ADDRESS)
    return f"{parts.netloc}{parts.path}/journal/{zone_code}"
