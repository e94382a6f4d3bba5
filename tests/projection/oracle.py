"""Every list once more, the naive way: all records in a dict, looked at one by one."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shared.models.dates import PartialDate, parse
from shared.models.text import fold, sort_key

Json = dict[str, Any]
Filters = Mapping[str, Sequence[str]]


class Oracle:
    """What the lists must say about the records of a register, and about those that were deleted."""

    def __init__(self, records: Mapping[str, Json], buried: Mapping[str, Json], today: str) -> None:
        self.records = records
        self.buried = buried
        self.today = parse(today)

    def of(self, record_type: str) -> list[Json]:
        return [record for record in self.records.values() if record["type"] == record_type]

    def name(self, record_id: str) -> str:
        return str(self.records[record_id]["name"])

    def may_hold(self, statement: Json, moment: PartialDate | None = None) -> bool:
        moment = moment or self.today
        since, until = statement.get("since"), statement.get("until")
        begins_later = since is not None and parse(since).earliest > moment.latest
        ended_before = until is not None and parse(until).latest < moment.earliest
        return not begins_later and not ended_before

    # Lists

    def organisations(self, filters: Filters, *, order: str | None) -> list[Json]:
        found = [one for one in self.of("organisation") if self.passes(one, filters)]
        if "updated_since" in filters:
            return self.by_change("organisation", found, filters, order)
        found.sort(key=lambda one: (sort_key(one["name"]), one["id"]), reverse=order == "desc")
        return [self.summary(one) for one in found]

    def events(self, filters: Filters, *, order: str | None, scope: Json | None = None) -> list[Json]:
        return self.dated("event", filters, order, scope, backwards=order == "desc")

    def appointments(self, filters: Filters, *, tentative: bool, scope: Json | None = None) -> list[str]:
        """The ids of the events of a calendar, none of which is off."""
        asked = {**filters, "undated": ["exclude"]}
        if "from" not in filters and "to" not in filters:
            asked |= {"from": [str(date.fromisoformat(self.today.text) - timedelta(days=365))], "date_match": []}
        listed = [one["id"] for one in self.events(asked, order=None, scope=scope) if "deleted" not in one]
        return sorted(one for one in listed if tentative or _is_known(self.records[one]["when"]))

    def cooperations(self, filters: Filters, *, order: str | None, scope: Json | None = None) -> list[Json]:
        return self.dated("cooperation", filters, order, scope, backwards=order == "asc")

    def dated(
        self, kind: str, filters: Filters, order: str | None, scope: Json | None, *, backwards: bool
    ) -> list[Json]:
        found = [one for one in self.of(kind) if self.passes(one, filters) and self.in_scope(one, scope or {}, filters)]
        if "updated_since" in filters:
            return self.by_change(kind, found, filters, order)
        known = [one for one in found if not self.is_undated(one)]
        unknown = [one for one in found if self.is_undated(one)]
        known.sort(key=self.place_in_time, reverse=backwards)
        unknown.sort(key=lambda one: str(one["id"]), reverse=backwards)
        return [self.summary(one) for one in (*known, *unknown)]

    def by_change(self, kind: str, found: list[Json], filters: Filters, order: str | None) -> list[Json]:
        dead = [one for one in self.buried.values() if one["type"] == kind]
        since = min(filters["updated_since"])
        listed = [(one["updated_at"], one["id"], self.summary(one)) for one in found]
        listed += [(one["updated_at"], one["id"], one) for one in dead]
        listed = [one for one in listed if one[0] >= since]
        listed.sort(key=lambda one: one[:2], reverse=order == "desc")
        return [item for _, _, item in listed]

    def ties(self, kind: str, subject: str, filters: Filters, *, order: str | None) -> list[Json]:
        mine, others, other = ("network_id", "member_id", "member")
        if kind == "memberships":
            mine, others, other = ("member_id", "network_id", "network")
        found = [
            one
            for one in self.of("membership")
            if one[mine] == subject
            and self.fits_time(one, filters, self.today)
            and ("grade" not in filters or one.get("grade") in filters["grade"])
        ]
        found.sort(key=lambda one: (sort_key(self.name(one[others])), one[others], one["id"]), reverse=order == "desc")
        return [{**self.summary(one), other: self.summary(self.records[one[others]])} for one in found]

    def relations(self, subject: str, filters: Filters, *, order: str | None) -> list[Json]:
        found = []
        for holder in self.of("organisation"):
            for position, relation in enumerate(holder.get("relations", [])):
                for direction, here, there in (
                    ("outgoing", holder["id"], relation["organisation_id"]),
                    ("incoming", relation["organisation_id"], holder["id"]),
                ):
                    if here == subject and self.fits_time(relation, filters, None):
                        shown = {"direction": direction, **relation, "organisation_id": there, "name": self.name(there)}
                        found.append((sort_key(self.name(there)), there, holder["id"], position, shown))
        found.sort(key=lambda one: one[:4], reverse=order == "desc")
        return [one[-1] for one in found]

    def fits_time(self, statement: Json, filters: Filters, default: PartialDate | None) -> bool:
        wish = next(iter(filters.get("as_of", [])), None)
        if wish == "any" or (wish is None and default is None):
            return True
        return self.may_hold(statement, parse(wish) if wish else default)

    # Filters

    def passes(self, record: Json, filters: Filters) -> bool:
        tests: dict[str, Callable[[Json, str], bool]] = {
            "region": self.has_region,
            "city": self.has_city,
            "network": self.has_network,
            "topic": lambda one, value: value in one.get("topics", []),
            "source": lambda one, value: any(
                value in (s.get("url"), s.get("archived_url")) for s in one.get("sources", [])
            ),
            "external_id": lambda one, value: (
                value in [f"{i['scheme']}:{i['value']}" for i in one.get("external_ids", [])]
            ),
            "related": self.is_related,
            "organiser": lambda one, value: value in [o["organisation_id"] for o in one.get("organisers", [])],
            "party": lambda one, value: value in [p["organisation_id"] for p in one["parties"]],
            "cooperation": self.came_of,
            "confirmation": lambda one, value: value in [p["confirmation"]["state"] for p in one["parties"]],
            "open_to_partners": lambda one, value: one.get("open_to_partners") == (value == "true"),
            "parts": lambda one, value: value == "include" or ("part_of" in one) == (value == "only"),
        }
        for name in ("kind", "status", "audience", "part_of"):
            tests[name] = lambda one, value, name=name: one.get(name) == value  # type: ignore[misc]
        for name, values in filters.items():
            if name in tests and not any(tests[name](record, value) for value in values):
                return False
        return record["type"] == "organisation" or self.fits_days(record, filters)

    def regions(self, organisation: Json) -> set[str]:
        offices = [office for office in organisation.get("offices", []) if self.may_hold(office)]
        return {*organisation.get("regions", []), *(office["place"].get("region") for office in offices)} - {None}

    def has_region(self, record: Json, value: str) -> bool:
        if record["type"] == "organisation":
            return value in self.regions(record)
        if record["type"] == "event":
            return bool(record.get("place", {}).get("region") == value)
        return any(value in self.regions(self.records[party["organisation_id"]]) for party in record["parties"])

    def has_city(self, record: Json, value: str) -> bool:
        places = [record.get("place", {})]
        if record["type"] == "organisation":
            places = [office["place"] for office in record.get("offices", []) if self.may_hold(office)]
        return any("city" in place and fold(place["city"]) == fold(value) for place in places)

    def networks(self, organisation: str) -> list[str]:
        held = [one for one in self.of("membership") if one["member_id"] == organisation and self.may_hold(one)]
        return [one["network_id"] for one in held]

    def has_network(self, record: Json, value: str) -> bool:
        if record["type"] == "organisation":
            return value in self.networks(record["id"])
        actors = [one["organisation_id"] for one in self.actors(record)]
        return any(actor == value or value in self.networks(actor) for actor in actors)

    def actors(self, record: Json) -> list[Json]:
        return [*record.get("organisers", []), *record.get("parties", [])]

    def is_related(self, record: Json, value: str) -> bool:
        def to(one: Json) -> list[str]:
            return [relation["organisation_id"] for relation in one.get("relations", [])]

        return value in to(record) or (value in self.records and record["id"] in to(self.records[value]))

    def came_of(self, event: Json, value: str) -> bool:
        results = self.records[value].get("results", []) if value in self.records else []
        return event.get("cooperation_id") == value or event["id"] in [result.get("event_id") for result in results]

    def in_scope(self, record: Json, scope: Json, filters: Filters) -> bool:
        if "parent" in scope:
            return bool(record.get("part_of") == scope["parent"])
        if "cooperation" in scope:
            return self.came_of(record, scope["cooperation"])
        if "organisation" not in scope:
            return True
        roles: list[str] = []
        acts = False
        for one in self.actors(record):
            if one["organisation_id"] == scope["organisation"]:
                acts = True
                roles += one.get("roles", [one.get("role")])
        return acts and ("role" not in filters or bool(set(roles) & set(filters["role"])))

    # Time

    def span(self, record: Json) -> tuple[PartialDate, PartialDate | None] | None:
        """Return start and end; None for what counts as undated."""
        if record["type"] == "event":
            when = record["when"]
            if when is None:
                return None
            start = parse(when["start"].partition("T")[0])
            end = parse(when["end"].partition("T")[0]) if "end" in when else None
            sides = [start, end or start]
        else:
            known = record.get("effective_from", record.get("signed_on"))
            if known is None:
                return None
            start, end = parse(known), parse(record["ended_on"]) if "ended_on" in record else None
            sides = [start]
        return None if any("." in side.text for side in sides) else (start, end)

    def is_undated(self, record: Json) -> bool:
        return self.span(record) is None

    def place_in_time(self, record: Json) -> tuple[Any, ...]:
        span = self.span(record)
        assert span is not None
        day = span[0].earliest
        if record["type"] == "cooperation":
            return -int(day.replace("-", "")), record["id"]
        _, _, time = record["when"]["start"].partition("T")
        return day, time, record["id"]

    def fits_days(self, record: Json, filters: Filters) -> bool:
        asked = "from" in filters or "to" in filters
        wish = next(iter(filters.get("undated", [])), "exclude" if asked else "include")
        span = self.span(record)
        if span is None:
            return wish != "exclude"
        if wish == "only":
            return False
        if not asked:
            return True
        first = min((parse(value).earliest for value in filters.get("from", [])), default="0001-01-01")
        last = max((parse(value).latest for value in filters.get("to", [])), default="9999-12-31")
        start, end = span
        latest_end, earliest_end = (end or start).latest, (end or start).earliest
        if record["type"] == "cooperation" and end is None:
            latest_end = "9999-12-31"
        possible = start.earliest <= last and latest_end >= first
        if "certain" not in filters.get("date_match", []):
            return possible
        about = any("~" in date.text for date in (start, end or start))
        if (record.get("when") or {}).get("extent") == "whole" and not about:
            return possible
        return start.latest <= last and earliest_end >= first

    # Items

    def summary(self, record: Json) -> Json:
        shown = {name: record[name] for name in SHOWN[record["type"]] if name in record}
        for name in ("organisers", "parties"):
            if record.get(name):
                shown[name] = [{**one, "name": self.name(one["organisation_id"])} for one in record[name]]
        if record["type"] == "membership":
            shown["network_name"] = self.name(record["network_id"])
            shown["member_name"] = self.name(record["member_id"])
        if record["type"] == "organisation":
            short = [one["value"] for one in record.get("other_names", []) if one["kind"] == "short"]
            if short:
                shown["short_names"] = short
        seats = sorted(record.get("offices", []), key=lambda one: ("until" in one, one["kind"] != "seat"))
        places = [record.get("place", {}), *(one["place"] for one in seats)]
        cities = [place["city"] for place in places if "city" in place]
        if cities:
            shown["city"] = cities[0]
        if record["type"] == "event":
            if "name" in record.get("place", {}):
                shown["place_name"] = record["place"]["name"]
            if "url" in record.get("registration", {}):
                shown["registration_url"] = record["registration"]["url"]
        return shown


ENVELOPE = ("type", "id", "version", "updated_at", "managed_by")
SHOWN = {
    "organisation": (*ENVELOPE, "name", "kind", "legal_form", "regions", "topics", "website"),
    "event": (
        *(*ENVELOPE, "title", "kind", "status", "when", "part_of", "cooperation_id", "topics", "website"),
        *("audience", "expected_parts"),
    ),
    "cooperation": (
        *(*ENVELOPE, "title", "kind", "status", "signed_on", "effective_from", "ended_on", "part_of", "topics"),
    ),
    "membership": (
        *(*ENVELOPE, "network_id", "member_id", "grade", "on_behalf_of", "role"),
        *("since", "until", "as_of", "certainty"),
    ),
}


def parsed(items: Sequence[str]) -> list[Json]:
    return [json.loads(item) for item in items]


def _is_known(when: Json) -> bool:
    """Whether first and last day of a dated event are known for certain."""
    points = [when["start"], when.get("end", when["start"])]
    is_whole = when.get("extent") == "whole"
    return all("~" not in point and (is_whole or len(point) >= len("2018-01-11")) for point in points)
