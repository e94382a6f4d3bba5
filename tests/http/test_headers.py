"""Headers: conditions, keys and preferences, whatever stands in them."""

import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.credentials import Credential
from shared.errors import MalformedRequest, Unauthorised
from shared.http.conditional import AS_OF_SUFFIX, IF_MATCH_PATTERN, create_only, if_match, not_modified
from shared.http.keys import idempotency_key, sent_key
from shared.http.negotiation import accepts_gzip, chosen

OFFERED = ("application/json", "application/ld+json", "text/csv")
FIELDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60)
"""What a header may hold (RFC 9110, section 5.5), as Latin-1."""
TAGS = st.text('W/"*, \t1209-gzipas_of.', max_size=30)
VERSIONS = st.lists(st.integers(1, 10**15 - 1), min_size=1, max_size=4)
LONGEST = 10_240


def versions(header: str) -> frozenset[int] | str | None:
    try:
        return if_match(header)
    except MalformedRequest:
        return "refused"


@given(FIELDS | TAGS)
def test_if_match_is_taken_exactly_where_the_document_says(header: str) -> None:
    assert (versions(header) == "refused") == (re.search(IF_MATCH_PATTERN, header) is None)


@pytest.mark.parametrize("star", ["*", " *", "*\t"])
def test_a_star_may_have_white_space_around_it(star: str) -> None:
    assert if_match(star) is None
    assert create_only({"if-none-match": star})
    assert not_modified(star, "1")


def test_to_create_only_no_tag_is_taken() -> None:
    with pytest.raises(MalformedRequest) as caught:
        create_only({"if-none-match": '"1"'})

    assert [(fault.header, fault.code) for fault in caught.value.faults] == [("If-None-Match", "malformed-header")]


@given(VERSIONS, st.sampled_from(["", "-gzip", "-full"]), st.sampled_from([",", ", ", " ,\t"]))
def test_every_version_in_a_list_of_tags_is_meant(found: list[int], suffix: str, comma: str) -> None:
    header = comma.join(f'"{version}{suffix}"' for version in found)

    assert versions(header) == frozenset(found)


@given(VERSIONS)
def test_weak_tags_and_those_of_the_past_mean_no_version(found: list[int]) -> None:
    header = ", ".join(f'W/"{version}", "{version}{AS_OF_SUFFIX}2016"' for version in found)

    assert versions(header) == frozenset()


@given(FIELDS | TAGS, st.text("1209-gzip", min_size=1, max_size=9))
def test_if_none_match_names_a_tag_or_does_not(header: str, tag: str) -> None:
    assert not_modified(f'"{tag}"', tag)
    assert not_modified(f'"other", W/"{tag}"', tag)
    assert not_modified(header, tag) in {True, False}
    assert not_modified(header, tag) is False or header.strip() == "*" or f'"{tag}"' in header


@given(FIELDS | st.text('application/jsontexcv*;q=0.19,"\\ ', max_size=60))
def test_any_preference_is_understood_and_a_refusal_behind_it_holds(header: str) -> None:
    assert chosen(header, OFFERED) in {*OFFERED, None}
    assert accepts_gzip(header) in {True, False}


@given(st.permutations([("application/json", 0.3), ("application/ld+json", 0.7), ("text/csv", 0.5)]))
def test_the_order_of_unequal_wishes_does_not_matter(wishes: list[tuple[str, float]]) -> None:
    assert chosen(", ".join(f"{name};q={quality}" for name, quality in wishes), OFFERED) == "application/ld+json"


@pytest.mark.parametrize("piece", ['\\"', '"\\', '"', "a;q=1,", ";", ",", 'a="', '","', "W/", '""', "*,"])
def test_headers_as_long_as_they_may_be_take_no_time(piece: str) -> None:
    header = (piece * LONGEST)[:LONGEST]
    begun = time.process_time()

    chosen(header, OFFERED)
    accepts_gzip(header)
    versions(header)
    not_modified(header, "1")

    assert time.process_time() - begun < 0.5


@given(st.dictionaries(st.sampled_from(["authorization", "x-api-key"]), FIELDS | st.text("Bearer crk_", max_size=20)))
def test_a_key_is_found_or_the_headers_are_refused(headers: dict[str, str]) -> None:
    try:
        found = sent_key(headers)
    except Unauthorised:
        assert headers
        return

    assert (found is None) == (not headers)
    assert found is None or all(value.strip().endswith(found) for value in headers.values())


@given(FIELDS)
def test_an_idempotency_key_is_visible_ascii(sent: str) -> None:
    fits = 1 <= len(sent) <= 128 and all("!" <= letter <= "~" for letter in sent)
    try:
        found = idempotency_key({"idempotency-key": sent})
    except MalformedRequest:
        found = None

    assert found == (sent if fits else None)


ENVIRONMENTS = st.text("abcxyz0189", min_size=1, max_size=16)
HEX = "0123456789abcdef"
CREDENTIALS = st.builds(
    Credential, ENVIRONMENTS, st.text(HEX, min_size=16, max_size=16), st.text(HEX, min_size=48, max_size=48)
)


@given(CREDENTIALS)
def test_a_key_is_read_as_it_was_written(credential: Credential) -> None:
    assert Credential.parse(credential.text()) == credential
    assert credential.secret not in repr(credential)


@given(CREDENTIALS, st.data())
def test_a_key_with_one_letter_changed_is_none(credential: Credential, data: st.DataObject) -> None:
    text = credential.text()
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from(f"{HEX}_zG\n٣"))
    assume(letter != text[place])

    assert Credential.parse(text[:place] + letter + text[place + 1 :]) is None


@given(st.text(max_size=100) | st.text("crk_local0123456789abcdef\n", max_size=100))
def test_any_text_is_a_key_or_none(text: str) -> None:
    found = Credential.parse(text)

    assert found is None or found.text() == text
