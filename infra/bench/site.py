"""How soon a slow phone can use the homepage: `make bench-site`, beside a register that runs.

The phone is the one that Lighthouse takes for its mobile figures: a processor four times as slow as this one, a line
with 150 ms there and back and 1.6 Mbit/s. A page can be used when its menu, its heading and its search are there; it is
complete when nothing in it is still loading. The server is `make run`, without HTTP/2 and TLS, which CloudFront has.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from infra.bench.measuring import Figure, Row, table, write_results
from infra.browser import PHONE, launched

SLOWER: Final = 4
LATENCY_MILLISECONDS: Final = 150
BYTES_PER_SECOND: Final = {"downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
PROMISED_SECONDS: Final = 1.0
_WATCH: Final = """
globalThis.seen = { shift: 0 };
const look = () => {
  const main = document.querySelector("main");
  if (!main) return;
  if (!main.hasAttribute("aria-busy")) seen.usable ??= performance.now();
  if (!document.querySelector("[aria-busy]")) seen.complete = performance.now();
  else delete seen.complete;
};
new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
new PerformanceObserver((list) => list.getEntries().forEach((each) => {
  if (each.entryType === "layout-shift") { if (!each.hadRecentInput) seen.shift += each.value; }
  else seen[each.entryType === "paint" ? each.name : each.entryType] = each.startTime;
})).observe({ entryTypes: ["paint", "largest-contentful-paint", "layout-shift"] });
"""
_ROWS: Final = {
    "first-contentful-paint": "something is seen",
    "usable": "it can be used",
    "complete": "everything is there",
}


@contextmanager
def slow_phone(browser: Browser) -> Iterator[Page]:
    """Give a page of a phone that was nowhere before, on a slow line."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="de-DE")
    try:
        page = context.new_page()
        page.add_init_script(_WATCH)
        protocol = context.new_cdp_session(page)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        protocol.send("Network.enable")
        line = {"offline": False, "latency": LATENCY_MILLISECONDS, **BYTES_PER_SECOND}
        protocol.send("Network.emulateNetworkConditions", line)
        yield page
    finally:
        context.close()


def visited(page: Page, address: str) -> dict[str, float]:
    """Seconds from the question until a page is seen, usable and complete; its shift, and the kilobytes it took."""
    received: list[int] = []
    protocol = page.context.new_cdp_session(page)
    protocol.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    protocol.send("Network.enable")
    page.goto(address)
    page.wait_for_function("() => performance.now() - seen.complete > 1500", timeout=60_000)
    seen: dict[str, float] = page.evaluate("() => seen")
    protocol.detach()
    times = {name: seen[name] / 1_000 for name in _ROWS}
    return {**times, "shift": seen["shift"], "kilobytes": sum(received) / 1_024}


def measured(browser: Browser, address: str, rounds: int) -> dict[str, dict[str, Figure]]:
    """Visit the page so many times for the first time, and each time once again."""
    visits: dict[str, list[Mapping[str, float]]] = {"first visit": [], "again": []}
    for _ in range(rounds):
        with slow_phone(browser) as page:
            for known in visits.values():
                known.append(visited(page, address))
    return {
        name: {number: Figure.of([each[number] for each in found]) for number in found[0]}
        for name, found in visits.items()
    }


def main(arguments: Sequence[str]) -> int:
    """Measure, print and keep the figures; returns 1 where the first visit is slower than promised."""
    parser = argparse.ArgumentParser(prog="make bench-site", description="How soon a slow phone can use the homepage.")
    parser.add_argument("url", help="of a homepage that runs, such as http://127.0.0.1:8000")
    parser.add_argument("--page", default="/de/", help="of the homepage; the first one if none is named")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args(arguments)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        figures = measured(browser, options.url.rstrip("/") + options.page, options.rounds)
        browser.close()
    results: dict[str, Any] = {}
    for name, found in figures.items():
        print(table(f"{options.page}, {name}", "s", [Row(text, found[number], None) for number, text in _ROWS.items()]))
        print(f"layout shift {found['shift'].median:.3f}, received {found['kilobytes'].median:.0f} KB\n")
        results[name] = found
    print(write_results("site", results))
    return 1 if figures["first visit"]["usable"].median > PROMISED_SECONDS else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
