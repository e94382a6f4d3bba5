"""What was entered last, by every filter, against a look at all records one by one."""

import json
from typing import Any

import pytest

from shared.models.dates import may_hold, parse
from shared.models.ids import PREFIXES
from shared.projection.engine import Projection
from shared.projection.news import news
from tests.projection.chance import REGIONS, TOPICS, Chance
from tests.projection.register import Register

Json = dict[str, Any]
Filters = dict[str, list[str]]

TODAY = "2026-11-21"


class Naive:
    """The same by looking at every record."""

    def __init__(self, records: dict[str, Json]) -> None:
        self.records = records

    def news(self, filters: Filters) -> list[str]:
        found = [
            record["id"]
            for record in self.records.values()
            if all(self.passes(record, name, values) for name, values in filters.items())
        ]
        return sorted(found, key=lambda each: str(each).partition("_")[2], reverse=True)

    def passes(self, record: Json, name: str, values: list[str]) -> bool:
        if name == "type":
            return record["type"] in values
        if record["type"] == "membership":
            return self.membership(record, name, values)
        if record["type"] == "organisation":
            return self.organisation(record, name, values)
        return self.joint(record, name, values)

    def membership(self, record: Json, name: str, values: list[str]) -> bool:
        if name == "network":
            return record["network_id"] in values
        if name == "organisation":
            return bool({record["network_id"], record["member_id"]} & {*values})
        return self.organisation(self.records[record["member_id"]], name, values)

    def joint(self, record: Json, name: str, values: list[str]) -> bool:
        if name == "topic":
            return bool({*record.get("topics", ())} & {*values})
        if name == "region" and record["type"] == "event":
            return record.get("place", {}).get("region") in values
        actors = record.get("organisers" if record["type"] == "event" else "parties", ())
        return any(self.organisation(self.records[actor["organisation_id"]], name, values) for actor in actors)

    def organisation(self, record: Json, name: str, values: list[str]) -> bool:
        match name:
            case "organisation":
                return record["id"] in values
            case "network":
                return record["id"] in values or bool(self.networks(record["id"]) & {*values})
            case "topic":
                return bool({*record.get("topics", ())} & {*values})
        offices = [one["place"].get("region") for one in record.get("offices", ()) if may_hold(one, parse(TODAY))]
        return bool({*record.get("regions", ()), *offices} & {*values})

    def networks(self, member: str) -> set[str]:
        return {
            one["network_id"]
            for one in self.records.values()
            if one["type"] == "membership" and one["member_id"] == member and may_hold(one, parse(TODAY))
        }


def question(chance: Chance) -> Filters:
    known = chance.ids("organisation")
    offered: Filters = {
        "type": [*PREFIXES],
        "network": known,
        "organisation": known,
        "topic": TOPICS,
        "region": REGIONS,
    }
    names = chance.random.sample(
        [name for name in sorted(offered) if offered[name]], chance.random.choice([0, 1, 1, 2])
    )
    return {name: chance.random.sample(offered[name], min(2, len(offered[name]))) for name in names}


@pytest.mark.parametrize("seed", range(4))
def test_the_news_are_after_each_write_what_the_records_say(
    seed: int, register: Register, projection: Projection
) -> None:
    chance = Chance(seed, register)

    for _ in range(250):
        chance.write()

        asked = question(chance)
        expected = Naive(register.records).news(asked)
        with projection.read() as connection:
            found = [item.id for item in news(connection, asked, today=TODAY, limit=1000)]
            newest = [item.id for item in news(connection, asked, today=TODAY, limit=3)]
        assert (found, newest) == (expected, expected[:3]), asked


def test_an_item_shows_the_names_of_today(register: Register, projection: Projection) -> None:
    network, member = "org_01hzy3v8k2q4w5e6r7t8y9z0na", "org_01hzy3v8k2q4w5e6r7t8y9z0nb"
    for record_id, name in ((network, "Netz"), (member, "alt"), (member, "neu")):
        register.write({"type": "organisation", "id": record_id, "name": name, "kind": "network"})
    register.write(
        {
            "type": "membership",
            "id": "mem_01hzy3v8k2q4w5e6r7t8y9z0na",
            "network_id": network,
            "member_id": member,
        }
    )

    with projection.read() as connection:
        (item,) = news(connection, {"type": ["membership"]}, today=TODAY, limit=5)

    summary = json.loads(item.summary)
    assert (summary["network_name"], summary["member_name"]) == ("Netz", "neu")
