"""Keys in the table: who is recognised and for how long, how many a partner may have, what is kept of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared import credentials
from shared.caller import Caller
from shared.credentials import Credential
from shared.errors import Conflict, Gone, NotFound, StillHasKeys, Throttled, Unauthorised
from shared.models import ids
from shared.tables.partners import Partners
from shared.tables.register import Register
from shared.tables.tables import Tables
from tests.tables.faulty import Contents, Faulty, Time

Read = Callable[[], Contents]

NOON = "2026-11-21T12:00:00.000Z"


def is_refused(partners: Partners, text: str) -> bool:
    try:
        partners.authenticate(text)
    except Unauthorised as refused:
        return vars(refused) == vars(Unauthorised())
    return False


class Counting:
    """The client, with a list of the calls that went through it."""

    def __init__(self, client: Faulty) -> None:
        self._client = client
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> object:
        method: Any = getattr(self._client, name)

        def counted(**request: object) -> object:
            self.calls.append(name)
            return method(**request)

        return counted if callable(method) else method


def test_a_key_tells_whose_it_is_and_what_it_is_for(partners: Partners, organisation: str) -> None:
    key = partners.create(organisation, ["events:write", "contacts:read"], ends_at="2027-01-01T00:00:00.000Z")

    caller = partners.authenticate(key.text())

    scopes = frozenset({"events:write", "contacts:read"})
    assert caller == Caller(key.id, organisation, scopes, "2027-01-01T00:00:00.000Z")


def test_nothing_of_the_secret_is_stored(partners: Partners, organisation: str, contents: Read) -> None:
    key = partners.create(organisation, ["events:write"])
    partners.authenticate(key.text())

    stored = contents()["register"]

    assert stored[f"KEY#{key.id}", "KEY"] == {
        "pk": {"S": f"KEY#{key.id}"},
        "sk": {"S": "KEY"},
        "digest": {"S": key.digest("pepper")},
        "scopes": {"SS": ["events:write"]},
        "organisation_id": {"S": organisation},
        "created_at": {"S": NOON},
        "last_used_at": {"S": NOON},
    }
    assert key.secret not in repr(stored)
    assert key.text() not in repr(stored)


def test_a_bad_key_is_refused_in_one_way_whatever_is_wrong_with_it(
    partners: Partners, organisation: str, time: Time
) -> None:
    good, revoked = (partners.create(organisation, ["events:write"]) for _ in range(2))
    ended = partners.create(None, ["admin"], ends_at="2026-11-21T12:00:01.000Z")
    partners.revoke(revoked.id)
    time.pass_by(1.0)

    bad = {
        "empty": "",
        "mistyped": f"{good.text()[:-1]}{'0' if good.text()[-1] != '0' else '1'}",
        "unknown": Credential.new("test").text(),
        "another secret": replace(good, secret=revoked.secret).text(),
        "another environment": replace(good, environment="live").text(),
        "revoked": revoked.text(),
        "ended": ended.text(),
    }

    assert {name: is_refused(partners, text) for name, text in bad.items()} == dict.fromkeys(bad, True)
    assert not is_refused(partners, good.text())


def test_a_mistyped_key_costs_no_call(tables: Tables, client: Faulty) -> None:
    counting = Counting(client)
    partners = Partners(replace(tables, client=counting), lambda _: ("pepper",), "test")  # type: ignore[arg-type]

    assert is_refused(partners, Credential.new("test").text()[:-1] + "x")
    assert is_refused(partners, Credential.new("live").text())

    assert counting.calls == []


def test_an_unknown_key_costs_the_same_as_one_with_another_secret(
    tables: Tables, client: Faulty, organisation: str, process: Callable[..., Partners], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = process().create(organisation, ["events:write"])
    bad = [Credential.new("test"), replace(known, secret="0" * 48)]
    compared: list[str] = []

    def compare(one: str, other: str) -> bool:
        compared.append(other)
        return one == other

    monkeypatch.setattr(credentials.hmac, "compare_digest", compare)  # type: ignore[attr-defined]
    spent = []
    for key in bad:
        counting = Counting(client)
        partners = Partners(replace(tables, client=counting), lambda _: ("new", "old"), "test")  # type: ignore[arg-type]
        first = is_refused(partners, key.text()), list(counting.calls), len(compared)
        again = is_refused(partners, key.text()), list(counting.calls), len(compared)
        spent.append((first, again))
        compared.clear()

    assert spent == [((True, ["get_item"], 2), (True, ["get_item"], 4))] * 2


def test_while_the_pepper_is_changed_both_are_good(process: Callable[..., Partners], organisation: str) -> None:
    before = process("old").create(organisation, ["events:write"])
    changing = process("new", "old")
    fresh = changing.create(organisation, ["events:write"])

    later = process("new")

    assert not is_refused(changing, before.text())
    assert not is_refused(changing, fresh.text())
    assert is_refused(later, before.text())
    assert not is_refused(later, fresh.text())


@pytest.mark.parametrize(("seconds", "refused"), [(0.0, False), (19.9, False), (20.1, True), (29.0, True)])
def test_a_revoked_key_stops_everywhere_within_thirty_seconds(
    process: Callable[..., Partners], organisation: str, time: Time, seconds: float, *, refused: bool
) -> None:
    office, elsewhere = process(), process()
    key = office.create(organisation, ["events:write"])
    assert not is_refused(elsewhere, key.text())

    office.revoke(key.id)
    time.pass_by(seconds)

    assert is_refused(office, key.text())
    assert is_refused(elsewhere, key.text()) == refused


def test_use_does_not_lengthen_the_memory_of_a_revoked_key(
    process: Callable[..., Partners], organisation: str, time: Time
) -> None:
    office, elsewhere = process(), process()
    key = office.create(organisation, ["events:write"])
    elsewhere.authenticate(key.text())
    office.revoke(key.id)

    good_until = 0
    while not is_refused(elsewhere, key.text()):
        time.pass_by(1.0)
        good_until += 1

    assert good_until == 21


def test_a_key_ends_at_its_moment_although_it_is_remembered(partners: Partners, organisation: str, time: Time) -> None:
    key = partners.create(organisation, ["events:write"], ends_at="2026-11-21T12:00:10.000Z")

    refused = []
    for _ in range(3):
        time.pass_by(4.9)
        refused.append(is_refused(partners, key.text()))

    assert refused == [False, False, True]


def test_keys_that_nobody_gave_out_do_not_fill_the_memory(partners: Partners, organisation: str) -> None:
    key = partners.create(organisation, ["events:write"])

    for _ in range(1_100):
        assert is_refused(partners, Credential.new("test").text())

    assert len(partners._remembered) <= 1_000
    assert not is_refused(partners, key.text())


def test_a_partner_has_at_most_two_live_keys(partners: Partners, organisation: str, contents: Read) -> None:
    first, second = (partners.create(organisation, ["events:write"]) for _ in range(2))
    before = contents()

    with pytest.raises(Conflict) as refused:
        partners.create(organisation, ["events:write"])

    assert refused.value.detail == "A partner has at most two live keys: revoke one first."
    assert contents() == before
    partners.revoke(first.id)
    third = partners.create(organisation, ["events:write"])
    assert [key["id"] for key in partners.listed(organisation)] == sorted([second.id, third.id])


def test_keys_of_others_do_not_count(partners: Partners, register: Register, organisation: str) -> None:
    other = register.create("organisation", {"name": "B", "kind": "company"}).document.id

    made = [
        partners.create(owner, ["events:write"]) for owner in (organisation, organisation, other, other, None, None)
    ]

    assert len({key.id for key in made}) == 6


def test_keys_that_have_ended_do_not_count(partners: Partners, organisation: str, time: Time) -> None:
    ended = [partners.create(organisation, ["events:write"], ends_at="2026-11-21T12:00:05.000Z") for _ in range(2)]
    time.pass_by(5.0)

    fresh = partners.create(organisation, ["events:write"])

    assert [key["id"] for key in partners.listed(organisation)] == [fresh.id]
    assert [is_refused(partners, key.text()) for key in [*ended, fresh]] == [True, True, False]


def test_a_list_shows_what_a_partner_may_see(partners: Partners, organisation: str, time: Time) -> None:
    key = partners.create(organisation, ["events:write", "contacts:read"], ends_at="2027-01-01T00:00:00.000Z")
    time.pass_by(60.0)
    partners.authenticate(key.text())

    listed = partners.listed(organisation)

    assert listed == [
        {
            "id": key.id,
            "scopes": ["contacts:read", "events:write"],
            "created_at": NOON,
            "ends_at": "2027-01-01T00:00:00.000Z",
            "last_used_at": "2026-11-21T12:01:00.000Z",
        }
    ]


def test_a_rotated_key_has_a_successor_of_the_same_kind(partners: Partners, organisation: str) -> None:
    old = partners.create(organisation, ["events:write"], ends_at="2027-01-01T00:00:00.000Z")

    new = partners.rotate(old.id)

    before, after = (partners.authenticate(key.text()) for key in (old, new))
    assert replace(after, key_id=old.id) == before
    assert new.id != old.id


def test_what_is_revoked_stays_so(partners: Partners, organisation: str, contents: Read, time: Time) -> None:
    key = partners.create(organisation, ["events:write"])
    partners.revoke(key.id)
    before = contents()
    time.pass_by(60.0)

    partners.revoke(key.id)

    assert contents() == before
    assert contents()["register"][f"KEY#{key.id}", "KEY"]["revoked_at"] == {"S": NOON}
    with pytest.raises(NotFound):
        partners.rotate(key.id)


def test_a_key_is_for_an_organisation_that_exists(partners: Partners, register: Register, organisation: str) -> None:
    event = register.create("event", {"title": {"de": "Tag"}, "kind": "series", "status": "planned"}).document.id
    register.delete(organisation, if_match=None)

    for owner, problem in (
        (event, NotFound),
        (organisation, Gone),
        (ids.new_id("organisation", 0, bytes(ids.ENTROPY_BYTES)), NotFound),
        ("x", NotFound),
    ):
        with pytest.raises(problem):
            partners.create(owner, ["events:write"])


def test_an_organisation_cannot_go_before_all_its_keys_are_revoked(
    partners: Partners, register: Register, organisation: str, contents: Read
) -> None:
    held = [partners.create(organisation, ["events:write"]) for _ in range(2)]
    before = contents()

    refused = 0
    for key in held:
        with pytest.raises(StillHasKeys):
            register.delete(organisation, if_match=None)
        refused += contents() == before
        partners.revoke(key.id)
        before = contents()
    gone = register.delete(organisation, if_match=None)

    assert refused == 2
    assert (gone.change, gone.document.text) == ("deleted", None)


def test_a_key_that_is_made_during_the_deletion_of_its_organisation_wins(
    partners: Partners, register: Register, organisation: str, client: Faulty
) -> None:
    made: list[Credential] = []
    client.script = [client.after(lambda: made.append(partners.create(organisation, ["events:write"])))]

    with pytest.raises(StillHasKeys):
        register.delete(organisation, if_match=None)

    assert not is_refused(partners, made[0].text())
    assert register.held(organisation)[0].version == 1


def test_no_key_is_made_for_an_organisation_that_is_deleted_meanwhile(
    partners: Partners, register: Register, organisation: str, client: Faulty, contents: Read
) -> None:
    client.script = [client.after(lambda: register.delete(organisation, if_match=None))]

    with pytest.raises(Gone):
        partners.create(organisation, ["events:write"])

    assert not [pk for pk, _ in contents()["register"] if pk.startswith(("KEY#", "PARTNER#"))]


def test_what_is_no_key_can_be_neither_rotated_nor_revoked(partners: Partners) -> None:
    for act in (partners.rotate, partners.revoke):
        with pytest.raises(NotFound) as refused:
            act("0" * 16)
        assert refused.value.detail == "There is no key with that id."


def test_a_key_that_cannot_be_looked_up_is_neither_good_nor_bad(
    partners: Partners, organisation: str, client: Faulty
) -> None:
    key = partners.create(organisation, ["events:write"])
    client.get_item = lambda **request: client.throttled(request)  # type: ignore[attr-defined]

    with pytest.raises(Throttled):
        partners.authenticate(key.text())

    del client.get_item
    assert not is_refused(partners, key.text())
