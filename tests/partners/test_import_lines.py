"""Imports of which each line is a row (NDJSON)."""

import json
from collections.abc import Sequence

import pytest

from shared.http.strict_json import parse_lines
from tests.partners.conftest import Partner
from tests.partners.rows import company, verdicts


def lines(rows: Sequence[object]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def test_rows_may_come_as_lines(itnet: Partner) -> None:
    body = lines([company(1, name="Grüße & Söhne")]) + b"{\n" + lines([company(2)])

    answer = itnet.api.post("/imports", body, content_type="application/x-ndjson")

    assert verdicts(answer) == ["create", "invalid", "create"]
    assert answer.items[1] == {
        "row": 2,
        "verdict": "invalid",
        "errors": [{"pointer": "", "message": "Mend the JSON text at line 1, column 2.", "code": "malformed-json"}],
    }


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (b'{"type": "organisation"}\r\n\r\n', ["invalid"]),
        (b'\n\n{"type": "organisation"}', ["invalid"]),
        (b"\xff\n1\n[]\nnull", ["invalid"] * 4),
        (b'"' + b"x" * 4_000_000, ["invalid"]),
    ],
)
def test_lines_end_as_they_like_and_blank_ones_are_no_rows(body: bytes, verdict: list[str], itnet: Partner) -> None:
    answer = itnet.api.post("/imports", body, content_type="application/x-ndjson")

    assert (answer.status, verdicts(answer)) == (200, verdict)


def test_a_whole_number_is_one_however_it_is_written() -> None:
    (found,) = parse_lines(b'{"sent": [2519.0, 1e3, -0.0, 2.5, 9007199254740992.0]}', 1)

    assert isinstance(found, dict)
    assert [(type(number), number) for number in found["sent"]] == [
        (int, 2519),
        (int, 1000),
        (int, 0),
        (float, 2.5),
        (float, 2.0**53),
    ]


@pytest.mark.parametrize(
    ("body", "code"), [(b"", "too-few"), (b"\n" * 4_000_000, "too-few"), (b"1\n" * 501, "too-many")]
)
def test_lines_are_up_to_500_rows(body: bytes, code: str, itnet: Partner) -> None:
    answer = itnet.api.post("/imports", body, content_type="application/x-ndjson")

    assert (answer.status, answer.faults()) == (422, {"/rows": code})


def test_no_more_lines_are_read_than_show_that_there_are_too_many() -> None:
    assert len(parse_lines(b"1\n" * 2_000_000, 500)) == 501


def test_an_import_is_up_to_4_mb_of_json_or_lines(itnet: Partner) -> None:
    padded = lines([company(1)]).ljust(4 * 1024 * 1024)

    assert itnet.api.post("/imports", padded, content_type="application/x-ndjson").status == 200
    assert itnet.api.post("/imports", b" " * (4 * 1024 * 1024 + 1)).status == 413
    assert itnet.api.post("/imports", b"", content_type="text/csv").status == 415
    assert itnet.api.post("/events", lines([{}]), content_type="application/x-ndjson").status == 415
