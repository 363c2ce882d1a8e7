"""Every page, as those who use it see it: axe finds nothing, nothing is cut off, and the browser has no complaint."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

# isort: off
import tests.site_setup  # noqa: F401 - before anything of Django

# isort: on
from django.urls import URLPattern, URLResolver, get_resolver
from tests.journeys.addresses import NOT_PAGES, PAGES, QUERIES
from tests.journeys.conftest import Site, Visit

pytestmark = pytest.mark.browser
WIDTHS = (390, 1280, 1920)
# What stands outside the window to the right, were one to scroll there.
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The browser complains of a page that says that something is not there, or did not go well, and of nothing else.
EXPECTED = re.compile(r"the server responded with a status of 40[14]\b")


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """Give the name of every address of the site."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from names(each.url_patterns, f"{each.namespace}:" if each.namespace else space)
        elif each.name:
            yield f"{space}{each.name}"


def filled(address: str, site: Site) -> str:
    """Fill an address with what the demonstration has."""
    return address.format_map(
        {name: site.one(query) for name, query in QUERIES.items() if f"{{{name}}}" in address}
    )


def test_every_page_has_a_line_in_the_table():
    told = {name for name, _, _ in PAGES} | NOT_PAGES.keys()
    known = {name for name in names(get_resolver().url_patterns) if not name.startswith(("admin:", "api:"))}
    assert known - told == set(), "add a line to tests/journeys/addresses.py"


VISITED = [(who, where) for _, who, where in PAGES]
NAMES = [f"{who or 'nobody'} {where}" for _, who, where in PAGES]
EXAMINE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
    each => each.nodes.map(node => each.id + ': ' + node.html.slice(0, 160)))"""


@pytest.mark.parametrize(("username", "address"), VISITED, ids=NAMES)
def test_axe_finds_nothing_and_nothing_is_cut_off_in_light_or_dark(
    visit: Visit, site: Site, username, address
):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(username)
    page.goto(filled(address, site), wait_until="networkidle")
    page.evaluate(axe.axe_script)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme} {each}" for each in page.evaluate(EXAMINE)]
        if (beyond := page.evaluate(TOO_WIDE)) > 0:
            found.append(f"{width}: the page is {beyond} px too wide")
    found += [said for said in page.complaints if not EXPECTED.search(said)]
    assert not found


@pytest.mark.parametrize(("username", "address"), VISITED, ids=NAMES)
def test_large_text_in_english_is_not_cut_off(visit: Visit, site: Site, username, address):
    page = visit(username, language="en-GB")
    page.context.add_cookies([{"name": "kaiyuan-text", "value": "large", "url": site.address}])
    page.goto(filled(address, site))
    assert page.locator("html.is-large[lang=en]").count() == 1
    beyond = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        beyond[width] = page.evaluate(TOO_WIDE)
    assert all(each <= 0 for each in beyond.values()), beyond


def test_every_stop_of_the_keyboard_shows_where_it_is(visit: Visit):
    page = visit("officer")
    page.goto("/dev/components/")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        unseen += page.evaluate(
            """() => { const it = document.activeElement, style = getComputedStyle(it);
            return it === document.body || parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none'
                ? [] : [it.outerHTML.slice(0, 120)] }"""
        )
    assert not unseen


def test_the_menu_of_a_phone_opens_and_closes_without_script(visit: Visit):
    page = visit("officer", width=390, script=False)
    page.goto("/")
    menu = page.locator("#menu")
    assert not menu.is_visible()
    page.locator(".k-burger").click()
    assert menu.is_visible()
    menu.locator(".k-side__close").click()
    assert not menu.is_visible()


def test_language_and_large_text_change_without_script_and_stay(visit: Visit):
    page = visit("officer", script=False)
    page.goto("/dev/components/")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith("/dev/components/")
    page.get_by_role("button", name="Large text").click()
    assert page.locator("html.is-large").count() == 1
    page.goto("/me/")
    assert page.locator("html.is-large[lang=en]").count() == 1


def test_on_paper_the_menu_is_gone_and_what_is_folded_is_open(visit: Visit):
    page = visit("officer")
    page.goto("/dev/components/")
    page.emulate_media(media="print")
    assert not page.locator(".k-side").is_visible()
    assert not page.locator(".k-top").is_visible()
    assert page.locator(".k-foot").evaluate("it => getComputedStyle(it, '::before').content") not in (
        "none",
        '""',
    )
    # Playwright takes whatever is in a closed fold for hidden: its height tells.
    assert (
        page.locator(".k-fold:not([open]) p").first.evaluate("it => it.getBoundingClientRect().height") > 10
    )
