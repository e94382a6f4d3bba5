"""Ways through the homepage: by keyboard, by the browser's own buttons, by an address that somebody sent."""

import re
from itertools import combinations

import pytest
from playwright.sync_api import Browser, Route, expect

from infra.browser import DESKTOP
from tests.browser.visit import Visit, visiting


def heading(visit: Visit) -> str:
    return visit.page.locator("h1").inner_text()


def focused(visit: Visit) -> str:
    name: str = visit.page.evaluate("() => document.activeElement.getAttribute('href') ?? document.activeElement.name")
    return name


def press_until(visit: Visit, wanted: str, key: str = "Tab", most: int = 40) -> None:
    """Press a key until the focus is on a link or field; raises `AssertionError` where it never gets there."""
    passed: list[str] = []
    while not passed or passed[-1] != wanted:
        assert len(passed) < most, f"{wanted} is not among {passed}"
        visit.page.keyboard.press(key)
        passed.append(focused(visit))


def test_the_first_key_leads_past_the_menu_to_the_content(visit: Visit) -> None:
    visit.open("/de/organisations")

    visit.page.keyboard.press("Tab")
    skip = visit.page.locator(":focus")
    visible = skip.is_visible() and skip.bounding_box()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")

    assert skip.get_attribute("href") == "#content" or visible
    assert visit.page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_the_skip_link_is_seen_by_whoever_gets_to_it(visit: Visit) -> None:
    visit.open("/de/organisations")

    visit.page.keyboard.press("Tab")

    assert focused(visit) == "#content"
    box = visit.page.locator(":focus").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["width"] > 24
    assert box["height"] >= 24


def test_the_menu_leads_on_by_keyboard_and_says_where_one_is(visit: Visit) -> None:
    visit.open("/de/")

    press_until(visit, "/de/events")
    visit.page.keyboard.press("Enter")
    visit.settle()

    assert (visit.page.url, heading(visit)) == (f"{visit.origin}/de/events", "Veranstaltungen")
    assert visit.page.evaluate("() => document.activeElement === document.querySelector('h1')")
    assert visit.page.locator("nav [aria-current=page]").first.inner_text() == "Veranstaltungen"
    assert "Veranstaltungen" in visit.page.locator("#status").inner_text()


def test_the_focus_is_always_seen(visit: Visit) -> None:
    visit.open("/de/events")
    unseen = []

    for _ in range(25):
        visit.page.keyboard.press("Tab")
        outline = visit.page.evaluate(
            "() => { const style = getComputedStyle(document.activeElement);"
            " return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth); }"
        )
        if outline < 1:
            unseen.append(visit.page.evaluate("() => document.activeElement.outerHTML"))

    assert unseen == []


def test_one_searches_by_keyboard_and_opens_what_is_found(visit: Visit, ids: dict[str, str]) -> None:
    visit.open("/de/")

    press_until(visit, "q")
    visit.page.keyboard.type("towerbyte")
    visit.page.keyboard.press("Enter")
    visit.settle()

    assert visit.page.url == f"{visit.origin}/de/search?q=towerbyte"
    assert visit.page.evaluate("() => document.activeElement === document.querySelector('h1')")
    press_until(visit, f"/de/organisations/{ids['towerbyte']}")
    visit.page.keyboard.press("Enter")
    visit.settle()
    assert heading(visit) == "TowerByte eG"


def test_arrow_keys_lead_through_what_is_suggested_and_enter_opens_it(visit: Visit) -> None:
    visit.open("/de/")
    field = visit.page.get_by_role("combobox")
    options = visit.page.get_by_role("option")
    chosen = visit.page.get_by_role("option", selected=True)

    press_until(visit, "q")
    with visit.page.expect_response("**/suggest?q=netz"):
        visit.page.keyboard.type("netz")
    expect(options.nth(1)).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    offered = [each.inner_text() for each in options.all()]
    passed = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
        visit.page.keyboard.press(key)
        told = field.get_attribute("aria-activedescendant")
        passed.append([told and visit.page.locator(f"#{told}").inner_text(), *chosen.all_inner_texts()])
    visit.page.keyboard.press("Enter")
    visit.settle()

    first, second, last = ([offered[place]] * 2 for place in (0, 1, -1))
    assert passed == [first, second, first, [""], last]
    assert offered[-1].startswith(heading(visit))


def test_escape_puts_suggestions_away_and_leaves_what_was_typed(visit: Visit) -> None:
    visit.open("/de/")

    press_until(visit, "q")
    with visit.page.expect_response("**/suggest?q=netz"):
        visit.page.keyboard.type("netz")
    expect(visit.page.get_by_role("option").first).to_be_visible()
    visit.page.keyboard.press("Escape")

    expect(visit.page.get_by_role("listbox")).to_be_hidden()
    assert visit.page.get_by_role("combobox").input_value() == "netz"


def test_suggestions_that_come_after_escape_stay_away(visit: Visit) -> None:
    held: list[Route] = []
    visit.open("/de/")

    press_until(visit, "q")
    with visit.page.expect_response("**/suggest?q=netz"):
        visit.page.keyboard.type("netz")
    expect(visit.page.get_by_role("option").first).to_be_visible()
    visit.page.route("**/suggest?q=netzw", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    with visit.page.expect_request("**/suggest?q=netzw"):
        visit.page.keyboard.type("w")
    visit.page.keyboard.press("Escape")
    with visit.page.expect_response("**/suggest?q=netzw"):
        held[0].continue_()
    visit.settle()

    expect(visit.page.get_by_role("listbox")).to_be_hidden()


def test_one_walks_the_network_by_keyboard_and_opens_whom_one_hears(visit: Visit, ids: dict[str, str]) -> None:
    visit.open("/de/network")
    picture = visit.page.get_by_role("group", name="Netz der Organisationen")

    press_until(visit, f"/de/organisations/{ids['towerbyte']}", most=120)
    announced = picture.locator(":focus").aria_snapshot().splitlines()[0]
    stressed = (
        picture.get_by_role("link")
        .and_(visit.page.locator(".near"))
        .evaluate_all("nodes => nodes.map(node => node.getAttribute('aria-label')).sort()")
    )
    visit.page.keyboard.press("Enter")
    visit.settle()

    assert announced == '- link "TowerByte eG":'
    assert stressed == ["ITnetzwerk Thüringen", "Mobile Cluster Mitteldeutschland", "TowerByte eG"]
    assert (visit.page.url, heading(visit)) == (f"{visit.origin}/de/organisations/{ids['towerbyte']}", "TowerByte eG")


def test_arrow_keys_move_the_network_and_zero_shows_all_of_it(visit: Visit) -> None:
    visit.open("/de/network")
    picture = visit.page.get_by_role("group", name="Netz der Organisationen")
    places = []

    picture.focus()
    for key in ("ArrowRight", "+", "0"):
        visit.page.keyboard.press(key)
        places.append(picture.locator("> g").get_attribute("transform"))

    moved, larger, whole = places
    assert (moved, whole) == ("translate(-60 0) scale(1)", "translate(0 0) scale(1)")
    assert larger is not None
    assert larger.endswith("scale(1.4)")


@pytest.mark.parametrize("width", [390, 790, 1150])
def test_no_two_names_in_the_network_touch_however_near_one_goes(visit: Visit, width: int) -> None:
    visit.look("light", (width, 900))
    visit.open("/de/network")
    larger = visit.page.get_by_role("button", name="Vergrößern")
    shown, touching = [], []

    for _ in range(4):
        names = visit.page.locator(".node:not(.quiet) text").evaluate_all(
            "all => all.map(each => [each.textContent, each.getBoundingClientRect().toJSON()])"
        )
        shown.append(len(names))
        touching += [(one, other) for (one, a), (other, b) in combinations(names, 2) if near(a, b)]
        larger.click()

    assert touching == []
    assert min(shown) >= 10


def near(one: dict[str, float], other: dict[str, float]) -> bool:
    """Tell whether two texts overlap, or follow one another on a line with less than a space between them."""
    across = max(one["left"], other["left"]) - min(one["right"], other["right"])
    down = max(one["top"], other["top"]) - min(one["bottom"], other["bottom"])
    return across < 4 and down < -1


def test_a_hit_says_in_words_where_it_was_found(visit: Visit) -> None:
    visit.open("/de/search?q=green")

    found = visit.page.locator("li", has=visit.page.locator(".title").get_by_text("ThEGA", exact=True))

    assert found.locator(".match").inner_text() == "Themen: Green IT"


def test_a_kind_of_no_type_in_particular_is_no_organisation(visit: Visit) -> None:
    visit.open("/de/search?q=sicherheit")

    kinds = visit.page.get_by_label("Art", exact=True).text_content() or ""

    assert "Sonstiges" in kinds
    assert "Organisation" not in kinds


def test_a_year_is_chosen_once_and_what_narrows_its_list_is_counted_within_it(visit: Visit) -> None:
    visit.open("/de/cooperations?year=2019")

    groups = visit.page.locator("main [role=group]")
    labels = [groups.nth(number).get_attribute("aria-label") for number in range(groups.count())]
    kinds = visit.page.get_by_label("Art", exact=True).locator("a").all_text_contents()

    assert labels == ["Jahr", "Art", "Region", "Thema", "Netzwerk"]
    assert sorted(kinds) == ["Initiative 1", "Partnerschaft 1", "Vereinbarung 1"]


def test_back_and_forward_lead_to_the_same_page_at_the_same_place(visit: Visit) -> None:
    visit.open("/de/organisations")
    name = visit.page.get_by_role("link", name="TowerByte eG").first
    name.scroll_into_view_if_needed()
    visit.page.wait_for_timeout(400)
    scrolled = visit.page.evaluate("() => scrollY")

    name.click()
    visit.settle()
    there = (heading(visit), visit.page.evaluate("() => scrollY"))
    visit.page.go_back()
    visit.settle()
    expect(visit.page.locator("h1")).to_have_text("Organisationen")
    visit.page.wait_for_function("wanted => Math.abs(scrollY - wanted) < 2", arg=scrolled)
    visit.page.go_forward()
    visit.settle()

    assert scrolled > 0
    assert there == ("TowerByte eG", 0)
    assert heading(visit) == "TowerByte eG"


def test_an_address_that_was_sent_or_loaded_again_shows_the_same(visit: Visit, ids: dict[str, str]) -> None:
    visit.open(f"/de/organisations/{ids['netzwerk-logistik']}?as_of=2016")
    shown = visit.page.locator("main").inner_text()

    visit.page.reload()
    visit.settle()

    assert visit.page.locator("main").inner_text() == shown


def test_another_language_is_the_same_page(visit: Visit, ids: dict[str, str]) -> None:
    visit.open(f"/de/cooperations/{ids['kooperation-2015']}")

    visit.page.locator("a[hreflang=en]").first.click()
    visit.settle()

    assert visit.page.url == f"{visit.origin}/en/cooperations/{ids['kooperation-2015']}"
    assert heading(visit) == "Cooperation agreement of three IT networks in Thuringia"
    assert visit.page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize(("locale", "language"), [("de-AT", "de"), ("en-GB", "en"), ("fr-FR", "de")])
def test_the_browsers_language_decides_where_the_address_names_none(
    browser: Browser, origin: str, locale: str, language: str
) -> None:
    with visiting(browser, origin, locale=locale) as visit:
        visit.open("/events?past=1")

        assert visit.page.url == f"{origin}/{language}/events?past=1"


def test_a_date_known_to_the_month_is_never_shown_as_a_day(visit: Visit, ids: dict[str, str]) -> None:
    visit.open(f"/de/events/{ids['cybersecurity-monat-2023']}")

    text = visit.page.locator("main").inner_text()

    assert "2023" in text
    assert not re.search(r"\b\d{1,2}\. (?:\w+ )?2023", text.partition("Quellen")[0])


def test_what_a_filter_shows_has_an_address(visit: Visit) -> None:
    visit.look("light", DESKTOP)
    visit.open("/de/events?past=1")

    visit.page.locator("main").get_by_role("link", name=re.compile("^2023")).first.click()
    visit.settle()

    assert "2023" in visit.page.url
    titles = visit.page.locator("main").inner_text()
    assert "Digitaltag Thüringen" in titles
    assert "Cybercrime" not in titles


@pytest.mark.parametrize(
    ("day", "heading", "first"),
    [
        (
            "2023-04-20",
            "Nächste Termine",
            ["27. April 2023 IT-Security-Day", "15. und 16. Juni 2023 Digitaltag Thüringen"],
        ),
        ("2024-01-01", "Zuletzt", ["2. November 2023 Business-Lounge", "September 2023 Cybersecurity-Monat"]),
    ],
)
def test_the_first_page_shows_what_comes_else_what_was(visit: Visit, day: str, heading: str, first: list[str]) -> None:
    visit.page.clock.set_fixed_time(f"{day}T12:00:00+02:00")

    visit.open("/de/")

    shown = visit.page.locator("main section", has=visit.page.get_by_role("heading", name=heading, exact=True))
    entries = shown.locator("li").evaluate_all(
        "entries => entries.map(each => [...each.querySelectorAll('.margin, .title')])"
        ".map(parts => parts.map(part => part.textContent).join(' '))"
    )
    assert entries[: len(first)] == first
    assert shown.get_by_role("link", name="Alle Veranstaltungen").is_visible()
