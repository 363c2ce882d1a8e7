"""What browser tests share: one demonstration, one Chromium, and pages with somebody logged in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.journeys.demonstration import Site, Visit, chromium_of_the_system, running, visits

ENTERPRISES = 200
__all__ = ["Site", "Visit"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start the demonstration with a few enterprises, in a folder of its own, and end it afterwards."""
    with running(tmp_path_factory.mktemp("demo"), enterprises=ENTERPRISES) as begun:
        yield begun


# For a module only: what drives it keeps a loop running in this thread, and as long as it does, Django takes each query
# of a test that comes after for a slip of asynchronous code.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Start the Chromium of the system, with nothing of any user in it."""
    pytest.importorskip("playwright.sync_api")
    with chromium_of_the_system() as browser:
        yield browser


@pytest.fixture
def visit(chromium: Any, site: Site) -> Iterator[Visit]:
    """Give `visit(username, width=1280, dark=False, language="zh-CN")`: a page with that person logged in."""
    with visits(chromium, site) as open_page:
        yield open_page
