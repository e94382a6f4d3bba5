"""`as_of`: the state as of a date, as precise as the date."""

import pytest

from tests.api import samples
from tests.api.client import KEY, ORG, Api, Json, envelope

NAMES = [
    {"value": "ITnetzwerk", "kind": "former", "until": "2012~"},
    {"value": "Netzwerk Logistik", "kind": "former", "until": "2018-05"},
    {"value": "Netz", "kind": "short"},
]


@pytest.fixture
def path(api: Api) -> str:
    """A network that was renamed twice, moved once, and ended."""
    offices = [
        {"kind": "seat", "place": {"city": "Erfurt"}, "until": "2016"},
        {"kind": "seat", "place": {"city": "Jena"}, "since": "2016"},
        {"kind": "office", "place": {"city": "Gera"}},
    ]
    people = [{"name": "Erika", "since": "2018", "email": "canary-mail@example.org"}]
    body: Json = {
        "name": "Logistik Netzwerk",
        "kind": "network",
        "other_names": NAMES,
        "founded": "2005~",
        "dissolved": "2020-06",
        "offices": offices,
        "people": people,
        "topics": ["it"],
    }
    return f"/organisations/{api.id('/organisations', body)}"


def test_the_whole_answer_is_the_state_of_that_time(api: Api, path: str) -> None:
    answer = api.get(f"{path}?as_of=2017")

    expected = {
        **envelope("organisation", ORG),
        "name": "Netzwerk Logistik",
        "kind": "network",
        "other_names": [NAMES[1], NAMES[2]],
        "founded": "2005~",
        "dissolved": "2020-06",
        "topics": ["it"],
        "offices": [
            {"kind": "seat", "place": {"city": "Jena"}, "since": "2016"},
            {"kind": "office", "place": {"city": "Gera"}},
        ],
        "people": [],
        "as_of": "2017",
    }
    assert (answer.status, answer.etag, answer.json) == (200, '"1-as_of.2017"', expected)


@pytest.mark.parametrize(
    ("as_of", "name"),
    [
        ("2010", "ITnetzwerk"),
        ("2011", "Netzwerk Logistik"),
        ("2012", "Netzwerk Logistik"),
        ("2018-04", "Netzwerk Logistik"),
        ("2018-04-30", "Netzwerk Logistik"),
        ("2018-05", "Logistik Netzwerk"),
        ("2018", "Logistik Netzwerk"),
        ("2017~", "Logistik Netzwerk"),
        ("2019", "Logistik Netzwerk"),
        ("[..2009]", "ITnetzwerk"),
        ("[2009..]", "Logistik Netzwerk"),
    ],
)
def test_the_name_is_the_earliest_former_one_that_ended_certainly_later(
    api: Api, path: str, as_of: str, name: str
) -> None:
    assert api.get(f"{path}?as_of={as_of}").json["name"] == name


@pytest.mark.parametrize(
    ("as_of", "cities"),
    [
        ("2015", ["Erfurt", "Gera"]),
        ("2016", ["Erfurt", "Jena", "Gera"]),
        ("2016-07-01", ["Erfurt", "Jena", "Gera"]),
        ("2017-01-01", ["Jena", "Gera"]),
        ("2015~", ["Erfurt", "Jena", "Gera"]),
    ],
)
def test_entries_that_certainly_did_not_hold_are_left_out(api: Api, path: str, as_of: str, cities: list[str]) -> None:
    answer = api.get(f"{path}?as_of={as_of}")

    assert [office["place"]["city"] for office in answer.json["offices"]] == cities


@pytest.mark.parametrize(
    ("as_of", "existed"), [("2003", False), ("2004", None), ("2005", None), ("2020", None), ("2020-07", False)]
)
def test_before_it_was_founded_and_after_it_ended_it_did_not_exist(
    api: Api,
    path: str,
    as_of: str,
    existed: bool | None,  # noqa: FBT001 - a value, not a switch
) -> None:
    assert api.get(f"{path}?as_of={as_of}").json.get("existed") is existed


def test_a_past_view_serves_if_none_match_only(api: Api, path: str) -> None:
    tag = api.get(f"{path}?as_of=2016").etag

    assert api.get(f"{path}?as_of=2016", if_none_match=tag).status == 304
    assert api.get(f"{path}?as_of=2017", if_none_match=tag).status == 200
    assert api.patch(path, {"topics": ["x"]}, if_match=tag).status == 412


def test_a_past_view_hides_what_the_record_hides(api: Api, path: str) -> None:
    answer = api.get(f"{path}?as_of=2019")

    assert answer.json["people"] == [{"key": KEY, "name": "Erika", "since": "2018"}]


def test_refs_of_a_past_view_are_those_of_what_it_shows(api: Api) -> None:
    old, new = samples.company(api, "Alt"), samples.company(api, "Neu")
    relations = [
        {"kind": "part_of", "organisation_id": old, "until": "2010"},
        {"kind": "part_of", "organisation_id": new, "since": "2011"},
    ]
    path = f"/organisations/{samples.network(api, relations=relations)}"

    answer = api.get(f"{path}?as_of=2015&include=refs")

    assert answer.json["refs"] == {new: {"type": "organisation", "name": "Neu", "kind": "company"}}


def test_events_and_cooperations_and_memberships_have_a_past_too(api: Api) -> None:
    one, other = samples.network(api, "Eins"), samples.network(api, "Zwei")
    parties = [{"organisation_id": one}, {"organisation_id": other, "since": "2019"}]
    cooperation = samples.plain_cooperation(api, one, parties=parties)
    organisers = [{"organisation_id": one, "until": "2018"}]
    event = samples.plain_event(api, organisers=organisers)
    membership = api.id(f"/organisations/{one}/members", {"member_id": other, "since": "2019"})

    views = [
        api.get(f"/cooperations/{cooperation}?as_of=2018").json,
        api.get(f"/events/{event}?as_of=2019").json,
        api.get(f"/organisations/{one}/members/{membership}?as_of=2018").json,
    ]

    assert [party["organisation_id"] for party in views[0]["parties"]] == [one]
    assert views[1]["organisers"] == []
    assert [view["as_of"] for view in views] == ["2018", "2019", "2018"]


@pytest.mark.parametrize(
    "path",
    [
        "/organisations",
        "/events",
        "/cooperations",
        "/organisations/{id}/events",
        "/organisations/{id}/cooperations",
    ],
)
def test_lists_of_records_have_no_past(api: Api, path: str) -> None:
    answer = api.get(f"{path.format(id=samples.network(api))}?as_of=2016")

    assert (answer.status, answer.faults()) == (400, {"as_of": "unknown-parameter"})


@pytest.mark.parametrize("as_of", ["any", "16", "2016-13", "2016-02-30", "2016-01-01T10:00", "..2016", "2016~~", ""])
def test_what_is_no_date_is_400(api: Api, path: str, as_of: str) -> None:
    answer = api.get(f"{path}?as_of={as_of}")

    assert (answer.status, answer.faults()) == (400, {"as_of": "invalid-parameter"})


def test_a_past_view_cannot_be_full(api: Api, path: str) -> None:
    answer = api.get(f"{path}?as_of=2016&view=full")

    assert (answer.status, answer.faults()) == (400, {"view": "contradicting-parameters"})
