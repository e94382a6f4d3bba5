"""Which form an answer has, by the header Accept (RFC 9110, section 12.5.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.negotiation import chosen

OFFERED = ("application/json", "application/ld+json", "text/csv")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("Text/CSV; charset=utf-8", "text/csv"),
        ("application/ld+json, application/json", "application/json"),
        ("application/ld+json, application/json;q=0.9", "application/ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', "application/ld+json"),
        ("application/*;q=0.5, text/csv;q=0.4", "application/json"),
        ("application/json;q=0, application/*", "application/ld+json"),
        ("application/json;q=0.0, */*", "application/ld+json"),
        ('application/ld+json;profile="a,b";q=0.1, application/json;q=0.2', "application/json"),
        ('application/ld+json;profile="a', "application/ld+json"),
        ("text/csv;q=1.9, application/json", "application/json"),
        ("text/html", None),
        ("*/*;q=0", None),
        ("text/csv;q=0", None),
        ("x", None),
    ],
)
def test_the_form_that_is_wanted_most_is_given(accept: str | None, expected: str | None) -> None:
    assert chosen(accept, OFFERED) == expected


RANGES = st.sampled_from(["*/*", "text/*", "application/*", *OFFERED, "image/png"])
QUALITIES = st.sampled_from(["", ";q=0", ";q=0.001", ";q=0.5", ";q=1", ";q=1.000", ";q=2", ";q=x", ";a=b;q=0.7"])


@given(st.lists(st.tuples(RANGES, QUALITIES), min_size=1, max_size=6))
def test_whatever_has_no_quality_is_never_given(wishes: list[tuple[str, str]]) -> None:
    header = ",".join(map("".join, wishes))

    found = chosen(header, OFFERED)

    refused = {name for name, quality in wishes if quality == ";q=0"} - {
        name for name, quality in wishes if quality != ";q=0"
    }
    assert found is None or found not in refused


@given(st.text(max_size=60))
def test_any_header_is_understood_somehow(header: str) -> None:
    assert chosen(header, OFFERED) in {*OFFERED, None}
