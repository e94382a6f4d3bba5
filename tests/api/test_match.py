"""Whether an organisation is known already: a POST that only reads."""

import pytest

from tests.api import samples
from tests.api.client import ORG, STAMP, Api, problem
from tests.api.conftest import Log

PATH = "/organisations/match"


def test_anybody_may_ask_and_gets_candidates_with_reasons(api: Api) -> None:
    samples.network(api, "ITnet Thüringen e. V.", website="https://www.itnet.example/")
    samples.company(api, "Musterwerk GmbH")

    answer = api.post(PATH, {"name": "itnet thueringen", "website": "https://itnet.example"}, authorization="")

    assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-store")
    assert answer.json == {
        "items": [
            {
                "score": 0.96,
                "reasons": [
                    {
                        "field": "name",
                        "kind": "same_name",
                        "text": {
                            "de": "Gleicher Name: ITnet Thüringen e. V.",
                            "en": "Same name: ITnet Thüringen e. V.",
                        },
                    },
                    {
                        "field": "website",
                        "kind": "same_site",
                        "text": {"de": "Gleiche Website: itnet.example", "en": "Same web site: itnet.example"},
                    },
                ],
                "organisation": {
                    "type": "organisation",
                    "id": ORG,
                    "name": "ITnet Thüringen e. V.",
                    "kind": "network",
                    "website": "https://www.itnet.example/",
                    "version": 1,
                    "updated_at": STAMP,
                    "managed_by": None,
                },
            }
        ]
    }


def test_nobody_is_an_answer_too(api: Api) -> None:
    answer = api.post(PATH, {"name": "Unbekannt", "city": None})

    assert (answer.status, answer.json) == (200, {"items": []})


def test_what_was_just_entered_is_found(api: Api) -> None:
    network = samples.network(api, "Alt")
    api.change(f"/organisations/{network}", {"name": "Neu"})

    found = {name: api.post(PATH, {"name": name}).items[0]["reasons"][0]["kind"] for name in ("Neu", "Alt")}

    assert found == {"Neu": "same_name", "Alt": "same_former"}


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"/name": "required"}),
        ({"name": None, "colour": "red"}, {"/name": "required", "/colour": "unknown-field"}),
        ({"name": 7, "city": ["Jena"]}, {"/name": "type", "/city": "type"}),
        ({"name": " ", "website": "itnet.example"}, {"/name": "too-short", "/website": "pattern"}),
        ({"name": "x" * 301, "city": "a\u0000b"}, {"/name": "too-long", "/city": "characters"}),
        ({"name": "x", "a\u202eb": 1}, {"": "unknown-field"}),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(api: Api, body: dict[str, object], faults: dict[str, str]) -> None:
    answer = api.post(PATH, body)

    assert (answer.status, answer.faults()) == (422, faults)


def test_it_takes_a_post_and_nothing_else(api: Api) -> None:
    answers = [api.get(PATH), api.delete(PATH, if_match="*"), api.options(PATH)]

    assert [(answer.status, answer.headers["allow"]) for answer in answers] == [
        (405, "OPTIONS, POST"),
        (405, "OPTIONS, POST"),
        (204, "OPTIONS, POST"),
    ]
    assert answers[0].json == problem(
        "method-not-allowed", 405, "This path does not take that method", "Use one of the methods in the Allow header."
    )


def test_it_is_open_to_every_origin_because_it_only_reads(api: Api) -> None:
    asked = {"origin": "https://anybody.example", "access_control_request_method": "POST"}

    preflight, sent = api.options(PATH, **asked), api.post(PATH, {"name": "x"}, origin=asked["origin"])

    assert preflight.headers["access-control-allow-origin"] == sent.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in api.options("/organisations", **asked).headers


def test_it_counts_as_no_write_and_leaves_nothing_behind(api: Api, log: Log) -> None:
    first = api.post(PATH, {"name": "Netz"}, idempotency_key="once")
    samples.network(api, "Netz")

    second = api.post(PATH, {"name": "Netz"}, idempotency_key="once")

    assert (first.items, len(second.items)) == ([], 1)
    assert not {"ratelimit", "ratelimit-policy"} & second.headers.keys()
    assert log.last()["write_units"] == 0.0
