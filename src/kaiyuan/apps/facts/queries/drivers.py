"""Arrow-native drivers: whole columns out of the database.

SQLite is asked from processes of their own. Two SQLite libraries in one process, Django's and the driver's, would
take each other's locks away: the system drops all locks that a process has on a file as soon as it closes it once.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa

from kaiyuan.errors import KaiyuanError

_READER = Path(__file__).with_name("sqlite_reader.py")
_OF_POSTGRESQL = ("host", "port", "dbname", "user", "password", "sslmode", "options")


class ReadingFailed(KaiyuanError):
    """The database was not read to its end."""


def from_sqlite(*, path: str, queries: Sequence[str]) -> pa.Table:
    """Give the rows of queries one after the other; each is read by a process, all at the same time."""
    with ThreadPoolExecutor(len(queries)) as pool:
        return pa.concat_tables(list(pool.map(lambda query: _read(path, query), queries)))


def _read(path: str, query: str) -> pa.Table:
    # -P: the folder of the script is no place to import from.
    command = [sys.executable, "-P", str(_READER), path, query]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        assert reader.stdout is not None and reader.stderr is not None
        try:
            table = pa.ipc.open_stream(reader.stdout).read_all()
        except (pa.ArrowInvalid, OSError):
            table = None
        said = reader.stderr.read().decode(errors="replace")
    if table is None or reader.returncode:
        raise ReadingFailed(
            "the observations could not be read", file=path, text=said[-300:], remedy="Try again"
        )
    return table


def from_postgresql(*, parameters: Mapping[str, Any], query: str) -> pa.Table:
    """Give the rows of a query in the order of their numbers, by the driver's binary copy."""
    dbapi = import_module("adbc_driver_postgresql.dbapi")
    given = {name: parameters[name] for name in _OF_POSTGRESQL if parameters.get(name) not in (None, "")}
    address = " ".join(f"{name}='{_escaped(str(value))}'" for name, value in given.items())
    with dbapi.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(query.replace("SELECT ", "SELECT id, ", 1))
        table: pa.Table = cursor.fetch_arrow_table()
    # PostgreSQL gives rows as they lie, which is nearly, but not always, the order of writing.
    numbers = table.column("id").to_numpy()
    if len(numbers) and (numbers[1:] < numbers[:-1]).any():
        table = table.take(pa.array(numbers.argsort(kind="stable")))
    return table.drop_columns(["id"])


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
