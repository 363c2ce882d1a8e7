"""Where uploads lie: below the folder of uploads, by zone and by what they hold, under no name of their own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_FOLDER = "imports"


@dataclass(frozen=True)
class Kept:
    """An upload that was looked at and kept."""

    name: str
    path: str
    digest: str
    size: int


def place_of(path: str) -> Path:
    """Give the file of a path below the folder of uploads."""
    return Path(settings.MEDIA_ROOT) / path


def rejects_of(number: int) -> Path:
    """Give the file that holds what an import left out."""
    folder = place_of(f"{_FOLDER}/rejects")
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{number}.csv"


def keep(pieces: Iterable[bytes], *, zone_id: int, name: str) -> Kept:
    """Keep the bytes of an upload; the same bytes twice lie there once."""
    folder = place_of(f"{_FOLDER}/{zone_id}")
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{os.urandom(8).hex()}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("wb") as stream:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                stream.write(piece)
        path = f"{_FOLDER}/{zone_id}/{digest.hexdigest()}{Path(name).suffix.lower()}"
        part.replace(place_of(path))
    finally:
        part.unlink(missing_ok=True)
    return Kept(name, path, digest.hexdigest(), size)
