"""One realistic record of each type, as a client sends it; the OpenAPI document shows them."""

from typing import Any, Final

Json = dict[str, Any]

ORGANISATION: Final[Json] = {
    "name": "ITnet Thüringen e. V.",
    "kind": "network",
    "legal_form": "e.V.",
    "description": {
        "de": "Netzwerk der Thüringer IT-Branche.",
        "en": "Network of the information technology businesses of Thuringia.",
    },
    "topics": ["it", "digitalisation"],
    "regions": ["DE-TH"],
    "offices": [{"kind": "seat", "place": {"postal_code": "07743", "city": "Jena", "region": "DE-TH"}}],
    "figures": [
        {
            "measure": "members_and_partners",
            "qualifier": "about",
            "value": 50,
            "as_of": "2018-01",
            "sources": ["release-2018"],
        },
    ],
    "external_ids": [{"scheme": "itnet.crm", "value": "1001"}],
    "sources": [
        {
            "key": "release-2018",
            "title": "Auftakt der Reihe Cluster Regional",
            "publisher": "ITnet Thüringen e. V.",
            "published_on": "2018-01",
        },
    ],
}

MEMBERSHIP: Final[Json] = {
    "network_id": {"ref": "itnet.crm:1001"},
    "member_id": {"ref": "itnet.crm:2002"},
    "grade": "ordinary",
    "since": "2015~",
    "certainty": "implied",
    "sources": [{"key": "site", "title": "Mitglieder", "publisher": "ITnet Thüringen e. V.", "accessed_on": "2023-05"}],
}

EVENT: Final[Json] = {
    "title": {"de": "Thüringer Digitaltag", "en": "Digital Day of Thuringia"},
    "kind": "conference",
    "status": "scheduled",
    "when": {"start": "2023-06-15", "end": "2023-06-16"},
    "place": {"city": "Erfurt", "region": "DE-TH"},
    "organisers": [{"organisation_id": {"ref": "itnet.crm:1001"}, "role": "organiser"}],
    "people": [{"name": "Erika Muster", "function": "contact", "email": "kontakt@example.org"}],
    "registration": {"url": "https://example.org/digitaltag", "closes_at": "2023-06-01", "required": True},
    "audience": "public",
    "languages": ["de"],
    "topics": ["digitalisation"],
}

COOPERATION: Final[Json] = {
    "title": {"de": "Kooperation von ITnet Thüringen und TowerByte", "en": "ITnet Thüringen and TowerByte cooperate"},
    "kind": "agreement",
    "status": "active",
    "parties": [
        {"organisation_id": {"ref": "itnet.crm:1001"}, "roles": ["party", "initiator"]},
        {"organisation_id": {"ref": "itnet.crm:3003"}, "roles": ["party"]},
    ],
    "parties_complete": True,
    "effective_from": "[..2015-09-16]",
    "goals": [
        {
            "text": {"de": "Gemeinsam auftreten und Fachkräfte gewinnen.", "en": "Appear together, attract staff."},
            "topics": ["skilled-workers"],
            "status": "intended",
        },
    ],
    "open_to_partners": True,
}
