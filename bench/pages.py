"""How long the site's main pages take over 100,000 enterprises, and how many queries each makes.

`python bench/pages.py` builds the zone once (bench/out/site-100000), asks each page as the person who works with it,
and writes bench/PAGES.md. No page may make more than twenty queries, whatever the size: exit code 1 if one does.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.site_zone import ready, say  # noqa: E402

MOST_QUERIES = 20
PAGES = (
    # (what people call it, who asks, address; {own} is the agent's enterprise)
    ("today 今日", "officer", "/"),
    ("entitlements 能享受什么", "agent", "/my/"),
    ("one answer with its reasons 理由", "agent", "/enterprises/{own}/entitlements/zjtx_sme/"),
    ("the enterprise's file 一企一档", "officer", "/enterprises/{own}/"),
    ("a fact's history 指标历史", "officer", "/enterprises/{own}/facts/revenue/"),
    ("list of enterprises 企业列表", "officer", "/enterprises/"),
    (
        "list by answer, by amount 按结论筛选",
        "officer",
        "/enterprises/?assessment=zjtx_sme&answer=near&sort=-amount",
    ),
    ("list, last page 末页", "officer", "/enterprises/?page={last}"),
    ("search by pinyin initials 拼音检索", "officer", "/search/?q=slrj"),
    ("rules 规则", "policy_editor", "/rules/"),
    ("one rule 一条规则", "policy_editor", "/rules/national.cultivation_2026/"),
    ("runs 运行", "supervisor", "/runs/"),
    ("journal 日志", "auditor", "/journal/"),
    ("imports 导入", "officer", "/imports/"),
)


@dataclass(frozen=True)
class Asked:
    """One page as it was measured: milliseconds of each time, queries, bytes of the answer."""

    words: str
    role: str
    address: str
    milliseconds: tuple[float, ...]
    queries: int
    size: int

    @property
    def median(self) -> float:
        """Give the median time in milliseconds."""
        return statistics.median(self.milliseconds)


def main() -> int:
    """Build, ask, write."""
    options = arguments()
    ready(options.enterprises)
    asked = [ask(*page, repeat=options.repeat, enterprises=options.enterprises) for page in PAGES]
    text = report(asked, enterprises=options.enterprises, repeat=options.repeat)
    print(text)
    if options.enterprises == 100_000:
        (ROOT / "bench" / "PAGES.md").write_text(text, encoding="utf-8")
    return 1 if any(page.queries > MOST_QUERIES for page in asked) else 0


def ask(words: str, role: str, address: str, *, repeat: int, enterprises: int) -> Asked:
    """Ask for a page as a person in a role: once to warm up, then as often as wanted."""
    from django.test import Client

    from kaiyuan.apps.zones.models import Membership

    place = Membership.objects.select_related("user").get(role=role)
    own = Membership.objects.get(role="agent").subject
    path = address.format(own=own, last=-(-enterprises // 20))
    client = Client(SERVER_NAME="localhost")
    client.force_login(place.user, backend="django.contrib.auth.backends.ModelBackend")
    times, queries, size = [], 0, 0
    for number in range(repeat + 1):
        with counted() as statements:
            began = time.perf_counter()
            answer = client.get(path)
            took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{path} as {role} answered {answer.status_code}")
        if number:
            times.append(took)
        queries, size = len(statements), len(answer.content)
    say(f"{path} {statistics.median(times):.0f} ms, {queries} queries")
    return Asked(words, role, address, tuple(times), queries, size)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather every statement that the block sends to the database."""
    from django.db import connection

    statements: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield statements


def report(asked: list[Asked], *, enterprises: int, repeat: int) -> str:
    """Give the table as Markdown."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM facts_observation")
        observations = cursor.fetchone()[0]
    lines = [
        "# The main pages over many enterprises",
        "",
        f"Written by `python bench/pages.py` on {time.strftime('%Y-%m-%d')}: {enterprises:,} enterprises, "
        f"{observations:,} observations, on {connection.vendor}.",
        f"{os.cpu_count()} cores, Python {platform.python_version()}; one process, the whole way from request to answer, "
        f"median of {repeat} (least to most).",
        "",
        "| page | as | ms | queries | kB |",
        "|---|---|---:|---:|---:|",
    ]
    for page in asked:
        times = f"{page.median:.0f} ({min(page.milliseconds):.0f}–{max(page.milliseconds):.0f})"
        lines.append(
            f"| {page.words} `{page.address}` | {page.role} | {times} | {page.queries} | {page.size / 1000:.0f} |"
        )
    most = max(page.queries for page in asked)
    lines += ["", f"Most queries of a page: {most}; allowed are {MOST_QUERIES}."]
    return "\n".join(lines) + "\n"


def arguments() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
