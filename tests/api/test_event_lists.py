"""The lists of events: whole summaries, order by date, `date_match`, every filter, parts."""

from urllib.parse import quote

import pytest

from tests.api import samples
from tests.api.client import STAMP, Api, Json

Ids = dict[str, str]


def when(start: str, end: str | None = None, **more: str) -> Json:
    return {"start": start, **({"end": end} if end else {}), **more}


DATED = {
    "Tag": when("2023-09-11"),
    "Abend": when("2023-09-11T19:00", "2023-09-11T22:00"),
    "Morgen": when("2023-09-11T08:00"),
    "September": when("2023-09"),
    "Ganzer Monat": when("2023-09", extent="whole"),
    "Woche": when("2023-09-04", "2023-09-10"),
    "Ungefähr": when("2023-09-11~"),
    "Jahr": when("2022"),
    "Offen": when("[..2024]"),
}


@pytest.fixture(scope="module")
def ids(register: Api) -> Ids:
    """Dated events of every precision, and some that differ in one thing each."""
    api = register
    ids = {"itnet": samples.network(api, "ITnet"), "firma": samples.company(api), "gast": samples.company(api, "Gast")}
    api.create(f"/organisations/{ids['itnet']}/members", {"member_id": ids["firma"]})
    for title, span in DATED.items():
        ids[title] = samples.plain_event(api, title, when=span, status="scheduled")
    ids["coop"] = samples.plain_cooperation(api, ids["itnet"])
    ids["Reihe"] = samples.plain_event(
        api, "Reihe", kind="series", place={"city": "Jena", "region": "DE-TH"}, topics=["it"], audience="members"
    )
    organisers = [{"organisation_id": ids["firma"], "role": "host"}]
    ids["Halt"] = samples.plain_event(
        api, "Halt", part_of=ids["Reihe"], organisers=organisers, cooperation_id=ids["coop"], status="held"
    )
    organisers = [{"organisation_id": ids["itnet"], "role": "organiser"}]
    ids["Zweiter"] = samples.plain_event(
        api, "Zweiter", part_of=ids["Reihe"], organisers=organisers, place={"city": "Gera"}, when=when("2021-05-01")
    )
    return ids


def test_a_summary_is_whole(api: Api) -> None:
    network = samples.network(api, "ITnet")
    record = api.create("/events", samples.event(network))

    answer = api.get("/events")

    expected = {
        "type": "event",
        "id": record["id"],
        "title": {"de": "Thüringer Digitaltag", "en": "Digital Day"},
        "kind": "conference",
        "status": "scheduled",
        "when": {
            "start": "2023-06-15T17:00",
            "end": "2023-06-15T21:00",
            "timezone": "Europe/Berlin",
            "precision": "minute",
        },
        "expected_parts": 4,
        "audience": "public",
        "topics": ["digitalisation"],
        "website": "https://example.org/digitaltag",
        "city": "Erfurt",
        "place_name": "Messe",
        "registration_url": "https://example.org/anmelden",
        "organisers": [{"organisation_id": network, "role": "organiser", "sources": ["site"], "name": "ITnet"}],
        "version": 1,
        "updated_at": STAMP,
        "managed_by": None,
    }
    assert (answer.status, answer.json) == (200, {"items": [expected], "next": None})


def test_a_summary_shows_the_current_name_of_an_organiser(api: Api) -> None:
    network = samples.network(api, "Alt")
    samples.plain_event(api, organisers=[{"organisation_id": network}])

    api.change(f"/organisations/{network}", {"name": "Neu"})

    assert api.get("/events").items[0]["organisers"] == [{"organisation_id": network, "name": "Neu"}]


UNDATED = ["Offen", "Reihe", "Halt"]
BY_DATE = [
    "Zweiter",
    "Jahr",
    "September",
    "Ganzer Monat",
    "Woche",
    "Ungefähr",
    "Tag",
    "Morgen",
    "Abend",
]


def ordered(titles: list[str], ids: Ids) -> list[str]:
    """Titles with the undated ones by id."""
    return [title for title in titles if title not in UNDATED] + sorted(
        (title for title in titles if title in UNDATED), key=lambda title: ids[title]
    )


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", [*BY_DATE, *UNDATED]),
        ("?undated=exclude", BY_DATE),
        ("?undated=only", UNDATED),
        ("?undated=only&from=2023", UNDATED),
        ("?from=2023-09-10&to=2023-09-12", BY_DATE[2:]),
        ("?from=2023-09-10&to=2023-09-12&undated=include", [*BY_DATE[2:], *UNDATED]),
        (
            "?from=2023-09-10&to=2023-09-12&date_match=certain",
            ["Ganzer Monat", "Woche", "Ungefähr", "Tag", "Morgen", "Abend"],
        ),
        ("?from=2023-09&to=2023-09&date_match=certain", BY_DATE[2:]),
        ("?from=2023-09-12&to=2023-09-12", ["September", "Ganzer Monat", "Ungefähr"]),
        ("?from=2023-09-12&to=2023-09-12&date_match=certain", ["Ganzer Monat"]),
        ("?to=2022-03", ["Zweiter", "Jahr"]),
        ("?to=2022-03&date_match=certain", ["Zweiter"]),
        ("?from=2022-03&to=2023-08", ["Jahr"]),
        ("?from=2024", []),
        ("?from=2023-09~&to=2023-09-03", ["September", "Ganzer Monat"]),
        ("?from=[2023-09-12..]", ["September", "Ganzer Monat", "Ungefähr"]),
        ("?kind=series", ["Reihe"]),
        ("?status=held&status=scheduled&undated=only", ["Offen", "Halt"]),
        ("?audience=members", ["Reihe"]),
        ("?topic=it", ["Reihe"]),
        ("?region=DE-TH", ["Reihe"]),
        ("?city=jena&city=Gera", ["Zweiter", "Reihe"]),
        ("?organiser={itnet}", ["Zweiter"]),
        ("?organiser={firma}", ["Halt"]),
        ("?organiser={itnet}&organiser={firma}", ["Zweiter", "Halt"]),
        ("?network={itnet}", ["Zweiter", "Halt"]),
        ("?network={gast}", []),
        ("?cooperation={coop}", ["Halt"]),
        ("?part_of={Reihe}", ["Zweiter", "Halt"]),
        ("?parts=only", ["Zweiter", "Halt"]),
        ("?parts=exclude&undated=only", ["Offen", "Reihe"]),
    ],
)
def test_events_by_earliest_day_whole_days_before_times_undated_last(
    register: Api, ids: Ids, query: str, titles: list[str]
) -> None:
    answer = register.get(f"/events{quote(query.format(**ids), safe='?&=')}")

    assert answer.status == 200
    found = answer.names()
    same_day = {"September", "Ganzer Monat"}
    assert [title for title in found if title not in same_day] == [
        title for title in ordered(titles, ids) if title not in same_day
    ]
    assert set(found) == set(titles)


def test_descending_order_turns_the_dates_around_and_leaves_the_undated_last(register: Api, ids: Ids) -> None:
    forwards = register.get("/events").names()

    backwards = register.get("/events?order=desc").names()

    assert backwards == forwards[len(BY_DATE) - 1 :: -1] + forwards[: len(BY_DATE) - 1 : -1]
    assert ids["Reihe"] in [item["id"] for item in register.get("/events?order=desc").items[-3:]]


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("/events/{Reihe}/parts", ["Zweiter", "Halt"]),
        ("/events/{Reihe}/parts?status=held", ["Halt"]),
        ("/events/{Reihe}/parts?undated=exclude", ["Zweiter"]),
        ("/events/{Halt}/parts", []),
        ("/organisations/{itnet}/events", ["Zweiter"]),
        ("/organisations/{firma}/events", ["Halt"]),
        ("/organisations/{firma}/events?role=host", ["Halt"]),
        ("/organisations/{firma}/events?role=organiser&role=sponsor", []),
        ("/organisations/{firma}/events?kind=series", []),
        ("/organisations/{gast}/events", []),
        ("/cooperations/{coop}/events", ["Halt"]),
        ("/cooperations/{coop}/events?parts=exclude", []),
    ],
)
def test_the_events_of_another_record_take_the_filters_of_the_big_list(
    register: Api, ids: Ids, path: str, titles: list[str]
) -> None:
    answer = register.get(path.format(**ids))

    assert (answer.status, answer.names()) == (200, titles)


def test_the_result_of_a_cooperation_is_one_of_its_events(api: Api) -> None:
    network, event = samples.network(api), samples.plain_event(api, "Ergebnis")
    results = [{"title": {"de": "Tagung"}, "kind": "event", "event_id": event}]
    cooperation = samples.plain_cooperation(api, network, results=results)

    assert api.get(f"/cooperations/{cooperation}/events").names() == ["Ergebnis"]
    assert api.get(f"/events?cooperation={cooperation}").names() == ["Ergebnis"]


def test_refs_name_what_the_events_of_a_page_refer_to(register: Api, ids: Ids) -> None:
    answer = register.get(f"/events?include=refs&part_of={ids['Reihe']}&undated=only")

    event = {"type": "event", "kind": "networking"}
    assert answer.json["refs"] == {
        ids["Halt"]: {**event, "title": {"de": "Halt"}},
        ids["Reihe"]: {**event, "title": {"de": "Reihe"}, "kind": "series", "city": "Jena"},
        ids["firma"]: {"type": "organisation", "name": "Firma", "kind": "company"},
        ids["coop"]: {"type": "cooperation", "title": {"de": "Vorhaben"}, "kind": "project"},
    }


@pytest.mark.parametrize("path", ["/events/{id}/parts", "/organisations/{id}/events", "/cooperations/{id}/events"])
def test_the_events_of_a_missing_or_deleted_record_are_404_and_410(api: Api, path: str) -> None:
    gone = {
        "events": samples.plain_event(api),
        "organisations": samples.network(api),
        "cooperations": samples.plain_cooperation(api, samples.network(api)),
    }[path.split("/")[1]]
    api.delete(f"/{path.split('/')[1]}/{gone}", if_match="*")

    missing = f"{gone[:-4]}0000"
    assert [api.get(path.format(id=each)).status for each in (gone, missing, "x")] == [410, 404, 404]


@pytest.mark.parametrize(
    "query",
    ["from=2023-02-30", "to=x", "from=2023-09-10T10:00", "date_match=maybe", "undated=yes", "parts=all", "as_of=2016"],
)
def test_a_query_that_cannot_be_read_is_400(register: Api, query: str) -> None:
    answer = register.get(f"/events?{query}")

    assert (answer.status, list(answer.faults())) == (400, [query.partition("=")[0]])
