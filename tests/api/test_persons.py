"""What is hidden of persons: given with `view=full` alone, kept over writes, never anywhere else."""

import pytest

from tests.api import samples
from tests.api.client import KEY, Api, Json
from tests.api.conftest import House, Log

CANARIES = [canary.encode() for canary in samples.CANARIES]
ESCAPED = [canary.encode("ascii", "backslashreplace") for canary in samples.CANARIES]


@pytest.fixture
def ids(api: Api) -> dict[str, str]:
    """One record of each type that has persons, each with all that can be hidden."""
    other = samples.company(api)
    one = api.id("/organisations", samples.organisation(other))
    return {
        "org": one,
        "evt": api.id("/events", samples.event(one)),
        "coop": api.id("/cooperations", samples.cooperation(one, other)),
    }


PATHS = {"org": "/organisations/{org}", "evt": "/events/{evt}", "coop": "/cooperations/{coop}"}
LISTS = [
    "/organisations?include=refs",
    "/organisations?updated_since=2026-01-01T00:00:00Z",
    "/organisations/{org}?include=refs",
    "/organisations/{org}?as_of=2016",
    "/organisations/{org}/members?include=refs",
    "/organisations/{org}/memberships",
    "/organisations/{org}/relations?include=refs",
    "/organisations/{org}/events?include=refs",
    "/organisations/{org}/cooperations?include=refs",
    "/events?include=refs",
    "/events/{evt}?include=refs",
    "/events/{evt}?as_of=2023",
    "/events/{evt}/parts",
    "/cooperations?include=refs",
    "/cooperations/{coop}?include=refs",
    "/cooperations/{coop}?as_of=2023",
    "/cooperations/{coop}/events",
    "/cooperations/{coop}/parts",
]


@pytest.mark.parametrize("record", PATHS)
def test_the_full_view_gives_all_of_it_and_stays_out_of_caches(api: Api, ids: dict[str, str], record: str) -> None:
    answer = api.get(f"{PATHS[record].format(**ids)}?view=full")

    assert (answer.status, answer.etag) == (200, '"1-full"')
    assert answer.headers["cache-control"] == "private, no-store"
    assert [canary for canary in CANARIES if canary not in answer.content] == []


@pytest.mark.parametrize("record", PATHS)
def test_what_the_full_view_gives_can_be_put_back_unchanged(
    api: Api, house: House, ids: dict[str, str], record: str
) -> None:
    path = PATHS[record].format(**ids)
    full, public = api.get(f"{path}?view=full"), api.get(path)
    before = house.contents()

    answer = api.put(path, full.json, if_match=full.etag)

    assert (answer.status, answer.etag, answer.content) == (200, '"1"', public.content)
    assert house.contents() == before


@pytest.mark.parametrize("record", PATHS)
def test_what_the_public_sees_can_be_put_back_without_losing_what_it_does_not(
    api: Api, house: House, ids: dict[str, str], record: str
) -> None:
    path = PATHS[record].format(**ids)
    full, public = api.get(f"{path}?view=full"), api.get(path)
    before = house.contents()

    answer = api.put(path, public.json, if_match=public.etag)

    assert (answer.status, answer.etag) == (200, '"1"')
    assert house.contents() == before
    assert api.get(f"{path}?view=full").content == full.content


def test_no_public_answer_shows_what_is_hidden(api: Api, ids: dict[str, str]) -> None:
    paths = [*PATHS.values(), *LISTS]

    answers = [api.get(path.format(**ids)) for path in paths]

    assert {answer.status for answer in answers} == {200}
    shown = [
        (path, canary)
        for path, answer in zip(paths, answers, strict=True)
        for canary in (*CANARIES, *ESCAPED)
        if canary in answer.content
    ]
    assert shown == []


def test_no_answer_to_a_write_and_no_log_line_shows_what_is_hidden(api: Api, log: Log, ids: dict[str, str]) -> None:
    answers = []
    for path in PATHS.values():
        one = path.format(**ids)
        full = api.get(f"{one}?view=full").json
        answers += [
            api.put(one, {**full, "topics": ["new"]}, if_match="*"),
            api.put(
                one, {**full, "topics": ["A B"], "people": [{**samples.PARTNERS_PERSON, "function": "x"}]}, if_match="*"
            ),
            api.patch(one, {"people": [{**samples.OPEN_PERSON, "phone": 1}]}, if_match="*"),
            api.patch(one, {"people": samples.CANARIES}, if_match="*"),
            api.put(one, full, if_match='"9"'),
            api.delete(one, if_match="*"),
        ]

    assert sorted({answer.status for answer in answers}) == [200, 204, 409, 412, 422]
    for canary in (*CANARIES, *ESCAPED):
        assert not [answer for answer in answers if canary in answer.content]
        assert canary not in log.text().encode()


def test_the_tables_that_readers_see_hold_nothing_that_is_hidden(api: Api, house: House, ids: dict[str, str]) -> None:
    api.change(f"/organisations/{ids['org']}", {"topics": ["new"]})

    readable = {name: items for name, items in house.contents().items() if name != "PrivateTable"}

    text = repr(readable)
    assert len(text) > 1000
    assert [canary for canary in samples.CANARIES if canary in text] == []


def person(api: Api, path: str) -> Json:
    found: Json = api.get(f"{path}?view=full").json["people"][0]
    return found


@pytest.fixture
def path(api: Api) -> str:
    """A network with one person whose e-mail and phone are hidden."""
    return f"/organisations/{samples.network(api, people=[samples.OPEN_PERSON])}"


def test_a_person_without_a_key_gets_one_that_stays(api: Api, path: str) -> None:
    key = person(api, path)["key"]

    api.change(path, {"name": "Neu"})

    assert key == KEY
    assert person(api, path) == {"key": key, **samples.OPEN_PERSON}


def test_a_key_of_the_client_is_kept(api: Api) -> None:
    path = f"/organisations/{samples.network(api, people=[{'key': 'chair_1', 'name': 'Erika'}])}"

    assert person(api, path) == {"key": "chair_1", "name": "Erika"}


def test_a_person_who_comes_back_by_key_keeps_the_hidden_fields(api: Api, path: str) -> None:
    key = person(api, path)["key"]

    for edit in (api.put, api.patch):
        body = {"name": "Netz", "kind": "network", "people": [{"key": key, "name": "Erika Umbenannt"}]}
        assert edit(path, body, if_match="*").status == 200
        expected = {"key": key, "name": "Erika Umbenannt", "email": samples.CANARIES[0], "phone": samples.CANARIES[1]}
        assert person(api, path) == expected


def test_null_removes_a_hidden_field(api: Api, path: str) -> None:
    key = person(api, path)["key"]

    api.change(path, {"people": [{"key": key, "name": "Erika", "phone": None}]})

    assert person(api, path) == {"key": key, "name": "Erika", "email": samples.CANARIES[0]}


def test_a_person_who_comes_back_without_a_key_is_another_one(api: Api, path: str) -> None:
    key = person(api, path)["key"]

    api.change(path, {"people": [{"name": "Erika Muster"}]})

    found = person(api, path)
    assert found == {"key": KEY, "name": "Erika Muster"}
    assert found["key"] != key


@pytest.mark.parametrize(
    ("visibility", "public"),
    [
        ("public", {"name", "honorific_prefix", "affiliation", "role", "function", "email", "phone", "visibility"}),
        (None, {"name", "honorific_prefix", "affiliation", "role", "function"}),
        ("partners", {"name", "role", "function"}),
    ],
)
def test_visibility_says_what_the_public_sees(api: Api, visibility: str | None, public: set[str]) -> None:
    whole = {**samples.PARTNERS_PERSON, "role": {"de": "Vorsitz"}, "visibility": visibility}

    network = samples.network(api, people=[whole])

    assert set(api.get(f"/organisations/{network}").json["people"][0]) == {"key", *public}


def test_who_becomes_more_visible_is_shown_from_then_on_and_the_other_way_round(api: Api, path: str) -> None:
    key = person(api, path)["key"]
    full = {"key": key, "name": "Erika"}

    shown = [
        api.change(path, {"people": [{**full, "visibility": visibility}]})["people"][0].get("email")
        for visibility in ("public", None, "public", "partners")
    ]

    assert shown[0] == samples.CANARIES[0]
    assert shown[1] is None
    assert shown[3] is None


def test_a_reference_in_a_hidden_field_protects_its_record(api: Api) -> None:
    home = samples.company(api)
    samples.network(api, people=[{"name": "Erika", "organisation_id": home, "visibility": "partners"}])

    answer = api.delete(f"/organisations/{home}", if_match="*")

    assert (answer.status, answer.json["type"]) == (409, "/v1/problems/still-referred")


def test_speakers_and_signatories_are_kept_by_their_keys_as_well(api: Api, ids: dict[str, str]) -> None:
    event, cooperation = PATHS["evt"].format(**ids), PATHS["coop"].format(**ids)
    programme, parties = api.get(event).json["programme"], api.get(cooperation).json["parties"]

    api.change(event, {"programme": [{**programme[0], "title": {"de": "Neu"}}]})
    api.change(cooperation, {"parties": [{**parties[0], "roles": ["lead"]}, parties[1]]})

    speaker = api.get(f"{event}?view=full").json["programme"][0]["speakers"][0]
    signatory = api.get(f"{cooperation}?view=full").json["parties"][0]["signatory"]
    assert [{**found, "key": "x"} for found in (speaker, signatory)] == [{"key": "x", **samples.PARTNERS_PERSON}] * 2
