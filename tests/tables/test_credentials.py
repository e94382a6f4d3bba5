"""A key's text: its form, its checksum, and what is stored in its place."""

import hmac
import re
from hashlib import sha256

import pytest

from shared.credentials import Credential

KEY = "crk_live_00112233445566ff_000102030405060708090a0b0c0d0e0f1011121314151617"
"""A key without its checksum."""
CHECKSUM = "b5916eef"
SECRET = KEY.rpartition("_")[2]


def test_a_key_names_its_environment_and_ends_with_a_checksum() -> None:
    text = Credential.new("test").text()

    assert re.fullmatch(r"crk_test_[0-9a-f]{16}_[0-9a-f]{48}[0-9a-f]{8}", text)
    assert Credential.new("test").text() != text


def test_a_key_is_read_as_it_was_written() -> None:
    made = Credential.new("live")

    read = Credential.parse(made.text())

    assert read == made


def test_the_checksum_of_a_known_key_never_changes() -> None:
    read = Credential.parse(f"{KEY}{CHECKSUM}")

    assert read == Credential("live", "00112233445566ff", SECRET)


def test_every_slip_of_one_character_is_noticed() -> None:
    text = Credential.new("live").text()

    slips = [
        f"{text[:place]}{other}{text[place + 1 :]}"
        for place in range(len(text))
        for other in "0123456789abcdef_Z"
        if other != text[place]
    ]

    assert len(slips) > 1_000
    assert [slip for slip in slips if Credential.parse(slip) is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "crk",
        "crk___",
        KEY,
        f"{KEY}{CHECKSUM} ",
        f" {KEY}{CHECKSUM}",
        f"{KEY}{CHECKSUM}\n",
        f"{KEY}{CHECKSUM}".upper(),
        f"{KEY}{CHECKSUM}0",
        f"{KEY}{CHECKSUM}".replace("crk", "sk"),
        f"{KEY}{CHECKSUM}".replace("0", "\u0660"),
        "x" * 100_000,
    ],
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert Credential.parse(text) is None


def test_only_an_hmac_of_the_secret_is_stored() -> None:
    made = Credential("live", "00112233445566ff", SECRET)

    digest = made.digest("pepper")

    assert digest == hmac.new(b"pepper", f"00112233445566ff.{SECRET}".encode(), sha256).hexdigest()
    assert SECRET not in digest


def test_a_digest_fits_its_own_key_under_one_of_two_peppers_alone() -> None:
    made, other = Credential.new("live"), Credential.new("live")
    same_id = Credential("live", made.id, other.secret)

    digest = made.digest("old")

    assert made.fits(digest, ["new", "old"])
    assert not made.fits(digest, ["new"])
    assert not made.fits(digest, [])
    assert not other.fits(digest, ["new", "old"])
    assert not same_id.fits(digest, ["new", "old"])


def test_all_peppers_are_tried_in_constant_time_whichever_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Credential.new("live")
    compared: list[tuple[str, str]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)

    assert made.fits(made.digest("new"), ["new", "old"])
    assert made.fits(made.digest("old"), ["new", "old"])
    assert not made.fits(made.digest("none"), ["new", "old"])
    assert len(compared) == 6


def test_a_key_in_a_traceback_shows_no_secret() -> None:
    made = Credential.new("live")

    assert repr(made) == f"{made}" == f"Credential({made.id})"
