"""What `make attack` sends in place of what schemathesis draws, and what it takes for refused rightly."""

from pathlib import Path

import pytest

from infra.attack.beyond import BEYOND, is_beyond
from infra.attack.living import Living

ROOT = Path(__file__).resolve().parents[2]
DRAWN = f"org_{'0' * 26}"
FOUND = f"org_01{'a' * 24}"
MADE = f"org_01{'b' * 24}"
MEMBERSHIP = f"mem_01{'c' * 24}"


@pytest.mark.parametrize("code", BEYOND)
def test_every_rule_that_no_schema_tells_is_one_of_the_register(code: str) -> None:
    sources = [
        path.read_text(encoding="utf-8") for part in ("shared", "functions") for path in (ROOT / part).rglob("*.py")
    ]

    assert any(f'"{code}"' in source for source in sources)


@pytest.mark.parametrize(
    ("operation", "fault", "expected"),
    [
        ("GET /events", {"code": "malformed-cursor", "parameter": "cursor"}, True),
        ("GET /events", {"code": "invalid-parameter", "parameter": "cursor"}, False),
        ("GET /events", {"code": "invalid-parameter", "parameter": "from"}, True),
        ("PATCH /events/{id}", {"code": "required", "pointer": "/image/url"}, True),
        ("PATCH /events/{id}", {"code": "required", "pointer": "/title"}, False),
        ("POST /events", {"code": "required", "pointer": "/image/url"}, False),
        ("POST /events", {"code": "too-many", "pointer": "/external_ids"}, True),
        ("POST /events", {"code": "too-many", "pointer": "/sources"}, False),
    ],
)
def test_a_rule_is_beyond_a_schema_only_where_it_says_so(
    operation: str, fault: dict[str, str], *, expected: bool
) -> None:
    assert is_beyond(operation, fault) is expected


def test_drawn_ids_give_way_to_those_of_records_and_equal_ones_stay_equal() -> None:
    living = Living({FOUND: None})

    assert living.sent({"a": DRAWN, "b": [DRAWN, FOUND], "c": f"{DRAWN}!", "d": 1}) == {
        "a": FOUND,
        "b": [FOUND, FOUND],
        "c": f"{DRAWN}!",
        "d": 1,
    }
    assert living.sent({"network_id": {"ref": "itnet.crm:1"}}) == {"network_id": {"ref": f"clusterregister:{FOUND}"}}


def test_only_what_the_attack_made_is_ended() -> None:
    living = Living({FOUND: None})

    assert living.to_end(FOUND) == DRAWN
    living.made(MADE, None)
    assert (living.to_end(FOUND), living.to_end(MADE)) == (MADE, MADE)
    living.ended(MADE)
    assert (living.to_end(FOUND), living.to_end(MADE)) == (DRAWN, MADE)


def test_a_membership_is_asked_for_at_its_network() -> None:
    living = Living({MEMBERSHIP: FOUND})

    assert living.network_of(MEMBERSHIP, DRAWN) == FOUND
    assert living.network_of("mem_x", DRAWN) == DRAWN
