"""ETags and the headers that compare them."""

import gzip

import pytest

from tests.api import samples
from tests.api.client import Api, Json, problem

STALE = problem(
    "precondition-failed",
    412,
    "The record has changed meanwhile",
    "Read it again, apply your change to that version, and send its ETag in If-Match.",
)
MISSING = problem(
    "precondition-required",
    428,
    "If-Match is missing",
    "Read the record, and send its ETag in If-Match, so that nobody's change is lost.",
)
LONG: Json = {"description": {"de": "Ä" * 2_000}}

CURRENT = [
    '"2"',
    '"2-full"',
    '"2-gzip"',
    '"2-full-gzip"',
    '"2-refs.0123456789abcdef"',
    '"1", "2"',
    '"1","2-full" , "9"',
    "*",
    ' "2" ',
    'W/"1", "2"',
]
OTHER = ['"1"', '"3"', '"1-full"', 'W/"2"', 'W/"2-full"', '"2-as_of.2016"', '"2-as_of.2016-gzip"', '"02"', '"x"', '""']
MALFORMED = ["2", '"2', '2"', "'2'", '"2" x', 'w/"2"', '*, "2"', "", " ", ",", '"2"; q=1', '"2\x7f"', "W/*", '"2 "']


@pytest.fixture
def network(api: Api) -> str:
    """The path of a record in version 2."""
    path = f"/organisations/{samples.network(api)}"
    api.change(path, {"legal_form": "eG"})
    return path


@pytest.mark.parametrize("tag", CURRENT)
def test_if_match_takes_the_current_version_with_any_suffix_but_that_of_a_past_view(
    api: Api, network: str, tag: str
) -> None:
    answer = api.patch(network, {"legal_form": "GmbH"}, if_match=tag)

    assert (answer.status, answer.etag) == (200, '"3"')


@pytest.mark.parametrize("tag", OTHER)
def test_anything_else_in_if_match_is_412_with_the_current_etag(api: Api, network: str, tag: str) -> None:
    body = {"name": "Netz", "kind": "network"}

    answers = [
        api.patch(network, {"legal_form": "GmbH"}, if_match=tag),
        api.put(network, body, if_match=tag),
        api.delete(network, if_match=tag),
    ]

    assert [(answer.status, answer.etag, answer.json) for answer in answers] == [(412, '"2"', STALE)] * 3
    assert api.get(network).etag == '"2"'


@pytest.mark.parametrize("tag", MALFORMED)
def test_a_malformed_if_match_is_400_and_names_the_header(api: Api, network: str, tag: str) -> None:
    answer = api.patch(network, {"legal_form": "GmbH"}, if_match=tag)

    assert (answer.status, answer.faults()) == (400, {"If-Match": "malformed-header"})


def test_without_if_match_nothing_is_changed(api: Api, network: str) -> None:
    answers = [api.patch(network, {}), api.put(network, {"name": "x", "kind": "network"}), api.delete(network)]

    assert [(answer.status, answer.json) for answer in answers] == [(428, MISSING)] * 3
    assert api.get(network).etag == '"2"'


def test_the_same_version_cannot_be_changed_twice(api: Api, network: str) -> None:
    first = api.patch(network, {"legal_form": "GmbH"}, if_match='"2"')

    second = api.patch(network, {"legal_form": "eG"}, if_match='"2"')

    assert (first.status, second.status, second.etag) == (200, 412, '"3"')


def test_each_representation_has_an_etag_of_its_own(api: Api) -> None:
    other = samples.company(api)
    relations = [{"kind": "related", "organisation_id": other}]
    path = f"/organisations/{samples.network(api, people=[samples.OPEN_PERSON], relations=relations, **LONG)}"

    tags = [
        api.get(f"{path}{query}", accept_encoding=coding).etag
        for query in ("", "?view=full", "?as_of=2016", "?as_of=2017", "?include=refs", "?view=full&include=refs")
        for coding in ("identity", "gzip")
    ]

    assert len(set(tags)) == 12
    assert tags[:6] == ['"1"', '"1-gzip"', '"1-full"', '"1-full-gzip"', '"1-as_of.2016"', '"1-as_of.2016-gzip"']


def test_a_changed_name_of_a_referenced_record_changes_the_etag_of_its_names(api: Api) -> None:
    other = samples.company(api)
    path = f"/organisations/{samples.network(api, relations=[{'kind': 'related', 'organisation_id': other}])}"
    before = api.get(f"{path}?include=refs")

    api.change(f"/organisations/{other}", {"name": "Umbenannt"})

    after = api.get(f"{path}?include=refs", if_none_match=before.etag)
    assert (after.status, after.json["refs"][other]["name"]) == (200, "Umbenannt")


@pytest.mark.parametrize("query", ["", "?view=full", "?as_of=2016", "?include=refs"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_what_the_client_has_is_304_without_a_body(api: Api, query: str, coding: str) -> None:
    path = f"/organisations/{samples.network(api, **LONG)}{query}"
    held = api.get(path, accept_encoding=coding)

    for tag in (held.etag, f"W/{held.etag}", f'"x", {held.etag}', "*"):
        answer = api.get(path, accept_encoding=coding, if_none_match=tag)
        assert (answer.status, answer.content, answer.etag) == (304, b"", held.etag)
        assert {name: answer.headers[name] for name in ("cache-control", "vary")} == {
            name: held.headers[name] for name in ("cache-control", "vary")
        }
        assert "content-encoding" not in answer.headers
        assert api.head(path, accept_encoding=coding, if_none_match=tag).status == 304


@pytest.mark.parametrize("tag", ['"2"', '"1-full"', "1", '"', "", "x y"])
def test_what_the_client_has_not_is_sent(api: Api, tag: str) -> None:
    path = f"/organisations/{samples.network(api)}"

    assert api.get(path, if_none_match=tag).status == 200


def test_a_page_is_304_until_something_on_it_changes(api: Api) -> None:
    network = samples.network(api)
    held = api.get("/organisations")

    unchanged = api.get("/organisations", if_none_match=held.etag)
    api.change(f"/organisations/{network}", {"name": "Anders"})
    changed = api.get("/organisations", if_none_match=held.etag)

    assert (unchanged.status, unchanged.content) == (304, b"")
    assert (changed.status, changed.names()) == (200, ["Anders"])
    assert changed.etag != held.etag


def test_a_page_that_is_compressed_has_an_etag_of_its_own(api: Api) -> None:
    for number in range(8):
        samples.network(api, f"Netz {number}", website=f"https://example.org/{'x' * 100}")

    plain, packed = api.get("/organisations"), api.get("/organisations", accept_encoding="gzip")

    assert packed.etag == f'{plain.etag[:-1]}-gzip"'
    assert packed.content == gzip.compress(plain.content, mtime=0), "the same bytes whenever they are packed"
    assert api.get("/organisations", accept_encoding="gzip", if_none_match=plain.etag).status == 200
    assert api.get("/organisations", accept_encoding="gzip", if_none_match=packed.etag).status == 304


@pytest.mark.parametrize(("name", "header"), [("if_match", "If-Match"), ("if_none_match", "If-None-Match")])
def test_a_condition_of_8000_characters_is_read_and_a_longer_one_refused(
    api: Api, network: str, name: str, header: str
) -> None:
    longest = ",".join(['"2"'] * 2_000) + " "

    assert api.get(network, **{name: longest}).status == (304 if name == "if_none_match" else 200)
    assert api.get(network, **{name: f"{longest} "}).json == problem(
        "malformed-request",
        400,
        "The request cannot be read",
        "Mend what `errors` names and send the request again.",
        errors=[
            {
                "header": header,
                "message": "Send fewer ETags: at most 8000 characters.",
                "code": "malformed-header",
            }
        ],
    )


def test_if_none_match_does_not_hinder_a_write(api: Api, network: str) -> None:
    answer = api.patch(network, {"legal_form": "GmbH"}, if_match='"2"', if_none_match='"3"')

    assert answer.status == 200
