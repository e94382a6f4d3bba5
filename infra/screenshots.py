"""Pictures of the homepage for the README: `make screenshots`, beside a register with the sample data that runs."""

import argparse
import base64
import json
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

from infra.browser import DESKTOP, PHONE, launched

FOLDER: Final = Path(__file__).resolve().parent.parent / ".images"
QUALITY: Final = 70
_DRAWN: Final = "() => document.querySelector('main') && !document.querySelector('[aria-busy]')"

Theme = Literal["light", "dark"]
PICTURES: Final[dict[str, tuple[str, Theme, tuple[int, int]]]] = {
    "start": ("/de/", "light", DESKTOP),
    "network": ("/de/network", "dark", (1280, 1300)),
    "cooperation": ("/de/cooperations/{cooperation}", "light", DESKTOP),
    "phone": ("/de/organisations/{organisation}", "light", PHONE),
}
SHOWN: Final = {
    "organisation": "/organisations?external_id=sample:itnet",
    "cooperation": "/cooperations?kind=agreement",
}


def first_ids(url: str) -> dict[str, str]:
    """Give the ids of the records that are shown."""
    found = {}
    for name, path in SHOWN.items():
        with urllib.request.urlopen(f"{url}/v1{path}") as answer:  # noqa: S310 - the register that the operator named
            found[name] = json.load(answer)["items"][-1]["id"]
    return found


def picture(browser: Browser, address: str, theme: Theme, size: tuple[int, int]) -> bytes:
    """Give what a visitor sees of a page without scrolling, as WebP."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, reduced_motion="reduce", locale="de-DE"
    )
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_function(_DRAWN)
        page.wait_for_load_state("networkidle")
        protocol = context.new_cdp_session(page)
        shot = protocol.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        return base64.b64decode(shot["data"])
    finally:
        context.close()


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make screenshots", description="Take the pictures of the README anew.")
    parser.add_argument("url", help="of a homepage that runs, such as http://127.0.0.1:8000")
    url = parser.parse_args(arguments).url.rstrip("/")
    ids = first_ids(url)
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for name, (path, theme, size) in PICTURES.items():
            content = picture(browser, url + path.format_map(ids), theme, size)
            (FOLDER / f"{name}.webp").write_bytes(content)
            print(f"{name}.webp: {len(content) / 1_024:.0f} KB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
