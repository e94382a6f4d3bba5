"""An operator writes what an old version said as the next one; contacts come back, a deletion stays."""

from pathlib import Path

import pytest

from infra import restore_version
from infra.restore_version import Restore, RestoreFailed
from tests.api import samples
from tests.api.client import Api, Direct, Json


@pytest.fixture
def office(api: Api) -> Direct:
    return Direct("http://127.0.0.1:8000/v1", api=api)


@pytest.fixture
def ids(api: Api) -> dict[str, str]:
    """A record of each type that uses every field."""
    other = samples.company(api)
    network = api.id("/organisations", samples.organisation(other))
    return {
        "organisation": network,
        "membership": api.id(f"/organisations/{network}/members", samples.membership(other)),
        "event": api.id("/events", samples.event(network)),
        "cooperation": api.id("/cooperations", samples.cooperation(network, other)),
    }


def path_of(ids: dict[str, str], noun: str) -> str:
    if noun == "membership":
        return f"/organisations/{ids['organisation']}/members/{ids[noun]}"
    return f"/{noun}s/{ids[noun]}"


def restore(office: Direct, ids: dict[str, str], noun: str) -> Restore:
    return Restore(office, ids[noun], ids["organisation"] if noun == "membership" else None)


def content(record: Json) -> Json:
    return {name: value for name, value in record.items() if name not in {"version", "updated_at", "previous_when"}}


SPOILT: dict[str, Json] = {
    "organisation": {"name": "Falsch", "people": None, "topics": ["wrong"], "external_ids": None, "offices": None},
    "membership": {"grade": None, "role": None, "external_ids": None, "until": "2020"},
    "event": {"people": None, "programme": None, "when": None, "status": "planned"},
    "cooperation": {"people": None, "goals": None, "external_ids": None},
}


@pytest.mark.parametrize("noun", SPOILT)
def test_an_old_version_becomes_the_next_one_with_its_contacts(
    api: Api, office: Direct, ids: dict[str, str], noun: str
) -> None:
    path = path_of(ids, noun)
    before = api.get(f"{path}?view=full").json
    api.change(path, SPOILT[noun])

    lines = list(restore(office, ids, noun).run(1, as_new=False))

    after = api.get(f"{path}?view=full").json
    assert content(after) == content(before)
    assert after["version"] == 3
    assert lines[0] == f"{ids[noun]} stands at version 2. To be as in version 1:"
    assert lines[-1] == "Written as version 3."
    assert [canary for canary in samples.CANARIES if canary in "".join(lines)] == []


def test_contacts_that_were_added_since_go_again(api: Api, office: Direct, ids: dict[str, str]) -> None:
    path = path_of(ids, "organisation")
    api.change(path, {"people": [{"name": "Erika Muster"}]})
    before = api.get(f"{path}?view=full").json
    api.change(path, {"people": [{**before["people"][0], "email": samples.CANARIES[0], "affiliation": "Uni"}]})

    lines = list(restore(office, ids, "organisation").run(2, as_new=False))

    assert content(api.get(f"{path}?view=full").json) == content(before)
    assert lines[1:] == ["  /people/0/affiliation", "  /people/0/email", "Written as version 4."]


def test_what_stands_there_already_is_not_written_again(api: Api, office: Direct, ids: dict[str, str]) -> None:
    lines = list(restore(office, ids, "event").run(1, as_new=False))

    assert lines == [f"{ids['event']} says what version 1 said already; nothing is written."]
    assert api.get(path_of(ids, "event")).json["version"] == 1


def test_a_deleted_record_stays_deleted_and_its_content_may_be_entered_anew(
    api: Api, office: Direct, ids: dict[str, str]
) -> None:
    path = path_of(ids, "event")
    before = api.get(f"{path}?view=full").json
    api.delete(path, if_match="*")

    with pytest.raises(RestoreFailed, match="AS_NEW=1"):
        list(restore(office, ids, "event").run(1, as_new=False))
    with pytest.raises(RestoreFailed, match="Version 2 is the deletion"):
        list(restore(office, ids, "event").run(2, as_new=True))
    (line,) = restore(office, ids, "event").run(1, as_new=True)

    made = line.split()[-1][:-1]
    after = api.get(f"/events/{made}?view=full").json
    assert api.get(path).status == 410
    assert {**content(after), "id": "", "created_at": ""} == {**content(before), "id": "", "created_at": ""}
    assert line == f"{ids['event']} stays deleted. What its version 1 said is now {made}."


def test_what_the_register_refuses_is_told_with_its_place(api: Api, office: Direct, ids: dict[str, str]) -> None:
    path = path_of(ids, "organisation")
    gone = samples.company(api, "Weg")
    api.change(path, {"relations": [{"kind": "related", "organisation_id": gone}]})
    api.change(path, {"relations": None})
    api.delete(f"/organisations/{gone}", if_match="*")

    with pytest.raises(RestoreFailed) as refused:
        list(restore(office, ids, "organisation").run(2, as_new=False))

    assert str(refused.value) == (
        "The register refused: 422 Mend everything that `errors` names; nothing was written.\n"
        "  /relations/0/organisation_id Name a record that exists; this one is missing or was deleted."
    )


@pytest.mark.parametrize(
    ("record_id", "version", "told"),
    [("mem_01hzy3v8k2q4w5e6r7t8y9z0ab", 1, "NETWORK=org_"), ("nonsense", 1, "is no id"), ("evt", 1, "is no id")],
)
def test_what_cannot_be_found_is_told(office: Direct, record_id: str, version: int, told: str) -> None:
    with pytest.raises(RestoreFailed, match=told):
        list(Restore(office, record_id).run(version, as_new=False))


def test_a_version_that_never_was_is_told(office: Direct, ids: dict[str, str]) -> None:
    with pytest.raises(RestoreFailed, match="The register refused: 404"):
        list(restore(office, ids, "event").run(9, as_new=False))


def test_without_a_key_it_says_where_one_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("KEY", raising=False)

    assert restore_version.main([samples.NOBODY, "1"]) == 1
    assert capsys.readouterr().err == f"There is no admin.key in {tmp_path}; name its folder as DATA_DIR, or a KEY.\n"
