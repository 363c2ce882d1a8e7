"""The database and the cache: do they keep what was acknowledged, and do all processes share them?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError

from kaiyuan.site.doctor.finding import Finding, good, look, unsafe
from kaiyuan.site.sqlite import PRAGMAS, is_mended

OVER_THE_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs", "afs"}
)
"""Kinds of file systems on which a write-ahead log can be damaged."""


def engine() -> Iterator[Finding]:
    """Look at the database engine and at the settings that keep what was acknowledged."""
    try:
        yield from _sqlite() if connection.vendor == "sqlite" else _postgres()
    except DatabaseError as error:
        said = str(error).splitlines()[0]
        yield unsafe(
            "database",
            (f"没有回答：{said}", f"no answer: {said}"),
            ("检查 DATABASE_URL", "Check DATABASE_URL"),
        )


def _sqlite() -> Iterator[Finding]:
    version = ".".join(map(str, sqlite3.sqlite_version_info))
    if not is_mended(sqlite3.sqlite_version_info) and settings.WORKERS > 1:
        yield unsafe(
            "sqlite",
            (
                f"SQLite {version} 在多进程下可能损坏数据",
                f"SQLite {version} may damage data with several processes",
            ),
            ("安装 pysqlite3，或改用 PostgreSQL", "Install pysqlite3, or use PostgreSQL"),
        )
    elif not is_mended(sqlite3.sqlite_version_info):
        yield look(
            "sqlite",
            (
                f"SQLite {version} 有已知缺陷，只可单进程",
                f"SQLite {version} has a known fault; one process only",
            ),
            ("安装 pysqlite3", "Install pysqlite3"),
        )
    else:
        yield good("sqlite", version, version)
    with connection.cursor() as cursor:
        for name, wanted in PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}")
            got = cursor.fetchone()[0]
            if got != wanted:
                yield unsafe(
                    f"sqlite {name}",
                    (f"是 {got}，应为 {wanted}", f"is {got}, not {wanted}"),
                    ("不要改动 DATABASES 的 OPTIONS", "Leave OPTIONS of DATABASES as they are"),
                )
    kind = file_system(Path(str(settings.DATABASES["default"]["NAME"])))
    if kind in OVER_THE_NETWORK:
        yield unsafe(
            "sqlite file",
            (f"在网络文件系统（{kind}）上", f"it lies on a network file system ({kind})"),
            ("放到本机磁盘，或改用 PostgreSQL", "Put it on a local disk, or use PostgreSQL"),
        )


def _postgres() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            got = cursor.fetchone()[0]
            if got == "off":
                yield unsafe(
                    f"postgresql {name}",
                    ("已关闭，断电会丢失已确认的数据", "is off; a power cut loses what was acknowledged"),
                    (f"打开 {name}", f"Turn {name} on"),
                )
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    yield good("postgresql", version, version)


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Give the kind of file system a path lies on; empty where the machine does not tell."""
    if not mounts.exists():
        return ""
    found, kind = "", ""
    for line in mounts.read_text(encoding="utf-8").splitlines():
        _, point, each, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if (point == "/" or path.is_relative_to(point)) and len(point) >= len(found):
            found, kind = point, each
    return kind


def migrations() -> Iterator[Finding]:
    """Look whether the database is at the program's version."""
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return
    if waiting:
        yield unsafe(
            "migrations",
            (f"还有 {waiting} 项没有执行", f"{waiting} are waiting"),
            ("运行 kaiyuan site migrate", "Run `kaiyuan site migrate`"),
        )
    else:
        yield good("migrations", "都已执行", "all applied")


def shared_cache() -> Iterator[Finding]:
    """Look whether all processes count failed logins in one place."""
    backend = str(settings.CACHES["default"]["BACKEND"])
    if "locmem" in backend and settings.WORKERS > 1:
        yield unsafe(
            "cache",
            (
                "各进程各自计数，登录限速可被绕过",
                "each process counts alone; limits on logins can be passed by",
            ),
            ("设 KAIYUAN_CACHE_URL，或留空用数据库", "Set KAIYUAN_CACHE_URL, or leave it to the database"),
        )
        return
    try:
        cache.set("kaiyuan-doctor", 1, 5)
        answers = cache.get("kaiyuan-doctor") == 1
    except Exception as error:  # noqa: BLE001 - each backend has errors of its own; all mean the same here
        said = type(error).__name__
        yield unsafe(
            "cache",
            (f"不能用：{said}", f"cannot be used: {said}"),
            ("运行 kaiyuan site migrate", "Run `kaiyuan site migrate`"),
        )
        return
    if answers:
        yield good("cache", backend.rsplit(".", 1)[1], backend.rsplit(".", 1)[1])
    else:
        yield unsafe(
            "cache",
            ("写入后读不出", "what is written cannot be read"),
            ("检查 KAIYUAN_CACHE_URL", "Check KAIYUAN_CACHE_URL"),
        )
