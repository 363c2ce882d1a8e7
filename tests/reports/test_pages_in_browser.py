"""The pages in a real browser: no accessibility violation, no sideways scrolling, nothing fetched, on screen and paper."""

import shutil
from pathlib import Path

import pytest

from kaiyuan.reports import entitled_firms, explanation_html, report_html
from tests.reports.cast import explained, outcome
from tests.reports.pages import HOSTILE

pytestmark = pytest.mark.browser

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def made():
    """Give every page by name, in both languages, with a firm of a hostile and very long name among them."""
    _, found, summary = outcome()
    pages = {}
    for lang in ("zh", "en"):
        pages[f"report-{lang}"] = report_html(
            summary, lang=lang, generated="2026-11-20 09:12", entitled=entitled_firms(found.claims)
        )
        for name, assessment, facts in (
            ("near", "champion", {"rd": 368, "rd__1": 900}),
            ("unknown", "champion", {"rd__1": None, "share": None}),
            ("no", "champion", {"rd": 100, "title": False}),
            ("class", "size", {}),
            ("score", "scored", {"staff": None}),
            ("amount", "subsidy", {}),
        ):
            e = explained(assessment, name=f"{HOSTILE}很长的企业名称有限责任公司{'X' * 60}", **facts)
            pages[f"{name}-{lang}"] = explanation_html(e, lang=lang, generated="2026-11-20 09:12")
    return pages


PAGES = made()


@pytest.fixture(scope="module")
def browser():
    """Start the browser of the machine, once; nothing is downloaded."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, tmp_path: Path):
    """Give a function that opens a page at a width and in a colour scheme, and keeps what it asked of the network."""
    contexts = []

    def open_(name, *, width=1280, scheme="light", media="screen"):
        path = tmp_path / f"{name}.html"
        path.write_text(PAGES[name], encoding="utf-8")
        # The checker is injected as a script, which the page's own policy forbids.
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.emulate_media(media=media, color_scheme=scheme)
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_accessibility_violation(opened, name, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = opened(name, width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    result = axe.Axe().run(page, options={"runOnly": TAGS})
    found = [
        (v["id"], [node["html"][:120] for node in v["nodes"][:3]]) for v in result.response["violations"]
    ]
    assert found == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 390, 861, 1280])
def test_no_page_scrolls_sideways(opened, name, width):
    page = opened(name, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_the_network_for_nothing(opened, name):
    assert [url for url in opened(name).asked if not url.startswith("file:")] == []


def test_what_is_folded_is_printed(opened):
    page = opened("near-zh", media="print")
    assert page.get_by_text("持有称号").first.is_visible()
    assert opened("near-zh").get_by_text("持有称号").first.is_hidden()


def test_everything_one_can_press_is_large_enough(opened):
    page = opened("report-zh", width=390)
    for target in page.locator("a:visible, summary:visible").all():
        box = target.bounding_box()
        assert box is not None and box["height"] >= 24, target.inner_text()
