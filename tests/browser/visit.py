"""A visitor's window: a page of the homepage in a real browser, and all that went wrong in it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from infra.browser import PHONE

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The rules of axe that decide whether a page conforms to WCAG 2.2 AA."""
_DRAWN = "() => document.querySelector('main') !== null && document.querySelector('[aria-busy]') === null"
_LOOK_MILLISECONDS = 25
_QUIET_LOOKS = 3


@dataclass
class Visit:
    """One window on the homepage of `origin`, whose complaints and requests are kept."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    _asked_for: int = 0
    _had: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self._asks)
        self.page.on("requestfinished", self._has)
        self.page.on("requestfailed", self._has)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def _asks(self, request: Request) -> None:
        self._asked_for += 1
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self.foreign.append(request.url)

    def _has(self, _: Request) -> None:
        self._had += 1

    def open(self, path: str) -> None:
        """Go to an address as by typing it, and wait until everything is drawn."""
        self.page.goto(f"{self.origin}{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until all of the page is drawn and nothing is asked for any more; raises `AssertionError` after 15 s."""
        deadline = time.monotonic() + 15
        quiet = 0
        while quiet < _QUIET_LOOKS:
            assert time.monotonic() < deadline, f"{self.page.url} is never done: {self.complaints}"
            self.page.wait_for_timeout(_LOOK_MILLISECONDS)
            drawn: bool = self.page.evaluate(_DRAWN)
            quiet = quiet + 1 if drawn and self._had == self._asked_for else 0

    def look(self, scheme: Literal["light", "dark"], size: tuple[int, int]) -> None:
        """Show the page in a theme and a window of that size."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def violations(self, axe: str) -> list[str]:
        """What axe finds against WCAG 2.2 AA in the page as it is shown now."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(axe)
        found: list[dict[str, Any]] = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found => found.violations)",
            list(WCAG),
        )
        return [
            f"{each['id']}: {each['help']}: {node['html']} {node['failureSummary']}"
            for each in found
            for node in each["nodes"]
        ]

    def sideways(self) -> int:
        """How many CSS pixels of the page stand beside the window."""
        over: int = self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        return over


@contextmanager
def visiting(browser: Browser, origin: str, **settings: Any) -> Iterator[Visit]:  # noqa: ANN401 - Playwright's own settings
    """A new visitor, who has been nowhere before.

    Without a service worker unless it is asked for: requests that one makes cannot be intercepted.
    """
    defaults = {
        "viewport": {"width": PHONE[0], "height": PHONE[1]},
        "service_workers": "block",
        "reduced_motion": "reduce",
        "locale": "de-DE",
        "timezone_id": "Europe/Berlin",
    }
    context: BrowserContext = browser.new_context(**{**defaults, **settings})
    context.set_default_timeout(10_000)
    try:
        yield Visit(context.new_page(), origin)
    finally:
        context.close()
