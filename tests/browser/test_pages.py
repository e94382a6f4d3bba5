"""Every page over the sample data, in both languages, on a phone and on a desk, by day and by night."""

import json
import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Route

from infra.browser import DESKTOP, PHONE
from infra.openapi.__main__ import COMMITTED
from tests.browser.visit import Visit, visiting

PAGES = {
    "start": "/",
    "organisations": "/organisations",
    "organisation": "/organisations/{itnet}",
    "organisation in a year": "/organisations/{netzwerk-logistik}?as_of=2016",
    "events": "/events",
    "month": "/events?month=2023-09",
    "event": "/events/{digitaltag-2023}",
    "cooperations": "/cooperations",
    "cooperation": "/cooperations/{kooperation-2015}",
    "network": "/network",
    "catalogue": "/catalogue",
    "suggestions": "/suggestions",
    "search": "/search?q=logistik",
    "search without hits": "/search?q=qqqqq",
    "no page": "/nowhere",
    "no record": "/organisations/org_01aaaaaaaaaaaaaaaaaaaaaaaa",
}
NARROWEST = (320, 640)
OFFERED = [
    re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)) for path in json.loads(COMMITTED.read_text("utf-8"))["paths"]
]
"""The paths of the API by its document; pages leave out what a register does not offer."""
LOOKS: dict[str, list[tuple[Literal["light", "dark"], tuple[int, int]]]] = {
    "de": [("light", PHONE), ("dark", DESKTOP)],
    "en": [("dark", PHONE), ("light", DESKTOP)],
}
"""Both languages together show each page in each theme and width; each takes a third of a second."""


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_sound(
    browser: Browser, origin: str, ids: dict[str, str], axe: str, page: str, language: str
) -> None:
    with visiting(browser, origin) as visit:
        visit.open(f"/{language}{PAGES[page].format_map(ids)}")

        visit.look("light", NARROWEST)
        sideways = {NARROWEST: visit.sideways()}
        violations = {}
        for scheme, size in LOOKS[language]:
            visit.look(scheme, size)
            sideways[size] = visit.sideways()
            violations[scheme, size] = visit.violations(axe)

        assert violations == {look: [] for look in LOOKS[language]}
        assert sideways == {NARROWEST: 0, PHONE: 0, DESKTOP: 0}
        assert visit.foreign == []
        assert [each for each in visit.complaints if not is_expected(each, page)] == []
        assert (visit.page.locator("html").get_attribute("lang"), visit.page.locator("h1").count()) == (language, 1)
        assert_says_what_it_is(visit)


def is_expected(complaint: str, page: str) -> bool:
    """Whether a browser complains of a 404 that has to be: of no record, or of a list that the register lacks."""
    found = re.search(r"status of 404 .*\(https?://[^/]+/v1(/[^?)]*)", complaint)
    return found is not None and (page == "no record" or not any(each.fullmatch(found[1]) for each in OFFERED))


def assert_says_what_it_is(visit: Visit) -> None:
    title = visit.page.title()
    descriptions = [each.get_attribute("content") for each in visit.page.locator("meta[name=description]").all()]
    alternates = {
        each.get_attribute("hreflang"): each.get_attribute("href")
        for each in visit.page.locator("link[rel=alternate][hreflang]").all()
    }
    assert title
    assert [bool(each and len(each) >= 20) for each in descriptions] == [True]
    assert alternates.keys() == {"de", "en"}
    assert visit.page.url in alternates.values()


@pytest.mark.parametrize("page", ["organisation", "event", "cooperation"])
def test_a_record_tells_machines_what_it_is(visit: Visit, ids: dict[str, str], page: str) -> None:
    visit.open(f"/de{PAGES[page].format_map(ids)}")

    (text,) = visit.page.locator("script[type='application/ld+json']").all_text_contents()

    data = json.loads(text)
    heading = visit.page.locator("h1").inner_text()
    assert data["@context"]["@vocab"] == "https://schema.org/"
    assert heading in json.dumps(data, ensure_ascii=False)


@pytest.mark.parametrize("page", ["start", "organisation", "event", "cooperation", "events"])
def test_on_paper_stands_what_was_read_and_nothing_to_press(visit: Visit, ids: dict[str, str], page: str) -> None:
    visit.open(f"/de{PAGES[page].format_map(ids)}")

    visit.page.emulate_media(media="print")

    assert visit.page.locator("main").is_visible()
    pressed = visit.page.locator("button:visible, input:visible, nav:visible, [role=search]:visible")
    assert [each.evaluate("each => each.outerHTML") for each in pressed.all()] == []
    assert visit.sideways() == 0


def test_who_asks_for_less_motion_sees_none(visit: Visit, ids: dict[str, str]) -> None:
    visit.open("/de/")
    for page in ("network", "organisation", "events"):
        visit.open(f"/de{PAGES[page].format_map(ids)}")

        moving = visit.page.evaluate(
            "() => document.getAnimations().filter(each => each.effect.getTiming().duration > 0).length"
        )

        assert moving == 0


@pytest.mark.parametrize("accent", ["#ffd700", "#00ff00", "#0000ff", "#888888"])
def test_an_accent_too_pale_or_too_dark_to_be_read_is_made_stronger(visit: Visit, axe: str, accent: str) -> None:
    def configured(route: Route) -> None:
        served = route.fetch()
        route.fulfill(response=served, body=re.sub(r'"#\w{6}"', f'"{accent}"', served.text()))

    visit.page.route("**/config.js", configured)
    visit.open("/de/")

    violations = {}
    schemes: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
    for scheme in schemes:
        visit.look(scheme, DESKTOP)
        violations[scheme] = visit.violations(axe)

    assert visit.page.evaluate("() => document.documentElement.style.getPropertyValue('--accent-light')") == accent
    assert violations == {"light": [], "dark": []}


def test_an_accent_that_can_be_read_is_kept(visit: Visit) -> None:
    visit.look("light", DESKTOP)
    visit.open("/de/")

    shown = visit.page.evaluate(
        "() => { const canvas = document.createElement('canvas').getContext('2d');"
        " canvas.fillStyle = getComputedStyle(document.querySelector('main a')).color; canvas.fillRect(0, 0, 1, 1);"
        " return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); }"
    )

    assert shown == [0x97, 0x30, 0x1A]
