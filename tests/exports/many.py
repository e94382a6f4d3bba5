"""Rows of a register of any size: networks whose members leave and come back, series of events, what came of them."""

from collections.abc import Iterator

from tests.api.client import Json

SCHEME = "wikidata"
SOURCES = [{"key": "site", "title": "Über uns", "publisher": "Netz", "accessed_on": "2023-05"}]
AT_ONCE = 200
"""Rows of one request; the more, the longer it takes to put them in order."""
ROUND = 10
"""Records of one round: a network, a company, three memberships in the end, two events, two cooperations, a site."""


def ref(kind: str, number: int) -> Json:
    return {"ref": f"{SCHEME}:{kind}{number}"}


def row(record_type: str, kind: str, number: int, record: Json) -> Json:
    return {"type": record_type, **ref(kind, number), "record": record}


def rows(rounds: int) -> Iterator[Json]:
    """What the register holds at first."""
    for number in range(rounds):
        before = max(number - 1, 0)
        yield row("organisation", "n", number, network(number))
        yield row("organisation", "c", number, company(number))
        yield row("organisation", "s", number, {"name": f"Standort {number}", "kind": "site", "legal_form": "none"})
        yield row("membership", "first", number, member(number, since="2006", grade="ordinary"))
        yield row("membership", "other", number, member(number, member_id=ref("s", before), since="[2011..]"))
        yield row("event", "series", number, event(number, kind="series", expected_parts=4))
        yield row(
            "event", "part", number, event(number, part_of=ref("series", number), cooperation_id=ref("a", number))
        )
        yield row("cooperation", "a", number, cooperation(number, results=[result(number)]))
        yield row("cooperation", "p", number, cooperation(number, part_of=ref("a", before), kind="project"))


def later(rounds: int) -> Iterator[Json]:
    """What becomes of it: names change twice, members leave, events move."""
    for name in ("Verbund", "Cluster"):
        for number in range(rounds):
            yield row("organisation", "n", number, {**network(number), "name": f"{name} Größe {number}"})
    for number in range(rounds):
        yield row("membership", "first", number, member(number, since="2006", until="2010", grade="ordinary"))
        yield row("membership", "again", number, member(number, since="2015", grade="associated"))
        moved = {"start": "2018-01-12T17:00", "end": "2018-01-12T21:00", "timezone": "Europe/Berlin"}
        part = {"part_of": ref("series", number), "cooperation_id": ref("a", number), "when": moved}
        yield row("event", "part", number, event(number, **part))


def network(number: int) -> Json:
    return {
        "name": f"Netz Größe {number}",
        "other_names": [{"value": f"NG{number}", "kind": "short", "lang": "de"}],
        "kind": "network",
        "founded": "2005~",
        "description": {"de": f"Bündelt die Kräfte der Region {number}.\nSeit 2005."},
        "topics": ["it", "it-security"],
        "membership_grades": [{"code": "ordinary", "label": {"de": "Ordentlich"}}, {"code": "associated"}],
        "offices": [{"kind": "seat", "place": {"care_of_id": ref("c", number), "city": "Jena"}, "since": "2016"}],
        "people": [
            {"name": f"Jörg Müßig {number}", "function": "chair", "organisation_id": ref("n", number)},
            {"name": f"Änne Öhm {number}", "email": f"oehm{number}@example.org", "visibility": "partners"},
        ],
        "figures": [{"measure": "members_and_partners", "qualifier": "about", "value": 50, "as_of": "2018-01"}],
        "external_ids": [{"scheme": "isil", "value": f"DE-{number}"}],
        "sources": SOURCES,
    }


def member(number: int, **more: object) -> Json:
    return {"network_id": ref("n", number), "member_id": ref("c", number), "sources": SOURCES, **more}


def company(number: int) -> Json:
    relation = {"kind": "related", "organisation_id": ref("s", number), "since": "2012"}
    return {
        "name": f"Größenwahn {number} GmbH",
        "kind": "company",
        "relations": [relation],
        "email": f"post{number}@example.org",
    }


def event(number: int, **more: object) -> Json:
    return {
        "title": {"de": f"Neujahrsempfang {number}", "en": f"Reception {number}"},
        "kind": "reception",
        "status": "scheduled",
        "when": {"start": "2018-01-11", "end": "2018-01-12"},
        "organisers": [{"organisation_id": ref("n", number), "role": "organiser"}],
        "people": [{"name": f"Max Offen {number}", "email": f"max{number}@example.org", "visibility": "public"}],
        **more,
    }


def cooperation(number: int, **more: object) -> Json:
    return {
        "title": {"de": f"Kooperation {number}"},
        "kind": "agreement",
        "status": "active",
        "parties": [
            {"organisation_id": ref("n", number), "roles": ["party", "lead"]},
            {"organisation_id": ref("c", number), "roles": ["party"], "since": "2015"},
        ],
        "signed_on": "[..2015-09-16]",
        **more,
    }


def result(number: int) -> Json:
    return {"title": {"de": "Empfang"}, "kind": "event", "event_id": ref("part", number)}
