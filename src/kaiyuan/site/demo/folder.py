"""The folder of the demonstration: used again as it is, or made anew when another version made it."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connections

import kaiyuan
from kaiyuan.errors import InputError

MARK = "demo.json"
_MADE_BY_US = ("site.sqlite3", "site.sqlite3-wal", "site.sqlite3-shm", MARK)
_FOLDERS_MADE_BY_US = ("uploads", "mail")


def ready_folder(*, enterprises: int, on: date) -> None:
    """Clear away a demonstration that is half made, or was made by another version or for another year.

    Only files of a demonstration go. Raises InputError for a database that is not one.
    """
    if not _holds_the_database():
        return
    folder: Path = settings.DATA
    mark = folder / MARK
    if not mark.exists():
        if (folder / "site.sqlite3").exists():
            raise InputError(
                "this folder holds a database that is no demonstration",
                text=str(folder),
                remedy="Choose another with --data",
            )
    elif json.loads(mark.read_text(encoding="utf-8")) != _finished(enterprises, on):
        connections.close_all()
        for name in _MADE_BY_US:
            (folder / name).unlink(missing_ok=True)
        for name in _FOLDERS_MADE_BY_US:
            shutil.rmtree(folder / name, ignore_errors=True)
    if not mark.exists():
        mark.write_text(json.dumps({"finished": False}), encoding="utf-8")


def mark_finished(*, enterprises: int, on: date) -> None:
    """Put down that the demonstration is whole, and what made it."""
    (settings.DATA / MARK).write_text(json.dumps(_finished(enterprises, on)), encoding="utf-8")


def is_finished(*, enterprises: int, on: date) -> bool:
    """Tell whether the demonstration in the folder is whole and of this version, size and year."""
    mark = settings.DATA / MARK
    return mark.exists() and json.loads(mark.read_text(encoding="utf-8")) == _finished(enterprises, on)


def _holds_the_database() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3")


def _finished(enterprises: int, on: date) -> dict[str, object]:
    package = Path(kaiyuan.__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*package.glob("apps/*/migrations/*.py"), *package.glob("site/demo/*.py")]):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return {
        "finished": True,
        "version": kaiyuan.__version__,
        "made_by": digest.hexdigest(),
        "packs": settings.PACKS,
        "enterprises": enterprises,
        "base_year": on.year - 1,
    }
