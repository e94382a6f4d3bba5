"""When the API does not answer as it should: the page says so, keeps what it has, and offers another try."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.visit import Visit, visiting

PROBLEM = "application/problem+json"


def refused(status: int, **headers: str) -> Callable[[Route], None]:
    def refuse(route: Route) -> None:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        route.fulfill(status=status, headers={"Content-Type": PROBLEM, **fields}, body='{"title": "No"}')

    return refuse


def unreachable(route: Route) -> None:
    route.abort("internetdisconnected")


TROUBLES = {
    "too much at once": refused(429, Retry_After="60"),
    "catching up": refused(503, Retry_After="60"),
    "a fault": refused(500),
    "no connection": unreachable,
    "no answer that could be read": lambda route: route.fulfill(status=200, body="<html>"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_list_that_cannot_be_had_says_so_and_comes_when_asked_again(visit: Visit, trouble: str) -> None:
    visit.page.route("**/v1/organisations*", TROUBLES[trouble])
    visit.open("/de/organisations")
    said = visit.page.get_by_role("alert").inner_text()
    visit.page.unroute("**/v1/organisations*")

    visit.page.get_by_role("alert").get_by_role("button").click()
    visit.settle()

    assert len(said) > 20
    assert ("60" in said) is ("Retry" in str(TROUBLES[trouble]) or trouble in {"too much at once", "catching up"})
    assert visit.page.get_by_role("alert").count() == 0
    assert visit.page.get_by_role("link", name="TowerByte eG").count() >= 1


@pytest.mark.parametrize("trouble", ["too much at once", "catching up", "no connection"])
def test_a_record_that_cannot_be_had_says_so_and_comes_when_asked_again(
    visit: Visit, ids: dict[str, str], trouble: str
) -> None:
    visit.page.route("**/v1/organisations/**", TROUBLES[trouble])
    visit.open(f"/de/organisations/{ids['towerbyte']}")
    said = visit.page.get_by_role("alert").inner_text()
    visit.page.unroute("**/v1/organisations/**")

    visit.page.get_by_role("alert").get_by_role("button").click()
    visit.settle()

    assert len(said) > 20
    assert visit.page.locator("h1").inner_text() == "TowerByte eG"


def test_a_short_refusal_is_waited_out_without_a_word(visit: Visit) -> None:
    visit.page.route("**/v1/organisations*", refused(503, Retry_After="1"), times=1)

    visit.open("/de/organisations")

    assert visit.page.get_by_role("alert").count() == 0
    assert visit.page.get_by_role("link", name="TowerByte eG").count() >= 1


def test_one_part_that_fails_leaves_the_others(visit: Visit) -> None:
    visit.page.route("**/v1/cooperations?*", refused(503, Retry_After="60"))

    visit.open("/de/")

    assert visit.page.get_by_role("alert").count() == 1
    assert visit.page.get_by_role("link", name="Digitaltag Thüringen").count() >= 1


def test_while_an_answer_is_on_its_way_the_page_says_that_it_loads(visit: Visit) -> None:
    held: list[Route] = []
    visit.page.route("**/v1/events?*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given

    visit.page.goto(f"{visit.origin}/de/events")
    expect(visit.page.locator("h1")).to_have_text("Veranstaltungen")
    waiting = visit.page.locator("[aria-busy=true]").first
    expect(waiting).to_contain_text("geladen")
    for route in held:
        route.continue_()
    visit.page.unroute("**/v1/events?*")
    visit.settle()

    assert visit.page.get_by_role("link", name="Digitaltag Thüringen").count() >= 1


def test_what_was_read_before_is_shown_and_named_as_such(visit: Visit) -> None:
    visit.open("/de/organisations")
    visit.open("/de/")
    visit.page.route("**/v1/**", unreachable)

    visit.page.goto(f"{visit.origin}/de/organisations")
    visit.settle()

    assert visit.page.get_by_role("link", name="TowerByte eG").count() >= 1
    notice = visit.page.get_by_role("status").filter(has_text=re.compile(r"\d{2}:\d{2}"))
    assert notice.is_visible()
    visit.page.unroute("**/v1/**")
    notice.get_by_role("button").click()
    visit.settle()
    expect(notice).to_be_hidden()


@pytest.fixture
def kept(browser: Browser, origin: str) -> Iterator[Visit]:
    """A visitor whose browser may keep the homepage itself."""
    with visiting(browser, origin, service_workers="allow") as visit:
        visit.open("/de/")
        visit.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        visit.open("/de/organisations")
        yield visit


def test_without_a_connection_pages_that_were_seen_are_still_there(kept: Visit) -> None:
    kept.page.context.set_offline(offline=True)

    kept.page.goto(f"{kept.origin}/de/organisations")
    kept.settle()

    assert kept.page.locator("h1").inner_text() == "Organisationen"
    assert kept.page.get_by_role("link", name="TowerByte eG").count() >= 1


def test_a_new_version_of_the_homepage_is_shown_at_once(kept: Visit) -> None:
    changed = kept.page.evaluate(
        "async () => (await (await caches.open('site-1')).keys()).some(each => each.url.endsWith('/app/main.js'))"
    )

    fresh: list[str] = []
    kept.page.on("response", lambda response: fresh.append(response.url) if response.from_service_worker else None)
    kept.page.reload()
    kept.settle()

    assert changed
    assert f"{kept.origin}/app/main.js" in fresh


def test_an_answer_that_comes_too_late_does_not_replace_a_newer_page(visit: Visit) -> None:
    held: list[Route] = []
    visit.open("/de/")
    visit.page.route("**/v1/organisations*", lambda route: held.append(route))  # noqa: PLW0108 - as above

    visit.page.locator("#top").get_by_role("link", name="Organisationen").click()
    began = time.monotonic()
    while not held and time.monotonic() - began < 5:
        visit.page.wait_for_timeout(20)
    visit.page.locator("#top").get_by_role("link", name="Kooperationen").click()
    expect(visit.page.locator("h1")).to_have_text("Kooperationen")
    for route in held:
        route.continue_()
    visit.page.wait_for_timeout(500)

    assert held
    assert visit.page.locator("h1").inner_text() == "Kooperationen"
