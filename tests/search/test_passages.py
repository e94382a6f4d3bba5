"""In which texts of a record is searched."""

import json

import pytest

from tests.search.conftest import Json, World, event, organisation

ORGANISATION: Json = {
    "description": {"de": "Aachen"},
    "focus": {"de": "Bremen"},
    "offerings": [{"title": {"de": "Celle"}, "description": {"de": "Dessau"}}],
    "people": [{"key": "p", "name": "Emden", "role": {"de": "Fulda"}}],
    "offices": [{"kind": "seat", "place": {"name": "Gotha", "city": "Halle", "care_of": "Ilmenau"}}],
    "reference_customers": ["Jena"],
    "designations": [{"title": "Kassel"}],
    "other_names": [{"value": "Lübeck", "kind": "short"}],
    "topics": ["mainz"],
}
EVENT: Json = {
    "other_titles": ["Aachen"],
    "description": {"de": "Bremen"},
    "programme": [
        {"title": {"de": "Celle"}, "abstract": {"de": "Dessau"}, "speakers": [{"key": "p", "name": "Emden"}]}
    ],
    "people": [{"key": "q", "name": "Fulda"}],
    "place": {"name": "Gotha"},
    "topics": ["halle"],
}
COOPERATION: Json = {
    "description": {"de": "Aachen"},
    "goals": [{"text": {"de": "Bremen"}}],
    "results": [{"title": {"de": "Celle"}, "kind": "study"}],
    "target_groups": ["Dessau"],
    "parties": [
        {
            "organisation_id": {"ref": "sample:other"},
            "focus": {"de": "Emden"},
            "signatory": {"key": "p", "name": "Fulda"},
        }
    ],
    "people": [{"key": "q", "name": "Gotha"}],
    "documents": [{"title": "Halle", "url": "https://example.org"}],
    "place": {"name": "Ilmenau"},
    "topics": ["jena"],
}


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (
            organisation("Alpha", **ORGANISATION),
            (
                "description focus offerings offering_descriptions people people place place place"
                " reference_customers designations other_names topics"
            ),
        ),
        (event("Alpha", **EVENT), "other_titles description programme programme people people place topics"),
        (
            {"type": "cooperation", "title": {"de": "Alpha"}, "kind": "project", "status": "active", **COOPERATION},
            "description goals results target_groups parties people people documents place topics",
        ),
    ],
    ids=["organisation", "event", "cooperation"],
)
def test_every_public_text_of_a_record_is_found_and_shown(world: World, record: Json, fields: str) -> None:
    world.put("other", organisation("Beta"))
    world.put("a", record)
    words = ["aachen", "bremen", "celle", "dessau", "emden", "fulda", "gotha", "halle", "ilmenau", "jena", "kassel"]
    words += ["lübeck", "mainz"]

    found = {word: [json.loads(item) for item in world.search(word).items] for word in words}

    shown = [next(iter(items[0]["highlights"])) for items in found.values() if items]
    assert shown == fields.split()
