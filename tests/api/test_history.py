"""Every version of a record stays: who wrote it, what changed, what it said; without contacts, and after deletion."""

import jsonpatch
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.models import room
from shared.tables import history
from tests.api import samples
from tests.api.client import MEM, ORG, STAMP, Answer, Api, Json, envelope, problem
from tests.api.conftest import House

CONTACTS = [canary.encode() for canary in samples.CANARIES] + [b"max@example.org", b'"+49 1"']
ALL = ["organisation", "membership", "event", "cooperation"]


@pytest.fixture
def paths(api: Api) -> dict[str, str]:
    """A record of each type that uses every field, in its third version; the second one changed nothing of persons."""
    other = samples.company(api)
    network = api.id("/organisations", samples.organisation(other))
    found = {
        "organisation": f"/organisations/{network}",
        "membership": f"/organisations/{network}/members/"
        + api.id(f"/organisations/{network}/members", samples.membership(other)),
        "cooperation": f"/cooperations/{api.id('/cooperations', samples.cooperation(network, other))}",
    }
    cooperation = found["cooperation"].rpartition("/")[2]
    found["event"] = f"/events/{api.id('/events', samples.event(network, cooperation_id=cooperation))}"
    for noun, path in found.items():
        api.change(path, {"note": "Neu"} if noun == "membership" else {"topics": ["new"]})
        api.change(path, {"sources": None} if noun == "membership" else {"topics": None})
    return found


def whole(api: Api, path: str) -> list[Json]:
    """All versions, oldest first, read page by page."""
    found: list[Json] = []
    address = path
    while address:
        answer = api.get(address)
        assert answer.status == 200, answer.content
        found += answer.items
        address = (answer.json["next"] or "").removeprefix("/v1")
    return found[::-1]


def replayed(versions: list[Json]) -> list[Json | None]:
    """What the patches make, one after the other, from nothing."""
    states: list[Json | None] = [None]
    for version in versions:
        states.append(jsonpatch.apply_patch(states[-1], version["patch"]))
    return states[1:]


def test_a_history_says_when_by_whom_and_what(house: House, api: Api) -> None:
    made = samples.company(api)
    partner = Api(api.gateway, house.key(made, "organisations:write"))
    partner.change(f"/organisations/{made}", {"website": "https://example.org/"})
    house.process.PARTNERS.revoke(partner.key.split("_")[2])
    api.delete(f"/organisations/{made}", if_match="*")

    answer = api.get(f"/organisations/{made}/history")

    record = {**envelope("organisation", made), "name": "Firma", "kind": "company"}
    changed = [
        {"op": "replace", "path": "/version", "value": 2},
        {"op": "replace", "path": "/updated_at", "value": STAMP},
        {"op": "add", "path": "/website", "value": "https://example.org/"},
    ]
    assert answer.json == {
        "items": [
            {
                "version": 3,
                "at": STAMP,
                "change": "deleted",
                "by": None,
                "patch": [{"op": "replace", "path": "", "value": None}],
            },
            {"version": 2, "at": STAMP, "change": "changed", "by": made, "patch": changed},
            {
                "version": 1,
                "at": STAMP,
                "change": "created",
                "by": None,
                "patch": [{"op": "replace", "path": "", "value": record}],
            },
        ],
        "next": None,
    }


@pytest.mark.parametrize("noun", ALL)
@pytest.mark.parametrize("view", ["", "?view=full"])
def test_the_patches_make_each_version_what_it_was(api: Api, paths: dict[str, str], noun: str, view: str) -> None:
    versions = whole(api, f"{paths[noun]}/history{view}")

    said = [api.get(f"{paths[noun]}/history/{version}{view}").json for version in (1, 2, 3)]

    assert [version["version"] for version in versions] == [1, 2, 3]
    assert replayed(versions) == said


@pytest.mark.parametrize("noun", ALL)
def test_the_last_version_with_contacts_is_what_the_full_view_gives(api: Api, paths: dict[str, str], noun: str) -> None:
    assert api.get(f"{paths[noun]}/history/3?view=full").json == api.get(f"{paths[noun]}?view=full").json


@pytest.mark.parametrize("noun", ["organisation", "event", "cooperation"])
def test_contacts_of_persons_are_in_no_public_history(house: House, api: Api, paths: dict[str, str], noun: str) -> None:
    api.change(paths[noun], {"people": None})
    addresses = [f"{paths[noun]}/history", *(f"{paths[noun]}/history/{version}" for version in (1, 2, 3, 4))]
    reader = house.key(None, "contacts:read")

    answers = [api.get(address) for address in addresses]
    answers += [api.get(address, authorization=f"Bearer {reader}") for address in addresses]
    full = api.get(f"{paths[noun]}/history?view=full", authorization=f"Bearer {reader}")

    assert {answer.status for answer in answers} == {200}
    assert [contact for answer in answers for contact in CONTACTS if contact in answer.content] == []
    assert [contact for contact in CONTACTS[:4] if contact not in full.content] == []
    assert full.headers["cache-control"] == "private, no-store"


def test_an_organisations_own_address_is_no_persons(api: Api, paths: dict[str, str]) -> None:
    assert api.get(f"{paths['organisation']}/history/1").json["email"] == "office@example.org"


@pytest.mark.parametrize("noun", ALL)
def test_a_deleted_record_keeps_its_past(api: Api, paths: dict[str, str], noun: str) -> None:
    naming = {"organisation": ("event", "cooperation", "membership"), "cooperation": ("event",)}
    for other in naming.get(noun, ()):
        api.delete(paths[other], if_match="*")
    api.delete(paths[noun], if_match="*")

    versions = whole(api, f"{paths[noun]}/history")
    before, deleted = api.get(f"{paths[noun]}/history/3"), api.get(f"{paths[noun]}/history/4")

    assert [version["change"] for version in versions] == ["created", "changed", "changed", "deleted"]
    assert replayed(versions)[-1] is None
    assert before.json == replayed(versions)[2]
    assert deleted.json == problem(
        "gone",
        410,
        "This record was deleted",
        "Nothing brings it back under this id; create a new record if it was a mistake.",
    )


def test_a_merged_organisation_keeps_its_own_past_and_leads_on_for_its_members(
    api: Api, house: House, paths: dict[str, str]
) -> None:
    into = samples.network(api)
    old = paths["organisation"].rpartition("/")[2]
    api.change(paths["membership"], {"grade": None})
    assert api.post(f"/organisations/{old}/merge", {"into": into}).status == 202
    house.invoke("JobsWorkerFunction")  # for what the request had no time left for

    versions = whole(api, f"/organisations/{old}/history")
    member = api.get(f"{paths['membership']}/history")

    assert [version["change"] for version in versions] == ["created", "changed", "changed", "merged"]
    assert api.get(f"/organisations/{old}/history/1").json == replayed(versions)[0]
    assert (member.status, member.headers["location"]) == (
        308,
        f"/v1{paths['membership']}/history".replace(old, into),
    )
    moved = whole(api, member.headers["location"].removeprefix("/v1"))
    assert moved[-1]["patch"][-1] == {"op": "replace", "path": "/network_id", "value": into}


def test_a_version_can_be_cited(api: Api, paths: dict[str, str]) -> None:
    address = f"{paths['event']}/history/2"
    first = api.get(address)

    api.change(paths["event"], {"topics": ["later"]})
    second, unchanged = api.get(address), api.get(address, if_none_match=first.etag)

    assert (second.content, second.etag) == (first.content, first.etag)
    assert first.etag.startswith('"2-history.')
    assert first.headers["cache-control"] == "public, no-cache"
    assert (unchanged.status, unchanged.content) == (304, b"")


def test_the_etag_of_a_version_is_a_condition_for_writes(api: Api, paths: dict[str, str]) -> None:
    old, new = (api.get(f"{paths['event']}/history/{version}").etag for version in (2, 3))

    answers = [api.patch(paths["event"], {"topics": ["x"]}, if_match=etag) for etag in (old, new)]

    assert [answer.status for answer in answers] == [412, 200]


@pytest.mark.parametrize("number", ["0", "4", "-1", "1.0", "one", "999999999999", "1" * 50, "%C2%B2"])
def test_a_version_that_never_was_is_not_found(api: Api, paths: dict[str, str], number: str) -> None:
    assert api.get(f"{paths['event']}/history/{number}").status == 404


def test_a_membership_has_its_past_at_its_network_only(api: Api, paths: dict[str, str]) -> None:
    membership = paths["membership"].rpartition("/")[2]
    elsewhere = f"/organisations/{samples.network(api)}/members/{membership}/history"

    assert [api.get(path).status for path in (elsewhere, f"{elsewhere}/1")] == [404, 404]
    assert whole(api, f"{paths['membership']}/history")[0]["patch"][0]["value"] == {
        **envelope("membership", MEM),
        "network_id": ORG,
        **samples.membership(paths["organisation"]),
        "member_id": ORG,
        "on_behalf_of": {"regions": ["DE-TH"], "organisation_ids": [ORG], "text": {"de": "für alle"}},
    }


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_pages_of_any_size_give_the_same_versions(api: Api, paths: dict[str, str], limit: int) -> None:
    paged = whole(api, f"{paths['event']}/history?limit={limit}")

    assert paged == whole(api, f"{paths['event']}/history")


def test_a_page_is_bounded_by_what_is_looked_at(
    api: Api, paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = whole(api, f"{paths['organisation']}/history")
    monkeypatch.setattr(history, "MOST_BYTES", 1)

    first = api.get(f"{paths['organisation']}/history")

    assert len(first.items) == 1
    assert whole(api, f"{paths['organisation']}/history") == expected


def test_a_page_of_large_patches_is_cut_where_it_fits(
    api: Api, paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = whole(api, f"{paths['organisation']}/history")
    monkeypatch.setattr(room, "LARGEST_PAGE", 1)

    first = api.get(f"{paths['organisation']}/history")

    assert len(first.items) == 1
    assert whole(api, f"{paths['organisation']}/history") == expected


def test_a_cursor_of_a_history_is_of_this_record_and_view(api: Api, paths: dict[str, str]) -> None:
    cursor = api.get(f"{paths['event']}/history?limit=1").json["next"].partition("cursor=")[2]

    answers: list[Answer] = [
        api.get(f"{paths['event']}/history?cursor={cursor}x"),
        api.get(f"{paths['event']}/history?cursor={cursor}&view=full"),
        api.get(f"{paths['organisation']}/history?cursor={cursor}"),
    ]

    assert [answer.status for answer in answers] == [400, 400, 400]
    assert {tuple(answer.faults()) for answer in answers} == {("cursor",)}


TOPICS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=4, unique=True)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["Erika", "Dieter"])},
        optional={
            "email": st.sampled_from(["e@example.org", "d@example.org"]),
            "visibility": st.sampled_from(["public", "partners"]),
        },
    ),
    max_size=3,
)
CHANGES = st.lists(st.fixed_dictionaries({}, optional={"topics": TOPICS, "people": PEOPLE}), min_size=1, max_size=6)


@given(CHANGES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_changed_the_patches_tell_it(api: Api, changes: list[Json]) -> None:
    path = f"/organisations/{samples.company(api)}"
    for change in changes:
        api.change(path, change)

    public, full = (whole(api, f"{path}/history{view}") for view in ("", "?view=full"))

    assert replayed(full)[-1] == api.get(f"{path}?view=full").json
    assert replayed(public) == [api.get(f"{path}/history/{version + 1}").json for version in range(len(public))]
    assert b"@example.org" not in api.get(f"{path}/history").content
