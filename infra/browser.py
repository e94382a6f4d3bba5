"""The machine's own Chromium, for tests, measurements and pictures of the homepage."""

import shutil

from playwright.sync_api import Browser, Playwright

PHONE = (390, 844)
DESKTOP = (1280, 900)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launched(playwright: Playwright) -> Browser:
    """Start it, without a window; raises `FileNotFoundError` with what to do where there is none."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise FileNotFoundError("Chromium is needed. On Debian and Ubuntu: apt-get install chromium")
    return playwright.chromium.launch(executable_path=path, headless=True, args=list(_FLAGS))
