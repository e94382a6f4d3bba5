"""Examples made by the code that makes the real answers, so that they cannot tell another story."""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from shared.models import dates, examples, ids, views
from shared.models.envelope import Record
from shared.models.patch import difference
from shared.models.record import create, parse_input
from shared.projection import summaries
from shared.projection.offerings import figures, offerings
from shared.tables.changes import Position
from shared.tables.feed import Entry

Json = dict[str, Any]

CREATED: Final = "2026-03-02T09:15:00.000Z"
LATER: Final = "2026-03-05T11:40:12.345Z"
_MILLISECONDS: Final = 1_772_442_900_000


def example_id(record_type: ids.RecordType, number: int = 1) -> str:
    """Return an id that is always the same."""
    return ids.new_id(record_type, _MILLISECONDS + number, bytes(range(number, number + ids.ENTROPY_BYTES)))


NETWORK: Final = example_id("organisation")
OTHERS: Final = {
    "itnet.crm:1001": NETWORK,
    "itnet.crm:2002": example_id("organisation", 2),
    "itnet.crm:3003": example_id("organisation", 3),
}
NAMES: Final = {
    OTHERS["itnet.crm:1001"]: "ITnet Thüringen e. V.",
    OTHERS["itnet.crm:2002"]: "Musterwerk GmbH",
    OTHERS["itnet.crm:3003"]: "TowerByte eG",
}
NAME_TEXTS: Final = {target: json.dumps(name, ensure_ascii=False) for target, name in NAMES.items()}

INPUT: Final[Mapping[ids.RecordType, Json]] = {
    "organisation": examples.ORGANISATION,
    "membership": examples.MEMBERSHIP,
    "event": examples.EVENT,
    "cooperation": examples.COOPERATION,
}
PATCH: Final[Mapping[ids.RecordType, Json]] = {
    "organisation": {"website": "https://example.org/", "description": {"en": None}},
    "membership": {"until": "2026-02"},
    "event": {"status": "held", "registration": None},
    "cooperation": {"status": "completed", "ended_on": "2026-02-28"},
}
JOB: Final = ids.new_job_id(_MILLISECONDS + 5, bytes(range(5, 5 + ids.ENTROPY_BYTES)))
PAST: Final[Mapping[ids.RecordType, str]] = {
    "organisation": "2016",
    "membership": "2018-06",
    "event": "2023-05",
    "cooperation": "2016~",
}

ASKED: Final[Mapping[str, Json]] = {
    "ErasureInput": {"name": "Erika Muster", "email": "erika@example.org", "dry_run": True},
    "MergeInput": {"into": {"ref": "itnet.crm:1001"}},
    "OrganisationMatchInput": {"name": "ITnet Thueringen", "city": "Jena", "website": "https://example.org/"},
    "ManagedByInput": {"managed_by": {"ref": "itnet.crm:1001"}},
    "AnswerInput": {"state": "confirmed"},
    "WebhookInput": {"url": "https://crm.example.org/hooks/register", "types": ["organisation", "event"]},
    "WebhookPatch": {"types": None},
    "ReplayInput": {"since": "2026-03-05T00:00:00.000Z"},
    "ImportInput": {
        "rows": [
            {
                "type": "membership",
                "ref": "itnet.crm:m-17",
                "record": {"network_id": {"ref": "itnet.crm:1001"}, "member_id": {"ref": "itnet.crm:2002"}},
            },
            {
                "type": "organisation",
                "ref": "itnet.crm:2002",
                "record": {"name": NAMES[OTHERS["itnet.crm:2002"]], "kind": "company"},
            },
        ]
    },
}
OFFERING: Final[Json] = {
    "title": {"de": "Beratung zur Datensicherheit", "en": "Advice on data security"},
    "kind": "service",
    "topics": ["it-security"],
    "since": "2016",
}
WEBHOOK: Final[Json] = {
    "id": f"whk_{NETWORK.removeprefix('org_')}",
    "organisation_id": NETWORK,
    "url": "https://crm.example.org/hooks/register",
    "types": ["event", "organisation"],
    "status": "active",
    "version": 1,
    "created_at": CREATED,
    "updated_at": CREATED,
}
DELIVERY: Final[Json] = {
    "id": f"dlv_1772710812345_msg_{NETWORK}_2",
    "message_id": f"msg_{NETWORK}_2",
    "type": "organisation.changed",
    "state": "retrying",
    "attempts": 2,
    "at": LATER,
    "status": 503,
    "problem": "status",
    "milliseconds": 187,
    "next_at": "2026-03-05T11:41:18.012Z",
}
TOLD: Final[Mapping[str, Json]] = {
    "Webhook": WEBHOOK,
    "WebhookWithSecret": {**WEBHOOK, "secret": "whsec_bm90IGEgc2VjcmV0LCBidXQgYXMgbG9uZyBhcyBvbmUuLi4="},
    "Queued": {"delivery_id": f"dlv_1772710812345_msg_{NETWORK}_2"},
    "Me": {
        "organisation_id": NETWORK,
        "organisation": {"type": "organisation", "name": NAMES[NETWORK], "kind": "network", "city": "Jena"},
        "scopes": ["events:write", "organisations:write"],
        "prefix": "itnet",
        "expires_at": "2027-12-31T23:59:59.000Z",
        "quota": {"limit": 600, "remaining": 587, "resets_in": 42},
    },
    "ImportReport": {
        "items": [
            {
                "row": 1,
                "ref": "itnet.crm:m-17",
                "verdict": "invalid",
                "errors": [
                    {
                        "pointer": "/record/member_id",
                        "message": "Use the scheme and value of a record that exists.",
                        "code": "unknown-reference",
                    }
                ],
            },
            {
                "row": 2,
                "ref": "itnet.crm:2002",
                "verdict": "unchanged",
                "id": OTHERS["itnet.crm:2002"],
                "version": 3,
            },
        ]
    },
}


def resolved(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return an input with ids in the place of references by external id, as writes see it."""
    if isinstance(value, dict):
        if value.keys() == {"ref"}:
            return OTHERS[value["ref"]]
        return {name: resolved(part) for name, part in value.items()}
    return [resolved(part) for part in value] if isinstance(value, list) else value


def record(record_type: ids.RecordType) -> Record:
    """Return the first version of the record that the example of its input makes."""
    keys = count(1)
    content = parse_input(record_type, resolved(INPUT[record_type]))
    made = create(content, id=example_id(record_type), managed_by=None, new_key=lambda: f"p{next(keys)}")
    return made.stamped(CREATED)


def answer(record_type: ids.RecordType) -> Json:
    """Return what the public reads of that record."""
    public: Json = json.loads(record(record_type).texts()[0])
    return public


def past(record_type: ids.RecordType) -> Json:
    """Return what the public reads of it with `as_of`."""
    return views.as_of(answer(record_type), dates.parse(PAST[record_type]))


def with_references(record_type: ids.RecordType) -> Json:
    """Return what the public reads of it with `include=refs`."""
    found = answer(record_type)
    labels = {target: _label(target) for target in views.references(found)}
    return {**found, "refs": labels}


def _label(target: str) -> Json:
    kind = "network" if target == NETWORK else "company"
    return views.reference_label({"type": ids.type_of(target), "name": NAMES[target], "kind": kind})


def summary(record_type: ids.RecordType) -> Json:
    """Return what lists show of that record."""
    found: Json = json.loads(summaries.fill(summaries.summary(answer(record_type)), NAME_TEXTS))
    return found


def pages() -> dict[str, dict[str, Json]]:
    """Return, by the name of the page's schema, examples with their titles."""
    found: dict[str, dict[str, Json]] = {}
    for record_type in ("organisation", "event", "cooperation"):
        tombstone = {"type": record_type, "id": example_id(record_type, 9), "deleted": True, "updated_at": LATER}
        shown = summary(record_type)
        found[f"{record_type.capitalize()}Page"] = {
            "a page": {"items": [shown], "next": f"/v1/{record_type}s?limit=1&cursor=WyJhIl0"},
            "with updated_since": {"items": [shown, tombstone], "next": None},
        }
    membership = {**summary("membership"), "network": summary("organisation")}
    relation = {"kind": "related", "organisation_id": OTHERS["itnet.crm:3003"], "certainty": "implied"}
    found["MembershipPage"] = {"a page": {"items": [membership], "next": None}}
    found["RelationPage"] = {
        "a page": {
            "items": [{**relation, "direction": "outgoing", "name": NAMES[OTHERS["itnet.crm:3003"]]}],
            "next": None,
        }
    }
    found["WebhookPage"] = {"a page": {"items": [WEBHOOK], "next": None}}
    found["DeliveryPage"] = {"a page": {"items": [DELIVERY], "next": None}}
    return {**found, **_past(), **_found(), **_overview()}


def _past() -> dict[str, dict[str, Json]]:
    """Return examples of pages about versions: that of a record entered by one network and patched by the office."""
    old = answer("organisation")
    new = {**old, "version": 2, "updated_at": LATER, "website": "https://example.org/netz"}
    versions = [
        {"version": 2, "at": LATER, "change": "changed", "by": None, "patch": difference(old, new)},
        {"version": 1, "at": CREATED, "change": "created", "by": NETWORK, "patch": difference(None, old)},
    ]
    entry = Entry(LATER, NETWORK, 2, "organisation", "changed", late=False)
    cursor = Position("0", entry.sort_key).cursor
    told = {"cursor": cursor, "type": "organisation", "id": NETWORK, "version": 2, "change": "changed", "at": LATER}
    address = f"/v1/changes?limit=1&after={cursor}"
    return {
        "HistoryPage": {"a page": {"items": versions, "next": None}},
        "ChangePage": {
            "a page": {"items": [{**told, "late": False}], "next": address, "more": True},
            "with include=record": {
                "items": [{**told, "late": False, "record": new}],
                "next": f"{address}&include=record",
                "more": True,
            },
            "nothing new": {"items": [], "next": address, "more": False},
        },
    }


def _found() -> dict[str, dict[str, Json]]:
    """Return examples of what a search finds."""
    found = summary("organisation")
    shown = {name: found[name] for name in ("type", "id", "name", "kind")}
    highlights = {"name": {"text": found["name"], "ranges": [[0, 5]]}}
    facets: Json = {name: [] for name in ("topic", "region", "city")}
    facets |= {"type": [{"value": "organisation", "count": 1}], "kind": [{"value": "network", "count": 1}]}
    facets |= {"network": [{"value": NETWORK, "count": 1, "name": NAMES[NETWORK]}]}
    item = {**shown, "score": 65, "highlights": highlights, "summary": found}
    return {"SearchPage": {"a page": {"items": [item], "next": None, "facets": facets}}}


def _overview() -> dict[str, dict[str, Json]]:
    """Return examples of pages about the whole register."""
    (offering,) = offerings({**answer("organisation"), "offerings": [OFFERING]})
    networks = [{"id": NETWORK, "name": NAMES[NETWORK]}]
    counts = {"organisations": 12, "events": 7, "cooperations": 3, "offerings": 5}
    return {
        "OfferingPage": {"a page": {"items": [{**json.loads(offering.item), "networks": networks}], "next": None}},
        "TopicPage": {"a page": {"items": [{"topic": "it-security", **counts}], "next": None}},
        "RegionPage": {"a page": {"items": [{"region": "DE-TH", **counts}], "next": None}},
        "PartnerPage": {"a page": {"items": [_partner()], "next": None}},
        "SynergyPage": {"a page": {"items": [_synergy()], "next": None}},
    }


def _stats() -> Json:
    certain = {"organisations": 41, "members": 23, "events": 4, "cooperations": 1}
    shown = answer("organisation")
    return {
        "as_of": "2018",
        "organisations": 43,
        "members": 26,
        "events": 7,
        "cooperations": 3,
        "by_kind": {
            "organisations": {"company": 31, "network": 12},
            "events": {"conference": 2, "workshop": 5},
            "cooperations": {"agreement": 3},
        },
        "years": [
            {"year": 2018, "organisations": 42, "members": 25, "events": 5, "cooperations": 3, "certain": certain}
        ],
        "undated": {"organisations": 9, "members": 2, "events": 1, "cooperations": 0},
        "networks": [
            {
                "id": shown["id"],
                "name": shown["name"],
                "members": 26,
                "events": 6,
                "cooperations": 2,
                **json.loads(figures(shown) or "{}"),
            }
        ],
    }


def _partner() -> Json:
    tie = {"type": "cooperation", "weight": 1, "evidence": [example_id("cooperation")], "since": "2015-09-16"}
    return {**_node(OTHERS["itnet.crm:3003"]), "weight": 5, "ties": [tie]}


def _synergy() -> Json:
    one, other = NETWORK, OTHERS["itnet.crm:2002"]
    reason = {
        "kind": "topics",
        "weight": 12,
        "text": {"de": "Beide nennen als Thema: it security", "en": "Both name as a topic: it security"},
        "topics": ["it-security"],
        "evidence": [one, other],
    }
    return {"organisations": [_node(one), _node(other)], "score": 12, "reasons": [reason]}


def _node(record_id: str) -> Json:
    return {"id": record_id, "type": "organisation", "name": NAMES[record_id], "kind": "network"}


def _graph() -> Json:
    member = OTHERS["itnet.crm:3003"]
    tie = {"type": "membership", "weight": 1, "evidence": [example_id("membership")], "since": "2018~"}
    return {
        "as_of": "2019",
        "nodes": [_node(NETWORK), _node(member)],
        "edges": [{"source": member, "target": NETWORK, **tie}],
        "truncated": False,
    }


def answers() -> dict[str, dict[str, Json]]:
    """Return, by the name of its schema, examples of what is neither a record nor a page."""
    reason = {
        "field": "name",
        "kind": "same_name",
        "text": {"de": f"Gleicher Name: {NAMES[NETWORK]}", "en": f"Same name: {NAMES[NETWORK]}"},
    }
    match = {"score": 0.9, "reasons": [reason], "organisation": summary("organisation")}
    return {
        **{name: {"json": told} for name, told in TOLD.items()},
        "OrganisationMatches": {"one candidate": {"items": [match]}, "nobody": {"items": []}},
        "Stats": {"with as_of": _stats()},
        "Suggestions": {
            "one": {"items": [{"text": NAMES[NETWORK], "type": "organisation", "id": NETWORK}]},
            "none": {"items": []},
        },
        "Graph": {"around a network": _graph()},
        "Job": {"running": _job("running", {}), "finished": _job("finished", _MERGED)},
    }


_MERGED: Final[Json] = {"into": NETWORK, "moved": 12, "external_ids_left": []}


def _job(state: str, report: Json) -> Json:
    return {
        "type": "job",
        "id": JOB,
        "kind": "merge",
        "state": state,
        "created_at": CREATED,
        "updated_at": LATER,
        "progress": {"closed": True, "moved": 12},
        "report": report,
    }
