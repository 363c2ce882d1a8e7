"""Take the pictures of the README: start the demonstration, look at its pages in Chromium, write docs/images/site-*.png.

`make screenshots` runs it. The pictures are of the day on which they are taken.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
ENTERPRISES = 2_000
FIRM = "SELECT subject FROM zones_membership WHERE role = 'agent' ORDER BY id LIMIT 1"
IMPORT = "SELECT id FROM intake_import WHERE state = 'done' ORDER BY id LIMIT 1"


@dataclass(frozen=True)
class Picture:
    """A page to look at: the file's name, who looks, the address, and how."""

    name: str
    username: str
    address: str
    width: int = 1280
    height: int = 900
    dark: bool = False
    language: str = "zh-CN"


PICTURES = (
    Picture("site-entitlements", "agent", "/my/", height=1500),
    Picture("site-entitlements-phone", "agent", "/my/", width=390, height=1200),
    Picture("site-reasons", "agent", "/enterprises/{firm}/entitlements/little_giant/", height=1300),
    Picture("site-file", "officer", "/enterprises/{firm}/", height=1200),
    Picture("site-enterprises", "officer", "/enterprises/?sort=-amount", height=1000),
    Picture("site-import", "officer", "/imports/{import}/", height=1100),
    Picture("site-zone-dark", "supervisor", "/", height=1200, dark=True),
    Picture("site-verify", "auditor", "/journal/", height=1000),
    Picture("site-rule-en", "park.officer", "/rules/demo.rd_subsidy/", height=1100, language="en-GB"),
)


def main() -> None:
    """Write every picture, and refuse to write one of a page with a fault."""
    sys.path.insert(0, str(ROOT))
    from tests.journeys.demonstration import chromium_of_the_system, running, visits

    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as home:
        folder = Path(home) / "demo"
        folder.mkdir()
        with (
            running(folder, enterprises=ENTERPRISES) as site,
            chromium_of_the_system() as browser,
            visits(browser, site) as visit,
        ):
            for picture in PICTURES:
                address = picture.address.format_map({"firm": site.one(FIRM), "import": site.one(IMPORT)})
                page = visit(
                    picture.username,
                    width=picture.width,
                    height=picture.height,
                    dark=picture.dark,
                    language=picture.language,
                )
                answer = page.goto(address, wait_until="networkidle")
                if answer is None or answer.status != 200 or page.complaints:
                    raise SystemExit(f"{address} is not fit to be shown: {answer} {page.complaints}")
                page.screenshot(path=IMAGES / f"{picture.name}.png")
                print(f"docs/images/{picture.name}.png")


if __name__ == "__main__":
    main()
