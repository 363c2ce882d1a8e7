"""The SQLite that the site runs on: a line without the fault that can damage a write-ahead log.

SQLite 3.7.0 to 3.51.2 may lose pages when one connection resets the log while another writes; 3.51.3 mends it, and
so do 3.44.6 and 3.50.7 on their branches. Python's own SQLite is often older, so the wheel's is put in its place,
before Django loads its driver. This is the one place where that is done.
"""

from __future__ import annotations

import sqlite3
import sys
from importlib.util import find_spec

MENDED = (3, 51, 3)
MENDED_BRANCHES = {(3, 44): 6, (3, 50): 7}

# WAL lets readers go on while one writes; FULL keeps what was acknowledged through a power cut, NORMAL does not.
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "journal_size_limit": 67_108_864,
}
OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": ";".join(f"PRAGMA {name}={value}" for name, value in PRAGMAS.items()),
}


def is_mended(version: tuple[int, ...]) -> bool:
    """Tell whether this version of SQLite keeps a write-ahead log whole with several connections."""
    branch = MENDED_BRANCHES.get((version[0], version[1]))
    return tuple(version) >= MENDED or (branch is not None and version[2] >= branch)


def use_mended_sqlite() -> None:
    """Put the wheel's SQLite where Django looks for Python's, if Python's is not mended and the wheel is there."""
    if is_mended(sqlite3.sqlite_version_info) or find_spec("pysqlite3") is None:
        return
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
