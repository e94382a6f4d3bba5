"""After a restore: each thing that does not fit together is told, by record, and nothing else."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from infra.verify import Verification
from shared.tables import keys
from shared.tables.feed import entry_item, renew_epoch
from shared.tables.register import Register
from shared.tables.tables import Tables
from tests.fitting import misfits
from tests.tables.faulty import Contents, Faulty, Time

PERSON = {"key": "chair", "name": "Erika", "email": "erika@example.org", "visibility": "partners"}


@dataclass(frozen=True, slots=True)
class World:
    """A register in which each kind of item stands, and what its records are called."""

    client: Any
    time: Time
    ids: dict[str, str]

    def put(self, table: str, item: dict[str, Any]) -> None:
        self.client.put_item(TableName=table, Item=item)

    def drop(self, table: str, key: keys.Key) -> None:
        self.client.delete_item(TableName=table, Key=key)

    def set(self, table: str, key: keys.Key, **values: dict[str, Any]) -> None:
        item = self.client.get_item(TableName=table, Key=key)["Item"]
        self.put(table, {**item, **values})

    def named(self, text: str) -> str:
        """A line with the names of the records in the place of their ids."""
        for name, record_id in self.ids.items():
            text = text.replace(record_id, name)
        return text


@pytest.fixture
def world(register: Register, client: Faulty, time: Time) -> World:
    def create(record_type: Any, /, **body: object) -> str:  # noqa: ANN401 - one of four words
        time.pass_by(1.0)
        return register.create(record_type, body).document.id

    def change(record_id: str, **body: object) -> None:
        time.pass_by(1.0)
        register.patch(record_id, body, if_match=None)

    company = create("organisation", name="Firma", kind="company")
    network = create("organisation", name="Netz", kind="network", membership_grades=[{"code": "full"}])
    change(network, people=[{**PERSON, "organisation_id": company}])
    change(network, external_ids=[{"scheme": "wikidata", "value": "Q42"}])
    member = create("membership", network_id=network, member_id=company, grade="full", since="2015")
    event: dict[str, Any] = {"kind": "series", "status": "planned"}
    series = create("event", title={"de": "Reihe"}, **event)
    part = create("event", title={"de": "Teil"}, part_of=series, **event)
    below = create("event", title={"de": "Teil davon"}, part_of=part, **event)
    parties = [{"organisation_id": network}]
    project = create("cooperation", title={"de": "Vorhaben"}, kind="project", status="active", parties=parties)
    gone = create("organisation", name="Irrtum", kind="other", external_ids=[{"scheme": "wikidata", "value": "Q43"}])
    register.delete(gone, if_match=None)
    left = create("membership", network_id=network, member_id=company, until="2012")
    register.delete(left, if_match=None)
    ids = {"company": company, "network": network, "member": member, "series": series, "part": part}
    return World(client.real, time, {**ids, "below": below, "project": project, "gone": gone, "left": left})


def found(world: World, tables: Tables) -> list[str]:
    """What is told, with names for ids and dots for digests, in order."""
    return sorted(re.sub(r"\b[0-9a-f]{16}\b", "…", world.named(fault)) for fault in Verification(tables).faults())


@pytest.mark.usefixtures("world")
def test_what_was_written_fits_together(tables: Tables, contents: Callable[[], Contents]) -> None:
    verification = Verification(tables)

    faults = list(verification.faults())

    assert faults == []
    assert verification.comparison.size() == (9, 13)
    assert misfits({name: items.values() for name, items in contents().items()}) == []


def test_a_new_epoch_and_an_entry_that_stands_twice_are_no_faults(world: World, tables: Tables) -> None:
    world.time.pass_by(60.0)
    renew_epoch(world.client, "register", tables.clock)
    late = entry_item(
        "2026-11-21T12:00:30.000Z", world.ids["part"], 1, record_type="event", change="created", late=True
    )
    world.put("register", late)

    assert found(world, tables) == []


def test_writes_while_it_runs_are_counted(world: World, register: Register, tables: Tables) -> None:
    begun = "2026-11-21T13:00:00.000Z"
    world.time.pass_by(3600.0)

    register.patch(world.ids["company"], {"topics": ["it"]}, if_match=None)

    assert Verification(tables).walk(begun) == 1


def entry(world: World, name: str, version: int) -> keys.Key:
    document = world.client.get_item(TableName=home(name), Key=keys.revision(world.ids[name], version))["Item"]
    return keys.feed_entry(document["updated_at"]["S"], world.ids[name], version)


def home(name: str) -> str:
    nouns = {"series": "events", "part": "events", "below": "events", "project": "cooperations"}
    return nouns.get(name, "organisations")


def without_document(world: World) -> None:
    world.drop("organisations", keys.document(world.ids["network"]))


def older_document(world: World) -> None:
    item = world.client.get_item(TableName="events", Key=keys.revision(world.ids["series"], 1))["Item"]
    text = json.loads(item["text"]["S"])
    world.set("events", keys.document(world.ids["series"]), text={"S": json.dumps({**text, "topics": ["x"]})})


def without_last_revision(world: World) -> None:
    world.drop("organisations", keys.revision(world.ids["network"], 3))


def without_first_revision(world: World) -> None:
    world.drop("organisations", keys.revision(world.ids["network"], 1))


def without_entry(world: World) -> None:
    world.drop("register", entry(world, "network", 3))


def without_any_entry(world: World) -> None:
    world.drop("register", entry(world, "company", 1))


def with_another_entry(world: World) -> None:
    key = entry(world, "project", 1)
    world.set("register", key, change={"S": "deleted"})


def with_an_entry_of_nothing(world: World) -> None:
    nothing = f"evt_{'0' * 26}"
    world.put("register", entry_item("2026-11-21T12:00:30.000Z", nothing, 1, record_type="event", change="created"))


def without_private_part(world: World) -> None:
    world.drop("private", keys.revision(world.ids["network"], 3))


def with_a_private_part_too_many(world: World) -> None:
    world.put("private", {**keys.revision(world.ids["project"], 1), "text": {"S": '{"p1":{"email":"x"}}'}})


def without_external_id(world: World) -> None:
    world.drop("register", keys.reference("wikidata", "Q42"))


def with_external_id_of_another(world: World) -> None:
    world.set("register", keys.reference("wikidata", "Q42"), id={"S": world.ids["company"]})


def with_external_id_of_a_deleted_one(world: World) -> None:
    world.put("register", {**keys.reference("wikidata", "Q43"), "id": {"S": world.ids["gone"]}})


def without_pair(world: World) -> None:
    world.drop("organisations", keys.pair(world.ids["network"], world.ids["company"]))


def with_other_times(world: World) -> None:
    times = {world.ids["member"]: {"since": "2016"}}
    key = keys.pair(world.ids["network"], world.ids["company"])
    world.set("organisations", key, times={"S": json.dumps(times)})


def with_times_of_a_deleted_one(world: World) -> None:
    times = {world.ids["member"]: {"since": "2015"}, world.ids["left"]: {"until": "2012"}}
    key = keys.pair(world.ids["network"], world.ids["company"])
    world.set("organisations", key, times={"S": json.dumps(times)})


def without_guard(world: World) -> None:
    world.drop("organisations", keys.guard(world.ids["network"]))


def counting(name: str, **values: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        numbers = {key: {"N": value} for key, value in values.items()}
        world.set(home(name), keys.guard(world.ids[name]), **numbers)

    change.__name__ = f"counting_{name}_{'_'.join(values)}"
    return change


def with_another_grade_on_offer(world: World) -> None:
    world.set("organisations", keys.guard(world.ids["network"]), grades={"SS": ["full", "more"]})


def with_more_memberships_of_a_grade(world: World) -> None:
    world.set("organisations", keys.guard(world.ids["network"]), **{"grade#full": {"N": "2"}})


def with_another_label(world: World) -> None:
    world.set("events", keys.guard(world.ids["series"]), label={"S": "{}"})


def deleted_by_its_guard_alone(world: World) -> None:
    world.set("cooperations", keys.guard(world.ids["project"]), deleted={"BOOL": True})


def without_the_mark_of_its_parent(world: World) -> None:
    item = world.client.get_item(TableName="events", Key=keys.document(world.ids["below"]))["Item"]
    world.put("events", {name: value for name, value in item.items() if name != "part_of"})


def naming_what_was_deleted(world: World) -> None:
    for key in (keys.document, lambda record_id: keys.revision(record_id, 1)):
        item = world.client.get_item(TableName="cooperations", Key=key(world.ids["project"]))["Item"]
        text = item["text"]["S"].replace(world.ids["network"], world.ids["gone"])
        world.put("cooperations", {**item, "text": {"S": text}})


BROKEN: dict[Callable[[World], None], list[str]] = {
    without_document: [
        "company: referrers 1: by the records that name it, not by its guard",
        "company: referrers 2: by its guard, not by the records that name it",
        "member: names network: by its document, not by what is there",
        "network: external id wikidata#Q42: by the table of external ids, not by its document",
        "network: grade on offer full: by its guard, not by its document",
        "network: label …: by its guard, not by its document",
        "network: state alive: by its guard, not by its document",
        "network: version 3 …: by its versions, not by its document",
        "network: versions in all 3: by its versions, not by its document",
        "project: names network: by its document, not by what is there",
    ],
    older_document: [
        "series: version 1 …: by its document, not by its versions",
        "series: version 1 …: by its versions, not by its document",
    ],
    without_last_revision: [
        "network: entry 3 changed 2026-11-21T12:00:04.000Z: by the feed, not by its versions",
        "network: external id wikidata#Q42: by its document, not by the table of external ids",
        "network: non-public part of version 3: by the table of non-public parts, not by its versions",
        "network: version 2 …: by its versions, not by its document",
        "network: version 3 …: by its document, not by its versions",
        "network: versions in all 2: by its versions, not by its document",
        "network: versions in all 3: by its document, not by its versions",
    ],
    without_first_revision: [
        "network: entry 1 created 2026-11-21T12:00:02.000Z: by the feed, not by its versions",
        "network: versions in all 2: by its versions, not by its document",
        "network: versions in all 3: by its document, not by its versions",
    ],
    without_entry: [
        "network: entry 3 changed 2026-11-21T12:00:04.000Z: by its versions, not by the feed",
    ],
    without_any_entry: [
        "company: entry 1 created 2026-11-21T12:00:01.000Z: by its versions, not by the feed",
    ],
    with_another_entry: [
        "project: entry 1 created 2026-11-21T12:00:09.000Z: by its versions, not by the feed",
        "project: entry 1 deleted 2026-11-21T12:00:09.000Z: by the feed, not by its versions",
    ],
    with_an_entry_of_nothing: [
        "evt_00000000000000000000000000: entry 1 created 2026-11-21T12:00:30.000Z: by the feed, not by its versions",
    ],
    without_private_part: [
        "company: referrers 1: by the records that name it, not by its guard",
        "company: referrers 2: by its guard, not by the records that name it",
        "network: non-public part of version 3: by its versions, not by the table of non-public parts",
    ],
    with_a_private_part_too_many: [
        "project: non-public part of version 1: by the table of non-public parts, not by its versions",
    ],
    without_external_id: [
        "network: external id wikidata#Q42: by its document, not by the table of external ids",
    ],
    with_external_id_of_another: [
        "company: external id wikidata#Q42: by the table of external ids, not by its document",
        "network: external id wikidata#Q42: by its document, not by the table of external ids",
    ],
    with_external_id_of_a_deleted_one: [
        "gone: external id wikidata#Q43: by the table of external ids, not by its document",
    ],
    without_pair: [
        'member: times network#company {"since": "2015"}: by its document, not by its pair',
    ],
    with_other_times: [
        'member: times network#company {"since": "2015"}: by its document, not by its pair',
        'member: times network#company {"since": "2016"}: by its pair, not by its document',
    ],
    with_times_of_a_deleted_one: [
        'left: times network#company {"until": "2012"}: by its pair, not by its document',
    ],
    without_guard: [
        "network: grade on offer full: by its document, not by its guard",
        "network: label …: by its document, not by its guard",
        "network: memberships of grade full 1: by the memberships, not by its guard",
        "network: referrers 2: by the records that name it, not by its guard",
        "network: state alive: by its document, not by its guard",
    ],
    counting("company", count="3"): [
        "company: referrers 2: by the records that name it, not by its guard",
        "company: referrers 3: by its guard, not by the records that name it",
    ],
    counting("series", parts="0", grandparts="5"): [
        "series: parts 1: by the records below it, not by its guard",
        "series: parts of parts 1: by the records below it, not by its guard",
        "series: parts of parts 5: by its guard, not by the records below it",
    ],
    with_another_grade_on_offer: [
        "network: grade on offer more: by its guard, not by its document",
    ],
    with_more_memberships_of_a_grade: [
        "network: memberships of grade full 1: by the memberships, not by its guard",
        "network: memberships of grade full 2: by its guard, not by the memberships",
    ],
    with_another_label: [
        "series: label …: by its document, not by its guard",
        "series: label …: by its guard, not by its document",
    ],
    deleted_by_its_guard_alone: [
        "project: state alive: by its document, not by its guard",
        "project: state deleted: by its guard, not by its document",
    ],
    without_the_mark_of_its_parent: [
        "below: parent part: by its document, not by the mark beside it",
    ],
    naming_what_was_deleted: [
        "gone: referrers 1: by the records that name it, not by its guard",
        "network: referrers 1: by the records that name it, not by its guard",
        "network: referrers 2: by its guard, not by the records that name it",
        "project: names gone: by its document, not by what is there",
    ],
}


@pytest.mark.parametrize("damage", BROKEN, ids=lambda damage: damage.__name__)
def test_each_thing_that_does_not_fit_is_told(world: World, tables: Tables, damage: Callable[[World], None]) -> None:
    damage(world)

    assert found(world, tables) == BROKEN[damage]
