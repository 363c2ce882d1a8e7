"""Let parsers run where their worst failure is seen: some are written in Rust and panic instead of raising."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kaiyuan.apps.intake.refusals import refused

Result = TypeVar("Result")
_END = object()


def parsed(act: Callable[[], Result]) -> Result:
    """Give what a parser gives; raises Refused for whatever goes wrong in it."""
    with ThreadPoolExecutor(1) as pool:
        return _of(pool, act)


def pulled(items: Iterable[Result]) -> Iterator[Result]:
    """Give what a parser gives one by one; raises Refused for whatever goes wrong in it."""
    waiting = iter(items)
    with ThreadPoolExecutor(1) as pool:
        while (item := _of(pool, lambda: next(waiting, _END))) is not _END:
            yield item  # type: ignore[misc]


def _of(pool: ThreadPoolExecutor, act: Callable[[], Result]) -> Result:
    future = pool.submit(act)
    error = future.exception()
    if error is not None:
        raise refused(error if isinstance(error, Exception) else None) from error
    return future.result()
