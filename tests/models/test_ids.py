"""Ids name their type and sort by time."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.ids import ID_PATTERN, PREFIXES, RecordType, milliseconds_of, new_id, type_of

types: st.SearchStrategy[RecordType] = st.sampled_from(list(PREFIXES))
milliseconds = st.integers(0, 2**48 - 1)
entropies = st.binary(min_size=10, max_size=10)


def test_an_id_is_its_prefix_and_a_ulid_in_lower_case() -> None:
    assert new_id("organisation", 0, bytes(10)) == "org_00000000000000000000000000"
    assert new_id("cooperation", 2**48 - 1, b"\xff" * 10) == "coop_7zzzzzzzzzzzzzzzzzzzzzzzzz"
    assert new_id("event", 1, bytes(10)) == "evt_00000000010000000000000000"


@given(types, milliseconds, entropies)
def test_an_id_tells_its_type(record_type: RecordType, time: int, entropy: bytes) -> None:
    made = new_id(record_type, time, entropy)

    assert type_of(made) == record_type
    assert re.search(ID_PATTERN[record_type], made)


@given(milliseconds, entropies, milliseconds, entropies)
def test_ids_sort_by_time(time: int, entropy: bytes, other_time: int, other_entropy: bytes) -> None:
    one, other = new_id("event", time, entropy), new_id("event", other_time, other_entropy)

    assert (one < other) == ((time, entropy) < (other_time, other_entropy))


@given(types, milliseconds, entropies)
def test_an_id_tells_when_it_was_drawn(record_type: RecordType, time: int, entropy: bytes) -> None:
    assert milliseconds_of(new_id(record_type, time, entropy)) == time


@pytest.mark.parametrize("text", ["", "org_", "evt_" + "u" * 26, "org_8" + "0" * 25, "xyz_" + "0" * 26, "org_0" * 6])
def test_other_texts_have_no_type(text: str) -> None:
    assert type_of(text) is None


def test_times_and_entropy_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError):
        new_id("event", 2**48, bytes(10))
    with pytest.raises(ValueError):
        new_id("event", 0, bytes(9))
